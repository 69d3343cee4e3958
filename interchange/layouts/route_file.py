"""A route for a hand-held reader, as plain CSV.  Pure.

One line a register, in walking order, with what the device may check a figure against.  Read, date and code
are left for the device; filled in, the same file comes back as hand-held reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from interchange.layouts.delimited import Delimited
from interchange.layouts.fields import Field
from interchange.layouts.meter_reads import REGISTER_NAMES

DAY = ("%Y-%m-%d",)

ROUTE_FILE = Delimited(
    "Route file",
    (
        Field("sequence", "int", length=9, aliases=("place",)),
        Field("account_number", length=32, aliases=("account",)),
        Field("meter_id", length=24, never_empty=True, aliases=("meter",)),
        Field("register", "choice", aliases=("register",), choices={"": "", **REGISTER_NAMES}),
        Field("address", length=80, aliases=("address",)),
        Field("place_text", length=60, aliases=("where",)),
        Field("serial", length=30, aliases=("serial",)),
        Field("unit", length=8, aliases=("unit",)),
        Field("dials", "int", length=2, aliases=("dials",)),
        Field("last_read", "decimal", length=14, aliases=("last_read",)),
        Field("last_on", "date", formats=DAY, aliases=("last_date",)),
        Field("low", "decimal", length=14, aliases=("expected_from",)),
        Field("high", "decimal", length=14, aliases=("expected_to",)),
        Field("read", length=14, aliases=("read",)),
        Field("read_at", length=20, aliases=("date",)),
        Field("code", length=8, aliases=("code",)),
    ),
)


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A register to be read; figures are what the dial shows."""

    sequence: int
    account_number: str
    meter_id: str
    register: str
    address: str
    place_text: str
    serial: str
    unit: str
    dials: int
    last_read: Decimal | None
    last_on: date | None
    low: Decimal | None
    high: Decimal | None


def write_route_file(rows: Iterable[RouteRow]) -> bytes:
    """The file.  Raises ``DoesNotFit``; nothing is cut or rounded."""
    blank = {"read": "", "read_at": "", "code": ""}
    names = [field.name for field in ROUTE_FILE.fields if field.name not in blank]
    return ROUTE_FILE.write({**{name: getattr(row, name) for name in names}, **blank} for row in rows)
