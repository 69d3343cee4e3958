"""What is known of one account for one period."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction


@dataclass(frozen=True)
class Metered:
    """A use as the meter gave it."""

    use: Fraction
    unit: str


@dataclass(frozen=True)
class Account:
    """The facts of a bill: the days from ``start`` up to, not including, ``end``."""

    start: date
    end: date
    days: int
    use: Fraction | None = None
    unit: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Fraction] = field(default_factory=dict)
    series: dict[str, tuple[Fraction, ...]] = field(default_factory=dict)
    past: dict[str, tuple[Metered, ...]] = field(default_factory=dict)
    charged: dict[str, Fraction] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()
    others: dict[str, Fraction] = field(default_factory=dict)
    other_use: dict[str, Metered] = field(default_factory=dict)

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)
