"""Half-open periods of days, ``[start, end)``.  Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``start`` up to but not including ``end``; ``end`` of ``None`` is open."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"A period cannot end on {self.end} before it starts on {self.start}.")

    @property
    def days(self) -> int:
        """Whole days in the period; an open period has no length and raises ``ValueError``."""
        if self.end is None:
            raise ValueError("An open period has no number of days.")
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlap(self, other: "Period") -> "Period | None":
        """The days in both, or ``None``."""
        start = max(self.start, other.start)
        ends = [e for e in (self.end, other.end) if e is not None]
        end = min(ends) if ends else None
        return Period(start, end) if end is None or start < end else None


def gaps(periods: Iterable[Period]) -> list[Period]:
    """The uncovered days between the first start and the last end, in order."""
    found: list[Period] = []
    reached: date | None = None
    for period in sorted(periods, key=lambda p: p.start):
        if reached is not None and period.start > reached:
            found.append(Period(reached, period.start))
        if period.end is None:
            return found
        reached = period.end if reached is None else max(reached, period.end)
    return found
