"""Days of the year without a year: ``05-01``."""

from datetime import date

from rates.engine.reader import Reader

_LEAP = 2000
"""A leap year, so that February 29 has a place in the year."""


def parse_day_of_year(reader: Reader) -> tuple[int, int]:
    """(month, day) of ``05-01``."""
    try:
        day = date.fromisoformat(f"{_LEAP}-{reader.words()}")
    except ValueError:
        raise reader.fail(f"“{reader.content}” is no day of the year.", "Write it like 05-01.") from None
    return day.month, day.day


def day_in(year: int, month_and_day: tuple[int, int]) -> date:
    """That day in a year; February 29 is March 1 where the year has none."""
    try:
        return date(year, *month_and_day)
    except ValueError:
        return date(year, 3, 1)
