"""What a made-up town is before anything is stored."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from config.town.life import habit_of, lot_of, payment_of, traits_of
from config.town.ordinary import ordinary_town, since_when
from config.town.plan import every_house, households

TOWN = ordinary_town("made-up", "City of Made Up", accounts=1200, seed=3)


def test_the_same_seed_gives_the_same_houses_and_lots() -> None:
    again = ordinary_town("made-up", "City of Made Up", accounts=1200, seed=3)
    assert households(TOWN) == list(every_house(again))
    assert [lot_of(TOWN, n, 5) for n in range(50)] == [lot_of(again, n, 5) for n in range(50)]


def test_another_seed_gives_another_town() -> None:
    other = replace(TOWN, seed=4)
    assert households(TOWN) != households(other)
    assert [lot_of(TOWN, n, 5) for n in range(50)] != [lot_of(other, n, 5) for n in range(50)]


def test_a_larger_town_begins_with_the_houses_of_the_smaller() -> None:
    larger = replace(TOWN, accounts=1500)
    assert households(larger)[:1200] == households(TOWN)


def test_no_two_houses_share_an_address() -> None:
    town = replace(TOWN, accounts=20_000)
    assert len({(h.street_number, h.street_name) for h in every_house(town)}) == 20_000


def test_each_cycle_is_read_two_days_after_the_one_before_it() -> None:
    days = [TOWN.read_on(date(2026, 1, 31), cycle, 1) for cycle in range(3)]
    assert days == [date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 7)]


def test_months_of_a_cycle_are_as_long_as_the_calendar_s() -> None:
    days = [TOWN.read_on(date(2026, 1, 16), 11, month) for month in range(13)]
    lengths = [(b - a).days for a, b in zip(days, days[1:], strict=False)]
    assert lengths == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_the_last_cycle_of_the_last_month_has_been_read_by_the_day_asked_for() -> None:
    since = since_when(TOWN, 3, date(2026, 11, 22))
    assert TOWN.read_on(since, 11, 3) <= date(2026, 11, 22) < TOWN.read_on(since, 11, 4)


def test_every_cycle_has_routes_of_its_own_in_the_order_of_the_houses() -> None:
    cycles = [TOWN.cycle_of(n) for n in range(1200)]
    assert cycles == sorted(cycles)
    assert set(cycles) == set(range(12))


def test_a_town_pays_in_full_in_half_too_much_and_not_at_all() -> None:
    owed, seen = Decimal("83.20"), set()
    for house in households(TOWN):
        habit = habit_of(TOWN, house.number, traits_of(TOWN, house).draft)
        seen.add(payment_of(TOWN, house.number, habit, 4, owed))
    assert seen == {owed, Decimal("41.60"), Decimal("90"), Decimal("0.00")}


def test_nobody_pays_what_is_not_owed() -> None:
    habit = habit_of(TOWN, "100001", draft=True)
    assert payment_of(TOWN, "100001", habit, 4, Decimal("-5.00")) == 0
