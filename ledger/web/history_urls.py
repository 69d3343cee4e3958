"""Addresses of history: what is moved there."""

from django.urls import path

from ledger.web import history

urlpatterns = [
    path("ledger/history/", history.move_list, name="history"),
    path("ledger/history/new/", history.new_move, name="history_new"),
    path("ledger/history/<int:move_id>/", history.move, name="history_move"),
    path("ledger/history/<int:move_id>/move/", history.move_it, name="history_do"),
]
