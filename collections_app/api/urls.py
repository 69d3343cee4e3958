"""Addresses of the endpoints of payments, under ``/api/v1/``."""

from django.urls import path

from collections_app.api import deposits, drawers, returns, views

urlpatterns = [
    path("deposits/", deposits.DepositsView.as_view(), name="deposits"),
    path("drawers/", drawers.DrawersView.as_view(), name="drawers"),
    path("drawer-sessions/", drawers.SessionsView.as_view(), name="drawer_sessions"),
    path("drawer-sessions/<int:session_id>/", drawers.SessionView.as_view(), name="drawer_session"),
    path("drawer-sessions/<int:session_id>/move/", drawers.MoveView.as_view(), name="drawer_move"),
    path("drawer-sessions/<int:session_id>/close/", drawers.CloseView.as_view(), name="drawer_close"),
    path("payments/", views.PaymentsView.as_view(), name="payments"),
    path("payments/<int:payment_id>/return/", returns.PaymentReturnView.as_view(), name="payment_return"),
    path("payment-returns/", returns.ReturnsView.as_view(), name="payment_returns"),
    path("receipts/", views.ReceiptsView.as_view(), name="receipts"),
    path("receipts/<int:receipt_id>/", views.ReceiptView.as_view(), name="receipt"),
    path("receipts/<int:receipt_id>/void/", views.VoidView.as_view(), name="receipt_void"),
]
