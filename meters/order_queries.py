"""Questions about work orders."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from meters.models import Installation, Meter, Reading, Register, ServicePoint, WorkOrder
from meters.queries import dial_text

OPEN = WorkOrder.State.OPEN


def orders() -> QuerySet[WorkOrder]:
    """Work orders with location, route, point and meter."""
    return WorkOrder.objects.select_related("location__route", "service_point", "meter")


def order_called(number: int) -> WorkOrder:
    """The order of that number; raises ``WorkOrder.DoesNotExist``."""
    return orders().select_related("reading", "new_meter").get(number=number)


def in_walking_order(rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """Route by route, in the order in which they are walked."""
    return rows.order_by("location__route__code", "location__sequence", "number")


def standing_of(order: WorkOrder, today: date) -> str:
    """Its state as the screens show it: an open one is due on its day and past due after it."""
    if order.state != OPEN:
        return str(order.state)
    return "past_due" if order.due_on < today else "due" if order.due_on == today else "open"


@dataclass(frozen=True, slots=True)
class RegisterToRead:
    """A register at an order's point: its last reading as text, empty when it was never read."""

    register: Register
    last: str
    last_on: date | None

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return f"dial_{self.register.code}" if self.register.code else "dial"


def meter_now(point: ServicePoint | None) -> Meter | None:
    """The meter at a point at present."""
    if point is None:
        return None
    there = Installation.objects.filter(service_point=point, ends=None).select_related("meter").first()
    return there.meter if there else None


def registers_to_read(meter: Meter | None) -> list[RegisterToRead]:
    """The registers of a meter with their last readings; two queries."""
    if meter is None:
        return []
    registers = list(Register.objects.filter(meter=meter).order_by("code"))
    last: dict[int, Reading] = {}
    for row in Reading.objects.filter(register__in=registers, is_live=True).order_by("register_id", "on"):
        last[row.register_id] = row
    return [
        RegisterToRead(
            r, dial_text(last[r.id].dial) if r.id in last else "", last[r.id].on if r.id in last else None
        )
        for r in registers
    ]


def readings_kept(order: WorkOrder) -> list[Reading]:
    """What was read when the order was done, register by register; of a meter change both meters."""
    if order.state != WorkOrder.State.DONE or order.done_on is None:
        return []
    came = f"work order {order.number}"
    return list(
        Reading.objects.filter(came_from=came, on=order.done_on)
        .select_related("register__meter")
        .order_by("register__meter_id", "register__code", "id")
    )
