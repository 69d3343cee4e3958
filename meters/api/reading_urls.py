"""Endpoints of typed readings, corrections and walking orders, under ``/api/v1/``."""

from django.urls import path

from meters.api import readings, taking

urlpatterns = [
    path("readings/held/", taking.HeldReadingsView.as_view(), name="held_readings"),
    path("readings/held/<int:held_id>/take/", taking.HeldTakeView.as_view(), name="held_reading_take"),
    path("readings/held/<int:held_id>/drop/", taking.HeldDropView.as_view(), name="held_reading_drop"),
    path("use-ranges/", taking.RangesView.as_view(), name="use_ranges"),
    path("readings/enter/", readings.EnterView.as_view(), name="readings_enter"),
    path("readings/<int:reading_id>/correct/", readings.CorrectView.as_view(), name="reading_correct"),
    path("routes/<int:route_id>/round/", readings.RoundView.as_view(), name="route_round"),
    path("routes/<int:route_id>/order/", readings.OrderView.as_view(), name="route_order"),
    path("routes/<int:route_id>/move/", readings.MoveView.as_view(), name="route_move"),
]
