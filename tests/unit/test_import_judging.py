from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from interchange.feeds.feed import Ground
from interchange.feeds.judging import (
    Claim,
    KnownAccount,
    KnownMeter,
    Place,
    Verdict,
    doubles,
    figures,
    judge,
    place_of,
)
from interchange.feeds.readings import day_of
from meters.judging import KnownRegister, Past, Usual, average_a_day
from meters.usage import Dial

GROUND = Ground(date(2026, 10, 2), ZoneInfo("America/Chicago"), {"read": "Current_Read"})
REGISTER = KnownRegister(7, "", "CCF", Dial(4))
ACCOUNTS = {"1": KnownAccount("L1", date(2020, 1, 1), None)}
METERS = {
    "M1": KnownMeter("E1", {"": REGISTER}, [Place("L1", "001", date(2020, 1, 1), date(2026, 9, 15))]),
    "M2": KnownMeter(
        "",
        {"L": KnownRegister(8, "L", "CCF", Dial(4)), "H": KnownRegister(9, "H", "CCF", Dial(4))},
        [Place("L1", "001", date(2026, 9, 15), None)],
    ),
}
# A hundred a month over two months.
HISTORY = [
    Past(1, date(2026, 7, 1), Decimal(1000), False),
    Past(2, date(2026, 8, 1), Decimal(1100), False),
    Past(3, date(2026, 9, 1), Decimal(1200), False),
]


def claim(**what: object) -> Claim:
    values: dict[str, object] = {
        "line": 2,
        "raw": "",
        "account": "1",
        "meter": "M1",
        "register": "",
        "dial": Decimal(1300),
        "on": date(2026, 9, 10),
        "source": "R",
        "unit": "CCF",
    }
    return Claim(**(values | what))  # type: ignore[arg-type]  # the fields of a claim by name


def codes(one: Claim) -> list[str]:
    register, faults = place_of(one, GROUND, ACCOUNTS, METERS)
    return [f.code for f in faults + (figures(one, register, GROUND) if register else [])]


def verdict(dial: int, times: int | None = None, history: list[Past] | None = None) -> Verdict:
    one = claim(dial=Decimal(dial), on=date(2026, 10, 1))
    return judge(one, REGISTER, HISTORY if history is None else history, None, Usual(times), GROUND)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({}, []),
        ({"meter": "M3"}, ["unknown_meter"]),
        ({"account": "2", "meter": "M3"}, ["unknown_meter", "unknown_account"]),
        ({"location": "L2"}, ["elsewhere"]),
        ({"location": "L1", "point": "002"}, ["not_installed"]),
        ({"account": "", "location": "L2"}, ["not_installed"]),
        ({"account": ""}, []),
        ({"on": date(2026, 9, 15)}, []),
        ({"on": date(2026, 9, 16)}, ["not_installed"]),
        ({"endpoint": "E2"}, ["other_endpoint"]),
        ({"meter": "M2", "on": date(2026, 9, 20)}, ["wrong_register"]),
        ({"meter": "M2", "register": "H", "on": date(2026, 9, 20)}, []),
        ({"unit": ""}, []),
        ({"unit": "GAL"}, ["other_unit"]),
        ({"unit": "KWH"}, ["other_kind"]),
        ({"dial": Decimal(10_000)}, ["too_many_digits"]),
        ({"dial": Decimal("9999.999")}, []),
        ({"dial": Decimal("1.2345")}, ["too_fine"]),
        ({"dial": Decimal("1.20000")}, []),
        ({"meter": "M2", "register": "L", "on": date(2026, 10, 3)}, ["future"]),
    ],
)
def test_the_keys_and_the_figure_of_a_read_are_checked(what: dict[str, object], expected: list[str]) -> None:
    assert codes(claim(**what)) == expected


def test_the_use_is_counted_from_the_last_reading() -> None:
    assert verdict(1300) == Verdict((), before=3, use=Decimal(100))


def test_a_dial_past_its_limit_rolled_over_when_that_is_plausible() -> None:
    near_the_end = [Past(3, date(2026, 9, 1), Decimal(9990), False)]
    assert verdict(5, history=near_the_end) == Verdict((), before=3, rolled_over=True, use=Decimal(15))


def test_a_lower_read_is_backwards_and_says_from_where() -> None:
    (fault,) = verdict(1199).faults
    assert (fault.code, fault.column) == ("backwards", "Current_Read")
    assert fault.problem == "The read 1199 is lower than 1200 of Sep 1, 2026."


def test_no_use_where_there_is_use_is_remarked() -> None:
    (fault,) = verdict(1200).faults
    assert (fault.code, fault.level) == ("zero_use", "warning")
    assert fault.problem == "There was no use in 30 days; 96.8 hundred cubic feet is usual."


@pytest.mark.parametrize(
    ("dial", "times", "found"), [(1393, 2, []), (1394, 2, ["high_use"]), (1394, None, [])]
)
def test_use_is_high_above_so_many_times_the_average_of_the_same_days(
    dial: int, times: int | None, found: list[str]
) -> None:
    # 200 in 62 days are 96.77 in 30: twice that lies between 193 and 194.
    assert [f.code for f in verdict(dial, times).faults] == found


def test_the_average_passes_over_a_rollover() -> None:
    history = [Past(1, date(2026, 8, 1), Decimal(9950), False), Past(2, date(2026, 8, 11), Decimal(50), True)]
    assert average_a_day(REGISTER, history) == 10


def test_a_first_reading_is_taken_with_a_remark() -> None:
    (fault,) = verdict(5, history=[]).faults
    assert (fault.code, fault.level) == ("first_reading", "warning")


def test_a_reading_of_that_day_decides_alone() -> None:
    that_day = Past(9, date(2026, 9, 10), Decimal(1300), False)
    same = judge(claim(), REGISTER, HISTORY, that_day, Usual(), GROUND)
    other = judge(claim(dial=Decimal(1301)), REGISTER, HISTORY, that_day, Usual(), GROUND)
    assert (same.there_already, [f.level for f in same.faults]) == (True, ["warning"])
    assert [(f.code, f.level) for f in other.faults] == [("another_value", "row")]


def test_a_register_read_twice_is_an_error_of_both_lines_unless_the_reads_are_equal() -> None:
    first, again = claim(line=2), claim(line=5)
    assert {n: f.code for n, f in doubles([(first, REGISTER), (again, REGISTER)], GROUND).items()} == {
        5: "same_again"
    }
    other = claim(line=6, dial=Decimal(1301))
    assert {n: f.code for n, f in doubles([(first, REGISTER), (other, REGISTER)], GROUND).items()} == {
        2: "doubled",
        6: "doubled",
    }


def test_the_day_of_a_read_is_the_utilitys() -> None:
    assert day_of(datetime(2026, 10, 1, 3, 0, tzinfo=UTC), GROUND) == date(2026, 9, 30)
    assert day_of(datetime(2026, 10, 1, 3, 0), GROUND) == date(2026, 10, 1)
