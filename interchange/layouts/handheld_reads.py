"""Meter reads of a hand-held reader or a typed sheet, as plain CSV.  Pure.

One line a register: account, meter, register, read, date, code.  For readers without a layout of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from interchange.layouts.delimited import Delimited
from interchange.layouts.fields import Field
from interchange.layouts.meter_reads import READ_TIME_FORMATS, REGISTER_NAMES
from interchange.layouts.outcome import Fault, Row

READ_CODES: Mapping[str, str] = {
    "A": "actual",
    "ACTUAL": "actual",
    "E": "estimate",
    "ESTIMATE": "estimate",
    "C": "customer",
    "CUSTOMER": "customer",
    "S": "skip",
    "SKIP": "skip",
}

HANDHELD_READS = Delimited(
    "Hand-held reads",
    (
        Field(
            "account_number", length=32, required=True, aliases=("account", "account_number", "Account_ID")
        ),
        Field(
            "meter_id",
            length=24,
            required=True,
            never_empty=True,
            aliases=("meter", "meter_number", "Meter_ID"),
        ),
        Field("register", "choice", aliases=("register", "Register_Number"), choices=REGISTER_NAMES),
        Field("read", "decimal", length=9, required=True, aliases=("read", "reading", "Current_Read")),
        Field(
            "read_at",
            "datetime",
            required=True,
            never_empty=True,
            formats=READ_TIME_FORMATS,
            aliases=("date", "read_date", "read_datetime", "Current_Read_Date"),
        ),
        Field("code", "choice", aliases=("code", "read_code"), choices=READ_CODES),
    ),
)


@dataclass(frozen=True, slots=True)
class HandheldRead:
    """One register's read in that register's unit.  ``read`` is ``None`` only where ``code`` is ``skip``."""

    account_number: str
    meter_id: str
    register: str
    read: Decimal | None
    read_at: datetime | date
    code: str
    line: int = field(default=0, compare=False)
    raw: str = field(default="", compare=False, repr=False)


def read_handheld_reads(content: bytes, layout: Delimited = HANDHELD_READS) -> Iterator[HandheldRead | Fault]:
    """Reads and faults in the order of the file; without a code a read is actual."""
    for item in layout.read(content):
        yield item if isinstance(item, Fault) else _handheld_read(item)


def _handheld_read(row: Row) -> HandheldRead | Fault:
    values = row.values
    read, read_at, code = values["read"], values["read_at"], str(values["code"] or "actual")
    if not isinstance(read, Decimal) and code != "skip":
        problem = f"There is no read for meter {values['meter_id']}."
        return Fault(
            row.line_number,
            "read",
            "row",
            "no_read",
            problem,
            "Fill it in, or give the code S (skipped).",
            row.raw,
        )
    if not isinstance(read_at, date):
        raise TypeError("The layout must declare read_at as a date that is never empty.")
    return HandheldRead(
        account_number=str(values["account_number"]),
        meter_id=str(values["meter_id"]),
        register=str(values["register"]),
        read=read if isinstance(read, Decimal) else None,
        read_at=read_at,
        code=code,
        line=row.line_number,
        raw=row.raw,
    )


def write_handheld_reads(reads: Iterable[HandheldRead]) -> bytes:
    """The same file.  Raises ``DoesNotFit``; nothing is cut or rounded."""
    return HANDHELD_READS.write(
        {field.name: getattr(read, field.name) for field in HANDHELD_READS.fields} for read in reads
    )
