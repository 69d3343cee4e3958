"""The published schema, the reader and the list of kinds say the same."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # the package ships without types
import pytest

import rates.engine
from rates.engine import TariffError, parse_tariff
from rates.engine.components import COMPONENT_KINDS
from rates.engine.operations import OPERATIONS
from tests.unit.rate_engine_tables import component, table

SCHEMA: dict[str, Any] = json.loads((Path(rates.engine.__file__).parent / "schema.json").read_text())
TABLES = sorted((Path(rates.__file__ or "").parent / "tariffs").glob("*.json"))
JUDGE = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_every_table_of_the_project_fits_the_schema(path: Path) -> None:
    assert [e.message for e in JUDGE.iter_errors(json.loads(path.read_text()))] == []


def test_the_schema_lists_every_kind_of_charge_and_every_operation() -> None:
    listed = {ref["$ref"].rpartition("/")[2] for ref in SCHEMA["properties"]["components"]["items"]["oneOf"]}
    assert listed == {k.kind for k in COMPONENT_KINDS}
    assert set(SCHEMA["$defs"]["operation"]["properties"]["op"]["enum"]) == {o.name for o in OPERATIONS}


@pytest.mark.parametrize("kind", sorted({k.kind for k in COMPONENT_KINDS}))
def test_every_entry_that_the_schema_allows_is_known_to_the_reader(kind: str) -> None:
    for key in SCHEMA["$defs"][kind]["properties"]:
        charge: dict[str, Any] = {**component(kind), key: None}
        with pytest.raises(TariffError) as caught:
            parse_tariff(table(component("fixed", "first", amount="1"), charge))
        assert f"“{key}” is not known here" not in caught.value.problem


def test_no_kind_is_listed_twice_in_one_version() -> None:
    assert len({(k.kind, k.version) for k in COMPONENT_KINDS}) == len(COMPONENT_KINDS)


@pytest.mark.parametrize("amount", [7.05, "7,05", True, None, [], {"op": "add", "of": ["1"]}])
def test_what_the_reader_refuses_as_an_amount_the_schema_refuses_too(amount: object) -> None:
    content = table(component("fixed", amount=amount))
    assert not JUDGE.is_valid(content)
    with pytest.raises(TariffError):
        parse_tariff(content)


FIXED = component("fixed", amount="1")
WINTER = {
    "name": "winter",
    "of": "water",
    "months": [12, 1],
    "from": "04-01",
    "at_least": 2,
    "otherwise": "7",
}


@pytest.mark.parametrize(
    "content",
    [
        table(FIXED, dated_by="days", splittable=True, proration={"full": "30"}),
        table(FIXED, proration={"full": 30, "below": "25.5"}),
        table(FIXED, look_back=[WINTER, {"name": "peak", "what": "demand", "last": 11}]),
        table(
            {**FIXED, "taxable": True, "stops_at": "600", "falls_with_use": False}, prices_include_tax="10"
        ),
        table(FIXED, component("round_up", "gift", of=["all", "sewer.all"], step="0.05", basis="exact")),
    ],
)
def test_what_the_reader_takes_fits_the_schema(content: dict[str, Any]) -> None:
    assert [e.message for e in JUDGE.iter_errors(content)] == []
    assert parse_tariff(content).components


@pytest.mark.parametrize(
    "more",
    [
        {"dated_by": "middle"},
        {"proration": {"below": "25"}},
        {"proration": {"full": "0"}},
        {"proration": {"full": "30", "abov": "35"}},
        {"look_back": [{"name": "x"}]},
        {"look_back": [{"name": "x", "months": [1]}]},
        {"look_back": [{**WINTER, "last": 3}]},
        {"look_back": [{**WINTER, "months": [0]}]},
        {"look_back": [{"name": "x", "last": 0}]},
        {"prices_include_tax": "-10"},
        {"splittable": "yes"},
    ],
)
def test_what_the_reader_refuses_of_a_table_the_schema_refuses_too(more: dict[str, Any]) -> None:
    content = table(FIXED, **more)
    assert not JUDGE.is_valid(content)
    with pytest.raises(TariffError):
        parse_tariff(content)
