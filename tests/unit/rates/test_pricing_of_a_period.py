"""Which versions of a table price a period."""

from datetime import date

import pytest

from core.periods import Period
from rates.engine import pricing_of

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
SPRING = Period(date(2026, 1, 1), date(2026, 6, 11))
SUMMER = Period(date(2026, 6, 11), date(2026, 6, 25))
AUTUMN = Period(date(2026, 6, 25))


def _priced(*versions: tuple[Period, str]) -> list[tuple[int, int, str]]:
    found = pricing_of(
        [(p, f"{p.start:%b}:{how}") for p, how in versions], JUNE, lambda v: v.partition(":")[2]
    )
    return [(p.start.day, p.days, v) for p, v in found]


def test_the_version_of_the_last_day_prices_the_whole() -> None:
    assert _priced((SPRING, "start"), (SUMMER, "days"), (AUTUMN, "end")) == [(1, 30, "Jun:end")]


def test_it_may_leave_the_period_to_the_version_of_the_first_day() -> None:
    assert _priced((SPRING, "days"), (SUMMER, "end"), (AUTUMN, "start")) == [(1, 30, "Jan:days")]


def test_or_each_version_prices_its_days() -> None:
    found = _priced((SPRING, "end"), (SUMMER, "start"), (AUTUMN, "days"))
    assert found == [(1, 10, "Jan:end"), (11, 14, "Jun:start"), (25, 6, "Jun:days")]


def test_versions_may_be_given_in_any_order() -> None:
    assert [row[1] for row in _priced((AUTUMN, "days"), (SPRING, "end"), (SUMMER, "end"))] == [10, 14, 6]


@pytest.mark.parametrize("how", ["start", "days"])
def test_a_day_to_be_priced_without_a_version_leaves_nothing(how: str) -> None:
    assert _priced((SUMMER, "end"), (AUTUMN, how)) == []


def test_no_version_on_the_last_day_leaves_nothing() -> None:
    assert _priced((SPRING, "end")) == []


def test_a_gap_between_versions_leaves_nothing() -> None:
    assert _priced((SPRING, "end"), (AUTUMN, "days")) == []


def test_a_period_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="without an end"):
        pricing_of([], Period(date(2026, 6, 1)), str)
