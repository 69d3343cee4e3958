"""Series of past periods: winter averages and ratchets."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.periods import Period
from rates.engine import RatingError, ServiceUse, parse_tariff
from tests.unit.rate_engine_tables import amounts, component, rated, table

WINTER = {"name": "winter", "of": "water", "months": [12, 1, 2], "from": "04-01", "at_least": 2}
AVERAGE = {"op": "average", "of": ["winter"]}
PRICE = component("per_unit", price="2")


def sewer(**look: Any) -> dict[str, Any]:
    """Sewer by the use of water, at most the winter average."""
    entry = {**WINTER, **look}
    return table(PRICE, service_type="sewer", use={"cap": AVERAGE}, look_back=[entry])


def gallons(*uses: str) -> tuple[ServiceUse, ...]:
    return tuple(ServiceUse(Decimal(u), "GAL") for u in uses)


def test_past_uses_are_converted_to_the_unit_of_the_table() -> None:
    rating = rated(sewer(), "10", past={"winter": gallons("6000", "8000", "7000")})
    assert rating.figures["use"] == 7  # of 6, 8 and 7 thousand
    assert rating.series == {"winter": (Decimal(6), Decimal(8), Decimal(7))}


def test_a_convention_of_the_table_holds_for_past_uses_too() -> None:
    content = sewer(at_least=1) | {"units": [{"code": "CCF", "equals": "748", "of": "GAL"}]}
    rating = rated(content, "10", past={"winter": (ServiceUse(Decimal(10), "CCF"),)})
    assert rating.figures["use"] == Decimal("7.48")


def test_numbers_in_the_unit_of_the_table_may_be_given_instead() -> None:
    given: dict[str, Any] = {
        "series": {"winter": (Decimal(3), Decimal(5))},
        "past": {"winter": gallons("1", "1")},
    }
    assert rated(sewer(), "10", **given).figures["use"] == 4


def test_too_few_past_periods_take_the_value_for_the_rest() -> None:
    rating = rated(sewer(otherwise="7"), "10", past={"winter": gallons("6000")})
    assert rating.figures["use"] == 7
    assert rated(sewer(otherwise="7"), "10").figures["use"] == 7
    assert rated(sewer(otherwise="units"), "10", numbers={"units": "3"}).figures["use"] == 3


def test_too_few_past_periods_without_such_a_value_are_said() -> None:
    with pytest.raises(RatingError, match="1 past periods are known and 2 are needed"):
        rated(sewer(), "10", past={"winter": gallons("6000")})


def test_a_look_back_that_nothing_asks_for_is_not_missed() -> None:
    assert amounts(rated(table(PRICE, look_back=[WINTER]), "3")) == {"usage": "6.00"}


def test_a_ratchet_bills_a_share_of_the_highest_demand() -> None:
    past = {"name": "past_kw", "what": "demand", "last": 11, "otherwise": "0"}
    highest = {"op": "product", "of": ["0.8", {"op": "highest", "of": ["past_kw"], "count": 1}]}
    billed = {"name": "billed_kw", "value": {"op": "greatest", "of": ["kw", highest]}}
    content = table(
        component("per_unit", quantity="billed_kw", price="10"), look_back=[past], derive=[billed]
    )
    demands = {"past_kw": tuple(ServiceUse(Decimal(k), "KW") for k in ("50", "62", "41"))}
    given: dict[str, Any] = {"numbers": {"kw": "40"}}
    assert amounts(rated(content, past=demands, **given)) == {"usage": "496.00"}  # 0.8 x 62 = 49.6
    assert amounts(rated(content, **given)) == {"usage": "400.00"}


def test_a_winter_average_may_go_by_the_days_of_its_periods() -> None:
    looks = [{**WINTER, "at_least": 1}, {**WINTER, "name": "winter_days", "what": "days", "at_least": 1}]
    a_day = {"op": "quotient", "of": [*({"op": "sum", "of": [n]} for n in ("winter", "winter_days"))]}
    content = sewer() | {"look_back": looks, "use": {"cap": {"op": "product", "of": [a_day, "30"]}}}
    days = tuple(ServiceUse(Decimal(n), "days") for n in ("31", "31", "28"))
    past = {"winter": gallons("6000", "8000", "7000"), "winter_days": days}
    assert rated(content, "10", past=past).figures["use"] == 7  # 21 / 90 x 30


def test_one_number_is_a_number_and_several_are_none() -> None:
    content = sewer() | {"use": {"cap": "winter"}}
    one = sewer(at_least=1) | {"use": {"cap": "winter"}}
    assert rated(one, "10", past={"winter": gallons("6000")}).figures["use"] == 6
    with pytest.raises(RatingError, match="2 numbers where one is needed"):
        rated(content, "10", past={"winter": gallons("6000", "7000")})


def test_a_table_tells_what_it_looks_back_on() -> None:
    tariff = parse_tariff(sewer(otherwise="7"))
    look = tariff.look_backs[0]
    assert (look.name, look.of, look.what, look.months, look.at_least) == (
        "winter",
        "water",
        "use",
        (12, 1, 2),
        2,
    )
    assert tariff.numbers == frozenset()
    assert parse_tariff(table(PRICE, look_back=[{"name": "x", "last": 3}])).look_backs[0].of == "water"


@pytest.mark.parametrize(
    ("last_day", "first", "end"),
    [
        (date(2026, 7, 31), date(2025, 12, 1), date(2026, 3, 1)),
        (date(2026, 4, 1), date(2025, 12, 1), date(2026, 3, 1)),
        (date(2026, 3, 31), date(2024, 12, 1), date(2025, 3, 1)),
        (date(2028, 4, 30), date(2027, 12, 1), date(2028, 3, 1)),
    ],
)
def test_the_stretch_is_the_latest_before_its_day(last_day: date, first: date, end: date) -> None:
    look = parse_tariff(sewer()).look_backs[0]
    assert look.window(last_day) == Period(first, end)


def test_months_of_one_year_are_a_stretch_of_that_year() -> None:
    look = parse_tariff(sewer(months=[1, 2, 3], **{"from": "05-15"})).look_backs[0]
    assert look.window(date(2026, 5, 15)) == Period(date(2026, 1, 1), date(2026, 4, 1))
    late = parse_tariff(sewer(months=[10, 11, 12], **{"from": "12-15"})).look_backs[0]
    # on December 15 the stretch of that year has not ended
    assert late.window(date(2026, 12, 31)) == Period(date(2025, 10, 1), date(2026, 1, 1))


def test_the_last_periods_have_no_stretch() -> None:
    tariff = parse_tariff(table(PRICE, look_back=[{"name": "x", "last": 3}]))
    assert tariff.look_backs[0].window(date(2026, 7, 31)) is None
