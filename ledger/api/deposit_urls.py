"""Addresses of the endpoints of deposits and refunds, under ``/api/v1/``."""

from django.urls import path

from ledger.api import deposits

urlpatterns = [
    path("deposits/<int:deposit_id>/", deposits.DepositView.as_view(), name="deposit"),
    path("deposits/<int:deposit_id>/apply/", deposits.ApplyView.as_view(), name="deposit_apply"),
    path("deposits/<int:deposit_id>/refund/", deposits.ProposeView.as_view(), name="deposit_refund"),
    path("deposit-movements/undo/", deposits.UndoView.as_view(), name="deposit_undo"),
    path("refunds/", deposits.RefundsView.as_view(), name="refunds"),
    path("refunds/<int:refund_id>/", deposits.RefundView.as_view(), name="refund"),
    path("refunds/<int:refund_id>/approve/", deposits.ApproveRefundView.as_view(), name="refund_approve"),
    path("refunds/<int:refund_id>/refuse/", deposits.RefuseRefundView.as_view(), name="refund_refuse"),
    path("refunds/<int:refund_id>/withdraw/", deposits.WithdrawRefundView.as_view(), name="refund_withdraw"),
    path("refunds/<int:refund_id>/cheque/", deposits.ChequeView.as_view(), name="refund_cheque"),
]
