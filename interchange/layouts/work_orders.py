"""Work orders as plain CSV: the open ones go out, and come back with what was done.  Pure.

One line an order.  The columns from ``Done_On`` on are empty on the way out; a line that comes back without
a day is one that is not done yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from interchange.layouts.delimited import Delimited
from interchange.layouts.fields import Field
from interchange.layouts.outcome import Fault, Row, Value

DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y")
YES_NO: Mapping[str, str] = {"Y": "yes", "YES": "yes", "1": "yes", "N": "", "NO": "", "0": ""}
KINDS: Mapping[str, str] = {
    kind: kind for kind in ("connect", "disconnect", "reconnect", "meter_change", "re_read", "investigate")
}

WORK_ORDERS = Delimited(
    "Work orders",
    (
        Field("number", "int", length=15, required=True, aliases=("Order_Number",)),
        Field("outside_ref", length=40, aliases=("Outside_Number",)),
        Field("kind", "choice", aliases=("Kind",), choices=KINDS),
        Field("location_id", length=40, aliases=("Location_ID",)),
        Field("address", length=80, aliases=("Address",)),
        Field("route", length=12, aliases=("Route",)),
        Field("sequence", "int", length=9, aliases=("Sequence",)),
        Field("service_point_id", length=40, aliases=("Service_Point_ID",)),
        Field("meter_id", length=24, aliases=("Meter_ID",)),
        Field("account_number", length=20, aliases=("Account_ID",)),
        Field("due_on", "date", formats=DAY_FORMATS, aliases=("Due_On",)),
        Field("assigned_to", length=60, aliases=("Assigned_To",)),
        Field("what", length=300, aliases=("To_Do",)),
        Field("done_on", "date", required=True, formats=DAY_FORMATS, aliases=("Done_On",)),
        Field("reading", "decimal", length=14, aliases=("Reading",)),
        Field("reading_high", "decimal", length=14, aliases=("Reading_High",)),
        Field("passed_zero", "choice", aliases=("Passed_Zero",), choices=YES_NO),
        Field("new_meter_id", length=24, aliases=("New_Meter_ID",)),
        Field("new_serial", length=30, aliases=("New_Serial",)),
        Field("first_reading", "decimal", length=14, aliases=("First_Reading",)),
        Field("findings", length=500, aliases=("Findings",)),
        Field("sure", "choice", aliases=("Reading_Confirmed",), choices=YES_NO),
    ),
)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in a file.  ``reading`` is of the only register or the low side, ``reading_high`` of the high.

    ``done_on`` is ``None`` while it is not done.  ``line`` and ``raw`` lead back to the file.
    """

    number: int | None
    outside_ref: str = ""
    kind: str = ""
    location_id: str = ""
    address: str = ""
    route: str = ""
    sequence: int | None = None
    service_point_id: str = ""
    meter_id: str = ""
    account_number: str = ""
    due_on: date | None = None
    assigned_to: str = ""
    what: str = ""
    done_on: date | None = None
    reading: Decimal | None = None
    reading_high: Decimal | None = None
    passed_zero: str = ""
    new_meter_id: str = ""
    new_serial: str = ""
    first_reading: Decimal | None = None
    findings: str = ""
    sure: str = ""
    line: int = field(default=0, compare=False)
    raw: str = field(default="", compare=False, repr=False)


def read_work_orders(content: bytes) -> Iterator[OrderLine | Fault]:
    """Orders and faults in the order of the file; a line that names no order is a fault of its row."""
    for item in WORK_ORDERS.read(content):
        yield item if isinstance(item, Fault) else _order_line(item)


def _order_line(row: Row) -> OrderLine | Fault:
    values = row.values
    if values["number"] is None and not values["outside_ref"]:
        problem = "Neither the order’s number nor the outside one is there."
        remedy = "Fill in Order_Number or Outside_Number."
        return Fault(row.line_number, "Order_Number", "row", "no_key", problem, remedy, row.raw)
    return OrderLine(
        number=_whole(values["number"]),
        outside_ref=_text(values["outside_ref"]),
        kind=_text(values["kind"]),
        location_id=_text(values["location_id"]),
        address=_text(values["address"]),
        route=_text(values["route"]),
        sequence=_whole(values["sequence"]),
        service_point_id=_text(values["service_point_id"]),
        meter_id=_text(values["meter_id"]),
        account_number=_text(values["account_number"]),
        due_on=_day(values["due_on"]),
        assigned_to=_text(values["assigned_to"]),
        what=_text(values["what"]),
        done_on=_day(values["done_on"]),
        reading=_figure(values["reading"]),
        reading_high=_figure(values["reading_high"]),
        passed_zero=_text(values["passed_zero"]),
        new_meter_id=_text(values["new_meter_id"]),
        new_serial=_text(values["new_serial"]),
        first_reading=_figure(values["first_reading"]),
        findings=_text(values["findings"]),
        sure=_text(values["sure"]),
        line=row.line_number,
        raw=row.raw,
    )


def write_work_orders(orders: Iterable[OrderLine]) -> bytes:
    """The same file.  Raises ``DoesNotFit``; nothing is cut or rounded."""
    return WORK_ORDERS.write({f.name: getattr(order, f.name) for f in WORK_ORDERS.fields} for order in orders)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _figure(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
