"""The lint of rate tables: each rule says what it is for, and says nothing of real towns' tables."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rates.lint import RULES, Context, Finding, ServiceKind, Span, lint, stops
from tests.oracle.making.cases import a_town
from tests.oracle.making.spoiling import spoiled

TARIFFS = sorted((Path(__file__).parents[2] / "rates" / "tariffs").glob("*.json"))


def charge(kind: str = "fixed", **entries: Any) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "text": kind.capitalize(), "revenue_code": "WATER", **entries}


def table(*components: dict[str, Any], **entries: Any) -> dict[str, Any]:
    named = [{**c, "id": f"{c['id']}_{i}"} for i, c in enumerate(components)]
    return {"name": "Water", "service_type": "water", "unit": "KGAL", "components": named, **entries}


def blocks(*pairs: tuple[str | None, str], **entries: Any) -> dict[str, Any]:
    listed = [{"up_to": limit, "price": price} if limit else {"price": price} for limit, price in pairs]
    return charge("blocks", blocks=listed, **entries)


def said(content: dict[str, Any], rule: str, **known: Any) -> list[Finding]:
    return [f for f in lint(content, Context(**known)) if f.rule == rule]


@pytest.mark.parametrize("path", TARIFFS, ids=[p.stem for p in TARIFFS])
def test_nothing_stops_the_table_of_a_real_town(path: Path) -> None:
    assert stops(lint(json.loads(path.read_text()))) == ()


def test_a_table_that_the_engine_cannot_read_is_the_finding() -> None:
    (found,) = lint({"name": "Water", "service_type": "water", "components": [{"id": "a", "kind": "fixd"}]})
    assert (found.severity, found.place, found.rule) == ("stop", "components[0].kind", "reads")


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_table_says_the_lint_answers(seed: int) -> None:
    rng = Random(seed)
    services = (ServiceKind({"class": "a"}, {"units": Decimal(2)}, 2),)
    for made in a_town(rng):
        for _, content in made.versions:
            for table in (content, spoiled(rng, content)):
                found = lint(table, Context(before=content, starts=date(2026, 1, 1), services=services))
                assert all(f.problem and f.remedy for f in found)


def test_every_rule_has_a_name_of_its_own_and_a_sentence() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.about.endswith(".") for rule in RULES)


def test_days_without_a_rate_are_found_before_and_after() -> None:
    others = (Span(date(2025, 1, 1), date(2026, 7, 1)), Span(date(2027, 1, 1), None))
    days = {"starts": date(2026, 7, 15), "ends": date(2026, 12, 31), "versions": others}
    assert [f.problem for f in said(table(charge(amount="5")), "versions", **days)] == [
        "There would be no rate from Jul 1, 2026 to Jul 14, 2026.",
        "There would be no rate on Dec 31, 2026.",
    ]


def test_an_open_version_before_is_ended_and_is_no_overlap() -> None:
    open_one, later = Span(date(2025, 1, 1), None), Span(date(2026, 12, 1), None)
    content = table(charge(amount="5"))
    assert said(content, "versions", starts=date(2026, 7, 1), versions=(open_one,)) == []
    (found,) = said(content, "versions", starts=date(2026, 7, 1), versions=(later,))
    assert found.problem == "It overlaps the version from Dec 1, 2026."


def test_a_unit_that_the_meters_do_not_count_in_stops_it() -> None:
    (found,) = said(table(blocks((None, "3"))), "units", meter_units={"water": frozenset({"CCF", "KWH"})})
    assert found.problem == "Water meters count kWh, which cannot become thousand gallons."


def test_sewer_from_water_is_held_against_the_water_meters() -> None:
    content = table(blocks((None, "3")), service_type="sewer", use={"from": "water"})
    units = {"water": frozenset({"KWH"}), "sewer": frozenset({"GAL"})}
    (found,) = said(content, "units", meter_units=units)
    assert found.problem.startswith("Water meters count kWh")


def test_an_unknown_revenue_code_is_told_with_the_one_that_was_meant() -> None:
    (found,) = said(table(charge(amount="5")), "revenue_codes", revenue_codes=frozenset({"WATR", "SEWER"}))
    assert (found.place, found.remedy) == ("components[0].revenue_code", "Did you mean “WATR”?")


SEASONS = [{"name": "summer", "from": "05-01"}, {"name": "winter", "from": "10-01"}]


def test_a_season_without_a_row_stops_it() -> None:
    rows = {"5/8": {"summer": "4", "winter": "3"}, "1": {"summer": "5"}}
    content = table(charge(amount={"by": ["meter_size", "season"], "rows": rows}), seasons=SEASONS)
    (found,) = said(content, "missing_rows")
    assert (found.severity, found.problem) == ("stop", "There is no row for season winter.")
    assert found.place == "components[0].amount.rows[1]"


def test_a_size_that_another_charge_has_is_asked_about() -> None:
    amount = {"by": "meter_size", "rows": {"5/8": "4", "1": "5"}}
    price = {"by": "meter_size", "rows": {"5/8": "2"}}
    (found,) = said(table(charge(amount=amount), charge("per_unit", price=price)), "missing_rows")
    assert (found.severity, found.problem) == ("look", "There is no row for meter size 1.")


def test_otherwise_and_a_condition_of_its_own_leave_no_row_missing() -> None:
    amount = {"by": "meter_size", "rows": {"5/8": "4"}, "otherwise": "9"}
    price = {"by": "meter_size", "rows": {"1": "2"}}
    only_one = charge("per_unit", price=price, when={"meter_size": ["1"]})
    assert said(table(charge(amount=amount), only_one), "missing_rows") == []


def test_services_whose_size_has_no_row_are_counted() -> None:
    amount = {"by": "meter_size", "rows": {"5/8": "4", "1": "5"}}
    kinds = (
        ServiceKind({"meter_size": "3"}, {}, 12),
        ServiceKind({}, {}),
        ServiceKind({"meter_size": "1"}, {}),
    )
    stopped, looked = said(table(charge(amount=amount)), "fitting", services=kinds)
    assert stopped.problem == (
        "12 services do not fit: The rate table has no row for meter size “3”; it has 5/8, 1."
    )
    assert (looked.severity, looked.problem) == (
        "look",
        "1 service does not fit: The meter size is not known.",
    )


def test_a_number_that_a_service_lacks_is_told() -> None:
    content = table(charge(amount="5", times="carts"))
    kinds = (ServiceKind({}, {"carts": Decimal(2)}, 5), ServiceKind({}, {}, 3))
    (found,) = said(content, "fitting", services=kinds)
    assert found.problem == "3 services do not fit: The number of carts is not known."


def test_chosen_limits_that_do_not_rise_are_found() -> None:
    first = {"by": "meter_size", "rows": {"5/8": "5", "1": "10"}}
    listed = [{"up_to": first, "price": "3"}, {"up_to": "8", "price": "4"}, {"price": "5"}]
    (found,) = said(table(charge("blocks", blocks=listed)), "limits")
    assert found.problem == "A limit of 8 follows one of 10 for meter size 1."


def test_a_threshold_above_which_all_use_costs_less_than_the_minimum_is_found() -> None:
    # 40.00 up to 2; above it 13.00 for all use: 2 x 13.00 = 26.00, less than 40.00.
    whole = charge("minimum", amount="40", includes="2", beyond="all", blocks=[{"price": "13"}])
    (found,) = said(table(whole), "falling")
    assert found.problem == "“Minimum” falls from 40.00 at 2 thousand gallons to 26.00 just above."


def test_a_threshold_above_which_all_use_costs_more_is_none() -> None:
    # 24.64 up to 2; above it 2 x 13.00 = 26.00.
    whole = charge("minimum", amount="24.64", includes="2", beyond="all", blocks=[{"price": "13"}])
    assert said(table(whole), "falling") == []


def test_a_fall_between_two_limits_is_found_however_near_they_are() -> None:
    listed = blocks(("7", "3"), ("7.0004", "-5"), (None, "4"))
    (found,) = said(table(listed), "falling")
    assert found.problem == "“Blocks” falls with each of the thousand gallons above 7."


def test_a_fall_that_is_declared_is_none() -> None:
    assert said(table(blocks((None, "-5"), falls_with_use=True)), "falling") == []


def test_a_credit_per_unit_is_none_until_it_takes_more_than_the_price() -> None:
    assert said(table(blocks((None, "3")), charge("rider", price="-0.5")), "falling") == []
    (found,) = said(table(blocks((None, "3")), charge("rider", price="-3.5")), "falling")
    assert found.place == ""


def test_seven_dollars_a_gallon_stop_it() -> None:
    (found,) = said(table(blocks((None, "7.05")), unit="GAL"), "plausible")
    assert (found.severity, found.problem) == ("stop", "7.05 a gallon: far more than is usual.")
    assert said(table(blocks((None, "7.05"), per="1000"), unit="GAL"), "plausible") == []


def test_thousands_of_thousands_stop_it() -> None:
    (found,) = said(table(blocks((None, "7.05"), per="1000")), "plausible")
    assert (found.severity, found.remedy) == (
        "stop",
        "Check “per” and the unit of the table: both may be thousands.",
    )


def test_a_bill_that_leaps_from_one_version_to_the_next_is_asked_about() -> None:
    # 5,000 gallons: 5 x 3.00 = 15.00, then 5 x 12.00 = 60.00.
    old, new = table(blocks((None, "3"))), table(blocks((None, "12")))
    (found,) = said(new, "plausible", before=old)
    assert (found.severity, found.problem) == ("look", "A bill for 5,000 gallons goes from 15.00 to 60.00.")


def test_a_season_that_is_asked_for_and_not_declared_is_told() -> None:
    amount = {"by": "season", "rows": {"summer": "4", "winter": "3"}}
    (found,) = said(table(charge(amount=amount)), "seasons")
    assert found.problem == "It chooses by season, and the table declares no seasons."


def test_rows_that_no_day_reaches_are_told() -> None:
    amount = {"by": "season", "rows": {"summer": "4", "winter": "3", "autumn": "1"}}
    (found,) = said(table(charge(amount=amount), seasons=SEASONS), "never_reached")
    assert found.problem == "No day has season autumn."
    (found,) = said(table(charge(amount="5", when={"month": [13]})), "never_reached")
    assert (found.severity, found.place) == ("stop", "components[0].when.month")


def test_dated_values_outside_the_version_are_told() -> None:
    rows = [{"from": f"2026-{month:02}-01", "value": "0.03"} for month in (1, 5, 9)]
    content = table(charge("rider", price={"dated": rows}))
    (found,) = said(content, "never_reached", starts=date(2026, 6, 1))
    assert (found.severity, found.place) == ("look", "components[0].price.dated[0]")
    (found,) = said(content, "never_reached", starts=date(2025, 6, 1))
    assert (found.severity, found.problem) == ("stop", "There is no value from 2025-06-01 up to 2026-01-01.")


def test_a_block_inside_the_minimum_is_told() -> None:
    listed = [{"up_to": "2", "price": "3"}, {"price": "4"}]
    (found,) = said(table(charge("minimum", amount="20", includes="2", blocks=listed)), "never_reached")
    assert found.problem == "The minimum includes 2, so nobody pays the block up to 2."


def test_a_taxable_charge_below_the_tax_is_told() -> None:
    tax = charge("tax", tax_code="SALES", percent="5")
    content = table(charge(amount="5", taxable=True), tax, charge("per_unit", price="2", taxable=True))
    (found,) = said(content, "taxes")
    assert found.problem == "“Per_unit” is taxable, and no tax below it takes it."


def test_limits_by_days_in_a_prorated_table_are_cut_twice() -> None:
    by_days = blocks(("3", "2"), (None, "4"), limits_times={"op": "quotient", "of": ["days", "30"]})
    (found,) = said(table(by_days, proration={"full": "30"}), "double_proration")
    assert found.place == "components[0]"
    kept = {**by_days, "prorated": False}
    assert said(table(kept, proration={"full": "30"}), "double_proration") == []


def test_a_table_that_calls_itself_splittable_is_held_to_it() -> None:
    content = table(charge(amount="5"), charge("per_unit", price="2"), splittable=True)
    (found,) = said(content, "splitting")
    assert found.problem == "“Fixed” is not cut by days, and the table says that it is splittable."
    assert said({**content, "proration": {"full": "30"}}, "splitting") == []
