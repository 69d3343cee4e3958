"""Every rate table the product brings can be read out to a person, nothing left out and nothing bent."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rates.engine import content_hash, parse_tariff
from rates.web.reading import Prices, arranged, choices_in, in_order, read_out

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "rates" / "tariffs", ROOT / "tests" / "golden" / "tariff_tables")
TABLES = sorted(path for folder in FOLDERS for path in folder.glob("*.json"))


def content_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def figures(prices: tuple[Prices, ...]) -> list[str]:
    return [row[-1] for grid in prices for row in grid.rows]


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_every_charge_of_a_table_is_read_out_in_its_own_words(path: Path) -> None:
    content = content_of(path)
    shown = read_out(content)
    assert [c.text for c in shown.charges] == [c["text"] for c in content["components"]]
    assert all(c.says or c.prices for c in shown.charges)


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_every_attribute_a_table_asks_for_has_its_choices(path: Path) -> None:
    content = content_of(path)
    assert parse_tariff(content).attributes <= set(choices_in(content))


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_arranging_a_table_changes_nothing_it_says(path: Path) -> None:
    content = content_of(path)
    assert content_hash(arranged(content)) == content_hash(content)


def test_block_prices_are_read_out_with_every_digit_they_have() -> None:
    shown = read_out(content_of(ROOT / "rates" / "tariffs" / "council-bluffs-water.json"))
    usage, minimum = shown.charges
    assert usage.prices[0].rows == (
        ("the first 15", "3.85"),
        ("over 15 to 300", "2.85"),
        ("over 300", "1.85"),
    )
    assert minimum.prices[0].rows[0] == ("5/8", "13.76")
    assert all(re.fullmatch(r"[\d,]+\.\d{2,}", figure) for figure in figures(minimum.prices))


def test_meter_sizes_stand_in_the_order_of_their_size() -> None:
    assert in_order(["1", "2", "10", "3/4", "5/8", "1 1/2"]) == ["5/8", "3/4", "1", "1 1/2", "2", "10"]
