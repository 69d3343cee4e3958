"""What assembly gives: a prepared bill, a hold with its reason, or nothing to bill with its reason.  Pure."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from core.periods import Period
from rates.engine import Rating, RatingFacts, Step, Tariff


class BillLine(NamedTuple):
    """A line that posting turns into a charge; ``amount`` rounded, in dollars.

    ``steps`` is the arithmetic behind it; it is not kept, since the facts give it again.
    """

    service_id: int
    component: str
    text: str
    revenue_code: str
    quantity: Decimal | None
    unit: str
    amount: Decimal
    steps: tuple[Step, ...] = ()

    def as_json(self) -> list[Any]:
        """Short list form kept with the prepared bill."""
        quantity = None if self.quantity is None else str(self.quantity)
        return [
            self.service_id,
            self.component,
            self.text,
            self.revenue_code,
            quantity,
            self.unit,
            str(self.amount),
        ]

    @classmethod
    def from_json(cls, f: list[Any]) -> "BillLine":
        """The inverse of ``as_json``."""
        return cls(f[0], f[1], f[2], f[3], None if f[4] is None else Decimal(f[4]), f[5], Decimal(f[6]))


class ServicePeriod(NamedTuple):
    """A service billed for ``[starts, ends)``; ``was`` is the ``billed_to`` it must still have."""

    service_id: int
    starts: date
    ends: date
    was: date | None

    def as_json(self) -> list[Any]:
        """Short list form kept with the prepared bill."""
        was = self.was and self.was.isoformat()
        return [self.service_id, self.starts.isoformat(), self.ends.isoformat(), was]

    @classmethod
    def from_json(cls, f: list[Any]) -> "ServicePeriod":
        """The inverse of ``as_json``."""
        day = date.fromisoformat
        return cls(f[0], day(f[1]), day(f[2]), f[3] and day(f[3]))


class UsedReading(NamedTuple):
    """A register's advance as billed, in its own unit."""

    service_id: int
    register_id: int
    from_id: int
    to_id: int
    use: Decimal
    unit: str
    on: date
    days: int
    source: str

    def as_json(self) -> list[Any]:
        """Short list form kept with the prepared bill."""
        ids = [self.service_id, self.register_id, self.from_id, self.to_id]
        return [*ids, str(self.use), self.unit, self.on.isoformat(), self.days, self.source]

    @classmethod
    def from_json(cls, f: list[Any]) -> "UsedReading":
        """The inverse of ``as_json``."""
        return cls(f[0], f[1], f[2], f[3], Decimal(f[4]), f[5], date.fromisoformat(f[6]), f[7], f[8])


class Worked(NamedTuple):
    """How a service was rated: its tables with the days they price, the facts, what came out.

    Not kept: the bill's facts give it again.
    """

    service_id: int
    tables: tuple[tuple[Period, Tariff], ...]
    facts: RatingFacts
    rating: Rating


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bill ready to be posted."""

    starts: date
    ends: date
    lines: tuple[BillLine, ...]
    periods: tuple[ServicePeriod, ...]
    readings: tuple[UsedReading, ...]
    warnings: tuple[str, ...]
    total: Decimal
    worked: tuple[Worked, ...] = ()

    def charge_hash(self) -> str:
        """SHA-256 of the lines: what an approval is bound to."""
        text = json.dumps([line.as_json() for line in self.lines], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Held:
    """One bill of a run is stopped; ``detail`` says where and what to do.  Never stops the run."""

    reason: str
    detail: str
    prepared: Prepared | None = None


@dataclass(frozen=True, slots=True)
class Excepted:
    """Nothing to bill, and why."""

    reason: str
    detail: str
