"""Customers on the home page: who moves in soon, and where it could not be done."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from core.actors import Actor
from core.home import HomePart, Tile, Told, Waiting
from customers.models import MoveIn

_SOON, _SHOWN = 7, 10


def _moving_in(actor: Actor, today: date, now: datetime) -> Told:
    waiting = MoveIn.objects.filter(state=MoveIn.State.WAITING)
    soon = Q(account__starts__lte=today + timedelta(days=_SOON))
    counted = waiting.aggregate(soon=Count("id", filter=soon), stuck=Count("id", filter=~Q(problem="")))
    if not counted["soon"]:
        return Told()
    stuck = counted["stuck"]
    url = reverse("customers:move_ins") + "?state=waiting"
    tile = Tile(
        "Moving in", counted["soon"], url=url, icon="user", tone="bad" if stuck else "",
        note=f"{stuck} could not take over" if stuck else f"in the next {_SOON} days",
    )  # fmt: skip
    if not stuck:
        return Told(tiles=[tile])
    rows = waiting.exclude(problem="").select_related("account__customer").order_by("account__starts")
    return Told(
        tiles=[tile],
        waiting=[
            Waiting(
                f"{one.account.customer.name}, account {one.account.number}",
                one.problem[:120],
                "blocked",
                one.asked_at,
                reverse("customers:account", args=[one.account.number]),
            )
            for one in rows[:_SHOWN]
        ],
    )


HOME = (HomePart("moving-in", 30, "customers.view", _moving_in),)
