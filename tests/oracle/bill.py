"""What a bill is made of."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.desk import Desk

ZERO = Fraction(0)


@dataclass(frozen=True)
class Line:
    """A charge on the bill: in cents, and before it was rounded."""

    component: str
    kind: str
    amount: Fraction
    exact: Fraction


@dataclass(frozen=True)
class Bill:
    """The charges in their order, the derived figures, and what other services may rest on.

    ``tables`` are those of the parts of the period; ``events`` names what happened to the charges.
    """

    lines: tuple[Line, ...]
    figures: dict[str, Fraction]
    others: dict[str, Fraction]
    tables: tuple[dict[str, Any], ...] = ()
    events: frozenset[str] = frozenset()

    @property
    def total(self) -> Fraction:
        """The sum of the charges as billed."""
        return sum((line.amount for line in self.lines), ZERO)


@dataclass(frozen=True)
class Part:
    """Some days of the period, priced by one table on one day."""

    start: date
    end: date
    desk: Desk

    @property
    def days(self) -> int:
        """How many."""
        return (self.end - self.start).days

    @property
    def charges(self) -> list[dict[str, Any]]:
        """The charges of the part's table, in their order."""
        return list(self.desk.table["components"])

    def find(self, component: str) -> dict[str, Any] | None:
        """The charge of that id, if the part's table has it."""
        return next((c for c in self.charges if c["id"] == component), None)

    def above(self, component: str) -> list[str]:
        """The ids of the charges that stand above one."""
        ids = [str(c["id"]) for c in self.charges]
        return ids[: ids.index(component)]


@dataclass
class Worked:
    """One charge, in each part and as a whole.

    ``parts`` are before it was stopped, ``merged`` their sum by days; ``exact`` is after it was stopped,
    ``billed`` what charges rest on that rest on this one as billed.
    """

    charge: dict[str, Any]
    parts: list[Fraction]
    merged: Fraction = ZERO
    exact: Fraction = ZERO
    billed: Fraction = ZERO
    amount: Fraction = ZERO
    applies: bool = False
    cut: bool = False
    used_up: bool = False

    def in_part(self, index: int, basis: str) -> Fraction:
        """What a charge that rests on this one in a part finds there."""
        if len(self.parts) == 1:
            return self.whole(basis)  # an undivided charge is what it was settled to
        if self.billed == self.exact:
            basis = "exact"  # nothing was rounded, as where a table rounds the total only
        if basis == "exact" and not self.cut:
            return self.parts[index]
        if self.merged == 0:
            return ZERO
        return self.parts[index] * (self.exact if basis == "exact" else self.billed) / self.merged

    def whole(self, basis: str) -> Fraction:
        """What a charge that rests on this one as a whole finds."""
        return self.exact if basis == "exact" else self.billed
