"""Addresses of bills."""

from django.urls import path

from billing.web import bills

urlpatterns = [
    path("bills/", bills.bill_list, name="bills"),
    path("bills/<int:number>/", bills.bill, name="bill"),
    path("bills/<int:number>/pdf/", bills.printed, name="bill_pdf"),
]
