"""Made-up rate tables for what must hold for all of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from core.periods import Period
from tests.unit.rate_engine_tables import component, table

START = date(2026, 1, 1)

prices = st.decimals("0", "40", places=4).map(lambda d: f"{d:f}")
amounts = st.decimals("0", "90", places=2).map(lambda d: f"{d:f}")
per_cents = st.integers(0, 10).map(str)
daily_uses = st.decimals("0", "3", places=3)


@st.composite
def block_lists(draw: st.DrawFn) -> list[dict[str, str]]:
    limits = sorted(draw(st.sets(st.integers(1, 90), max_size=3)))
    return [*({"up_to": str(u), "price": draw(prices)} for u in limits), {"price": draw(prices)}]


ENTRIES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "fixed": st.fixed_dictionaries({"amount": amounts}),
    "per_unit": st.fixed_dictionaries({"price": prices}),
    "blocks": st.fixed_dictionaries({"blocks": block_lists()}),
    "minimum": st.fixed_dictionaries(
        {"amount": amounts, "includes": st.integers(0, 20), "blocks": block_lists()}
    ),
    "containers": st.fixed_dictionaries(
        {"quantity": st.just("carts"), "first": amounts, "additional": amounts}
    ),
    "bands": st.fixed_dictionaries(
        {
            "quantity": st.just("area"),
            "bands": amounts.map(lambda a: [{"up_to": "9", "amount": a}, {"amount": "7"}]),
        }
    ),
    "percent": st.fixed_dictionaries({"percent": per_cents, "basis": st.sampled_from(["exact", "billed"])}),
    "tax": st.fixed_dictionaries({"percent": per_cents, "tax_code": st.just("CITY")}),
    "minimum_bill": st.fixed_dictionaries({"amount": amounts}),
    "maximum_bill": st.fixed_dictionaries({"amount": amounts}),
}
ALONE = ["fixed", "per_unit", "blocks", "minimum", "containers", "bands"]


@st.composite
def independent(draw: st.DrawFn, identity: str) -> dict[str, Any]:
    """A charge that rests on no other; more use never makes it smaller."""
    kind = draw(st.sampled_from(ALONE))
    return component(kind, identity, taxable=draw(st.booleans()), **draw(ENTRIES[kind]))


@st.composite
def resting(draw: st.DrawFn, identity: str, on: Sequence[str], *, least: bool = False) -> dict[str, Any]:
    """A charge that rests on listed ones: a percentage, a tax, with ``least`` also a bound."""
    kind = draw(st.sampled_from(["percent", "tax", *(["minimum_bill", "maximum_bill"] if least else [])]))
    of = draw(st.lists(st.sampled_from(list(on)), min_size=1, max_size=3, unique=True))
    return component(kind, identity, of=of, **draw(ENTRIES[kind]))


@st.composite
def charges(draw: st.DrawFn, *, least: bool = False) -> list[dict[str, Any]]:
    """Some charges, those that rest on others behind them."""
    found = [draw(independent(f"c{i}")) for i in range(draw(st.integers(1, 4)))]
    for i in range(draw(st.integers(0, 3))):
        # What a minimum bill lacks and a maximum takes off falls with use; nothing rests on it alone.
        grounds = [c["id"] for c in found if c["kind"] not in ("minimum_bill", "maximum_bill")]
        found.append(draw(resting(f"r{i}", grounds, least=least and i == 0)))
    return found


@st.composite
def splittable_tables(draw: st.DrawFn) -> dict[str, Any]:
    """Tables that promise to be divisible: all fixed amounts and limits go by days."""
    full = draw(st.integers(20, 95))
    return table(*draw(charges()), proration={"full": str(full)}, splittable=True)


@st.composite
def divisions(draw: st.DrawFn, most: int = 2) -> list[Period]:
    """A period in parts that follow on each other."""
    days = draw(st.lists(st.integers(1, 45), min_size=2, max_size=most))
    found: list[Period] = []
    begin = START + timedelta(days=draw(st.integers(0, 700)))
    for n in days:
        found.append(Period(begin, begin + timedelta(days=n)))
        begin += timedelta(days=n)
    return found


def whole(parts: Sequence[Period]) -> Period:
    """The period that the parts make up."""
    return Period(parts[0].start, parts[-1].end)
