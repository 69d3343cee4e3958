"""The counter on the home page: what was taken today and lately, and drawers that nobody closed."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from collections_app.models import DrawerSession, Receipt, ReceiptVoid
from core.actors import Actor
from core.home import HomePart, Picture, Tile, Told, Waiting, remembered
from core.money import ZERO
from core.ui.charts import Month, use_chart

DAYS = 14


def _standing() -> QuerySet[Receipt]:
    """Receipts that were not taken back."""
    return Receipt.objects.filter(~Exists(ReceiptVoid.objects.filter(receipt=OuterRef("pk"))))


def _taken(actor: Actor, today: date, now: datetime) -> Told:
    found = _standing().filter(on=today).aggregate(n=Count("id"), x=Sum("total"))
    drawers = list(
        DrawerSession.objects.filter(closed_at=None).select_related("drawer").order_by("opened_at")
    )
    count = f"{len(drawers)} drawer{'' if len(drawers) == 1 else 's'} open" if drawers else "no drawer open"
    receipts = f"{found['n']} receipt{'' if found['n'] == 1 else 's'}, {count}"
    tile = Tile(
        "Taken today", amount=found["x"] or ZERO, note=receipts, url="/receipts/", icon="cash-register"
    )
    return Told(
        tiles=[tile],
        waiting=_left_open(actor, drawers, today),
        pictures=remembered("taken", today, lambda: _lately(today)),
    )


def _left_open(actor: Actor, drawers: list[DrawerSession], today: date) -> list[Waiting]:
    """Drawers opened on an earlier day: one's own, and everybody's for who may close them."""
    return [
        Waiting(
            f"Drawer {one.drawer.code}",
            f"opened {timezone.localtime(one.opened_at):%b %-d} by {one.operator_name}: count and close it",
            "open",
            one.opened_at,
            reverse("collections:drawer", args=[one.id]),
        )
        for one in drawers
        if timezone.localtime(one.opened_at).date() < today
        and (one.operator == actor.ref or actor.may("payments.close_others"))
    ]


def _lately(today: date) -> list[Picture]:
    """Dollars taken on each of the last days, voids left out; nothing before the second day."""
    first = today - timedelta(days=DAYS - 1)
    rows = _standing().filter(Q(on__gte=first) & Q(on__lte=today)).order_by().values_list("on")
    taken: dict[date, Decimal] = dict(rows.annotate(x=Sum("total")))
    if len(taken) < 2:
        return []
    days = [first + timedelta(days=n) for n in range(DAYS)]
    bars = [
        Month(f"{day:%b %-d}" if n % 3 == 1 else "", taken.get(day, ZERO), current=day == today)
        for n, day in enumerate(days)
    ]
    svg = use_chart(bars, title="Taken by day", unit="dollars", size=(480.0, 160.0), font_size=9.0)
    drawn = mark_safe(svg)  # noqa: S308 - drawn by core.ui.charts, every text in it escaped
    return [Picture("Taken, by day", drawn, f"In dollars, the last {DAYS} days.", "/receipts/")]


HOME = (HomePart("counter", 30, "payments.view", _taken),)
