"""Worked bills that utilities publish, rated through our tables and compared to the cent.

``basis`` says how strong a case is: figures of ``published``, ``published-partial``, ``code-test`` and
``generic`` cases are printed by the source; ``derived`` ones were computed from its rates.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.periods import Period
from rates.engine import Rating, RatingFacts, ServiceUse, parse_tariff, rate

HERE = Path(__file__).parent
FOLDERS = (HERE.parents[1] / "rates" / "tariffs", HERE / "tariff_tables")
CASES: list[dict[str, Any]] = json.loads((HERE / "tariff_cases.json").read_text())


def _table(name: str) -> dict[str, Any]:
    found = next(path for f in FOLDERS if (path := f / f"{name}.json").exists())
    content: dict[str, Any] = json.loads(found.read_text())
    return content


def _rated(case: dict[str, Any]) -> dict[str, Rating]:
    """The ratings of a bill by service type; each knows the charges and the use of those before it."""
    period = Period(*map(date.fromisoformat, case["period"]))
    ratings: dict[str, Rating] = {}
    others: dict[str, Decimal] = {}
    uses: dict[str, ServiceUse] = {}
    for bill in case["bills"]:
        tariff = parse_tariff(_table(bill["tariff"]))
        given = {s: ServiceUse(Decimal(u["use"]), u["unit"]) for s, u in bill.get("other_use", {}).items()}
        use = Decimal(bill["use"]) if "use" in bill else None
        facts = RatingFacts(
            period,
            period.days,
            use,
            bill.get("unit"),
            bill.get("attributes", {}),
            {n: Decimal(v) for n, v in bill.get("numbers", {}).items()},
            others=dict(others),
            other_use={**uses, **given},
            series={n: tuple(map(Decimal, v)) for n, v in bill.get("series", {}).items()},
        )
        rating = ratings[tariff.service_type] = rate(tariff, facts)
        others |= rating.others(tariff.service_type)
        if use is not None:
            uses[tariff.service_type] = ServiceUse(use, bill["unit"])
    return ratings


def _charge(ratings: dict[str, Rating], name: str) -> Decimal:
    """The charge on the bill; one that the table has but does not show is 0.00, an unknown one fails."""
    service, _, component = name.partition(".")
    shown = {c.component: c.amount for c in ratings[service].charges}
    assert component in ratings[service].worked
    return shown.get(component, Decimal("0.00"))


@pytest.mark.parametrize("case", CASES, ids=[f"{c['basis']}-{c['id']}" for c in CASES])
def test_the_bill_is_the_published_one(case: dict[str, Any]) -> None:
    expected, ratings = case["expected"], _rated(case)
    charges = {name: _charge(ratings, name) for name in expected["charges"]}
    assert charges == {n: Decimal(v) for n, v in expected["charges"].items()}
    figures = {n: v for r in ratings.values() for n, v in r.figures.items()}
    assert {n: figures[n] for n in expected["figures"]} == {
        n: Decimal(v) for n, v in expected["figures"].items()
    }
    if expected["total"] is not None:
        billed = {name.partition(".")[0] for name in expected["charges"]}
        assert sum(ratings[s].total for s in billed) == Decimal(expected["total"])


def test_every_case_expects_something() -> None:
    empty = [c["id"] for c in CASES if not (c["expected"]["charges"] or c["expected"]["figures"])]
    assert empty == []


@pytest.mark.parametrize("path", sorted(p for f in FOLDERS for p in f.glob("*.json")), ids=lambda p: p.stem)
def test_every_table_names_its_source_and_date(path: Path) -> None:
    content = json.loads(path.read_text())
    assert content["source"]
    assert content["effective"]
    assert parse_tariff(content).components
