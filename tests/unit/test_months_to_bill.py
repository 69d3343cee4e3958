"""When a flat table is billed that is billed in some months only, and for which days."""

from datetime import date
from decimal import Decimal

import pytest

from billing.assembly import Terms
from billing.assembly.periods import days_to_bill, is_due, is_waiting, months_before

QUARTERS = (3, 6, 9, 12)
LONG_AGO = date(2020, 1, 1)
NEW_YEAR = date(2026, 1, 1)


def run(starts: date, ends: date) -> Terms:
    return Terms(starts, ends, Decimal(500), 40)


JANUARY = run(NEW_YEAR, date(2026, 2, 1))
FEBRUARY = run(date(2026, 2, 1), date(2026, 3, 1))
MARCH = run(date(2026, 3, 1), date(2026, 4, 1))
APRIL = run(date(2026, 4, 1), date(2026, 5, 1))


@pytest.mark.parametrize(("terms", "due"), [(JANUARY, False), (FEBRUARY, False), (MARCH, True)])
def test_a_quarterly_table_waits_for_the_last_month_of_the_quarter(terms: Terms, due: bool) -> None:
    assert is_due(terms, LONG_AGO, None, NEW_YEAR, QUARTERS) is due
    assert is_waiting(terms, LONG_AGO, None, NEW_YEAR, QUARTERS) is not due


def test_it_is_then_billed_for_the_whole_quarter() -> None:
    assert days_to_bill(MARCH, LONG_AGO, None, NEW_YEAR, (), QUARTERS) == (NEW_YEAR, date(2026, 4, 1))


def test_one_that_was_never_billed_begins_after_the_quarter_before_or_on_its_own_first_day() -> None:
    assert days_to_bill(MARCH, LONG_AGO, None, None, (), QUARTERS)[0] == NEW_YEAR
    assert days_to_bill(MARCH, date(2026, 2, 10), None, None, (), QUARTERS)[0] == date(2026, 2, 10)


def test_a_service_that_ends_is_billed_at_once_up_to_its_end() -> None:
    left = date(2026, 2, 11)
    assert is_due(FEBRUARY, LONG_AGO, left, NEW_YEAR, QUARTERS)
    assert days_to_bill(FEBRUARY, LONG_AGO, left, NEW_YEAR, (), QUARTERS) == (NEW_YEAR, left)


def test_a_month_without_a_run_is_made_up_for_by_the_next() -> None:
    assert is_due(APRIL, LONG_AGO, None, NEW_YEAR, QUARTERS)
    assert not is_due(APRIL, LONG_AGO, None, date(2026, 4, 1), QUARTERS)


@pytest.mark.parametrize(
    ("months", "first"),
    [
        ((3,), date(2025, 4, 1)),  # once a year
        ((3, 9), date(2025, 10, 1)),  # twice
        ((1, 3, 5, 7, 9, 11), date(2026, 2, 1)),  # every other month
        (tuple(range(1, 13)), date(2026, 3, 1)),
        ((), date(2026, 3, 1)),
    ],
)
def test_the_first_day_follows_from_the_months(months: tuple[int, ...], first: date) -> None:
    assert days_to_bill(MARCH, LONG_AGO, None, None, (), months) == (first, date(2026, 4, 1))


def test_a_run_that_ends_in_mid_month_counts_by_its_last_day() -> None:
    middle = run(date(2026, 3, 15), date(2026, 4, 15))
    assert is_due(middle, LONG_AGO, None, date(2026, 1, 15), (4,))
    assert not is_due(middle, LONG_AGO, None, date(2026, 1, 15), (3, 9))


def test_months_before_a_long_months_last_day_are_their_own_last_day() -> None:
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 1), 12) == date(2025, 1, 1)
