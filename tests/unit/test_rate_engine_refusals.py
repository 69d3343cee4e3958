"""What a table or the facts lack is said with place and remedy, never charged as zero."""

from decimal import Decimal
from typing import Any

import pytest

from rates.engine import RatingError, TariffError, content_hash, parse_tariff
from tests.unit.rate_engine_tables import BLOCKS, component, rated, table

FIXED = component("fixed", amount="1")


def _refusal(content: dict[str, Any]) -> TariffError:
    with pytest.raises(TariffError) as caught:
        parse_tariff(content)
    assert caught.value.remedy
    return caught.value


def _gap(**more: Any) -> dict[str, Any]:
    return table(FIXED, component("blocks", "b", **more))


PRICELESS = [{"up_to": "3", "price": "1"}, {"up_to": "5"}]
FALLING = [{"up_to": "3", "price": "1"}, {"up_to": "2", "price": "1"}]
AFTER_ALL = [{"price": "1"}, {"up_to": "2", "price": "1"}]
TWICE = {"dated": [{"from": "2026-01-01", "value": "1"}, {"from": "2026-01-01", "value": "2"}]}
USED = {"use": {"below": "60"}}
SELF = {"op": "sum", "of": ["me", "1"]}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({**table(FIXED), "unit": "GALLON"}, "unit"),
        ({**table(FIXED), "componets": []}, ""),
        ({**table(FIXED), "components": []}, "components"),
        (table(component("fixed")), "components[0]"),
        (table(component("fixed", amount=19.5)), "components[0].amount"),
        (table(component("fixed", amount="19,50")), "components[0].amount"),
        (table(component("fixd", amount="1")), "components[0].kind"),
        (table(component("fixed", amount="1", version=9)), "components[0].version"),
        (table(FIXED, FIXED), "components[1].id"),
        (table(component("fixed", "all", amount="1")), "components[0].id"),
        (table(component("fixed", amount="1", taxable="yes")), "components[0].taxable"),
        (table(component("fixed", amount={"by": "size", "rows": {}})), "components[0].amount.rows"),
        (table(component("fixed", amount={"op": "add", "of": ["1"]})), "components[0].amount.op"),
        (_gap(blocks=PRICELESS), "components[1].blocks[1]"),
        (_gap(blocks=FALLING), "components[1].blocks[1]"),
        (_gap(blocks=AFTER_ALL), "components[1].blocks[1]"),
        (_gap(blocks=BLOCKS, per="0"), "components[1].per"),
        (table(component("per_unit", price=TWICE)), "components[0].price.dated[1]"),
        (table(FIXED, component("percent", "p", percent="5", of=["usge"])), "components[1].of[0]"),
        (table(FIXED, component("tax", "t", percent="5", tax_code="C")), "components[1]"),
        (table(component("percent", percent="5", of=["water.usage"])), ""),
        (table(component("per_unit", price="1"), unit=None), "components[0]"),
        (table(FIXED, derive=[{"name": "me", "value": SELF}]), "derive[0].value"),
        (table(FIXED, derive=[{"name": "use", "value": "1"}]), "derive[0].name"),
        (table(FIXED, use={"cap": "use"}), "use"),
        (table(FIXED, use={"cap": "kw"}, derive=[{"name": "kw", "value": "5", "when": USED}]), "use"),
        (table(component("percent", percent="5", of=["all", "all"])), "components[0].of"),
        (table(component("percent", percent="5", of=["gas.all", "gas.all"])), "components[0].of"),
        (table(component("fixed", amount="1", when={"class": ["a", True]})), "components[0].when[class][1]"),
        (table(FIXED, units=[{"code": "CCF", "equals": "748", "of": {}}]), "units[0].of"),
        (table(FIXED, use={"rounding": {"mode": "up", "step": "0"}}), "use.rounding.step"),
        (table(FIXED, seasons=[{"name": "s", "from": "13-01"}]), "seasons[0].from"),
    ],
)
def test_a_faulty_table_is_refused_at_its_place(content: dict[str, Any], place: str) -> None:
    assert _refusal(content).place == place


def test_a_misspelt_entry_is_answered_with_the_right_one() -> None:
    assert "“amount”" in _refusal(table(component("fixed", amuont="1"))).remedy


SIZES = {"by": "meter_size", "rows": {"5/8": "19.50"}}
LATER = {"dated": [{"from": "2026-07-01", "value": "1"}]}


@pytest.mark.parametrize(
    ("content", "given", "words"),
    [
        (table(component("fixed", amount=SIZES)), {}, "meter size is not known"),
        (
            table(component("fixed", amount=SIZES)),
            {"attributes": {"meter_size": "7/8"}},
            "no row for meter size",
        ),
        (table(component("fixed", amount="1", times="units")), {}, "number of units is not known"),
        (table(component("fixed", amount=LATER)), {}, "no price for 2026-06-30"),
        (table(component("fixed", amount="1", when={"class": ["a"]})), {}, "class is not known"),
        (table(component("percent", percent="5", of=["gas.usage"])), {}, "no gas bill"),
        (table(component("blocks", blocks=BLOCKS[:2])), {"use": "7.1"}, "no price above 7"),
        (table(component("blocks", blocks=BLOCKS)), {"use": "-1"}, "cannot be priced in blocks"),
    ],
)
def test_a_missing_fact_names_the_charge_that_needs_it(
    content: dict[str, Any], given: dict[str, Any], words: str
) -> None:
    with pytest.raises(RatingError, match=words) as caught:
        rated(content, **given)
    assert caught.value.component == "usage"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("use", "unit", "words"),
    [
        (None, "KGAL", "not known"),
        ("5", None, "not known"),
        ("NaN", "KGAL", "not known"),
        ("5", "KWH", "KWH cannot be converted to KGAL"),
    ],
)
def test_use_without_a_fitting_unit_is_never_guessed(use: str | None, unit: str | None, words: str) -> None:
    with pytest.raises(RatingError, match=words) as caught:
        rated(table(component("per_unit", price="1")), use, unit=unit)
    assert caught.value.component == "use"


def test_a_number_that_is_no_number_is_refused() -> None:
    with pytest.raises(RatingError, match="units is NaN"):
        rated(table(component("fixed", amount="1", times="units")), numbers={"units": "NaN"})


def test_a_missing_service_may_be_allowed_by_the_table() -> None:
    content = table(component("percent", percent="5", of=["gas.usage"], if_missing="nothing", show_zero=True))
    assert rated(content).total == Decimal("0.00")


def test_a_table_tells_what_it_needs() -> None:
    content = table(
        component("fixed", amount=SIZES, times="units"),
        component("percent", "p", percent="5", of=["gas.usage"]),
        use={"from": "water"},
        service_type="sewer",
    )
    tariff = parse_tariff(content)
    assert tariff.needs == {"gas", "water"}
    assert tariff.attributes == {"meter_size"}
    assert tariff.numbers == {"units"}


def test_the_hash_knows_content_and_not_layout() -> None:
    assert content_hash({"b": "1", "a": "2"}) == content_hash({"a": "2", "b": "1"})
    assert content_hash({"a": "2"}) != content_hash({"a": "2.0"})
    # sha256 of {"a":"ü"} in UTF-8, by sha256sum
    assert content_hash({"a": "ü"}) == "fd621823002706e24604cb868a9f4f8850d6f01fb5040d49ba050482e1472437"
