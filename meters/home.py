"""Work orders on the home page: those due today, and those that are overdue."""

from datetime import date, datetime, time

from core.actors import Actor
from core.home import HomePart, Tile, Told, Waiting
from meters.models import HeldReading, WorkOrder
from meters.order_queries import orders

SHOWN = 3


def _orders(actor: Actor, today: date, now: datetime) -> Told:
    due = orders().filter(state=WorkOrder.State.OPEN, due_on__lte=today).order_by("due_on", "number")
    late = due.filter(due_on__lt=today)
    overdue, count = late.count(), due.count()
    tile = Tile(
        "Work orders due",
        count,
        note=f"{overdue} overdue" if overdue else "none overdue",
        url="/orders/map/",
        icon="droplet",
        tone="warn" if overdue else "",
    )
    waiting = [
        Waiting(
            f"Work order {o.number}",
            f"{WorkOrder.Kind(o.kind).label}, {o.location.address}",
            "past_due",
            datetime.combine(o.due_on, time(), tzinfo=now.tzinfo),
            f"/orders/{o.number}/",
        )
        for o in late[:SHOWN]
    ]
    return Told(tiles=[tile], waiting=waiting)


def _held(actor: Actor, today: date, now: datetime) -> Told:
    waiting = HeldReading.objects.filter(state=HeldReading.State.WAITING).order_by("came_at")
    rows = list(waiting.select_related("register__meter")[:SHOWN])
    return Told(
        waiting=[
            Waiting(
                f"Reading of meter {one.register.meter.number}",
                next((r["problem"] for r in one.remarks if r["level"] != "tell"), ""),
                "held",
                one.came_at,
                f"/readings/held/{one.id}/",
            )
            for one in rows
        ]
    )


HOME = (
    HomePart("held readings", 46, "readings.approve", _held),
    HomePart("work orders", 45, "meters.work_order.view", _orders),
)
