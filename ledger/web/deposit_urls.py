"""Addresses of deposits and their refunds."""

from django.urls import path

from ledger.web import deposit_refunds, deposits

urlpatterns = [
    path("accounts/<str:number>/deposits/apply/", deposit_refunds.applying, name="deposit_apply"),
    path("accounts/<str:number>/deposits/refund/", deposit_refunds.refunding, name="deposit_refund"),
    path("ledger/deposits/", deposits.deposit_list, name="deposits"),
    path("ledger/deposits/<int:deposit_id>/", deposits.deposit, name="deposit"),
    path(
        "ledger/deposits/<int:deposit_id>/undo/<int:movement_id>/",
        deposits.undo_movement,
        name="deposit_undo",
    ),
    path("ledger/refunds/", deposit_refunds.refund_list, name="refunds"),
    path("ledger/refunds/<int:refund_id>/", deposit_refunds.refund, name="refund"),
    path("ledger/refunds/<int:refund_id>/approve/", deposit_refunds.approve, name="refund_approve"),
    path("ledger/refunds/<int:refund_id>/refuse/", deposit_refunds.refuse, name="refund_refuse"),
    path("ledger/refunds/<int:refund_id>/withdraw/", deposit_refunds.withdraw, name="refund_withdraw"),
    path("ledger/refunds/<int:refund_id>/cheque/", deposit_refunds.cheque, name="refund_cheque"),
]
