"""Work orders on paper: half a letter page each, in walking order, with places to write."""

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import mark_safe

from core.barcodes import code128_svg
from core.ui import paper
from core.ui.words import day_text
from meters.models import WorkOrder
from meters.order_queries import meter_now, registers_to_read

MOST = 200
"""Sheets printed at a time: a day's work of a whole crew."""

_PREFIX = "W"


def order_code(number: int) -> str:
    """The text of an order's bar code, which the search box opens."""
    return f"{_PREFIX}{number}"


def read_order_code(text: str) -> int | None:
    """The number of a scanned order, or ``None`` for any other text."""
    typed = text.strip().upper()
    digits = typed.removeprefix(_PREFIX)
    if typed == digits or not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        return None
    return int(digits)


def print_orders(orders: Sequence[WorkOrder], utility: str, today: date) -> bytes:
    """The orders as PDF, two on a letter page, in the order given."""
    sheets = [_face(order) for order in orders]
    html = paper.fill("work-orders.html", sheets=sheets, utility=utility, printed=day_text(today))
    return paper.render(html, (paper.stylesheet("work-orders.css"),))


def _face(order: WorkOrder) -> dict[str, object]:
    """The texts of a sheet."""
    at, meter = order.location, meter_now(order.service_point)
    registers = registers_to_read(meter)
    facts = [
        ("Address", f"{at.address}, {at.city}"),
        ("Location", f"{at.code}, route {at.route.code}, place {at.sequence}"),
        ("Account", order.account_number or "–"),
        ("Due", day_text(order.due_on)),
        ("Assigned to", order.assigned_to or "–"),
    ]
    if meter is not None:
        where = f", {meter.place_text}" if meter.place_text else ""
        facts.append(
            ("Meter", f"{meter.number}, serial {meter.serial or '–'}, size {meter.size or '–'}{where}")
        )
    if order.outside_ref:
        facts.append(("Outside number", order.outside_ref))
    return {
        "number": order.number,
        "kind": WorkOrder.Kind(order.kind).label,
        "code": mark_safe(code128_svg(order_code(order.number), height=24.0)),  # noqa: S308 - drawn of a number
        "facts": facts,
        "what": order.what,
        "lasts": [
            (r.register.code or "Reading", r.last or "never read", day_text(r.last_on) if r.last_on else "")
            for r in registers
        ],
        "changes_meter": order.kind == WorkOrder.Kind.METER_CHANGE,
    }
