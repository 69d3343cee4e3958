"""Which day prices a period, its season, and the days on which a period is divided."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

ONE = timedelta(days=1)


def month_day(written: str) -> tuple[int, int]:
    """``05-01`` as month and day."""
    month, day = written.split("-")
    return int(month), int(day)


def season(seasons: list[dict[str, Any]], day: date) -> str:
    """The season of a day: the last that has begun this year, else the last one of the year before."""
    begun = [s for s in seasons if month_day(s["from"]) <= (day.month, day.day)]
    return str((begun or seasons)[-1]["name"])


def dates(written: Any) -> Iterator[date]:
    """Every day on which a dated value anywhere in the table begins."""
    if isinstance(written, dict):
        if "dated" in written:
            for row in written["dated"]:
                yield date.fromisoformat(row["from"])
        for inner in written.values():
            yield from dates(inner)
    elif isinstance(written, list):
        for inner in written:
            yield from dates(inner)


def reads(written: Any, attribute: str) -> bool:
    """Whether a choice or a condition anywhere in the table asks for this attribute."""
    if isinstance(written, dict):
        by = written.get("by")
        if by == attribute or (isinstance(by, list) and attribute in by):
            return True
        if attribute in (written.get("when") or {}):
            return True
        return any(reads(inner, attribute) for inner in written.values())
    return isinstance(written, list) and any(reads(inner, attribute) for inner in written)


def stretches(table: dict[str, Any], start: date, end: date) -> list[tuple[date, date]]:
    """The period cut on each day on which a season, a month or a dated value that the table uses changes."""
    priced = {entry: table[entry] for entry in table if entry != "seasons"}
    begins = set(dates(priced))
    by_season = bool(table.get("seasons")) and reads(priced, "season")
    by_month = reads(priced, "month")
    cuts = [start]
    day = start + ONE
    while day < end:
        changed = day in begins or (by_month and day.day == 1)
        if by_season and season(table["seasons"], day) != season(table["seasons"], day - ONE):
            changed = True
        if changed:
            cuts.append(day)
        day += ONE
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def looked_back_on(months: list[int], begins: str, last: date) -> tuple[date, date]:
    """The stretch of months in which past periods end that price a period ending on ``last``.

    From the first of the first month up to, not including, the day after the last one: the latest stretch
    that had ended when the latest ``begins`` day on or before ``last`` came.
    """
    begun = last
    while not _is_day(begun, month_day(begins)):
        begun -= ONE
    found = None
    for year in range(begun.year - 2, begun.year + 1):
        closing = year + 1 if months[-1] < months[0] else year
        end = date(closing + months[-1] // 12, months[-1] % 12 + 1, 1)
        if end <= begun:
            found = (date(year, months[0], 1), end)
    assert found is not None
    return found


def _is_day(day: date, wanted: tuple[int, int]) -> bool:
    """Whether it is that day of the year; February 29 is March 1 in common years."""
    if wanted == (2, 29) and (day.month, day.day) == (3, 1):
        return (day - ONE).day == 28
    return (day.month, day.day) == wanted
