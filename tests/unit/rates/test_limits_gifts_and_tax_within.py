"""Charges that stop, bills rounded up, prices that contain their tax; what tables with new entries refuse."""

from decimal import Decimal
from typing import Any

import pytest

from rates.engine import TariffError, parse_tariff
from tests.unit.rate_engine_tables import amounts, component, rated, table

MONTHLY = component("fixed", amount="27.50", stops_at="600.00")


@pytest.mark.parametrize(
    ("before", "shown"),
    [("0", "27.50"), ("572.50", "27.50"), ("590", "10.00"), ("599.99", "0.01"), ("600", None), ("610", None)],
)
def test_a_charge_stops_by_itself(before: str, shown: str | None) -> None:
    found = amounts(rated(table(MONTHLY), charged={"usage": Decimal(before)}))
    assert found == ({} if shown is None else {"usage": shown})


def test_what_rests_on_a_stopped_charge_rests_on_what_is_left() -> None:
    tax = component("tax", "tax", tax_code="CITY", percent="10")
    rating = rated(table({**MONTHLY, "taxable": True}, tax), charged={"usage": Decimal(590)})
    assert amounts(rating) == {"usage": "10.00", "tax": "1.00"}
    assert rating.others("water")["water.usage"] == 10


def test_the_last_bill_of_a_stopping_charge_says_why() -> None:
    charge = rated(table(MONTHLY), charged={"usage": Decimal(590)}).charges[0]
    assert [s.text for s in charge.steps] == [
        "Usage = 27.50",
        "Stops at 600.00, 590.00 charged before: 10.00 left",
    ]


def test_a_table_tells_which_charges_stop() -> None:
    assert parse_tariff(table(MONTHLY, component("fixed", "b", amount="1"))).stopping == {"usage"}


def test_a_limit_may_be_chosen_by_attribute() -> None:
    limits = {"by": "lot", "rows": {"small": "30", "large": "50"}}
    content = table(component("fixed", amount="27.50", stops_at=limits))
    assert amounts(rated(content, attributes={"lot": "small"}, charged={"usage": Decimal("27.50")})) == {
        "usage": "2.50"
    }


@pytest.mark.parametrize(
    ("amount", "step", "gift"),
    [("47.63", "1", "0.37"), ("48.00", "1", None), ("47.63", "5", "2.37"), ("-3.40", "1", "0.40")],
)
def test_a_bill_is_rounded_up_to_the_next_step(amount: str, step: str, gift: str | None) -> None:
    up = component("round_up", "gift", of=["all"], step=step)
    found = amounts(rated(table(component("fixed", amount=amount), up)))
    assert found.get("gift") == gift


def test_a_bill_is_rounded_up_with_the_charges_of_other_services() -> None:
    up = component("round_up", "gift", of=["all", "sewer.all"])
    others = {"sewer.all": Decimal("12.345"), "sewer.all.billed": Decimal("12.35")}
    # 27.50 + 12.35 = 39.85
    assert amounts(rated(table(component("fixed", amount="27.50"), up), others=others))["gift"] == "0.15"


def test_unrounded_thirds_that_make_whole_dollars_need_no_more() -> None:
    third = {"op": "quotient", "of": ["20", "3"]}
    parts = [component("fixed", name, amount=third) for name in ("a", "b", "c")]
    up = component("round_up", "gift", of=["all"], basis="exact")
    assert "gift" not in amounts(rated(table(*parts, up)))


def test_prices_may_contain_their_tax() -> None:
    tax = component("tax", "gst", tax_code="GST", percent="10")
    content = table(component("fixed", amount="33.00", taxable=True), tax, prices_include_tax="10")
    rating = rated(content)
    assert amounts(rating) == {"usage": "30.00", "gst": "3.00"}
    exempt = rated(content, exempt_tax_codes=frozenset({"GST"}))
    assert amounts(exempt) == {"usage": "30.00"}


def test_with_the_total_rounded_the_sum_is_the_price() -> None:
    tax = component("tax", "gst", tax_code="GST", percent="10")
    content = table(
        component("fixed", amount="9.99", taxable=True),
        tax,
        prices_include_tax="10",
        currency_rounding="total",
    )
    assert amounts(rated(content)) == {"usage": "9.08", "gst": "0.91"}  # 9.0818..., then up to 9.99


def test_only_taxable_prices_contain_the_tax_and_percentages_once() -> None:
    parts = (
        component("per_unit", price="11", taxable=True),
        component("fixed", "stamp", amount="5.00"),
        component("percent", "share", percent="10", of=["usage"], taxable=True),
        component("minimum_bill", "least", of=["usage"], amount="44", taxable=True),
        component("tax", "gst", tax_code="GST", percent="10"),
    )
    found = amounts(rated(table(*parts, prices_include_tax="10"), "2"))
    # 22.00 / 1.1 = 20.00; a tenth of it; 44.00 / 1.1 - 20.00 = 20.00; tax of 20 + 2 + 20
    assert found == {"usage": "20.00", "stamp": "5.00", "share": "2.00", "least": "20.00", "gst": "4.20"}


FIXED = component("fixed", amount="1")
SHARE = component("percent", "p", percent="5", of=["usage"])
BOUNDED = {"full": "30", "below": "25"}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (table(FIXED, dated_by="middle"), "dated_by"),
        (table(FIXED, proration={}), "proration"),
        (table(FIXED, proration={"full": "0"}), "proration.full"),
        (table(FIXED, proration={"full": "30", "below": "40", "above": "35"}), "proration"),
        (table({**FIXED, "prorated": True}), "components[0].prorated"),
        (table(FIXED, {**SHARE, "prorated": False}), "components[1]"),
        (table(FIXED, splittable=True, proration=BOUNDED), "splittable"),
        (table(FIXED, look_back=[{"name": "x"}]), "look_back[0]"),
        (table(FIXED, look_back=[{"name": "x", "last": 0}]), "look_back[0].last"),
        (table(FIXED, look_back=[{"name": "x", "last": 3, "months": [1]}]), "look_back[0]"),
        (table(FIXED, look_back=[{"name": "x", "months": [1]}]), "look_back[0]"),
        (
            table(FIXED, look_back=[{"name": "x", "months": [2, 1, 2], "from": "04-01"}]),
            "look_back[0].months",
        ),
        (table(FIXED, look_back=[{"name": "x", "months": [13], "from": "04-01"}]), "look_back[0].months[0]"),
        (table(FIXED, look_back=[{"name": "x", "months": [1], "from": "02-30"}]), "look_back[0].from"),
        (table(FIXED, look_back=[{"name": "days", "last": 3}]), "look_back[0].name"),
        (table(FIXED, look_back=[{"name": "x", "last": 3}] * 2), "look_back[1].name"),
        (table(FIXED, unit=None, look_back=[{"name": "x", "last": 3}]), "look_back[0]"),
        (table(FIXED, prices_include_tax="0"), "prices_include_tax"),
        (table(FIXED, component("round_up", "r", of=["all"], step="0")), "components[1].step"),
        (table({**FIXED, "falls_with_use": "yes"}), "components[0].falls_with_use"),
    ],
)
def test_a_faulty_entry_is_refused_at_its_place(content: dict[str, Any], place: str) -> None:
    with pytest.raises(TariffError) as caught:
        parse_tariff(content)
    assert caught.value.place == place
    assert caught.value.remedy


def test_use_cannot_rest_on_a_look_back_that_rests_on_the_use() -> None:
    look = {"name": "x", "last": 3, "otherwise": "use"}
    content = table(FIXED, look_back=[look], use={"cap": {"op": "average", "of": ["x"]}})
    with pytest.raises(TariffError, match="rests on the billed use"):
        parse_tariff(content)


def test_a_derived_quantity_may_not_take_the_name_of_a_look_back() -> None:
    content = table(FIXED, look_back=[{"name": "x", "last": 3}], derive=[{"name": "x", "value": "1"}])
    with pytest.raises(TariffError, match="is taken"):
        parse_tariff(content)


def test_a_table_tells_what_it_reads() -> None:
    content = table(component("fixed", amount={"by": "size", "rows": {"1": "2"}}, when={"month": [1]}))
    tariff = parse_tariff(content)
    assert tariff.reads("month")
    assert tariff.reads("size")
    assert not tariff.reads("season")
    assert not tariff.splittable
