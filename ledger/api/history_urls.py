"""Addresses of the endpoints of history."""

from django.urls import path

from ledger.api import history

urlpatterns = [
    path("history-moves/", history.HistoryMovesView.as_view(), name="history_moves"),
    path("history-moves/<int:move_id>/", history.HistoryMoveView.as_view(), name="history_move"),
    path("history-moves/<int:move_id>/move/", history.MoveToHistoryView.as_view(), name="history_do"),
]
