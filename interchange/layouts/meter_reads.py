"""Meter reads in the billing read export of BEACON AMA and AquaCUE.  Pure.

Source: Badger Meter, "Billing Read Export Specification" at helpbeaconama.net/data-exchange (also on
helpaquacue.com), columns up to ``Billing_Read``.  Both brands share the layout and differ in two names, which
are aliases here; files come with commas or tabs, quoted or not.  The columns after ``Billing_Read`` are not
published: the name and form of the read time are those that billing systems in the field accept, and
``BILLING_READS.corrected("read_at", aliases=…, formats=…)`` sets them for a site that differs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from interchange.layouts.delimited import Delimited
from interchange.layouts.fields import Field
from interchange.layouts.outcome import Fault, Row, Value

# Names of units as the platform writes them, and as they are met; the first of each is written.
# A barrel of oil or of other fluid has no place on a water bill: such a row is refused by name.
UNIT_NAMES: Mapping[str, str] = {
    "GAL": "GAL",
    "GALLON": "GAL",
    "GALLONS": "GAL",
    "KGAL": "KGAL",
    "CUBIC_FEET": "CF",
    "CUBIC_FOOT": "CF",
    "CF": "CF",
    "FT3": "CF",
    "CCF": "CCF",
    "HCF": "CCF",
    "CUBIC_METER": "M3",
    "CUBIC_METERS": "M3",
    "M3": "M3",
    "LITER": "L",
    "LITERS": "L",
    "L": "L",
    "AF": "AF",
    "ACRE_FEET": "AF",
    "IMP": "IGAL",
}
# Blank is the only register of a meter; L and H are the low and high side of a compound meter.
REGISTER_NAMES: Mapping[str, str] = {"L": "L", "0": "L", "H": "H", "2": "H"}
READ_METHODS = ("AMR", "Fixed", "Manual", "Network", "n/a")

READ_TIME_FORMATS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y",
)

BILLING_READS = Delimited(
    "Billing read export",
    (
        Field("account_number", length=32, required=True, aliases=("Account_ID",)),
        Field("location_id", length=40, aliases=("Location_ID",)),
        Field("service_point_id", length=40, aliases=("Service_Point_ID",)),
        Field("meter_id", length=24, required=True, never_empty=True, aliases=("Meter_ID",)),
        Field("register", "choice", aliases=("Register_Number",), choices=REGISTER_NAMES),
        Field("endpoint", length=20, aliases=("Endpoint_SN",)),
        Field("method", length=7, aliases=("Read_Method",)),
        Field("read", "decimal", length=9, required=True, aliases=("Read", "Current_Read")),
        # The specification gives eight characters, yet lists CUBIC_METER: the list decides.
        Field(
            "unit",
            "choice",
            required=True,
            never_empty=True,
            aliases=("Read_Unit", "Current_Read_Units", "Read_Units", "Current_Read_Unit"),
            choices=UNIT_NAMES,
        ),
        Field("billing_read", "decimal", length=9, aliases=("Billing_Read",)),
        Field(
            "read_at",
            "datetime",
            required=True,
            formats=READ_TIME_FORMATS,
            aliases=("Current_Read_Date", "Read_Time", "Read_Date", "Read_Date_Time", "Current_Read_Time"),
        ),
    ),
)

_SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "beacon": {},
    "aquacue": {"read": "Current_Read", "unit": "Current_Read_Units"},
}


@dataclass(frozen=True, slots=True)
class MeterRead:
    """One register's read; ``unit`` is a code of ``core.quantities``.

    ``billing_read`` is at billing resolution.  ``register`` is ``""``, ``"L"`` or ``"H"``.  ``read_at``
    without zone is the utility's wall time, and a day where the file gives no time.  ``line`` and ``raw``
    lead back to the file.
    """

    account_number: str
    location_id: str
    service_point_id: str
    meter_id: str
    register: str
    endpoint: str
    method: str
    read: Decimal
    unit: str
    billing_read: Decimal | None
    read_at: datetime | date
    line: int = field(default=0, compare=False)
    raw: str = field(default="", compare=False, repr=False)


def read_meter_reads(content: bytes, layout: Delimited = BILLING_READS) -> Iterator[MeterRead | Fault]:
    """Reads and faults in the order of the file.  A meter without a read is a fault of its row."""
    for item in layout.read(content):
        if isinstance(item, Fault):
            yield item
        else:
            yield from _meter_read(item)


def _meter_read(row: Row) -> Iterator[MeterRead | Fault]:
    values = row.values
    account, location = _text(values["account_number"]), _text(values["location_id"])
    read, read_at = values["read"], values["read_at"]
    if not account and not location:
        problem = "Neither account nor location is named, so the read belongs nowhere."
        yield _fault(row, "Account_ID", "no_key", problem, "Fill in Account_ID or Location_ID.")
    elif not isinstance(read, Decimal):
        problem = f"There is no read for meter {values['meter_id']}."
        yield _fault(row, "Read", "no_read", problem, "Read the meter by hand, or let the read be estimated.")
    elif not isinstance(read_at, date):
        problem = f"The read of meter {values['meter_id']} has no date."
        yield _fault(row, "Current_Read_Date", "empty", problem, "Fill in the day of the read.")
    else:
        billing_read = values["billing_read"]
        method, unknown = _method(row, _text(values["method"]))
        yield from unknown
        yield MeterRead(
            account_number=account,
            location_id=location,
            service_point_id=_text(values["service_point_id"]),
            meter_id=_text(values["meter_id"]),
            register=_text(values["register"]),
            endpoint=_text(values["endpoint"]),
            method=method,
            read=read,
            unit=_text(values["unit"]),
            billing_read=billing_read if isinstance(billing_read, Decimal) else None,
            read_at=read_at,
            line=row.line_number,
            raw=row.raw,
        )


def _method(row: Row, text: str) -> tuple[str, list[Fault]]:
    """The method as the platform spells it; an unknown one is kept with a warning: the read still counts."""
    known = {name.casefold(): name for name in READ_METHODS}
    if not text or text.casefold() in known:
        return known.get(text.casefold(), ""), []
    problem = f"“{text}” is not one of {', '.join(READ_METHODS)}; the read was taken."
    remedy = "Nothing to do; tell the vendor if it should be known."
    return text, [
        Fault(row.line_number, "Read_Method", "warning", "unknown_method", problem, remedy, row.raw)
    ]


def _fault(row: Row, column: str, code: str, problem: str, remedy: str) -> Fault:
    return Fault(row.line_number, column, "row", code, problem, remedy, row.raw)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def write_meter_reads(
    reads: Iterable[MeterRead], *, names: Literal["beacon", "aquacue"] = "beacon", delimiter: str = ","
) -> bytes:
    """The same file, in the names of either brand.  Raises ``DoesNotFit``; nothing is cut or rounded."""
    return BILLING_READS.write(map(_values, reads), spelled=_SPELLINGS[names], delimiter=delimiter)


def _values(read: MeterRead) -> dict[str, Value]:
    return {field.name: getattr(read, field.name) for field in BILLING_READS.fields}
