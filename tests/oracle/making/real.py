"""Random accounts for tables as towns publish them: whatever the table asks for, it is told something."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from tests.oracle.account import Account, Metered
from tests.oracle.making.accounts import EDGES, a_period, a_use
from tests.oracle.making.cases import Case
from tests.oracle.making.tables import Made
from tests.oracle.resting import figures

METERS = {
    "GAL": ("GAL", "KGAL", "CF"),
    "KGAL": ("KGAL", "GAL", "CCF"),
    "CCF": ("CCF", "CF", "GAL"),
    "UNIT": ("UNIT", "GAL", "KGAL"),
    "THERM": ("CCF", "THERM"),
}


def a_real_case(rng: Random, table: dict[str, Any], name: str) -> Case:
    """An account whose attributes are among those that the table has rows for, as a rule."""
    start, end = a_period(rng, rng.choice(EDGES))
    unit = rng.choice(METERS.get(table.get("unit", ""), (table.get("unit") or "GAL",)))
    account = Account(start, end, (end - start).days, attributes=_attributes(rng, table))
    asked = figures([table.get(e) for e in ("use", "derive", "look_back", "components")])
    numbers = {figure: _number(rng, figure) for figure in sorted(asked) if rng.random() < 0.98}
    account = replace(
        account,
        use=a_use(rng, table, unit),
        unit=unit,
        numbers={figure: found for figure, found in numbers.items() if not _is_series(figure)},
        series={figure: _some(rng, figure) for figure in numbers if _is_series(figure)},
        other_use={"water": Metered(a_use(rng, table, unit), unit)},
        others=_others(rng, table),
    )
    return Case(name, ((Made([(date(2000, 1, 1), table)], (unit,)), account),))


def _is_series(figure: str) -> bool:
    """Series come before numbers of the same name, so only these names have one."""
    return "winter" in figure or "prev" in figure


def _some(rng: Random, figure: str) -> tuple[Fraction, ...]:
    return tuple(_number(rng, figure) for _ in range(rng.randint(1, 12)))


def _number(rng: Random, figure: str) -> Fraction:
    if figure == "pf":
        return Fraction(rng.randint(60, 100), 100)
    return rng.choice(
        (Fraction(rng.randint(0, 60)), Fraction(rng.randint(0, 90_000), rng.choice((1, 10, 100))))
    )


def _others(rng: Random, table: dict[str, Any]) -> dict[str, Fraction]:
    found = {}
    for charge in table["components"]:
        for name in charge.get("of", ()):
            if "." in name:
                cents = rng.randint(0, 90_000)
                found[name] = Fraction(cents * 10 + rng.randint(-5, 4), 1000)
                found[f"{name}.billed"] = Fraction(cents, 100)
    return found


def _attributes(rng: Random, table: Any) -> dict[str, str]:
    known: dict[str, set[str]] = defaultdict(set)
    _collect(table, known)
    return {name: rng.choice(sorted(rows)) for name, rows in sorted(known.items()) if rng.random() < 0.98}


def _collect(written: Any, known: dict[str, set[str]]) -> None:
    if isinstance(written, list):
        for inner in written:
            _collect(inner, known)
    if not isinstance(written, dict):
        return
    if "rows" in written:
        level = [written["rows"]]
        for name in written["by"] if isinstance(written["by"], list) else [written["by"]]:
            known[name] |= {key for rows in level for key in rows}
            level = [inner for rows in level for inner in rows.values()]
    for name, asked in (written.get("when") or {}).items():
        if isinstance(asked, list):
            known[name] |= {str(one) for one in asked if one is not None} | {"another"}
    for inner in written.values():
        _collect(inner, known)
