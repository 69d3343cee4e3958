"""Addresses of the write-off file."""

from django.urls import path

from ledger.web import write_offs

urlpatterns = [
    path("accounts/<str:number>/write-off/", write_offs.propose, name="write_off_new"),
    path("ledger/write-offs/", write_offs.write_off_list, name="write_offs"),
    path("ledger/write-offs/<int:write_off_id>/", write_offs.write_off, name="write_off"),
    path("ledger/write-offs/<int:write_off_id>/approve/", write_offs.approve, name="write_off_approve"),
    path("ledger/write-offs/<int:write_off_id>/refuse/", write_offs.refuse, name="write_off_refuse"),
    path("ledger/write-offs/<int:write_off_id>/withdraw/", write_offs.withdraw, name="write_off_withdraw"),
    path("ledger/write-offs/<int:write_off_id>/recover/", write_offs.recover, name="write_off_recover"),
    path(
        "ledger/write-offs/<int:write_off_id>/recoveries/<int:journal_id>/take-back/",
        write_offs.recovery_back,
        name="recovery_back",
    ),
    path("ledger/write-offs/<int:write_off_id>/take-back/", write_offs.take_back, name="write_off_back"),
]
