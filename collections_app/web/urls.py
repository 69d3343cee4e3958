"""Addresses of the counter and its receipts."""

from django.urls import path

from collections_app.web import counter, receipts

app_name = "collections"
urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/find/", counter.find, name="counter_find"),
    path("counter/scan/", counter.scan, name="counter_scan"),
    path("counter/owed/", counter.owed, name="counter_owed"),
    path("receipts/", receipts.receipt_list, name="receipts"),
    path("receipts/<int:number>/", receipts.receipt, name="receipt"),
    path("receipts/<int:number>/void/", receipts.void, name="receipt_void"),
    path("receipts/<int:number>/<str:form>.pdf", receipts.pdf, name="receipt_pdf"),
]
