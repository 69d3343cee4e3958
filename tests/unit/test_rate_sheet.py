"""A rate table taken apart into the fields of its form, and put together again."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rates.engine import content_hash, parse_tariff
from rates.sheet import content_of, fields_of, flattened, nested
from rates.sheet.moves import moved
from rates.web.editor.beginnings import BEGINNINGS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "rates" / "tariffs", ROOT / "tests" / "golden" / "tariff_tables")
TABLES = sorted(path for folder in FOLDERS for path in folder.glob("*.json"))


def table_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def there_and_back(content: dict[str, Any]) -> dict[str, Any]:
    """Through the fields as a browser sends them."""
    written = content_of(nested(flattened(fields_of(content))))
    assert written.problems == []
    return written.content


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_nothing_of_a_table_is_lost_in_its_form(path: Path) -> None:
    content = table_of(path)
    assert content_hash(there_and_back(content)) == content_hash(content)


SCRAP = st.one_of(st.none(), st.booleans(), st.integers(-99, 9999), st.text("ab 1.5,/{", max_size=6))
NAMED = st.text("abby", max_size=4)
JSON = st.recursive(
    SCRAP,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMED, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(TABLES), st.data())
@settings(max_examples=150, deadline=None)
def test_even_what_the_form_does_not_know_comes_back_as_it_was(path: Path, data: st.DataObject) -> None:
    content = table_of(path)
    place: Any = content
    for _ in range(data.draw(st.integers(0, 4))):
        inner = [
            one
            for one in (place.values() if isinstance(place, dict) else place)
            if isinstance(one, dict | list)
        ]
        if not inner:
            break
        place = data.draw(st.sampled_from(inner))
    if isinstance(place, dict):
        place[data.draw(st.sampled_from(["by", "rows", "of", "amount", "when", "zz", *map(str, place)]))] = (
            data.draw(JSON)
        )
    elif place:
        place[data.draw(st.integers(0, len(place) - 1))] = data.draw(JSON)
    charges = content.get("components")
    # A table without charges, or with one that is no object, is kept by nobody: the engine refuses it.
    if isinstance(charges, list) and all(isinstance(charge, dict) and charge for charge in charges):
        assert content_hash(there_and_back(content)) == content_hash(content)


@pytest.mark.parametrize("one", BEGINNINGS, ids=lambda b: b.code)
def test_what_a_table_may_begin_with_can_be_read_by_the_engine(one: Any) -> None:
    for service in one.services or {"water", "refuse", "light"}:
        content = one.content("Town", service)
        assert parse_tariff(content).service_type == service
        assert there_and_back(content) == content


NAME = st.lists(
    st.sampled_from(
        [
            "components",
            "0",
            "1",
            "amount",
            "blocks",
            "rows",
            "keys",
            "one",
            "how",
            "cells",
            "cols",
            "when",
            "of",
        ]
        + [
            "kind",
            "up_to",
            "extra",
            "use",
            "cap",
            "seasons",
            "look_back",
            "months",
            "derive",
            "value",
            "²",
            "9" * 99,
        ]
    ),
    min_size=1,
    max_size=7,
).map(".".join)
TEXT = st.sampled_from(
    ["", "1", "blocks", "percent", "dated", "a+b+c", "?", "{", "null", '{"kind": []}', "²", "9" * 99]
)


@given(
    st.dictionaries(NAME, TEXT, max_size=12),
    st.sampled_from(["how components.0.amount", "kind 0", "up 0", "winter"]),
)
@settings(max_examples=200, deadline=None)
def test_fields_that_no_page_sends_do_no_harm(flat: dict[str, str], act: str) -> None:
    fields = nested(flat)
    assert isinstance(content_of(fields).content, dict)
    assert isinstance(content_of(moved(fields, act, {}).fields).content, dict)


def typed(**fields: Any) -> dict[str, Any]:
    charge = {"id": "a", "kind": "fixed", "text": "A", "revenue_code": "WATER", **fields}
    return {"name": "T", "service_type": "water", "components": [charge]}


def test_figures_are_taken_as_people_type_them() -> None:
    rows = [{"up_to": "3,000", "price": "$7.05"}, {"price": " 6.55 "}, {"up_to": "", "price": ""}]
    made = content_of(typed(kind="blocks", blocks={"how": "", "one": rows}, per="1,000")).content
    (charge,) = made["components"]
    assert charge["blocks"] == [{"up_to": "3000", "price": "7.05"}, {"price": "6.55"}]
    assert charge["per"] == "1000"


@pytest.mark.parametrize("day", ["May 1", "may 1", "5/1", "05-01", "5-1", "Sept. 30"])
def test_a_day_of_the_year_is_taken_as_people_type_it(day: str) -> None:
    seasons = [{"name": "summer", "from": day}]
    (season,) = content_of({**typed(), "seasons": seasons}).content["seasons"]
    assert season["from"] == ("09-30" if day.startswith("S") else "05-01")


def test_a_line_without_its_figure_is_told_at_its_field() -> None:
    amount = {"how": "meter_size", "rows": [{"keys": ["5/8"], "one": "9"}, {"keys": ["1"], "one": ""}]}
    (problem,) = content_of(typed(amount=amount)).problems
    assert problem.field == "components.0.amount.rows.1.one"
    assert "figure for 1" in problem.text


def test_a_size_listed_twice_is_told_and_not_dropped_in_silence() -> None:
    rows = [{"keys": ["1"], "one": "9"}, {"keys": ["1"], "one": "10"}]
    (problem,) = content_of(typed(amount={"how": "meter_size", "rows": rows})).problems
    assert "listed twice" in problem.text


def test_what_the_engine_refuses_is_found_at_the_field_it_was_typed_in() -> None:
    rows = [{"up_to": "", "price": ""}, {"up_to": "7", "price": "1"}, {"up_to": "5", "price": "2"}]
    written = content_of(typed(kind="blocks", blocks={"how": "", "one": rows}))
    assert written.field_at("components[0].blocks[1]") == "components.0.blocks.one.2.up_to"


def test_a_price_by_size_and_season_is_a_grid() -> None:
    rows = [{"keys": ["1"], "cells": ["2", "3", ""]}, {"keys": [""], "cells": ["", "", ""]}]
    grid = {"how": "meter_size+season", "cols": ["summer", "winter", ""], "rows": rows}
    (charge,) = content_of(typed(amount=grid)).content["components"]
    assert charge["amount"] == {"by": ["meter_size", "season"], "rows": {"1": {"summer": "2", "winter": "3"}}}


def charges(fields: dict[str, Any]) -> list[str]:
    return [c["id"] for c in fields["components"]]


def test_a_charge_that_rests_on_others_stays_behind_a_new_one() -> None:
    fields = moved(typed(), "add tax", {}).fields
    fields = moved(fields, "add blocks", {}).fields
    assert charges(fields) == ["a", "use", "sales_tax"]


def test_charges_move_and_go_and_a_copy_has_a_name_of_its_own() -> None:
    fields = moved(typed(), "copy 0", {}).fields
    assert charges(fields) == ["a", "a_2"]
    assert charges(moved(fields, "down 0", {}).fields) == ["a_2", "a"]
    assert charges(moved(fields, "drop 0", {}).fields) == ["a_2"]
    assert charges(moved(fields, "up 0", {}).fields) == ["a", "a_2"]


def test_one_amount_becomes_a_row_for_each_size_the_town_has() -> None:
    fields = typed(amount={"how": "meter_size", "one": "19.50"})
    (charge,) = moved(fields, "how components.0.amount", {"meter_size": ["5/8", "1"]}).fields["components"]
    assert [(r["keys"], r["one"]) for r in charge["amount"]["rows"]] == [(["5/8"], "19.50"), (["1"], "19.50")]


def test_the_winter_average_is_begun_as_ordinances_have_it() -> None:
    made = content_of(moved(typed(amount={"one": "1"}), "winter", {}).fields).content
    assert made["use"] == {"from": "water", "cap": "winter_average"}
    assert made["look_back"][0]["months"] == [12, 1, 2]
    assert made["derive"] == [{"name": "winter_average", "value": {"op": "average", "of": ["winter_water"]}}]


@pytest.mark.parametrize(
    ("ticked", "kept"),
    [(["1", "2", "12"], [12, 1, 2]), (["2", "11", "12", "1"], [11, 12, 1, 2]), (["5", "6", "4"], [4, 5, 6])],
)
def test_months_looked_back_on_are_a_stretch_through_the_year(ticked: list[str], kept: list[int]) -> None:
    past = [{"name": "winter_water", "of": "water", "months": ticked, "from": "07-01"}]
    assert content_of({**typed(), "look_back": past}).content["look_back"][0]["months"] == kept


@pytest.mark.parametrize(
    "act", ["", "drop 9", "how ../x", "less components.x", "more a b", "when 7 x", "add zz"]
)
def test_a_move_that_nobody_meant_changes_nothing(act: str) -> None:
    assert moved(typed(), act, {}).fields == typed()
