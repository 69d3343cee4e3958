"""When work that comes again comes due, in a utility's own wall time.  Pure: no clock, no database.

A rule is kept as JSON: ``{"every": "day" | "weekday" | "week" | "month", "at": "02:00"}``, with ``"days"``
(0 = Monday … 6 = Sunday) for a week and ``"day"`` (1–31) for a month.  A month that is too short has the
work on its last day.

Wall time is not even.  A time that a clock change leaves out (02:30 in spring) comes due at the first
instant after the gap; a time that comes twice (01:30 in autumn) comes due once, at the first.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

Every = Literal["day", "weekday", "week", "month"]

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST_SEARCH = 800  # days: a monthly rule recurs within 31, and a zone may have left out a day


class BadRule(ValueError):
    """A rule that says no time; the text says which part is wrong and how it should look."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A time of day and the days that have it."""

    every: Every
    at: time
    days: frozenset[int] = frozenset()
    day: int = 0

    def has(self, on: date) -> bool:
        """Whether the work comes on that day."""
        if self.every == "month":
            return on.day == min(self.day, monthrange(on.year, on.month)[1])
        if self.every == "week":
            return on.weekday() in self.days
        return self.every == "day" or on.weekday() < 5

    def words(self) -> str:
        """As people say it: “every weekday at 02:00”."""
        at = f"at {self.at:%H:%M}"
        if self.every == "month":
            return f"monthly on day {self.day} {at}"
        if self.every == "week":
            return f"every {', '.join(_DAY_NAMES[d] for d in sorted(self.days))} {at}"
        return f"every {self.every} {at}"


@dataclass(frozen=True, slots=True)
class Moment:
    """One time that a rule comes due.

    ``due_at`` is UTC and alone orders moments; ``wall_time`` and ``fold`` are what the utility's clocks
    show then; ``business_date`` is the utility's day whose work it is.
    """

    due_at: datetime
    wall_time: str
    fold: int
    business_date: date


def parse_rule(said: dict[str, Any]) -> Rule:
    """The rule kept as JSON; raises ``BadRule``."""
    if said.get("every") not in get_args(Every):
        raise BadRule(f"“{said.get('every')}” is not one of {', '.join(get_args(Every))}.")
    every: Every = said["every"]
    try:
        at = time.fromisoformat(str(said.get("at", "")))
    except ValueError:
        raise BadRule(f"“{said.get('at')}” is not a time of day. Type it like 02:00.") from None
    if at.tzinfo is not None:
        raise BadRule("The time is the utility's own wall time; leave the zone out.")
    days = frozenset(said.get("days") or ())
    if every == "week" and not (days and days <= set(range(7))):
        raise BadRule("Choose at least one day of the week.")
    day = said.get("day") or 0
    if every == "month" and not (isinstance(day, int) and 1 <= day <= 31):
        raise BadRule("Choose a day of the month between 1 and 31.")
    return Rule(every, at, days if every == "week" else frozenset(), day if every == "month" else 0)


def moment_at(instant: datetime, zone: ZoneInfo, on: date | None = None) -> Moment:
    """What the utility's clocks show at an instant."""
    wall = instant.astimezone(zone)
    return Moment(
        instant.astimezone(UTC), wall.strftime("%Y-%m-%d %H:%M:%S"), wall.fold, on if on else wall.date()
    )


def moment_on(rule: Rule, on: date, zone: ZoneInfo) -> Moment | None:
    """When the rule's time comes on a day; ``None`` on a day the zone left out altogether."""
    wall = datetime.combine(on, rule.at, tzinfo=zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None):
        instant = _end_of_gap(wall, zone)
        if instant.astimezone(zone).date() != on:
            return None
    return moment_at(instant, zone, on)


def moments(rule: Rule, zone: ZoneInfo, after: datetime) -> Iterator[Moment]:
    """Every time the rule comes due strictly after an instant, in order, without end."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    empty = 0
    while empty < _LONGEST_SEARCH:
        empty += 1
        found = moment_on(rule, day, zone) if rule.has(day) else None
        if found is not None and found.due_at > after:
            yield found
            empty = 0
        day += timedelta(days=1)
    raise BadRule(f"“{rule.words()}” does not come due within {_LONGEST_SEARCH} days of {after:%Y-%m-%d}.")


def next_moment(rule: Rule, zone: ZoneInfo, after: datetime) -> Moment:
    """The first time the rule comes due strictly after an instant."""
    return next(moments(rule, zone, after))


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, to the second, after the clock change that left a wall time out."""
    # fold tells which offset to read the impossible time with: 1 the one after the change, which gives an
    # instant before it, 0 the one before, which gives an instant after it.
    before = wall.replace(fold=1).astimezone(UTC)
    after = wall.replace(fold=0).astimezone(UTC)
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle in (before, after):
            break
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
