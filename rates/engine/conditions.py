"""When a component applies: all of its conditions must hold.

``{"season": ["summer"]}``, ``{"month": [5, 6, 7]}``, ``{"class": ["residential", null]}`` (null: not given),
``{"kw": {"at_least": "15", "below": "100"}}``.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from rates.engine.desk import Desk
from rates.engine.lookups import Figure, parse_figure
from rates.engine.reader import Reader
from rates.engine.rounding import settle


class Condition(Protocol):
    def holds(self, desk: Desk) -> bool: ...


@dataclass(frozen=True, slots=True)
class AmongWords:
    """An attribute that is one of the listed words."""

    attribute: str
    words: frozenset[str]
    or_absent: bool

    def holds(self, desk: Desk) -> bool:
        found = desk.attribute(self.attribute)
        if found is None:
            if not self.or_absent:
                words = self.attribute.replace("_", " ")
                raise desk.fail(f"The {words} is not known.", f"Enter the {words} of the service.")
            return True
        return found in self.words


@dataclass(frozen=True, slots=True)
class BetweenNumbers:
    """A figure from ``at_least`` up to but not including ``below``."""

    figure: Figure
    at_least: Decimal | None
    below: Decimal | None

    def holds(self, desk: Desk) -> bool:
        found = settle(self.figure.of(desk))
        return (self.at_least is None or found >= self.at_least) and (
            self.below is None or found < self.below
        )


@dataclass(frozen=True, slots=True)
class Always:
    """All conditions of one component; none means always."""

    conditions: tuple[Condition, ...] = ()

    def holds(self, desk: Desk) -> bool:
        return all(c.holds(desk) for c in self.conditions)


def parse_when(reader: Reader) -> Always:
    """The conditions as described at the head of this module."""
    found: list[Condition] = []
    for name, piece in reader.rows():
        named = Reader(name, piece.place, piece.book)
        if piece.is_object:
            piece.only("at_least", "below")
            least = piece.at("at_least").number() if piece.has("at_least") else None
            below = piece.at("below").number() if piece.has("below") else None
            found.append(BetweenNumbers(parse_figure(named), least, below))
        else:
            words = [None if i.content is None else _word(i) for i in piece.items()]
            piece.book.attributes.add(named.name())
            found.append(AmongWords(name, frozenset(w for w in words if w is not None), None in words))
    return Always(tuple(found))


def _word(reader: Reader) -> str:
    whole = isinstance(reader.content, int) and not isinstance(reader.content, bool)
    return str(reader.content) if whole else reader.words()
