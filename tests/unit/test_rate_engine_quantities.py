"""Conversion, rounding of use, derived quantities, and ties."""

from decimal import Decimal

import pytest

from rates.engine import RatingError
from tests.unit.rate_engine_tables import amounts, component, rated, table

PRICE = component("per_unit", price="1.00")


def test_cubic_feet_become_gallons_exactly() -> None:
    # 77 cubic feet are 576 gallons: 77 x 1728 / 231
    assert rated(table(PRICE), "77", unit="CF").figures["use"] == Decimal("0.576")


def test_a_true_half_cent_survives_a_conversion_that_does_not_end() -> None:
    # A cubic foot is 1728/231000 thousand gallons; times 6.015625 that is 0.045 exactly.
    rating = rated(table(component("per_unit", price="6.015625")), "1", unit="CF")
    assert rating.charges[0].exact == Decimal("0.045")
    assert amounts(rating) == {"usage": "0.05"}


@pytest.mark.parametrize(
    ("unit", "use", "billed"), [("GAL", "748", "1"), ("KGAL", "7.48", "10"), ("CF", "250", "2.5")]
)
def test_a_table_may_hold_to_its_own_convention(unit: str, use: str, billed: str) -> None:
    content = table(PRICE, unit="CCF", units=[{"code": "CCF", "equals": "748", "of": "GAL"}])
    assert rated(content, use, unit=unit).figures["use"] == Decimal(billed)


def test_a_convention_also_leads_the_other_way() -> None:
    content = table(PRICE, units=[{"code": "CCF", "equals": "748", "of": "GAL"}])
    assert rated(content, "250", unit="CF").figures["use"] == Decimal("1.87")  # thousand gallons


def test_a_table_may_bill_in_a_unit_of_its_own() -> None:
    own = [{"code": "UNIT", "label": "units", "equals": "750", "of": "GAL"}]
    charge = rated(table(PRICE, unit="UNIT", units=own), "4.5").charges[0]
    assert charge.steps[0].text == "6 units × 1.00 = 6.00"


def test_gas_is_billed_in_whole_therms() -> None:
    content = table(
        PRICE,
        unit="THERM",
        units=[{"code": "CCF", "equals": "therm_factor", "of": "THERM"}],
        use={"rounding": {"mode": "nearest"}},
    )
    assert rated(content, "37", unit="CCF", numbers={"therm_factor": "1.085"}).figures["use"] == 40


@pytest.mark.parametrize(("mode", "billed"), [("exact", "2.3"), ("up", "3"), ("nearest", "2"), ("down", "2")])
def test_use_is_rounded_as_the_table_says(mode: str, billed: str) -> None:
    assert rated(table(PRICE, use={"rounding": {"mode": mode}}), "2.3").figures["use"] == Decimal(billed)


def test_part_of_a_thousand_gallons_may_count_as_a_whole_one() -> None:
    rounding = {"mode": "up", "step": "1000"}
    content = table(component("per_unit", price="7.99", per="1000", rounding=rounding), unit="GAL")
    assert amounts(rated(content, "4300", unit="GAL")) == {"usage": "39.95"}  # 5 x 7.99
    assert amounts(rated(content, "4000", unit="GAL")) == {"usage": "31.96"}  # 4 x 7.99


def test_rounding_up_is_not_misled_by_a_conversion() -> None:
    # 231 cubic feet are exactly 1,728 gallons; nothing is to be rounded up.
    content = table(PRICE, unit="GAL", use={"rounding": {"mode": "up"}})
    assert rated(content, "231", unit="CF").figures["use"] == 1728


def test_a_third_three_times_is_a_whole_one_before_it_is_cut() -> None:
    third = {"op": "quotient", "of": ["1", "3"]}
    whole = {"op": "product", "of": [third, "3"], "rounding": {"mode": "down"}}
    content = table(component("fixed", amount="0"), derive=[{"name": "whole", "value": whole}])
    assert rated(content).figures["whole"] == 1


@pytest.mark.parametrize(("use", "billed"), [("10", "7"), ("2", "1"), ("30", "20")])
def test_an_allowance_is_taken_off_before_floor_and_cap(use: str, billed: str) -> None:
    content = table(PRICE, use={"less": "3", "at_least": "1", "cap": "20"})
    assert rated(content, use).figures["use"] == Decimal(billed)


def test_an_allowance_never_makes_use_negative() -> None:
    assert rated(table(PRICE, use={"less": "3"}), "2").figures["use"] == 0


def test_a_winter_average_leaves_out_the_highest_month() -> None:
    value = {"op": "average", "of": [{"op": "drop_highest", "of": ["winter"], "count": "1"}]}
    content = table(component("fixed", amount="0"), derive=[{"name": "average_use", "value": value}])
    winter = tuple(map(Decimal, ("9", "8", "7", "20")))
    assert rated(content, series={"winter": winter}).figures["average_use"] == 8


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ({"op": "sum", "of": ["1", "2", "3"]}, "6"),
        ({"op": "difference", "of": ["9", "2", "3"]}, "4"),
        ({"op": "product", "of": ["2", "3", "4"]}, "24"),
        ({"op": "quotient", "of": ["9", "4"]}, "2.25"),
        ({"op": "least", "of": ["3", "2"]}, "2"),
        ({"op": "greatest", "of": ["3", "2"]}, "3"),
        ({"op": "round", "of": ["14.579"], "rounding": {"mode": "up", "step": "0.1"}}, "14.6"),
        ({"op": "sum", "of": [{"op": "lowest", "of": ["5", "1", "3"], "count": "2"}]}, "4"),
        ({"op": "sum", "of": [{"op": "highest", "of": ["5", "1", "3"], "count": "2"}]}, "8"),
        ({"op": "sum", "of": [{"op": "drop_lowest", "of": ["5", "1", "3"], "count": "1"}]}, "8"),
        ({"op": "sum", "of": [{"op": "each", "of": ["5", "1"], "at_least": "2"}]}, "7"),
        ({"op": "difference", "of": ["1", "2"], "at_least": "0"}, "0"),
    ],
)
def test_an_operation_works_as_its_name_says(operation: dict[str, object], result: str) -> None:
    content = table(component("fixed", amount="0"), derive=[{"name": "it", "value": operation}])
    assert rated(content).figures["it"] == Decimal(result)


def test_dividing_by_zero_names_the_figure() -> None:
    value = {"op": "quotient", "of": ["1", "zero"]}
    content = table(component("fixed", amount="0"), derive=[{"name": "it", "value": value}])
    with pytest.raises(RatingError, match="it: .*divides by zero"):
        rated(content, numbers={"zero": "0"})


def test_the_service_may_name_the_limit_of_its_first_block() -> None:
    blocks = [{"up_to": "allocation", "price": "1"}, {"price": "3"}]
    rating = rated(table(component("blocks", blocks=blocks)), "8", numbers={"allocation": "0"})
    assert amounts(rating) == {"usage": "24.00"}
