"""Addresses of the endpoints of payments, under ``/api/v1/``."""

from django.urls import path

from collections_app.api import returns, views

urlpatterns = [
    path("payments/", views.PaymentsView.as_view(), name="payments"),
    path("payments/<int:payment_id>/return/", returns.PaymentReturnView.as_view(), name="payment_return"),
    path("receipts/", views.ReceiptsView.as_view(), name="receipts"),
    path("receipts/<int:receipt_id>/", views.ReceiptView.as_view(), name="receipt"),
    path("receipts/<int:receipt_id>/void/", views.VoidView.as_view(), name="receipt_void"),
]
