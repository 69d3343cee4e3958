"""Whether a reading can be what a register showed, told by what it showed before."""

from datetime import date
from decimal import Decimal

import pytest

from meters.judging import (
    KnownRegister,
    NormalRange,
    Past,
    Usual,
    between,
    judge,
    of_the_dial,
    read_already,
    that_day,
    usual_a_day,
    usual_use,
)
from meters.usage import Dial

REGISTER = KnownRegister(7, "", "CCF", Dial(4))
TODAY = date(2026, 10, 2)


def past(on: date, dial: int, rolled_over: bool = False) -> Past:
    return Past(on.toordinal(), on, Decimal(dial), rolled_over)


# Ten a month, but sixty each of June, July and August of the year before.
GARDEN = [
    past(date(2025, 5, 1), 0),
    past(date(2025, 6, 1), 10),
    past(date(2025, 7, 1), 70),
    past(date(2025, 8, 1), 130),
    past(date(2025, 9, 1), 190),
    *(past(date(2025 + (9 + n) // 12, (9 + n) % 12 + 1, 1), 200 + 10 * n) for n in range(9)),
]


def test_summer_is_compared_with_the_summer_before() -> None:
    july = usual_a_day(REGISTER, GARDEN, date(2026, 7, 15))
    assert july is not None
    assert 1.9 < july < 2
    last = GARDEN[-1]
    watered = judge(last.dial + 60, date(2026, 7, 1), REGISTER, GARDEN, Usual(2))
    assert watered.asks == ()
    assert judge(last.dial + 160, date(2026, 7, 1), REGISTER, GARDEN, Usual(2)).asks == ("high_use",)


def test_without_a_year_of_readings_the_average_of_those_there_are_counts() -> None:
    short = GARDEN[-4:]
    assert usual_a_day(REGISTER, short, date(2026, 7, 1)) == Decimal(30) / 92


@pytest.mark.parametrize(("used", "asked"), [(4, ("low_use",)), (5, ()), (0, ("zero_use",))])
def test_use_far_below_the_usual_is_asked_about_once_its_policy_is_set(
    used: int, asked: tuple[str, ...]
) -> None:
    history = [past(date(2026, 7, 1), 100), past(date(2026, 7, 31), 110)]
    usual = Usual(low_percent=Decimal(50))
    assert judge(Decimal(110 + used), date(2026, 8, 30), REGISTER, history, usual).asks == asked


def test_a_lower_reading_is_what_somebody_says_it_is() -> None:
    history = [past(date(2026, 8, 1), 5000)]
    on = date(2026, 9, 1)
    assert judge(Decimal(4000), on, REGISTER, history).wrong
    over = judge(Decimal(4000), on, REGISTER, history, rolled_over=True)
    assert (over.use, over.rolled_over, over.wrong) == (Decimal(9000), True, False)
    lower = judge(Decimal(4000), on, REGISTER, history, rolled_over=False)
    assert (lower.use, lower.asks) == (Decimal(-1000), ("kept_backwards",))


def test_a_figure_that_no_dial_shows_is_wrong() -> None:
    said = [of_the_dial(Decimal(text), TODAY, REGISTER, TODAY) for text in ("10000", "-1", "1.2345", "NaN")]
    assert [[r.code for r in one] for one in said] == [
        ["too_many_digits"],
        ["not_a_dial"],
        ["too_fine"],
        ["not_a_dial"],
    ]
    assert [r.code for r in of_the_dial(Decimal(1), date(2026, 10, 3), REGISTER, TODAY)] == ["future"]


def test_the_reading_that_follows_must_be_able_to_follow() -> None:
    after = past(date(2026, 9, 1), 150)
    assert between(Decimal(150), REGISTER, after) == []
    assert [r.code for r in between(Decimal(151), REGISTER, after)] == ["after_lower"]
    assert between(Decimal(9990), REGISTER, past(date(2026, 9, 1), 5, rolled_over=True)) == []


def test_a_second_reading_within_a_round_is_asked_about() -> None:
    history = [past(date(2026, 9, 1), 150)]
    assert [r.code for r in read_already(date(2026, 9, 16), history)] == ["read_already"]
    assert read_already(date(2026, 9, 17), history) == []


def test_the_same_reading_again_is_there_already_and_another_is_wrong() -> None:
    there = past(date(2026, 9, 1), 150)
    assert that_day(Decimal(150), there.on, there).there_already
    assert that_day(Decimal(151), there.on, there).wrong


def ranged(low: str | None, high: str | None, unit: str = "CCF") -> KnownRegister:
    least, most = (None if figure is None else Decimal(figure) for figure in (low, high))
    return KnownRegister(7, "", unit, Dial(4), NormalRange(least, most, "rate W"))


@pytest.mark.parametrize(("used", "asked"), [(1, ("under_range",)), (2, ()), (20, ()), (21, ("over_range",))])
def test_use_beyond_the_normal_range_is_asked_about_by_its_days(used: int, asked: tuple[str, ...]) -> None:
    # 1 to 10 in 30 days are 2 to 20 in 60; one reading before is enough to know the use.
    register, first = ranged("1", "10"), past(date(2026, 7, 1), 100)
    found = judge(Decimal(100 + used), date(2026, 8, 30), register, [first])
    assert found.asks == asked


def test_a_range_without_an_end_looks_for_the_other_alone() -> None:
    first = past(date(2026, 7, 1), 100)
    assert judge(Decimal(9100), date(2026, 7, 31), ranged("1", None), [first]).asks == ()
    assert judge(Decimal(100), date(2026, 7, 31), ranged(None, "10"), [first]).asks == ()


@pytest.mark.parametrize("days", [15, 30, 60])
def test_a_demand_is_held_against_its_range_whatever_the_days(days: int) -> None:
    # It is set back at each reading: what it shows is the demand, whatever it showed before.
    register, first = ranged("5", "50", "KW"), past(date(2026, 7, 1), 100)
    on = date.fromordinal(date(2026, 7, 1).toordinal() + days)
    assert judge(Decimal(51), on, register, [first]).asks == ("over_range",)
    assert judge(Decimal(50), on, register, [first]).asks == ()
    assert judge(Decimal(4), on, register, [first]).asks == ("under_range",)


def test_a_demand_is_compared_with_what_it_was_on_average_and_not_by_days() -> None:
    register = KnownRegister(7, "", "KW", Dial(4))
    history = [past(date(2026, 6, 1), 0), past(date(2026, 7, 1), 10), past(date(2026, 7, 31), 20)]
    # 10 and 20 are 15 on average, the start of the meter left out; after 60 days it is still a demand.
    assert usual_use(register, history, date(2026, 9, 29)) == 15
    found = judge(Decimal(31), date(2026, 9, 29), register, history, Usual(2))
    assert found.asks == ("high_use",)
    assert found.remarks[0].problem.startswith("The demand of 31 kW is more than 2 times the usual 15")
