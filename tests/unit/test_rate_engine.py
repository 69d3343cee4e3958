"""Each kind of charge, with amounts worked by hand."""

from datetime import date
from decimal import Context, Decimal, localcontext

import pytest

from core.periods import Period
from tests.unit.rate_engine_tables import BLOCKS, amounts, component, rated, table, water

SIZES = {"by": "meter_size", "rows": {"5/8": "19.50", "1": "30.00"}}


def test_a_fixed_charge_is_chosen_by_meter_size() -> None:
    rating = rated(table(component("fixed", amount=SIZES)), attributes={"meter_size": "1"})
    assert amounts(rating) == {"usage": "30.00"}


def test_a_fixed_charge_is_multiplied_by_units_and_says_so() -> None:
    content = table(component("fixed", amount="5.74", times="dwelling_units"))
    charge = rated(content, numbers={"dwelling_units": "10"}).charges[0]
    assert charge.amount == Decimal("57.40")
    assert charge.steps[0].text == "10 dwelling units × 5.74 = 57.40"


def test_blocks_price_each_part_at_its_own_price() -> None:
    charge = rated(table(component("blocks", blocks=BLOCKS)), "8.5").charges[0]
    # 3 x 7.05 + 4 x 6.55 + 1.5 x 5.35 = 21.15 + 26.20 + 8.025
    assert charge.exact == Decimal("55.375")
    assert charge.amount == Decimal("55.38")
    assert [s.text for s in charge.steps] == [
        "3.000 thousand gallons × 7.05 = 21.15",
        "4.000 thousand gallons × 6.55 = 26.20",
        "1.500 thousand gallons × 5.35 = 8.025",
    ]


def test_a_block_limit_belongs_to_the_block_below_it() -> None:
    rating = rated(table(component("blocks", blocks=BLOCKS)), "3")
    assert len(rating.charges[0].steps) == 1
    assert amounts(rating) == {"usage": "21.15"}


def test_no_use_is_still_shown_as_a_line_of_zero() -> None:
    charge = rated(table(component("blocks", blocks=BLOCKS)), "0").charges[0]
    assert charge.amount == Decimal("0.00")
    assert charge.steps[0].text == "0.000 thousand gallons × 7.05 = 0.00"


def test_block_limits_grow_with_dwelling_units() -> None:
    content = table(component("blocks", blocks=BLOCKS, limits_times="units"))
    # limits 6 and 14: 6 x 7.05 + 2 x 6.55
    assert amounts(rated(content, "8", numbers={"units": "2"})) == {"usage": "55.40"}


def test_block_limits_follow_the_days_of_the_period() -> None:
    times = {"op": "quotient", "of": ["days", "15"]}
    content = table(component("blocks", blocks=BLOCKS, limits_times=times))
    assert amounts(rated(content, "8")) == {"usage": "55.40"}  # 30 days: twice the limits


def test_blocks_may_be_chosen_by_season() -> None:
    seasons = [{"name": "summer", "from": "06-01"}, {"name": "winter", "from": "10-01"}]
    by_season = {"by": "season", "rows": {"summer": [{"price": "2"}], "winter": [{"price": "1"}]}}
    content = table(component("blocks", blocks=by_season), seasons=seasons)
    assert amounts(rated(content, "4")) == {"usage": "8.00"}


def test_a_minimum_includes_some_use_and_the_rest_is_priced() -> None:
    content = table(component("minimum", amount="24.64", includes="2", blocks=[{"price": "3.25"}]))
    charge = rated(content, "2").charges[0]
    assert [s.text for s in charge.steps] == ["Minimum, includes 2.000 thousand gallons = 24.64"]
    assert amounts(rated(content, "4.5")) == {"usage": "32.77"}  # 24.64 + 2.5 x 3.25 = 32.765


def test_a_minimum_and_what_it_includes_grow_with_units() -> None:
    content = table(component("minimum", amount="10", includes="2", times="units", blocks=[{"price": "3"}]))
    assert amounts(rated(content, "5", numbers={"units": "2"})) == {"usage": "23.00"}  # 20 + 1 x 3


def test_a_minimum_may_give_way_to_the_price_of_all_use() -> None:
    content = table(
        component("minimum", amount="24.64", includes="2", beyond="all", blocks=[{"price": "13.00"}])
    )
    assert amounts(rated(content, "1.9")) == {"usage": "24.64"}
    assert amounts(rated(content, "2.5")) == {"usage": "32.50"}


def test_a_minimum_bill_adds_what_is_lacking_to_the_rounded_charges() -> None:
    use = component("per_unit", "energy", price="0.1125")
    least = component("minimum_bill", "least", of=["energy"], amount="18.00")
    assert amounts(rated(table(use, least), "10")) == {"energy": "1.13", "least": "16.87"}


def test_a_minimum_bill_that_is_reached_vanishes() -> None:
    use = component("per_unit", "energy", price="2")
    least = component("minimum_bill", "least", of=["energy"], amount="18.00")
    assert amounts(rated(table(use, least), "9")) == {"energy": "18.00"}


def test_a_minimum_bill_may_be_due_for_each_unit() -> None:
    use = component("per_unit", "energy", price="2")
    least = component("minimum_bill", "least", of=["energy"], amount="18.00", times="units")
    assert amounts(rated(table(use, least), "9", numbers={"units": "2"}))["least"] == "18.00"


def test_a_maximum_bill_takes_off_what_the_rounded_charges_are_above_it() -> None:
    use = component("per_unit", "energy", price="0.1125")
    most = component("maximum_bill", "most", of=["energy"], amount="0.75")
    assert amounts(rated(table(use, most), "10")) == {"energy": "1.13", "most": "-0.38"}
    assert amounts(rated(table(use, most), "6")) == {"energy": "0.68"}


def test_several_containers_may_go_at_the_first_price() -> None:
    carts = component("containers", quantity="carts", first="9", additional="4", first_count="2")
    assert amounts(rated(table(carts), numbers={"carts": "3"})) == {"usage": "22.00"}


def test_use_within_a_free_block_reads_as_included() -> None:
    charge = rated(
        table(component("blocks", blocks=[{"up_to": "3", "price": "0"}, {"price": "2"}])), "4"
    ).charges[0]
    assert [s.text for s in charge.steps] == [
        "3.000 thousand gallons included",
        "1.000 thousand gallons × 2.00 = 2.00",
    ]


def test_a_value_without_a_row_takes_the_row_for_the_rest() -> None:
    sizes = {**SIZES, "otherwise": "50"}
    assert amounts(rated(table(component("fixed", amount=sizes)), attributes={"meter_size": "8"})) == {
        "usage": "50.00"
    }
    assert amounts(rated(table(component("fixed", amount=sizes)))) == {"usage": "50.00"}


@pytest.mark.parametrize(
    ("end", "season"), [("2026-06-01", "winter"), ("2026-06-02", "summer"), ("2026-10-02", "winter")]
)
def test_a_season_begins_on_its_day_and_lasts_into_the_next_year(end: str, season: str) -> None:
    seasons = [{"name": "summer", "from": "06-01"}, {"name": "winter", "from": "10-01"}]
    content = table(
        component("fixed", amount={"by": "season", "rows": {"summer": "2", "winter": "1"}}), seasons=seasons
    )
    rating = rated(content, period=Period(date(2026, 1, 1), date.fromisoformat(end)))
    assert amounts(rating) == {"usage": "2.00" if season == "summer" else "1.00"}


def test_a_table_may_be_priced_on_the_first_day() -> None:
    rows = [{"from": "2026-01-01", "value": "1"}, {"from": "2026-06-30", "value": "2"}]
    content = table(component("fixed", amount={"dated": rows}))
    assert amounts(rated(content)) == {"usage": "2.00"}
    assert amounts(rated({**content, "dated_by": "start"})) == {"usage": "1.00"}


def test_the_first_container_and_the_additional_ones_have_their_prices() -> None:
    carts = component("containers", quantity="carts", first="16.00", additional="4.00")
    assert amounts(rated(table(carts), numbers={"carts": "3"})) == {"usage": "24.00"}
    assert amounts(rated(table(carts), numbers={"carts": "0"})) == {"usage": "0.00"}


def test_a_rider_may_be_negative_and_is_priced_by_date() -> None:
    prices = [{"from": "2026-05-01", "value": "0.0020"}, {"from": "2026-06-30", "value": "-0.0097"}]
    rider = component("rider", price={"dated": prices})
    assert amounts(rated(table(rider), "100")) == {"usage": "-0.97"}  # the last day, June 30, decides


def test_a_rider_of_nothing_vanishes_unless_the_table_shows_it() -> None:
    assert amounts(rated(table(component("rider", price="0")), "5")) == {}
    assert amounts(rated(table(component("rider", price="0", show_zero=True)), "5")) == {"usage": "0.00"}


def test_a_band_gives_one_amount() -> None:
    steps = [{"up_to": "2000", "amount": "3.00"}, {"amount": "5.00"}]
    content = table(component("bands", quantity="area", unit="square feet", bands=steps))
    assert amounts(rated(content, numbers={"area": "2000"})) == {"usage": "3.00"}
    assert amounts(rated(content, numbers={"area": "2000.5"})) == {"usage": "5.00"}


def test_a_tax_rests_on_the_taxable_charges_as_billed() -> None:
    content = table(
        component("per_unit", price="1.005", taxable=True),
        component("fixed", "stamp", amount="9.00"),
        component("tax", "tax", tax_code="CITY", percent="50"),
    )
    # billed 1.01, half of it 0.505; of the unrounded 1.005 it would be 0.5025
    assert amounts(rated(content, "1")) == {"usage": "1.01", "stamp": "9.00", "tax": "0.51"}


def test_an_exempt_account_pays_no_tax_of_that_code() -> None:
    content = table(
        component("fixed", amount="10", taxable=True),
        component("tax", "city", tax_code="CITY", percent="5"),
        component("tax", "state", tax_code="STATE", percent="3"),
    )
    rating = rated(content, exempt_tax_codes=frozenset({"CITY"}))
    assert amounts(rating) == {"usage": "10.00", "state": "0.30"}


def test_a_fee_may_be_grossed_up_and_limited() -> None:
    gross = component("percent", "fee", percent="2.5", of=["usage"], gross_up=True)
    content = table(component("fixed", amount="97.50"), gross)
    assert amounts(rated(content))["fee"] == "2.50"
    content["components"][1]["at_most"] = "2.00"
    assert amounts(rated(content))["fee"] == "2.00"


def test_a_per_cent_of_another_service_takes_its_unrounded_charge() -> None:
    other = rated(table(component("per_unit", price="0.25")), "88.50")
    sewer = table(component("percent", "s1", percent="50", of=["water.usage"]), service_type="sewer")
    rating = rated(sewer, others=other.others("water"))
    assert other.total == Decimal("22.13")  # of 22.125
    assert amounts(rating) == {"s1": "11.06"}  # half of 22.13 would be 11.07


def test_sewer_takes_its_use_from_water_with_factor_and_cap() -> None:
    sewer = table(
        component("per_unit", price="2"), service_type="sewer", use={"from": "water", "factor": "0.9"}
    )
    assert amounts(rated(sewer, other_use=water("10"))) == {"usage": "18.00"}
    sewer["use"]["cap"] = "winter_average"
    rating = rated(sewer, other_use=water("10"), numbers={"winter_average": "7"})
    assert rating.figures["use"] == 7


def test_total_only_rounding_cuts_charges_that_add_up_to_the_rounded_whole() -> None:
    parts = [component("fixed", name, amount="0.333") for name in ("a", "b", "c")]
    rating = rated(table(*parts, currency_rounding="total"))
    assert [str(c.amount) for c in rating.charges] == ["0.33", "0.34", "0.33"]
    assert rating.total == Decimal("1.00")


def test_thirds_that_make_half_a_cent_together_make_a_cent_of_the_total() -> None:
    thirds = [component("per_unit", name, price="0.005", per="3") for name in ("a", "b", "c")]
    rating = rated(table(*thirds, currency_rounding="total"), "1")
    assert rating.total == Decimal("0.01")  # thrice 0.005 ÷ 3 is 0.005


def test_total_only_rounding_leaves_what_percentages_rest_on_unrounded() -> None:
    tax = component("tax", "tax", tax_code="CITY", percent="100")
    content = table(component("fixed", "a", amount="1.005", taxable=True), tax, currency_rounding="total")
    assert rated(content).total == Decimal("2.01")  # twice 1.005; with a tax of 1.01 it would be 2.015


@pytest.mark.parametrize(
    ("when", "there"),
    [
        ({"location": ["outside"]}, True),
        ({"location": ["inside"]}, False),
        ({"senior": ["no", None]}, True),
        ({"month": [6]}, True),
        ({"month": [7]}, False),
        ({"kw": {"at_least": "15"}}, True),
        ({"kw": {"below": "15"}}, False),
        ({"location": ["outside"], "month": [7]}, False),
    ],
)
def test_a_condition_decides_whether_a_charge_applies(when: dict[str, object], there: bool) -> None:
    content = table(component("fixed", amount="3", when=when))
    rating = rated(content, attributes={"location": "outside"}, numbers={"kw": "15"})
    assert bool(rating.charges) is there
    assert rating.others("water")["water.usage"] == (3 if there else 0)


def test_a_charge_knows_what_the_bill_and_the_ledger_need() -> None:
    charge = rated(table(component("per_unit", price="7.05", taxable=True)), "3").charges[0]
    assert (charge.text, charge.revenue_code, charge.kind, charge.taxable) == (
        "Usage",
        "WATER",
        "per_unit",
        True,
    )
    assert (charge.quantity, charge.unit, charge.price) == (Decimal(3), "KGAL", Decimal("7.05"))
    assert charge.tax_code is None


def test_rating_does_not_depend_on_the_arithmetic_of_its_caller() -> None:
    content = table(component("blocks", blocks=BLOCKS))
    with localcontext(Context(prec=3)):
        assert amounts(rated(content, "1234.567")) == {"usage": "6614.83"}  # 47.35 + 1227.567 x 5.35


def test_the_sum_of_all_unrounded_charges_is_exact_too() -> None:
    content = table(component("per_unit", price="7.05"), component("fixed", "service", amount="10"))
    rating = rated(content, "1", unit="CF")
    others = rating.others("water")
    assert str(others["water.all"]) == str(others["water.usage"]).replace("0.", "10.", 1)
    assert others["water.all.billed"] == rating.total == Decimal("10.05")  # 7.05 x 0.00748… = 0.0527…


def test_a_credit_for_nothing_is_nothing_and_not_less() -> None:
    content = table(component("per_unit", price="-2.67"))
    charge = rated(content, "0").charges[0]
    assert (str(charge.amount), charge.steps[0].text) == ("0.00", "0.000 thousand gallons × -2.67 = 0.00")


def test_a_credit_of_less_than_half_a_cent_is_nothing() -> None:
    content = table(component("per_unit", price="-0.004"))
    assert str(rated(content, "1").charges[0].amount) == "0.00"
