"""Which versions price a period, and where it is divided."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import TypeVar

from core.periods import Period
from rates.engine.tariff import Tariff
from rates.engine.yearly import day_in

V = TypeVar("V")
BY_DAYS = "days"
BY_START = "start"
_DAY = timedelta(days=1)
_JANUARY, _DECEMBER = 1, 12


def pricing_of(
    versions: Iterable[tuple[Period, V]],
    period: Period,
    dated_by: Callable[[V], str] = attrgetter("dated_by"),
) -> tuple[tuple[Period, V], ...]:
    """The versions of a table that price a period, each with its days of it.

    ``versions`` are those that exist with the days on which they are in force.  The one of the last day says
    how by its ``dated_by``: itself (``end``), the one of the first day (``start``), or each its own days
    (``days``).  Empty when a day that must be priced has no version.  The period must have an end.
    """
    known = sorted(versions, key=lambda v: v[0].start)
    if period.end is None:
        raise ValueError("A period without an end cannot be priced.")
    final = _on(known, max(period.start, period.end - _DAY))
    if final is None:
        return ()
    how = dated_by(final)
    if how == BY_START:
        first = _on(known, period.start)
        return () if first is None else ((period, first),)
    if how != BY_DAYS or not period.days:
        return ((period, final),)
    parts = tuple((days, v) for days, v in ((period.overlap(p), v) for p, v in known) if days is not None)
    return parts if tiles(parts, period) else ()


def _on(versions: Sequence[tuple[Period, V]], day: date) -> V | None:
    return next((v for days, v in versions if day in days), None)


def tiles(parts: Sequence[tuple[Period, V]], period: Period) -> bool:
    """Whether the parts follow on each other and are together the period."""
    if not parts or parts[0][0].start != period.start or parts[-1][0].end != period.end:
        return False
    return all(one.end == next_one.start for (one, _), (next_one, _) in zip(parts, parts[1:], strict=False))


def divided(parts: Iterable[tuple[Period, Tariff]]) -> list[tuple[Period, Tariff]]:
    """The parts, cut where seasons, months and dated values of their own tables change."""
    found: list[tuple[Period, Tariff]] = []
    for period, tariff in parts:
        if period.end is None:
            found.append((period, tariff))
            continue
        edges = [period.start, *_changes(tariff, period.start, period.end), period.end]
        found += [(Period(a, b), tariff) for a, b in zip(edges, edges[1:], strict=False)]
    return found


def _changes(tariff: Tariff, start: date, end: date) -> list[date]:
    """The days after the first on which something changes, each once, in order."""
    days = set(tariff.changes)
    years = range(start.year, end.year + 1)
    if tariff.seasons and tariff.reads("season"):
        days.update(day_in(year, begins) for year in years for begins in tariff.seasons.starts)
    if tariff.reads("month"):
        days.update(date(year, month, 1) for year in years for month in range(_JANUARY, _DECEMBER + 1))
    return sorted(day for day in days if start < day < end)
