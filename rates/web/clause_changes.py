"""What a rate table says otherwise than another one: charge by charge, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rates.web.reading import ChargeShown, read_out

NEW, GONE, CHANGED, SAME = "new", "gone", "changed", "same"
_GENERAL = "The table"


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line of a charge: where it stands, what it said and what it says; empty where it is not."""

    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChargeChange:
    """A charge of either table; ``how`` is new, gone, changed or same, ``lines`` are those that differ."""

    text: str
    how: str
    lines: tuple[LineChange, ...]
    unchanged: int


def clause_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ChargeChange]:
    """Every charge of both tables in the order of the new one, those that are gone at the end."""
    before, after = _clauses(old), _clauses(new)
    keys = [*after, *(key for key in before if key not in after)]
    return [_change(before.get(key), after.get(key)) for key in keys]


class _Clause:
    """A charge as it reads: its words, and its lines by place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[str, str] = {}

    def say(self, place: str, words: str) -> None:
        """One more line; a place that comes again is told apart."""
        while place in self.lines:
            place += " "
        self.lines[place] = words


def _clauses(content: Mapping[str, Any]) -> dict[str, _Clause]:
    shown = read_out(content)
    general = _Clause(_GENERAL)
    for name, words in shown.notes:
        general.say(name, words)
    return {"": general, **{charge.id: _clause(charge) for charge in shown.charges}}


def _clause(charge: ChargeShown) -> _Clause:
    found = _Clause(charge.text)
    found.say("Says", "; ".join([charge.kind, *charge.says]))
    if charge.when:
        found.say("Only", charge.when)
    found.say("Revenue", charge.revenue_code + (", taxable" if charge.taxable else ""))
    for table in charge.prices:
        for row in table.rows:
            place = " · ".join(row[:-1]) or table.headings[-1]
            found.say(place, row[-1])
    return found


def _change(old: _Clause | None, new: _Clause | None) -> ChargeChange:
    text = new.text if new is not None else old.text if old is not None else ""
    before = old.lines if old is not None else {}
    after = new.lines if new is not None else {}
    places = [*after, *(place for place in before if place not in after)]
    lines = tuple(
        LineChange(place.strip(), before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place) != after.get(place)
    )
    if old is not None and new is not None and old.text != new.text:
        lines = (LineChange("On the bill", old.text, new.text), *lines)
    how = NEW if old is None else GONE if new is None else CHANGED if lines else SAME
    return ChargeChange(text, how, lines, len(places) - len(lines))
