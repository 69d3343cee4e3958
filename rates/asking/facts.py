"""The facts of a bill from a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches

from core.periods import Period
from core.quantities import UNITS
from rates.asking.tables import FileTable
from rates.engine import RatingFacts, ServiceUse, Tariff
from rates.engine.reader import Book, Reader

_COMMON = ("from", "to", "days")
_OF_SERVICE = (
    "use", "unit", "attributes", "numbers", "series", "past", "exempt_tax_codes", "charged", "other_use",
    "others",
)  # fmt: skip
NOTES = ("note", "source", "expected")
"""Entries for people; nobody reads them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file asks: the period, and the facts of each service in the order of the tables."""

    period: Period
    days: int
    facts: Mapping[str, RatingFacts]


def read_asked(content: object, tables: tuple[FileTable, ...]) -> Asked:
    """The facts for these tables.  Raises ``TariffError`` with the place in the file.

    Entries beside ``services`` hold for every service; those of a service come first, and single
    attributes, numbers and series are added to the common ones.
    """
    reader = Reader(content, "", Book())
    reader.only(*_COMMON, *_OF_SERVICE, "services", *NOTES)
    period, days = _period(reader)
    known = {table.service_type: table for table in tables}
    own: dict[str, Reader] = {}
    if reader.has("services"):
        for service, piece in reader.at("services").rows():
            if service not in known:
                raise piece.fail(
                    f"There is no table for {service}.", f"The file has tables for {', '.join(known)}."
                )
            piece.only(*_OF_SERVICE, *NOTES)
            own[service] = piece
    found: dict[str, RatingFacts] = {}
    for service, table in known.items():
        facts = _added(RatingFacts(period, days), reader, table.hints())
        found[service] = _added(facts, own[service], table.hints()) if service in own else facts
    return Asked(period, days, found)


def _period(reader: Reader) -> tuple[Period, int]:
    days = _days(reader)
    start = reader.at("from").day() if reader.has("from") else None
    end = reader.at("to").day() if reader.has("to") else None
    if start is None and end is None:
        raise reader.fail(
            "The period is missing.",
            "Give “from” and “to” (the day after the last), or one of them and “days”.",
        )
    if days is None and (start is None or end is None):
        missing = "from" if start is None else "to"
        raise reader.fail(f"“{missing}” is missing.", f"Add “{missing}” or “days”.")
    span = timedelta(days=days or 0)
    start = start or _shifted(end, -span)
    end = end or start + span
    if end <= start:
        raise reader.at("to").fail(
            f"The period ends on {end}, not after {start}.", "“to” is the day after the last day."
        )
    counted = (end - start).days
    if days is not None and days != counted:
        raise reader.at("days").fail(
            f"From {start} up to {end} there are {counted} days, not {days}.",
            "Leave “days” out, or correct it.",
        )
    return Period(start, end), counted


def _shifted(day: date | None, span: timedelta) -> date:
    assert day is not None  # one of the two days was given
    return day + span


def _days(reader: Reader) -> int | None:
    if not reader.has("days"):
        return None
    piece = reader.at("days")
    found = piece.number()
    if found != int(found) or not 1 <= found <= 3660:
        raise piece.fail(f"{found} is no number of days.", "Write a whole number from 1.")
    return int(found)


def _added(facts: RatingFacts, reader: Reader, tariff: Tariff) -> RatingFacts:
    """The facts with what a piece of the file says on top."""
    use, unit = facts.use, facts.unit
    if reader.has("use") and reader.at("use").content is not None:
        use = reader.at("use").number()
        unit = unit or tariff.unit
    if reader.has("unit") and reader.at("unit").content is not None:
        unit = _unit(reader.at("unit"), tariff)
    if use is not None and unit is None:
        unit = "GAL"
    exempt = facts.exempt_tax_codes
    if reader.has("exempt_tax_codes"):
        exempt = frozenset(_words(reader.at("exempt_tax_codes")))
    return replace(
        facts,
        use=use,
        unit=unit,
        attributes={**facts.attributes, **_attributes(reader)},
        numbers={**facts.numbers, **_numbers(reader, "numbers")},
        series={**facts.series, **_series(reader)},
        exempt_tax_codes=exempt,
        others={**facts.others, **_numbers(reader, "others")},
        other_use={**facts.other_use, **_other_use(reader, tariff)},
        charged={**facts.charged, **_numbers(reader, "charged")},
        past={**facts.past, **_past(reader, tariff)},
    )


def _rows(reader: Reader, key: str) -> "list[tuple[str, Reader]]":
    """The named entries under a key; none for one that is missing or empty."""
    return list(reader.at(key).rows()) if reader.has(key) and reader.at(key).mapping() else []


def _items(reader: Reader) -> "list[Reader]":
    return reader.items() if reader.content != [] else []


def _words(reader: Reader) -> list[str]:
    return [piece.words() for piece in _items(reader)]


def _attributes(reader: Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, piece in _rows(reader, "attributes"):
        if piece.content is None:
            continue  # not given, as in a condition
        is_whole = isinstance(piece.content, int) and not isinstance(piece.content, bool)
        found[name] = str(piece.content) if is_whole else piece.words()
    return found


def _numbers(reader: Reader, key: str) -> dict[str, Decimal]:
    return {name: piece.number() for name, piece in _rows(reader, key)}


def _series(reader: Reader) -> dict[str, tuple[Decimal, ...]]:
    return {
        name: tuple(number.number() for number in _items(piece)) for name, piece in _rows(reader, "series")
    }


def _past(reader: Reader, tariff: Tariff) -> dict[str, tuple[ServiceUse, ...]]:
    return {
        name: tuple(_service_use(entry, tariff) for entry in _items(piece))
        for name, piece in _rows(reader, "past")
    }


def _other_use(reader: Reader, tariff: Tariff) -> dict[str, ServiceUse]:
    return {name: _service_use(piece, tariff) for name, piece in _rows(reader, "other_use")}


def _service_use(reader: Reader, tariff: Tariff) -> ServiceUse:
    """``{"use": "6000", "unit": "GAL"}``, or the number alone in the unit of the table."""
    if not reader.is_object:
        return ServiceUse(reader.number(), tariff.unit or "GAL")
    reader.only("use", "unit", *NOTES)
    unit = _unit(reader.at("unit"), tariff) if reader.has("unit") else tariff.unit or "GAL"
    return ServiceUse(reader.at("use").number(), unit)


def _unit(reader: Reader, tariff: Tariff) -> str:
    found = reader.words()
    known = [*UNITS, *(own.code for own in tariff.use.own_units)]
    if found in known:
        return found
    near = get_close_matches(found.upper(), known, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"Use one of {', '.join(known)}."
    raise reader.fail(f"“{found}” is not a known unit.", hint)
