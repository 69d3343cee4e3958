"""Addresses of entering readings, correcting them, and of the order in which routes are walked."""

from django.urls import path

from meters.web import corrections, held, ranges, rate_range, rounds, walk

urlpatterns = [
    path("readings/enter/", rounds.routes, name="enter"),
    path("readings/enter/<int:route_id>/", rounds.grid, name="enter_route"),
    path("readings/enter/<int:route_id>/line/", rounds.send, name="enter_line"),
    path("readings/held/", held.held_list, name="held"),
    path("readings/held/<int:held_id>/", held.held, name="held_reading"),
    path("readings/ranges/", ranges.range_list, name="ranges"),
    path("readings/ranges/new/", ranges.new, name="range_new"),
    path("readings/ranges/<int:range_id>/", ranges.change, name="range"),
    path("rates/<str:code>/range/", rate_range.rate_range, name="rate_range"),
    path("readings/sheets/<int:route_id>/", rounds.sheets, name="sheets"),
    path("readings/<int:reading_id>/correct/", corrections.correct, name="reading_correct"),
    path("routes/<int:route_id>/order/", walk.order, name="route_order"),
    path("routes/<int:route_id>/move/", walk.move, name="route_move"),
]
