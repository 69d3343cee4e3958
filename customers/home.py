"""Customers on the home page: who moves in today and this week, and where it could not be done."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from core.actors import Actor
from core.home import HomePart, Tile, Told, Waiting
from core.ui.words import day_text
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
    rows = waiting.filter(soon | ~Q(problem="")).select_related("account__customer", "account__location")
    shown = list(rows.order_by("account__starts", "id")[:_SHOWN])
    return Told(tiles=[tile], waiting=[_told(one, today) for one in shown])


def _told(one: Any, today: date) -> Waiting:
    account = one.account
    gap = (account.starts - today).days
    when = "today" if gap == 0 else f"in {gap} day{'' if gap == 1 else 's'}" if gap > 0 else "its day is past"
    comes = f"{account.location.address}, {day_text(account.starts)}, {when}"
    return Waiting(
        f"{account.customer.name} moves in, account {account.number}",
        one.problem[:120] or comes,
        "blocked" if one.problem else "pending",
        one.asked_at,
        reverse("customers:account", args=[account.number]),
    )


HOME = (HomePart("moving-in", 30, "customers.view", _moving_in),)
