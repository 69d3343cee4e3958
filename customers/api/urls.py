"""Addresses of the endpoints of customers, under ``/api/v1/``.  Accounts are in ``ledger.api``."""

from django.urls import path

from customers.api import views

urlpatterns = [
    path("customers/", views.CustomersView.as_view(), name="customers"),
    path("customers/<int:customer_id>/", views.CustomerView.as_view(), name="customer"),
    path("services/", views.ServicesView.as_view(), name="services"),
    path("accounts/<int:account_id>/services/", views.AccountServicesView.as_view(), name="account_services"),
    path("accounts/<int:account_id>/flags/", views.FlagsView.as_view(), name="account_flags"),
]
