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
