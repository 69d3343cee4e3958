"""Addresses of the endpoints of the write-off file, under ``/api/v1/``."""

from django.urls import path

from ledger.api import write_offs

_ONE = "write-offs/<int:write_off_id>/"

urlpatterns = [
    path("write-offs/", write_offs.WriteOffsView.as_view(), name="write_offs"),
    path(_ONE, write_offs.WriteOffView.as_view(), name="write_off"),
    path(f"{_ONE}approve/", write_offs.WriteOffApproveView.as_view(), name="write_off_approve"),
    path(f"{_ONE}refuse/", write_offs.WriteOffRefuseView.as_view(), name="write_off_refuse"),
    path(f"{_ONE}withdraw/", write_offs.WriteOffWithdrawView.as_view(), name="write_off_withdraw"),
    path(f"{_ONE}recoveries/", write_offs.RecoveryView.as_view(), name="write_off_recoveries"),
    path(
        f"{_ONE}recoveries/take-back/",
        write_offs.RecoveryBackView.as_view(),
        name="write_off_recovery_back",
    ),
    path(f"{_ONE}take-back/", write_offs.WriteOffBackView.as_view(), name="write_off_back"),
]
