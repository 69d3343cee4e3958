"""A period in which something changes: each part prices the whole, and counts by its days."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.periods import Period
from rates.engine import Rating, RatingError, RatingFacts, parse_tariff, rate_parts
from tests.unit.rate_engine_tables import JUNE, amounts, component, facts, rated, table

HALF = date(2026, 6, 16)
"""Fifteen days before it, fifteen from it on."""


def versions(*tables: tuple[date, dict[str, Any]], **given: Any) -> Rating:
    """The rating of June with tables in force from those days on."""
    starts = [max(day, JUNE.start) for day, _ in tables]
    ends = [*starts[1:], JUNE.end]
    parts = [(Period(a, b), parse_tariff(t)) for a, b, (_, t) in zip(starts, ends, tables, strict=True)]
    return rate_parts(parts, facts(**given))


def halves(before: dict[str, Any], after: dict[str, Any], **given: Any) -> Rating:
    """The rating of June with a change in the middle."""
    return versions((JUNE.start, before), (HALF, {**after, "dated_by": "days"}), **given)


def fixed(amount: str, identity: str = "service", **more: Any) -> dict[str, Any]:
    return component("fixed", identity, amount=amount, **more)


def blocks(first: str, second: str) -> dict[str, Any]:
    rows = [{"up_to": "4", "price": first}, {"price": second}]
    return component("blocks", blocks=rows, taxable=True)


TAX = component("tax", "tax", tax_code="CITY", percent="5")


def _raised() -> Rating:
    """Service from 27.50 to 30.00, blocks a tenth dearer, from June 19 on; 10 thousand gallons."""
    before = table(fixed("27.50", taxable=True), blocks("2.00", "3.00"), TAX)
    after = table(fixed("30.00", taxable=True), blocks("2.20", "3.30"), TAX, dated_by="days")
    return versions((JUNE.start, before), (date(2026, 6, 19), after), use="10")


def test_each_version_prices_its_days() -> None:
    # 18 x 27.50 + 12 x 30.00 = 495 + 360 = 855; / 30 = 28.50
    # 4 x 2.00 + 6 x 3.00 = 26.00; 8.80 + 19.80 = 28.60; 18 x 26.00 + 12 x 28.60 = 811.20; / 30 = 27.04
    # 5 % of 28.50 + 27.04 = 55.54: 2.777
    assert amounts(_raised()) == {"service": "28.50", "usage": "27.04", "tax": "2.78"}


def test_a_customer_can_follow_the_parts() -> None:
    service, usage, tax = _raised().charges
    assert [s.text for s in service.steps] == [
        "Jun 1 – Jun 18, 18 of 30 days: 27.50 × 18 ÷ 30 = 16.50",
        "Jun 19 – Jun 30, 12 of 30 days: 30.00 × 12 ÷ 30 = 12.00",
    ]
    assert [s.under for s in service.steps] == [False, False]  # nothing to tell but the amount
    under = [s.text for s in usage.steps if s.under]
    assert under[0] == "4.000 thousand gallons × 2.00 = 8.00"
    assert under[-1] == "6.000 thousand gallons × 3.30 = 19.80"
    assert [s.text for s in tax.steps] == ["5 % of 55.54 = 2.777"]


def test_the_steps_of_a_divided_charge_add_up_to_it() -> None:
    for charge in _raised().charges:
        assert sum(s.amount for s in charge.steps) == charge.exact


def test_parts_of_seven_and_of_thirds_add_up_too() -> None:
    before, after = table(fixed("10.01")), table(fixed("20.02"), dated_by="days")
    charge = versions((JUNE.start, before), (date(2026, 6, 8), after)).charges[0]
    # 7 x 10.01 + 23 x 20.02 = 70.07 + 460.46 = 530.53; / 30 = 17.68433...
    assert charge.amount == Decimal("17.68")
    assert abs(sum(s.amount for s in charge.steps) - charge.exact) < Decimal("1e-25")


def test_a_charge_that_changes_in_nothing_is_told_once_and_undivided() -> None:
    charge = halves(table(fixed("9.99")), table(fixed("9.99"))).charges[0]
    assert charge.amount == Decimal("9.99")
    assert [s.text for s in charge.steps] == ["Service = 9.99"]


def test_a_charge_of_earlier_versions_keeps_its_place_and_counts_by_days() -> None:
    before = table(fixed("10", "a"), fixed("3", "old"), fixed("20", "b"))
    after = table(fixed("10", "a"), fixed("20", "b"), fixed("7", "new"))
    found = amounts(halves(before, after))
    # 15 of 30 days: half of 3.00, half of 7.00
    assert found == {"a": "10.00", "old": "1.50", "b": "20.00", "new": "3.50"}
    assert list(found) == ["a", "old", "b", "new"]


def test_versions_that_list_their_charges_in_other_orders_are_refused() -> None:
    before, after = table(fixed("1", "a"), fixed("2", "b")), table(fixed("2", "b"), fixed("1", "a"))
    with pytest.raises(RatingError, match="at other places") as caught:
        halves(before, after)
    assert caught.value.component in {"a", "b"}


def test_five_per_cent_of_the_bill_is_five_per_cent_of_what_the_bill_says() -> None:
    # billed 10.02, of 10.015: half of it is 5.01 exactly; half of what is before rounding is 5.0075
    tax = component("tax", "tax", tax_code="CITY", percent="50")
    before, after = table(fixed("10.01", taxable=True), tax), table(fixed("10.02", taxable=True), tax)
    rating = halves(before, after)
    assert amounts(rating) == {"service": "10.02", "tax": "5.01"}
    assert rating.charges[1].exact == Decimal("5.01")


def test_a_tax_that_changes_takes_each_part_of_the_billed_charges() -> None:
    def taxed(percent: str) -> dict[str, Any]:
        return table(fixed("100", taxable=True), component("tax", "tax", tax_code="C", percent=percent))

    assert amounts(halves(taxed("4"), taxed("5")))["tax"] == "4.50"  # half of 4.00, half of 5.00


def test_a_minimum_bill_is_worked_in_each_part() -> None:
    def least(amount: str) -> dict[str, Any]:
        return table(fixed("10"), component("minimum_bill", "least", of=["service"], amount=amount))

    assert amounts(halves(least("15"), least("20")))["least"] == "7.50"  # (5 + 10) / 2
    assert amounts(halves(least("5"), least("20")))["least"] == "5.00"  # (0 + 10) / 2


def test_half_a_cent_is_not_lost_between_the_parts() -> None:
    def july(one: str, other: str) -> dict[str, Any]:
        least = component("minimum_bill", "least", of=["all"], amount="999.005")
        return table(fixed(one, "a"), fixed(other, "b"), least, dated_by="days")

    start, change, end = date(2026, 7, 1), date(2026, 7, 22), date(2026, 8, 1)
    before, after = (parse_tariff(july(*two)) for two in (("56.36", "11.81"), ("51.78", "59.22")))
    parts = [(Period(start, change), before), (Period(change, end), after)]
    # a: (21 x 56.36 + 10 x 51.78) / 31 = 54.8825...; b: (21 x 11.81 + 10 x 59.22) / 31 = 27.1035...
    # what 54.88 + 27.10 = 81.98 lack to 999.005, in all parts together: 917.025, and half a cent goes up
    found = amounts(rate_parts(parts, facts(period=Period(start, end))))
    assert found == {"a": "54.88", "b": "27.10", "least": "917.03"}


def test_a_bill_is_rounded_up_once_and_not_part_by_part() -> None:
    up = component("round_up", "gift", of=["all"])
    rating = halves(table(fixed("40.00"), up), table(fixed("55.26"), up))
    assert amounts(rating) == {"service": "47.63", "gift": "0.37"}


def test_a_limit_stops_the_sum_and_what_rests_on_it() -> None:
    share = component("percent", "share", percent="10", of=["service"])
    before = table(fixed("27.50"), share)
    after = table(fixed("30.00", stops_at="600"), share)
    rating = halves(before, after, charged={"service": Decimal("590")})
    assert amounts(rating) == {"service": "10.00", "share": "1.00"}


def test_a_charge_held_back_in_one_part_counts_for_the_days_of_the_other() -> None:
    content = table(fixed("31.00", when={"month": [7]}), dated_by="days")
    period = Period(date(2026, 6, 21), date(2026, 7, 22))
    # 10 days of June, 21 of July: 31.00 x 21 / 31
    charge = rated(content, period=period).charges[0]
    assert charge.amount == Decimal("21.00")
    assert [s.text for s in charge.steps if not s.under] == [
        "Jul 1 – Jul 21, 21 of 31 days: 31.00 × 21 ÷ 31 = 21.00"
    ]


def test_blocks_by_season_are_priced_for_the_days_of_each_season() -> None:
    seasons = [{"name": "summer", "from": "06-16"}, {"name": "winter", "from": "10-01"}]
    by_season = {"by": "season", "rows": {"summer": [{"price": "2"}], "winter": [{"price": "1"}]}}
    content = table(component("blocks", blocks=by_season), seasons=seasons)
    assert amounts(rated(content, "4")) == {"usage": "8.00"}
    assert amounts(rated({**content, "dated_by": "days"}, "4")) == {"usage": "6.00"}  # (4 + 8) / 2


def test_use_is_spread_over_the_days_as_utilities_say_they_do() -> None:
    # Otter Tail Power prints 600 kWh in 29 days as 20 x 20.689655 and 9 x 20.689655 kWh a day:
    # 413.793103 and 186.206897.  At 0.10 and 0.20 that is 41.3793103 + 37.2413794 = 78.6206897.
    prices = [{"from": "2018-01-01", "value": "0.10"}, {"from": "2018-12-31", "value": "0.20"}]
    content = table(component("per_unit", price={"dated": prices}), unit="KWH", dated_by="days")
    period = Period(date(2018, 12, 11), date(2019, 1, 9))
    charge = rated(content, "600", unit="KWH", period=period).charges[0]
    assert charge.exact.quantize(Decimal("1e-7")) == Decimal("78.6206897")


def test_a_season_of_the_leap_day_begins_in_march_of_other_years() -> None:
    seasons = [{"name": "winter", "from": "01-01"}, {"name": "spring", "from": "02-29"}]
    price = {"by": "season", "rows": {"winter": "28", "spring": "56"}}
    content = table(component("fixed", amount=price), seasons=seasons, dated_by="days")
    leap = rated(content, period=Period(date(2028, 2, 15), date(2028, 3, 14)))
    common = rated(content, period=Period(date(2026, 2, 15), date(2026, 3, 15)))
    assert amounts(leap) == {"usage": "42.00"}  # 14 days of each, of 28
    assert amounts(common) == {"usage": "42.00"}


def test_dated_prices_divide_the_period() -> None:
    prices = [{"from": "2026-05-01", "value": "3"}, {"from": "2026-06-21", "value": "6"}]
    content = table(component("rider", price={"dated": prices}), dated_by="days")
    # 20 x 30 + 10 x 60 = 1200; / 30
    assert amounts(rated(content, "10")) == {"usage": "40.00"}


def test_days_before_the_first_dated_price_are_no_days_of_nothing() -> None:
    prices = [{"from": "2026-06-21", "value": "6"}]
    content = table(component("rider", price={"dated": prices}), dated_by="days")
    with pytest.raises(RatingError, match="no price for 2026-06-20"):
        rated(content, "10")


def test_the_total_of_a_divided_period_may_be_all_that_is_rounded() -> None:
    parts = [fixed("0.333", name) for name in ("a", "b", "c")]
    after = table(*parts, currency_rounding="total")
    rating = halves(table(*parts), after)
    assert [str(c.amount) for c in rating.charges] == ["0.33", "0.34", "0.33"]


def test_other_services_count_whole_in_every_part() -> None:
    share = component("percent", "share", percent="10", of=["gas.usage"])
    other = {"gas.usage": Decimal("50"), "gas.usage.billed": Decimal("50")}
    assert amounts(halves(table(share), table(share), others=other)) == {"share": "5.00"}


def test_words_and_revenue_code_are_those_of_the_last_version_that_has_the_charge() -> None:
    before = table({**fixed("3", "old"), "text": "Old fee"}, {**fixed("1", "a"), "text": "Was"})
    after = table({**fixed("2", "a"), "text": "Is", "revenue_code": "NEW"})
    old, a = halves(before, after).charges
    assert (old.text, a.text, a.revenue_code) == ("Old fee", "Is", "NEW")


def test_parts_that_are_not_the_period_are_refused() -> None:
    tariff = parse_tariff(table(fixed("1"), dated_by="days"))
    whole = facts()
    for parts in ([], [(Period(JUNE.start, HALF), tariff)], [(Period(HALF, JUNE.end), tariff)]):
        with pytest.raises(ValueError, match="do not make up"):
            rate_parts(parts, whole)


def test_a_table_not_dated_by_days_is_not_divided_by_versions() -> None:
    tariff = parse_tariff(table(fixed("1")))
    parts = [(Period(JUNE.start, HALF), tariff), (Period(HALF, JUNE.end), tariff)]
    with pytest.raises(ValueError, match="not dated by days"):
        rate_parts(parts, facts())


def test_a_period_without_a_day_is_not_divided() -> None:
    content = table(fixed("1", when={"month": [6]}), dated_by="days")
    nothing = RatingFacts(Period(HALF, HALF), 0)
    parts = [(nothing.period, parse_tariff(content))]
    assert amounts(rate_parts(parts, nothing)) == {"service": "1.00"}
