"""Random accounts at the edges of a table: at its limits, its days and its seasons."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from tests.oracle.account import Account, Metered
from tests.oracle.exact import is_number
from tests.oracle.making.tables import UNITS, Made
from tests.oracle.making.values import ATTRIBUTES, NUMBERS, SERIES

EDGES = (
    *(date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 3, 1)),
    *(date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 1), date(2026, 6, 1), date(2026, 10, 1)),
    *(date(2027, 12, 15), date(2028, 2, 29), date(2026, 6, 19), date(2023, 4, 15)),
)


def a_period(rng: Random, near: date) -> tuple[date, date]:
    """Around a day: a month, two months, some days, one day."""
    length = rng.choice((30, 30, 31, 28, 29, 22, 24, 25, 35, 36, 61, 92, 1, rng.randint(2, 70)))
    start = near - timedelta(days=rng.choice((0, 1, 30, length, length - 1, rng.randint(0, length))))
    return start, start + timedelta(days=length)


def make_account(rng: Random, near: date) -> Account:
    """What is known of the account apart from its services."""
    start, end = a_period(rng, near)
    attributes = {name: rng.choice(known) for name, known in ATTRIBUTES.items() if rng.random() < 0.96}
    if rng.random() < 0.06:
        attributes["class"] = "other"
    if rng.random() < 0.3:
        attributes["season"] = "summer"
    if rng.random() < 0.05:
        attributes["month"] = "13"
    numbers = {
        "units": Fraction(rng.choice((1, 1, 2, 3, 10, 0))),
        "kw": Fraction(rng.randint(0, 9000), 100),
        "pf": Fraction(rng.randint(70, 100), 100),
        "area": Fraction(rng.choice((0, 2000, 2001, rng.randint(0, 9000)))),
    }
    if rng.random() < 0.04:
        numbers.pop(rng.choice(NUMBERS))
    return Account(
        start,
        end,
        (end - start).days if rng.random() < 0.97 else rng.randint(1, 70),
        attributes=attributes,
        numbers=numbers,
        series={name: tuple(_some(rng)) for name in SERIES if rng.random() < 0.98},
        exempt=frozenset(code for code in ("SALES", "STATE") if rng.random() < 0.1),
    )


def _some(rng: Random) -> Iterator[Fraction]:
    for _ in range(rng.choice((1, 2, 3, 4, 4, 5, 12)) if rng.random() < 0.97 else 0):
        yield Fraction(rng.randint(0, 200), rng.choice((1, 10)))


def for_service(rng: Random, account: Account, made: Made) -> Account:
    """The account with the use, past and charges so far of one service."""
    table = made.table
    if rng.random() < 0.97:
        unit = rng.choice(made.meters) if rng.random() < 0.5 else made.meters[0]
        account = replace(account, use=a_use(rng, table, unit), unit=unit)
    past = {}
    for entry in table.get("look_back", []):
        if rng.random() < 0.9:
            unit = "KW" if entry.get("what") == "demand" else rng.choice(made.meters)
            count = rng.choice((0, 1, 2, 3, 11))
            past[entry["name"]] = tuple(Metered(a_use(rng, table, unit), unit) for _ in range(count))
            if entry.get("what") == "days":
                past[entry["name"]] = tuple(Metered(Fraction(rng.randint(1, 62)), unit) for _ in range(count))
        if rng.random() < 0.1:
            account = replace(account, series={**account.series, entry["name"]: tuple(_some(rng))})
    stops = [charge["id"] for charge in table["components"] if "stops_at" in charge]
    charged = {name: Fraction(rng.randint(0, 30000), 100) for name in stops if rng.random() < 0.8}
    return replace(account, past=past, charged=charged)


def a_use(rng: Random, table: dict[str, Any], unit: str) -> Fraction:
    """At a limit or beside it, nothing, very much, or something ordinary."""
    roll = rng.random()
    usual = Fraction(UNITS.get(unit, (30, ()))[0])
    edges = sorted(limits(table["components"]))
    if roll < 0.06:
        return Fraction(0)
    if roll < 0.08:
        return -Fraction(rng.randint(1, 500), 10)
    if roll < 0.12:
        return Fraction(rng.randint(10**9, 10**12), rng.choice((1, 1000)))
    if roll < 0.6 and edges:
        edge = rng.choice(edges)
        if rng.random() < 0.2:
            edge *= rng.choice((2, Fraction(1, 2), 3))
        if rng.random() < 0.1:
            edge *= 1000
        return max(Fraction(0), edge + rng.choice((0, 0, Fraction(1, 100), -Fraction(1, 100), 1, -1)))
    return Fraction(rng.randint(0, int(usual * 3000)), 1000)


def limits(written: Any) -> Iterator[Fraction]:
    """The limits that are written anywhere in a table."""
    if isinstance(written, dict):
        for entry, inner in written.items():
            if entry in ("up_to", "includes", "cap", "less") and is_number(inner):
                yield Fraction(inner)
            else:
                yield from limits(inner)
    elif isinstance(written, list):
        for inner in written:
            yield from limits(inner)
