"""When work comes due: days, months, and the hours that clocks leave out or show twice."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.work.calendar import BadRule, Moment, moments, next_moment, parse_rule

CHICAGO = ZoneInfo("America/Chicago")
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/Chicago",
        "America/Phoenix",
        "America/St_Johns",
        "America/Havana",
        "America/Asuncion",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Asia/Beirut",
    )
]

rules = st.one_of(
    st.fixed_dictionaries({"every": st.sampled_from(["day", "weekday"])}),
    st.fixed_dictionaries({"every": st.just("week"), "days": st.lists(st.integers(0, 6), min_size=1)}),
    st.fixed_dictionaries({"every": st.just("month"), "day": st.integers(1, 31)}),
)
instants = st.datetimes(datetime(2005, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))


def first(rule: dict[str, Any], after: datetime, zone: ZoneInfo = CHICAGO) -> Moment:
    return next_moment(parse_rule(rule), zone, after)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_weekday_at_two_leaves_the_weekend_out() -> None:
    friday_noon = utc("2026-06-05 17:00")
    found = first({"every": "weekday", "at": "02:00"}, friday_noon)
    assert (found.wall_time, found.due_at) == ("2026-06-08 02:00:00", utc("2026-06-08 07:00"))


def test_monthly_on_day_31_is_the_last_day_of_a_shorter_month() -> None:
    found = moments(
        parse_rule({"every": "month", "day": 31, "at": "06:00"}), CHICAGO, utc("2028-01-01 00:00")
    )
    assert [m.business_date.isoformat() for m in islice(found, 4)] == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]


def test_a_week_comes_due_on_each_of_its_days() -> None:
    found = moments(
        parse_rule({"every": "week", "days": [0, 3], "at": "23:15"}), CHICAGO, utc("2026-11-16 12:00")
    )
    assert [m.business_date.weekday() for m in islice(found, 3)] == [0, 3, 0]


def test_half_past_two_in_spring_comes_at_the_end_of_the_gap() -> None:
    found = first({"every": "day", "at": "02:30"}, utc("2026-03-07 20:00"))
    assert (found.due_at, found.wall_time) == (utc("2026-03-08 08:00"), "2026-03-08 03:00:00")
    assert found.business_date == date(2026, 3, 8)


def test_half_past_one_in_autumn_comes_once_at_the_first() -> None:
    rule = {"every": "day", "at": "01:30"}
    found = first(rule, utc("2026-10-31 20:00"))
    assert (found.due_at, found.fold) == (utc("2026-11-01 06:30"), 0)
    assert first(rule, found.due_at).business_date == date(2026, 11, 2)


def test_a_gap_at_midnight_keeps_the_day() -> None:
    found = first({"every": "day", "at": "00:00"}, utc("2026-03-08 02:00"), ZoneInfo("America/Havana"))
    assert (found.wall_time, found.business_date) == ("2026-03-08 01:00:00", date(2026, 3, 8))


def test_a_day_that_the_zone_left_out_has_no_work() -> None:
    found = moments(
        parse_rule({"every": "day", "at": "09:00"}), ZoneInfo("Pacific/Apia"), utc("2011-12-29 00:00")
    )
    days = [m.business_date.isoformat() for m in islice(found, 3)]
    assert days == ["2011-12-29", "2011-12-31", "2012-01-01"]


def test_a_change_of_half_an_hour_is_a_gap_too() -> None:
    found = first({"every": "day", "at": "02:10"}, utc("2026-10-03 00:00"), ZoneInfo("Australia/Lord_Howe"))
    assert (found.due_at, found.wall_time) == (utc("2026-10-03 15:30"), "2026-10-04 02:30:00")


@given(rules, st.times(), instants, st.sampled_from(ZONES))
def test_moments_are_later_each_and_one_a_day(
    rule: dict[str, Any], at: Any, after: datetime, zone: ZoneInfo
) -> None:
    parsed = parse_rule({**rule, "at": at.replace(microsecond=0).isoformat()})
    found = list(islice(moments(parsed, zone, after), 4))
    assert found[0].due_at > after
    assert all(a.due_at < b.due_at and a.business_date < b.business_date for a, b in pairwise(found))
    assert all(parsed.has(m.business_date) for m in found)


@given(rules, st.times(), instants, st.sampled_from(ZONES))
def test_a_moment_shows_its_time_or_the_end_of_a_gap(
    rule: dict[str, Any], at: Any, after: datetime, zone: ZoneInfo
) -> None:
    at = at.replace(microsecond=0)
    found = next_moment(parse_rule({**rule, "at": at.isoformat()}), zone, after)
    wall = found.due_at.astimezone(zone)
    just_before = (found.due_at - timedelta(seconds=1)).astimezone(zone)
    in_gap = (
        just_before.replace(tzinfo=None)
        < datetime.combine(found.business_date, at)
        < wall.replace(tzinfo=None)
    )
    assert found.wall_time == wall.strftime("%Y-%m-%d %H:%M:%S")
    assert wall.date() == found.business_date
    assert (wall.replace(tzinfo=None).time() == at and found.fold == 0) or in_gap


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"every": "hour", "at": "02:00"}, "“hour” is not one of"),
        ({"every": "day", "at": "2 o'clock"}, "Type it like 02:00"),
        ({"every": "day"}, "Type it like 02:00"),
        ({"every": "day", "at": "02:00+05:00"}, "leave the zone out"),
        ({"every": "week", "at": "02:00"}, "at least one day of the week"),
        ({"every": "week", "days": [7], "at": "02:00"}, "at least one day of the week"),
        ({"every": "month", "day": 32, "at": "02:00"}, "between 1 and 31"),
    ],
)
def test_a_rule_that_says_no_time_is_refused(rule: dict[str, Any], told: str) -> None:
    with pytest.raises(BadRule, match=told):
        parse_rule(rule)


def test_a_rule_is_read_out_as_people_say_it() -> None:
    said: list[dict[str, Any]] = [
        {"every": "weekday", "at": "02:00"},
        {"every": "month", "day": 3, "at": "18:30"},
    ]
    assert [parse_rule(rule).words() for rule in said] == [
        "every weekday at 02:00",
        "monthly on day 3 at 18:30",
    ]
