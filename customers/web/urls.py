"""Addresses of accounts and customers."""

from django.urls import path

from customers.web import (
    account_form,
    accounts,
    containers,
    customer_form,
    customers,
    service_change,
    services,
    tax_exempt,
)
from customers.web.coming_urls import PATHS

app_name = "customers"
urlpatterns = [
    path("accounts/new/", accounts.opening, name="open"),
    path("accounts/customer-options/", accounts.customer_options, name="customer_options"),
    path("accounts/exempt/", tax_exempt.exempt_list, name="exempt"),
    path("accounts/<str:number>/", accounts.account, name="account"),
    path("accounts/<str:number>/change/", account_form.change, name="account_change"),
    path("accounts/<str:number>/flags/", account_form.flags, name="flags"),
    path("accounts/<str:number>/taxes/", tax_exempt.exempt, name="tax_exempt"),
    path("accounts/<str:number>/alternate-address/", account_form.elsewhere, name="alternate_address"),
    path("accounts/<str:number>/services/new/", services.new, name="service_new"),
    path(
        "accounts/<str:number>/services/<int:service_id>/change/",
        service_change.change,
        name="service_change",
    ),
    path("customers/", customers.customer_list, name="customers"),
    path("customers/new/", customer_form.new, name="customer_new"),
    path("customers/<int:customer_id>/", customers.customer, name="customer"),
    path("customers/<int:customer_id>/change/", customer_form.change, name="customer_change"),
    path("customers/<int:customer_id>/guarantor/", customer_form.guarantor, name="guarantor"),
    path("customers/<int:customer_id>/guarantor/release/", customer_form.release, name="guarantor_release"),
    path("containers/", containers.container_list, name="containers"),
    path("containers/new/", containers.new, name="container_new"),
    path("containers/<int:container_id>/", containers.container, name="container"),
    path("containers/<int:container_id>/change/", containers.change, name="container_change"),
    path("containers/<int:container_id>/move/", containers.move, name="container_move"),
    path("containers/<int:container_id>/service/", containers.service, name="container_service"),
    *PATHS,
]
