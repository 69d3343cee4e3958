"""Addresses of the endpoints of history."""

from django.urls import path

from ledger.api import history, purges

urlpatterns = [
    path("history-moves/", history.HistoryMovesView.as_view(), name="history_moves"),
    path("history-moves/<int:move_id>/", history.HistoryMoveView.as_view(), name="history_move"),
    path("history-moves/<int:move_id>/move/", history.MoveToHistoryView.as_view(), name="history_do"),
    path("purges/", purges.PurgesView.as_view(), name="purges"),
    path("purges/<int:purge_id>/", purges.PurgeView.as_view(), name="purge"),
    path("purges/<int:purge_id>/approve/", purges.PurgeApproveView.as_view(), name="purge_approve"),
    path("purges/<int:purge_id>/refuse/", purges.PurgeRefuseView.as_view(), name="purge_refuse"),
    path("purges/<int:purge_id>/archive/", purges.PurgeArchiveView.as_view(), name="purge_archive"),
]
