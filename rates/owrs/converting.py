"""One table for each customer class of a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rates.engine import TariffError, parse_tariff
from rates.owrs.charges import Charges, NotSaid
from rates.owrs.source import UNITS_OF_FILES, Source, read_source

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Converted:
    """A customer class: its table, or ``None`` when there is nothing it could say, and what was left out."""

    customer_class: str
    content: dict[str, Any] | None
    remarks: tuple[str, ...] = field(default=())


def convert(text: str, seasons: Mapping[str, str] | None = None) -> tuple[Converted, ...]:
    """The tables of a file.

    ``seasons`` says on which day (``05-01``) each season begins, since the format does not.  Raises
    ``OwrsError`` for a file that is no rate file at all.
    """
    source = read_source(text)
    return tuple(_converted(source, name, seasons or {}) for name in source.classes)


def _converted(source: Source, name: str, seasons: Mapping[str, str]) -> Converted:
    charges = Charges(source.classes[name])
    try:
        components = charges.components()
    except NotSaid as wrong:
        return Converted(name, None, (*source.remarks, *charges.remarks, str(wrong)))
    remarks = [*source.remarks, *charges.remarks]
    if not components:
        nothing = "could be taken over" if charges.missing else "is other than 0"
        return Converted(name, None, (*remarks, f"No charge of this class {nothing}."))
    odd = sorted(n for n in charges.uses if n != "usage" and not _is_of(n, source.unit))
    if odd:
        remarks.append(f"“{odd[0]}” is read as the use in {source.unit}, the unit of the file’s bills.")
    content: dict[str, Any] = {
        "name": f"{source.utility}, {_words(name)}"[:_LONGEST],
        "service_type": "water",
        "unit": source.unit,
        "effective": source.effective.isoformat() if source.effective else "not given",
        "source": f"Open Water Rate Specification, {source.utility}",
    }
    notes = [f"Amounts for one bill, {source.frequency.lower()}."] if source.frequency else []
    if charges.missing:
        content["name"] = f"Incomplete: {content['name']}"[:_LONGEST]
        notes.insert(0, f"Not complete: {', '.join(charges.missing)} could not be taken over.")
    if notes:
        content["note"] = " ".join(notes)
    asked = charges.seasons
    if asked:
        content |= _seasons(asked, seasons, remarks)
    if charges.derive:
        content["derive"] = charges.derive
    content["components"] = components
    try:
        parse_tariff(content)
    except TariffError as wrong:
        return Converted(name, None, (*remarks, f"The table cannot be priced: {wrong}"))
    return Converted(name, content, tuple(dict.fromkeys(remarks)))


def _seasons(asked: frozenset[str], given: Mapping[str, str], remarks: list[str]) -> dict[str, Any]:
    known = {name.lower(): day for name, day in given.items()}
    if {n.lower() for n in asked} <= set(known):
        days = sorted((known[n.lower()], n) for n in asked)
        return {"seasons": [{"name": n, "from": day} for day, n in days]}
    remarks.append(
        f"The file does not say when {' and '.join(sorted(asked))} begin. "
        "Give the day of each, or add “seasons” to the table."
    )
    return {}


def _is_of(usage: str, unit: str) -> bool:
    """Whether a file's name for the use goes with the unit of its bills."""
    return UNITS_OF_FILES.get(usage.removeprefix("usage_")) == unit


def _words(name: str) -> str:
    return re.sub(r"[_ ]+", " ", name).strip().lower()
