"""What many bills under other tables add up to, gathered part by part and put together.  Pure.

Amounts are dollars.  Use and change are counted by fine steps first; ``bands`` makes of them the few bands
and bars that people look at, when all parts are there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from billing.what_if.rerating import Outcome
from core.money import ZERO

_STEPS = (
    (Decimal(5), Decimal("0.25")),
    (Decimal(20), Decimal(1)),
    (Decimal(100), Decimal(5)),
    (Decimal(1000), Decimal(25)),
    (Decimal(10000), Decimal(250)),
)
_LARGEST = Decimal(2500)


@dataclass(slots=True)
class Sum:
    """Bills, what they came to and would come to, and how many would be lower, the same and higher."""

    bills: int = 0
    old: Decimal = ZERO
    new: Decimal = ZERO
    lower: int = 0
    higher: int = 0

    @property
    def change(self) -> Decimal:
        """Dollars more, below zero less."""
        return self.new - self.old

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent of what was billed; ``None`` when nothing was."""
        return self.change * 100 / abs(self.old) if self.old else None

    @property
    def same(self) -> int:
        """How many would stay as they are, to the cent."""
        return self.bills - self.lower - self.higher

    def add(self, old: Decimal, new: Decimal) -> None:
        """One more bill."""
        self.bills += 1
        self.old += old
        self.new += new
        if new > old:
            self.higher += 1
        elif new < old:
            self.lower += 1

    def join(self, other: "Sum") -> None:
        """All the bills of another sum."""
        self.bills += other.bills
        self.old += other.old
        self.new += other.new
        self.lower += other.lower
        self.higher += other.higher

    def as_json(self) -> list[Any]:
        """A short list."""
        return [self.bills, str(self.old), str(self.new), self.lower, self.higher]

    @classmethod
    def from_json(cls, kept: list[Any]) -> "Sum":
        """The inverse."""
        return cls(kept[0], Decimal(kept[1]), Decimal(kept[2]), kept[3], kept[4])


Sums = dict[str, Sum]
_GROUPS = ("services", "classes", "rates", "uses")


@dataclass(slots=True)
class Figures:
    """All that is told of a what-if in total.

    ``whole`` and the groups leave out bills that cannot be priced; those are in ``unpriced`` by reason, with
    what they were billed.  ``uses`` is by unit and fine step of use, ``changes`` counts bills by fine step of
    their change, the unchanged ones left out.  ``untouched`` bills have no service that a new table prices.
    """

    whole: Sum = field(default_factory=Sum)
    services: Sums = field(default_factory=dict)
    classes: Sums = field(default_factory=dict)
    rates: Sums = field(default_factory=dict)
    uses: Sums = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    unpriced: Sums = field(default_factory=dict)
    untouched: int = 0
    held: int = 0

    def count(self, one: Outcome, hold_over: Decimal) -> None:
        """One more bill; above ``hold_over`` a run would hold it for a look."""
        if one.new is None:
            _of(self.unpriced, one.reason).add(one.old, one.old)
            return
        old, new = one.old, one.new
        self.whole.add(old, new)
        _of(self.classes, one.category).add(old, new)
        for service in one.services:
            _of(self.services, service.service_type).add(service.old, service.new)
        if not one.touched:
            self.untouched += 1
            return
        _of(self.rates, one.rate_code).add(old, new)
        if one.use is not None:
            _of(self.uses, f"{one.unit} {use_step(one.use)}").add(old, new)
        if new != old:
            step = change_step(new - old)
            self.changes[step] = self.changes.get(step, 0) + 1
        self.held += new > hold_over >= old

    def join(self, other: "Figures") -> None:
        """All the bills of another part."""
        self.whole.join(other.whole)
        for name in (*_GROUPS, "unpriced"):
            mine: Sums = getattr(self, name)
            for key, theirs in getattr(other, name).items():
                _of(mine, key).join(theirs)
        for step, n in other.changes.items():
            self.changes[step] = self.changes.get(step, 0) + n
        self.untouched += other.untouched
        self.held += other.held

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a part of the work and with the what-if."""
        groups = {
            name: {key: one.as_json() for key, one in getattr(self, name).items()}
            for name in (*_GROUPS, "unpriced")
        }
        rest = {"changes": self.changes, "untouched": self.untouched, "held": self.held}
        return {"whole": self.whole.as_json(), **groups, **rest}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Figures":
        """The inverse."""
        groups = [
            {key: Sum.from_json(one) for key, one in kept[name].items()} for name in (*_GROUPS, "unpriced")
        ]
        services, classes, rates, uses, unpriced = groups
        return cls(
            whole=Sum.from_json(kept["whole"]),
            services=services,
            classes=classes,
            rates=rates,
            uses=uses,
            changes=dict(kept["changes"]),
            unpriced=unpriced,
            untouched=kept["untouched"],
            held=kept["held"],
        )


def joined(parts: Iterable[Mapping[str, Any]]) -> Figures:
    """The figures of all parts."""
    found = Figures()
    for part in parts:
        found.join(Figures.from_json(part))
    return found


def use_step(use: Decimal) -> str:
    """The first two figures of a use, the rest zeros: 4,783 counts under 4700, 0.456 under 0.45."""
    if not use:
        return "0"
    fine = use.quantize(Decimal(1).scaleb(use.adjusted() - 1), rounding=ROUND_FLOOR)
    return format(fine.normalize() + 0, "f")


def change_step(change: Decimal) -> str:
    """The lower end of the fine step in which a change lies: quarters of a dollar, then coarser."""
    size = next((step for most, step in _STEPS if abs(change) < most), _LARGEST)
    return format((change / size).to_integral_value(rounding=ROUND_FLOOR) * size, "f")


def _of(sums: Sums, key: str) -> Sum:
    found = sums.get(key)
    if found is None:
        found = sums[key] = Sum()
    return found
