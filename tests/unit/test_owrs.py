"""Files of the Open Water Rate Specification become tables; what they cannot become is said."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.periods import Period
from rates.engine import Rating, RatingFacts, parse_tariff, rate
from rates.owrs import Converted, OwrsError, convert
from rates.owrs.command import main
from rates.owrs.formulas import NotArithmetic, as_value, read_formula

FILES = Path(__file__).parent / "owrs_files"
SEASONS = {"Summer": "06-01", "Winter": "11-01"}


def converted(name: str, seasons: dict[str, str] | None = None) -> dict[str, Converted]:
    text = (FILES / f"{name}.owrs").read_text(encoding="utf-8")
    return {c.customer_class: c for c in convert(text, seasons)}


def rated(content: Any, use: str, month: int = 7, unit: str = "CCF", **given: Any) -> Rating:
    first = date(2026, month, 1)
    facts = RatingFacts(Period(first, first + timedelta(days=30)), 30, Decimal(use), unit, **given)
    return rate(parse_tariff(content), facts)


def of_class(of: str, file: str, seasons: dict[str, str] | None = None) -> Any:
    content = converted(file, seasons)[of].content
    assert content is not None
    return content


def test_tiers_by_season_with_a_charge_by_size() -> None:
    # 20 CCF in July: 15 x 1.14 + 5 x 1.83 = 17.10 + 9.15 = 26.25; a 1 inch meter 23.29: 49.54.
    content = of_class("RESIDENTIAL_SINGLE", "riverside", SEASONS)
    assert rated(content, "20", attributes={"meter_size": "1"}).total == Decimal("49.54")
    # In January 15 x 1.13 + 5 x 1.64 = 16.95 + 8.20 = 25.15; with 23.29: 48.44.
    assert rated(content, "20", month=1, attributes={"meter_size": "1"}).total == Decimal("48.44")


def test_seasons_without_days_are_told() -> None:
    found = converted("riverside")["RESIDENTIAL_SINGLE"]
    assert found.remarks[0].startswith("The file does not say when Summer and Winter begin.")
    assert "seasons" not in (found.content or {})


def test_a_price_times_the_use_is_a_price_per_unit() -> None:
    # 483.08 + 0.80 x 10 = 491.08.
    content = of_class("RECYCLED", "riverside")
    assert [c["kind"] for c in content["components"]] == ["fixed", "per_unit"]
    assert rated(content, "10", attributes={"meter_size": "4"}).total == Decimal("491.08")


def test_a_budget_of_people_and_garden() -> None:
    # Indoor 60 x 4 x 30 / 748 = 9.62, cut to 9. Outdoor 0.7 x 5 x 2000 x 0.62 / 748 = 5.80.
    # Together 15.42, cut to 15; 125 % of it is 19.28, cut to 19.
    # 17 CCF: 9 x 1.49 + 6 x 1.70 + 2 x 2.62 = 13.41 + 10.20 + 5.24 = 28.85; with 11.39: 40.24.
    content = of_class("RESIDENTIAL_SINGLE", "moulton-niguel")
    numbers = {"hhsize": Decimal(4), "et": Decimal(5), "irr_area": Decimal(2000)}
    assert rated(content, "17", attributes={"meter_size": "5/8"}, numbers=numbers).total == Decimal("40.24")


def test_a_choice_inside_a_budget() -> None:
    # Recycled: 0.8 x 5 x 2000 x 0.62 / 748 = 6.63, cut to 6: 6 x 1.24 + 4 x 1.74 = 7.44 + 6.96 = 14.40.
    content = of_class("IRRIGATION", "moulton-niguel")
    given = {
        "attributes": {"water_type": "RECYCLED"},
        "numbers": {"et_amount": Decimal(5), "irr_area": Decimal(2000)},
    }
    assert rated(content, "10", **given).total == Decimal("14.40")  # type: ignore[arg-type]  # both kinds of facts


def test_tiers_by_size_and_season_with_a_per_cent_of_both_charges() -> None:
    # 1 1/2 inch in January, 62 CCF: 22 x 1.54 + 38 x 1.88 + 2 x 2.13 = 33.88 + 71.44 + 4.26 = 109.58;
    # 5 % of 34.97 + 109.58 = 7.2275, 7.23. In all 151.78.
    content = of_class("RESIDENTIAL_SINGLE", "arcadia", SEASONS)
    rating = rated(content, "62", month=1, attributes={"meter_size": "1 1/2"})
    assert [c.amount for c in rating.charges] == [Decimal("34.97"), Decimal("109.58"), Decimal("7.23")]


def test_what_the_bill_does_not_add_and_what_it_cannot_say_is_told() -> None:
    found = converted("arcadia")
    assert (
        "“fixed_wastewater_charge” is not part of “bill” and is left out."
        in found["RESIDENTIAL_SINGLE"].remarks
    )
    commercial = found["COMMERCIAL"]
    assert commercial.content is not None
    assert commercial.content["name"].startswith("Incomplete: ")
    assert any("“odd_charge” is left out" in r for r in commercial.remarks)


def test_inside_and_outside_and_a_bill_that_takes_more_than_once() -> None:
    # Outside 3.15 x 10 = 31.50, and 10 % of it: 34.65.
    content = of_class("OTHER", "arcadia")
    assert rated(content, "10", attributes={"location": "outside"}).total == Decimal("34.65")


def test_tiers_that_are_called_by_their_charge() -> None:
    # 7 thousand gallons: 2 x 0.7287 + 3 x 1.5039 + 2 x 3.5091 = 1.4574 + 4.5117 + 7.0182 = 12.9873,
    # with 16.80: 29.79.
    content = of_class("RESIDENTIAL_SINGLE", "as-written")
    found = rated(content, "7", unit="KGAL", attributes={"meter_size": "5/8"})
    assert found.total == Decimal("29.79")


def test_a_price_by_zone_is_chosen_and_a_strange_name_of_the_use_is_told() -> None:
    found = converted("as-written")["IRRIGATION"]
    assert found.content is not None
    rows = {"by": "pressure_zone", "rows": {"1": "1.1656", "2": "1.3113"}}
    assert found.content["components"][1]["price"] == rows
    assert "“usage_ccf” is read as the use in KGAL, the unit of the file’s bills." in found.remarks


def test_a_class_of_nothing_but_zeros_is_no_table() -> None:
    found = converted("as-written")["COMMERCIAL"]
    assert (found.content, found.remarks) == (None, ("No charge of this class is other than 0.",))


FORMULAS = {
    "2 + 3*4": ["sum", "2", "12"],
    "-(a + 1)/2": ["quotient", ["product", "-1", ["sum", "a", "1"]], "2"],
    "max(usage_ccf, 3)": ["greatest", "usage_ccf", "3"],
    "a*b*(1/748)": ["quotient", ["product", "a", "b"], "748"],
}


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_read_into_operations(text: str) -> None:
    def short(value: Any) -> Any:
        return [value["op"], *map(short, value["of"])] if isinstance(value, dict) else value

    assert short(as_value(read_formula(text), lambda name: name)) == FORMULAS[text]


@pytest.mark.parametrize(
    "text", ["__import__('os').system('x')", "a(", "1 +", "a b", "a > 3", "((1)", "(" * 500]
)
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(NotArithmetic):
        read_formula(text)


@pytest.mark.parametrize(
    "text",
    ["", "a: [", "rate_structure: 5", "x: !!python/object/apply:os.system ['true']", "metadata: {}"],
)
def test_a_file_that_is_no_rate_file_is_refused(text: str) -> None:
    with pytest.raises(OwrsError):
        convert(text)


def test_the_command_writes_a_file_for_each_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = [f"--season={name}={day}" for name, day in SEASONS.items()]
    assert main([str(FILES / "riverside.owrs"), "--out", str(tmp_path), *days]) == 0
    names = ["fire-services.json", "recycled.json", "residential-single.json"]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    for name in names:
        parse_tariff(json.loads((tmp_path / name).read_text()))
    assert "RESIDENTIAL_SINGLE: 2 charges" in capsys.readouterr().err
