"""Addresses of history: what is moved there, and what is purged from it."""

from django.urls import path

from ledger.web import history, purges

urlpatterns = [
    path("ledger/history/", history.move_list, name="history"),
    path("ledger/history/new/", history.new_move, name="history_new"),
    path("ledger/history/<int:move_id>/", history.move, name="history_move"),
    path("ledger/history/<int:move_id>/move/", history.move_it, name="history_do"),
    path("ledger/purges/", purges.purge_list, name="purges"),
    path("ledger/purges/new/", purges.new_purge, name="purge_new"),
    path("ledger/purges/<int:purge_id>/", purges.purge, name="purge"),
    path("ledger/purges/<int:purge_id>/approve/", purges.approve, name="purge_approve"),
    path("ledger/purges/<int:purge_id>/refuse/", purges.refuse, name="purge_refuse"),
    path("ledger/purges/<int:purge_id>/withdraw/", purges.withdraw, name="purge_withdraw"),
    path("ledger/purges/<int:purge_id>/archive/", purges.archive, name="purge_archive"),
]
