"""Work orders: making, changing and calling them off.  What is done with one: ``meters.orders_done``."""

from datetime import date
from typing import Any

from core.actors import Actor
from core.app_lists import gather
from core.counters import take_block
from core.errors import Conflict, NotFound, Refused
from core.operations import emit, note, operation, under_way
from core.search import refresh_keys
from core.seen import check
from meters.models import Installation, Location, ServicePoint, WorkOrder

SERIES = "work_order"
LENGTHS = {"account_number": 20, "what": 300, "assigned_to": 60, "outside_ref": 40, "findings": 500}
NEEDS_METER = frozenset(
    {
        WorkOrder.Kind.DISCONNECT,
        WorkOrder.Kind.RECONNECT,
        WorkOrder.Kind.METER_CHANGE,
        WorkOrder.Kind.RE_READ,
    }
)
CHANGEABLE = ("what", "assigned_to", "due_on", "outside_ref")


@operation("meters.work_order.make", permission="meters.work_order.make")
def make_order(
    by: Actor,
    *,
    kind: str,
    location_id: int,
    due_on: date,
    service_point_id: int | None = None,
    account_number: str = "",
    what: str = "",
    assigned_to: str = "",
    outside_ref: str = "",
) -> int:
    """A new open order under the next number; returns its id.

    Without a service point it is for the only one with a meter there.  ``outside_ref`` is its number in an
    outside system, which names one order.  Raises ``NotFound`` for a location that is not the utility's,
    ``Conflict`` for an outside number that is taken, ``Refused`` at the field otherwise.
    """
    if kind not in WorkOrder.Kind.values:
        raise Refused(f"“{kind}” is no kind of work order.", _one_of(WorkOrder.Kind.values), field="kind")
    texts = _texts(account_number=account_number, what=what, assigned_to=assigned_to, outside_ref=outside_ref)
    location = Location.objects.filter(id=location_id).first()
    if location is None:
        raise NotFound("There is no such location.", "Find it by its address.", field="location_id")
    _account_is_there(texts["account_number"], location.id)
    place = _point(kind, location, service_point_id)
    number = take_block(SERIES, 1)
    # Under the lock of the series: nobody else can take the same outside number meanwhile.
    _outside_ref_is_free(texts["outside_ref"])
    made = WorkOrder.objects.create(
        number=number,
        kind=kind,
        location=location,
        service_point=place,
        meter_id=_meter_at(place),
        made_at=under_way().at,
        made_by=by.name[:80],
        due_on=due_on,
        **texts,
    )
    note(number=number)
    if made.outside_ref:
        refresh_keys("order", [made.id])
    return int(made.id)


@operation("meters.work_order.change", permission="meters.work_order.make", quiet=frozenset({"seen"}))
def change_order(by: Actor, *, order_id: int, changes: dict[str, Any], seen: str = "") -> int:
    """Change what is to be done, who does it, by when, or the outside number; returns the order's id.

    ``changes`` has some of ``what``, ``assigned_to``, ``due_on``, ``outside_ref``; ``seen`` is the mark of
    what was shown.  Raises ``Conflict`` for an order that is not open, ``Stale`` when it was changed since.
    """
    unknown = [name for name in changes if name not in CHANGEABLE]
    if unknown:
        raise Refused(f"“{unknown[0]}” of an order is not changed.", _one_of(CHANGEABLE), field=unknown[0])
    order = open_order(order_id)
    check(seen, order, {name: getattr(order, name) for name in changes})
    texts = _texts(**{k: v for k, v in changes.items() if k != "due_on"})
    if texts.get("outside_ref", order.outside_ref) != order.outside_ref:
        take_block(SERIES, 0)
        _outside_ref_is_free(texts["outside_ref"])
    for name, value in {**changes, **texts}.items():
        setattr(order, name, value)
    order.save(update_fields=list(changes))
    if "outside_ref" in changes:
        refresh_keys("order", [order.id])
    return int(order.id)


@operation("meters.work_order.cancel", permission="meters.work_order.make")
def cancel_order(by: Actor, *, order_id: int, why: str) -> int:
    """Call an open order off; it stays in the list with the reason.  Returns its id."""
    reason = _texts(findings=why)["findings"]
    if not reason:
        raise Refused("The reason is missing.", "Say why it is called off.", field="why")
    order = open_order(order_id)
    order.state, order.findings = WorkOrder.State.CANCELLED, reason
    order.ended_at, order.ended_by = under_way().at, by.name[:80]
    order.save(update_fields=["state", "findings", "ended_at", "ended_by"])
    emit("meters.work_order_cancelled", order_id=order.id)
    return int(order.id)


def open_order(order_id: int) -> WorkOrder:
    """The order, locked; raises ``NotFound``, and ``Conflict`` when it is done or called off."""
    order = WorkOrder.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NotFound("There is no such work order.", "Find it by its number.")
    if order.state != WorkOrder.State.OPEN:
        state = WorkOrder.State(order.state).label.lower()
        raise Conflict(
            f"Work order {order.number} is {state} already, by {order.ended_by}.",
            "Look at it; make a new one if there is more to do.",
        )
    return order


def _texts(**typed: str) -> dict[str, str]:
    """The texts as they are kept; raises ``Refused`` at the field for one that is too long."""
    found = {}
    for field, value in typed.items():
        text, most = str(value).strip(), LENGTHS[field]
        if len(text) > most:
            named = field.replace("_", " ")
            raise Refused(f"The {named} has {len(text)} characters.", f"Type {most} at most.", field=field)
        found[field] = text
    return found


checked_texts = _texts


def _one_of(names: Any) -> str:
    return f"Use one of {', '.join(sorted(names))}."


def _account_is_there(number: str, location_id: int) -> None:
    """What the apps above say of the account that an order is for."""
    if not number:
        return
    for look in gather("order_checks", "ACCOUNT_CHECKS"):
        problem, remedy = look(number, location_id)
        if problem:
            raise Refused(problem, remedy, field="account_number")


def _point(kind: str, location: Location, point_id: int | None) -> ServicePoint | None:
    points = {p.id: p for p in ServicePoint.objects.filter(location=location).order_by("code")}
    if point_id is not None:
        if point_id not in points:
            raise Refused(
                "That service point is not at the location.",
                "Choose one of its own.",
                field="service_point_id",
            )
        metered = [points[point_id]]
    else:
        installed = Installation.objects.filter(service_point__in=list(points), ends=None)
        at = set(installed.values_list("service_point_id", flat=True))
        metered = [p for key, p in points.items() if key in at]
    if kind in NEEDS_METER and (not metered or _meter_at(metered[0]) is None):
        raise Refused(
            "There is no meter at present.", "Look at the location’s points.", field="service_point_id"
        )
    if len(metered) > 1 and kind in NEEDS_METER:
        codes = ", ".join(p.code for p in metered)
        raise Refused(
            f"There are several meters, at the points {codes}.",
            "Choose the point that is meant.",
            field="service_point_id",
        )
    return metered[0] if len(metered) == 1 else None


def _meter_at(point: ServicePoint | None) -> int | None:
    if point is None:
        return None
    return (
        Installation.objects.filter(service_point=point, ends=None).values_list("meter_id", flat=True).first()
    )


def _outside_ref_is_free(ref: str) -> None:
    there = WorkOrder.objects.filter(outside_ref=ref).first() if ref else None
    if there is not None:
        raise Conflict(
            f"The outside number {ref} is that of work order {there.number} already.",
            "Use that order, or another number.",
            field="outside_ref",
        )
