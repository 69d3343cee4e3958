"""Addresses of the endpoints of customers, under ``/api/v1/``.  Accounts are in ``ledger.api``."""

from django.urls import path

from customers.api import containers, files, tax_exempt, views
from customers.api.coming_urls import PATHS
from customers.api.meter_people import MeterPeopleView
from customers.api.service_change import ServiceView

urlpatterns = [
    path("customers/", views.CustomersView.as_view(), name="customers"),
    path("customers/<int:customer_id>/", views.CustomerView.as_view(), name="customer"),
    path("services/", views.ServicesView.as_view(), name="services"),
    path("services/<int:service_id>/", ServiceView.as_view(), name="service"),
    path("meters/<int:meter_id>/customers/", MeterPeopleView.as_view(), name="meter_people"),
    path("accounts/<int:account_id>/services/", views.AccountServicesView.as_view(), name="account_services"),
    path("accounts/<int:account_id>/flags/", files.FlagsView.as_view(), name="account_flags"),
    path("customers/<int:customer_id>/guarantor/", files.GuarantorView.as_view(), name="guarantor"),
    path("exempt-accounts/", tax_exempt.ExemptAccountsView.as_view(), name="exempt_accounts"),
    path("accounts/<int:account_id>/taxes/", tax_exempt.AccountExemptView.as_view(), name="account_taxes"),
    path("accounts/<int:account_id>/file/", files.AccountFileView.as_view(), name="account_file"),
    path(
        "accounts/<int:account_id>/alternate-address/",
        files.AlternateAddressView.as_view(),
        name="alternate_address",
    ),
    path("containers/", containers.ContainersView.as_view(), name="containers"),
    path("containers/<int:container_id>/", containers.ContainerView.as_view(), name="container"),
    path(
        "containers/<int:container_id>/move/", containers.ContainerMoveView.as_view(), name="container_move"
    ),
    path(
        "containers/<int:container_id>/service/",
        containers.ContainerServiceView.as_view(),
        name="container_service",
    ),
    *PATHS,
]
