"""Addresses of accounts and customers."""

from django.urls import path

from customers.web import accounts, customers, services

app_name = "customers"
urlpatterns = [
    path("accounts/new/", accounts.opening, name="open"),
    path("accounts/customer-options/", accounts.customer_options, name="customer_options"),
    path("accounts/<str:number>/", accounts.account, name="account"),
    path("accounts/<str:number>/flags/", accounts.flags, name="flags"),
    path("accounts/<str:number>/services/new/", services.new, name="service_new"),
    path("customers/", customers.customer_list, name="customers"),
    path("customers/<int:customer_id>/", customers.customer, name="customer"),
]
