"""Proration: the days of a short or long period count as a share."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.periods import Period
from tests.unit.rate_engine_tables import BLOCKS, JUNE, amounts, component, rated, table

BOUNDS = {"full": "30", "below": "25", "above": "35"}


def priced(days: int, *components: dict[str, Any], use: str = "0", **more: Any) -> dict[str, str]:
    """The amounts of a period of so many days."""
    content = table(*components, **{"proration": BOUNDS, **more.pop("content", {})})
    period = Period(JUNE.start, JUNE.start + timedelta(days=days))
    return amounts(rated(content, use, period=period, **more))


@pytest.mark.parametrize(
    ("days", "amount"),
    # 19.50 x 22 / 30 = 14.30; x 24 / 30 = 15.60; x 36 / 30 = 23.40; x 60 / 30 = 39.00
    [(22, "14.30"), (24, "15.60"), (25, "19.50"), (30, "19.50"), (35, "19.50"), (36, "23.40"), (60, "39.00")],
)
def test_only_short_and_long_periods_count_by_days(days: int, amount: str) -> None:
    assert priced(days, component("fixed", amount="19.50")) == {"usage": amount}


@pytest.mark.parametrize(
    ("bounds", "short", "long"),
    [({}, "9.00", "12.00"), ({"below": "30"}, "9.00", "10.00"), ({"above": "30"}, "10.00", "12.00")],
)
def test_a_bound_that_is_not_there_does_not_apply(bounds: dict[str, str], short: str, long: str) -> None:
    content = {"proration": {"full": "30", **bounds}}
    fee = component("fixed", amount="10.00")
    assert priced(27, fee, content=content) == {"usage": short}  # 10 x 27 / 30
    assert priced(36, fee, content=content) == {"usage": long}  # 10 x 36 / 30


@pytest.mark.parametrize(
    ("full", "amount", "days", "printed"),
    [
        # Otter Tail Power, how to read my bill, 2019: the customer charge of a bill of 29 days.
        ("30.416667", "9.75", 29, "9.30"),
        # Current (apartment utilities), why is my bill prorated: a base charge of 30 dollars, 19 of 30 days.
        ("30", "30", 19, "19.00"),
    ],
)
def test_proration_gives_what_utilities_print(full: str, amount: str, days: int, printed: str) -> None:
    content = {"proration": {"full": full}}
    assert priced(days, component("fixed", amount=amount), content=content) == {"usage": printed}


def test_the_share_is_said_in_the_steps() -> None:
    content = table(component("fixed", amount="19.50"), proration=BOUNDS)
    charge = rated(content, period=Period(JUNE.start, JUNE.start + timedelta(days=22))).charges[0]
    assert [s.text for s in charge.steps] == ["Usage = 19.50", "22 of 30 days: × 22 ÷ 30 = 14.30"]
    assert sum(s.amount for s in charge.steps) == charge.exact == Decimal("14.30")


def test_the_multiplication_comes_before_the_division() -> None:
    # 3 x 3.35 = 10.05; x 10 / 30 = 3.35 exactly, where a third rounded first would be less
    fee = component("fixed", amount="3.35", times="units")
    assert priced(10, fee, numbers={"units": "3"}) == {"usage": "3.35"}


def test_block_limits_are_cut_by_days() -> None:
    rows = [{"up_to": "3", "price": "7.05"}, {"price": "6.55"}]
    # the limit is 3 x 22 / 30 = 2.2: 2.2 x 7.05 + 0.8 x 6.55 = 15.51 + 5.24
    assert priced(22, component("blocks", blocks=rows), use="3") == {"usage": "20.75"}


def test_block_limits_times_units_are_cut_too() -> None:
    rows = component("blocks", blocks=BLOCKS, limits_times="units")
    # limits 6 and 14 become 3 and 7 in 15 of 30 days: 3 x 7.05 + 4 x 6.55 + 1 x 5.35 = 21.15 + 26.20 + 5.35
    assert priced(15, rows, use="8", numbers={"units": "2"}) == {"usage": "52.70"}


def test_a_minimum_its_included_use_and_its_limits_are_cut() -> None:
    rows = [{"up_to": "10", "price": "4"}, {"price": "2"}]
    least = component("minimum", amount="24.64", includes="2", blocks=rows)
    # half: 12.32 includes 1, the limit is 5: use 6 is 12.32 + 4 x 4 + 1 x 2 = 30.32
    assert priced(15, least, use="6") == {"usage": "30.32"}
    assert priced(15, least, use="1") == {"usage": "12.32"}


def test_a_minimum_that_gives_way_does_so_at_its_share() -> None:
    least = component("minimum", amount="24", includes="2", beyond="all", blocks=[{"price": "13"}])
    assert priced(15, least, use="1") == {"usage": "12.00"}
    assert priced(15, least, use="1.5") == {"usage": "19.50"}


def test_a_minimum_bill_is_cut_before_the_charges_are_taken_from_it() -> None:
    use = component("per_unit", "energy", price="1")
    least = component("minimum_bill", "least", of=["energy"], amount="18.00")
    # 18.00 x 22 / 30 = 13.20
    assert priced(22, use, least, use="10") == {"energy": "10.00", "least": "3.20"}
    assert priced(22, use, least, use="14.23") == {"energy": "14.23"}


def test_containers_and_bands_are_cut() -> None:
    carts = component("containers", "carts", quantity="carts", first="16", additional="4")
    area = component("bands", "area", quantity="area", bands=[{"amount": "5"}])
    found = priced(15, carts, area, numbers={"carts": "3", "area": "9"})
    assert found == {"carts": "12.00", "area": "2.50"}


def test_use_and_what_rests_on_charges_are_not_cut() -> None:
    parts = (
        component("per_unit", "use", price="2"),
        component("rider", "rider", price="-1"),
        component("percent", "share", percent="10", of=["use"]),
    )
    assert priced(15, *parts, use="10") == {"use": "20.00", "rider": "-10.00", "share": "2.00"}


def test_a_component_may_say_otherwise() -> None:
    whole = component("fixed", "whole", amount="10", prorated=False)
    cut = component("per_unit", "cut", price="2", prorated=True)
    limits = component("blocks", "limits", blocks=BLOCKS, prorated=False)
    found = priced(15, whole, cut, limits, use="3")
    assert found == {"whole": "10.00", "cut": "3.00", "limits": "21.15"}


def test_days_given_with_the_facts_count() -> None:
    content = table(component("fixed", amount="30"), proration={"full": "30"}, dated_by="days")
    assert amounts(rated(content)) == {"usage": "30.00"}
