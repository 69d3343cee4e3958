"""Bills whose price changes inside the period and whose last charges come to exactly half a cent."""

from datetime import date
from random import Random
from typing import Any

from tests.oracle.account import Account
from tests.oracle.making.cases import Case
from tests.oracle.making.tables import Made


def a_half(rng: Random, name: str) -> Case:
    """July, 31 days, so that hardly any sum over its parts ends; the minimum and half of all do."""
    count = rng.randint(2, 6)
    changed = date(2026, 7, rng.randint(3, 30))
    made = Made([(date(2010, 1, 1), _table(rng, count)), (changed, _table(rng, count))], ("GAL",))
    return Case(name, ((made, Account(date(2026, 7, 1), date(2026, 8, 1), 31)),))


def _table(rng: Random, count: int) -> dict[str, Any]:
    ids = [f"c{index}" for index in range(count)]
    rows: list[dict[str, Any]] = [
        {"id": name, "kind": "fixed", "amount": f"{rng.randint(1, 99)}.{rng.randint(10, 99)}"} for name in ids
    ]
    rows.append({"id": "least", "kind": "minimum_bill", "of": ids, "amount": "999.005"})
    rows.append({"id": "half", "kind": "percent", "of": ids, "basis": "billed", "percent": "50"})
    components = [{"text": "A charge", "revenue_code": "R", **row} for row in rows]
    return {"name": "Halves", "service_type": "water", "dated_by": "days", "components": components}
