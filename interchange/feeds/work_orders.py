"""Work orders that an outside system or a crew has done, and the open ones for them to take."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.actors import Actor
from core.errors import Refused
from core.operations import under_way
from interchange.feeds.feed import Feed, Ground, Staged, Staging
from interchange.layouts import Fault
from interchange.layouts.work_orders import WORK_ORDERS, OrderLine, read_work_orders, write_work_orders
from interchange.models import ImportRow
from meters.models import WorkOrder
from meters.order_queries import in_walking_order, orders
from meters.orders_done import DialShown, NewMeter, complete_order

BLOCK = 10_000
PERMISSION = "meters.work_order.complete"


def open_orders_file() -> bytes:
    """The open orders in walking order, ready to be completed and sent back."""
    rows = in_walking_order(orders().filter(state=WorkOrder.State.OPEN))
    return write_work_orders(_line_of(order) for order in rows)


def _line_of(order: WorkOrder) -> OrderLine:
    at = order.location
    return OrderLine(
        number=order.number,
        outside_ref=order.outside_ref,
        kind=order.kind,
        location_id=at.code,
        address=at.address,
        route=at.route.code,
        sequence=at.sequence,
        service_point_id=order.service_point.code if order.service_point else "",
        meter_id=order.meter.number if order.meter else "",
        account_number=order.account_number,
        due_on=order.due_on,
        assigned_to=order.assigned_to,
        what=" ".join(order.what.split()),
    )


def _stage(lines: Sequence[OrderLine], ground: Ground) -> Staging:
    rows: list[Staged] = []
    seen: set[int] = set()
    for start in range(0, len(lines), BLOCK):
        block = lines[start : start + BLOCK]
        by_number, by_ref = _orders_of(block)
        for line in block:
            found = by_number.get(line.number) if line.number is not None else by_ref.get(line.outside_ref)
            rows.append(_staged(line, found, ground, seen))
    return Staging(rows)


def _orders_of(lines: Sequence[OrderLine]) -> tuple[dict[int, WorkOrder], dict[str, WorkOrder]]:
    numbers = [line.number for line in lines if line.number is not None]
    refs = [line.outside_ref for line in lines if line.outside_ref]
    rows = list(
        WorkOrder.objects.filter(Q(number__in=numbers) | Q(outside_ref__in=refs)).select_related("meter")
    )
    return {o.number: o for o in rows}, {o.outside_ref: o for o in rows if o.outside_ref}


def _staged(line: OrderLine, order: WorkOrder | None, ground: Ground, seen: set[int]) -> Staged:
    faults: list[Fault] = []
    already = line.done_on is None

    def mark(field: str, code: str, problem: str, remedy: str) -> None:
        faults.append(Fault(line.line, ground.column(field), "row", code, problem, remedy, line.raw))

    if order is None:
        named = line.number if line.number is not None else line.outside_ref
        mark("number", "unknown_order", f"There is no work order {named}.", "Check the number.")
    elif already:
        pass
    elif order.id in seen:
        mark("number", "twice", f"Work order {order.number} is in the file twice.", "Take one line out.")
    elif order.state != WorkOrder.State.OPEN:
        already = order.state == WorkOrder.State.DONE and order.done_on == line.done_on
        if not already:
            state = WorkOrder.State(order.state).label.lower()
            mark("number", "not_open", f"Work order {order.number} is {state} already.", "Look at it.")
    elif line.done_on is not None and line.done_on > ground.today:
        mark("done_on", "future", f"{line.done_on} is still to come.", "Correct the day.")
    if order is not None and not already:
        seen.add(order.id)
    return Staged(line.line, line.raw, _values(line, order), faults, there_already=already)


def _values(line: OrderLine, order: WorkOrder | None) -> dict[str, Any]:
    return {
        "account": order.account_number if order else line.account_number,
        "meter": order.meter.number if order and order.meter else line.meter_id,
        "order": order.number if order else line.number,
        "order_id": order.id if order else None,
        "on": str(line.done_on) if line.done_on else None,
        "dial": _plain(line.reading),
        "dial_high": _plain(line.reading_high),
        "passed_zero": bool(line.passed_zero),
        "new_meter": line.new_meter_id,
        "new_serial": line.new_serial,
        "first_dial": _plain(line.first_reading),
        "findings": line.findings,
        "sure": bool(line.sure),
    }


def _plain(figure: Decimal | None) -> str:
    return "" if figure is None else format(figure, "f")


def _apply(by: Actor, import_id: int, rows: Sequence[ImportRow]) -> Mapping[int, Fault]:
    """Complete each order; one that is refused leaves the others as they are."""
    left_out: dict[int, Fault] = {}
    under = under_way()
    for row in rows:
        told, events = len(under.audit), len(under.events)
        try:
            with transaction.atomic():
                _complete(by, row.values)
        except Refused as refused:
            # What was not done is not told either.
            del under.audit[told:], under.events[events:]
            left_out[row.id] = Fault(
                row.line, refused.field, "row", "changed_since", refused.problem, refused.remedy, row.raw
            )
    return left_out


def _complete(by: Actor, values: Mapping[str, Any]) -> None:
    order = WorkOrder.objects.get(id=values["order_id"])
    readings = _readings(values)
    new = None
    if values["new_meter"]:
        first = (DialShown(Decimal(values["first_dial"])),) if values["first_dial"] else ()
        new = NewMeter(values["new_meter"], serial=values["new_serial"], first=first)
    complete_order(
        by,
        order_id=order.id,
        done_on=date.fromisoformat(values["on"]),
        readings=readings,
        new_meter=new,
        findings=values["findings"],
        sure=values["sure"],
    )


def _readings(values: Mapping[str, Any]) -> list[DialShown]:
    """The readings of the file by register: one alone is the only register's, beside a high one the low's."""
    low, high, over = values["dial"], values["dial_high"], values["passed_zero"]
    found = [DialShown(Decimal(low), "L" if high else "", over)] if low else []
    return [*found, DialShown(Decimal(high), "H", over)] if high else found


WORK_ORDERS_DONE = Feed(
    code="work_orders",
    title="Completed work orders",
    about="The file of open work orders, with Done_On and what was read, put in and found filled in: CSV."
    " A line without a day stays open.",
    layout=WORK_ORDERS,
    parse=read_work_orders,
    stage=_stage,
    apply=_apply,
    permission=PERMISSION,
    approval=PERMISSION,
    known_by=(("number", "order"), ("meter_id", "meter"), ("account_number", "account")),
    whole_routes=False,
)
