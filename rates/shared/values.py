"""Shared values inside a table's content: found, and changed from a day on.  Pure."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from rates.engine.reader import NUMBER


class Kind(NamedTuple):
    """A kind of shared value: the entry of a charge that names it, and the one that holds it."""

    code: str
    component: str
    named_by: str
    held_in: str
    label: str
    unit: str


TAX = Kind("tax", "tax", "tax_code", "percent", "Tax", "%")
RIDER = Kind("rider", "rider", "id", "price", "Rider", "")
KINDS = {kind.code: kind for kind in (TAX, RIDER)}


@dataclass(frozen=True, slots=True)
class Held:
    """A shared value in one table: ``value`` on the day asked, ``None`` where it is chosen by something."""

    kind: str
    name: str
    component: str
    text: str
    revenue_code: str
    per: str
    value: Decimal | None
    since: date | None


def held_in(content: Mapping[str, Any], day: date) -> Iterator[Held]:
    """The taxes and riders of a table, in its order."""
    for component in content["components"]:
        kind = next((k for k in KINDS.values() if k.component == component["kind"]), None)
        if kind is not None:
            value, since = _on(component[kind.held_in], day)
            per = f"per {component['per']}" if "per" in component else ""
            yield Held(
                kind.code,
                component[kind.named_by],
                component["id"],
                component["text"],
                component["revenue_code"],
                per,
                value,
                since,
            )


def _on(raw: Any, day: date) -> tuple[Decimal | None, date | None]:
    """The value of that day, and the day it began if the table says so."""
    if isinstance(raw, Mapping) and "dated" in raw:
        begun = [row for row in raw["dated"] if date.fromisoformat(row["from"]) <= day]
        if not begun:
            return None, None
        return _on(begun[-1]["value"], day)[0], date.fromisoformat(begun[-1]["from"])
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Decimal(raw), None
    return (Decimal(raw) if isinstance(raw, str) and NUMBER.match(raw) else None), None


def changed(content: Mapping[str, Any], kind: Kind, name: str, value: Decimal, day: date) -> dict[str, Any]:
    """The content of a version that starts on ``day`` with another value from that day on.

    Values that the table has for later days stay.  The other charges are as they were.
    """
    made: dict[str, Any] = deepcopy(dict(content))
    for component in made["components"]:
        if component["kind"] == kind.component and component[kind.named_by] == name:
            raw = component[kind.held_in]
            listed = raw["dated"] if isinstance(raw, Mapping) and "dated" in raw else []
            later = [row for row in listed if date.fromisoformat(row["from"]) > day]
            component[kind.held_in] = {"dated": [{"from": day.isoformat(), "value": f"{value:f}"}, *later]}
    return made
