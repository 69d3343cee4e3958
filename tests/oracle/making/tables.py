"""Random tables, one service each, and the versions that follow them."""

import copy
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.making.charges import KINDS, RESTING, Charges
from tests.oracle.making.values import SEASONS, Words
from tests.oracle.resting import figures

# Unit, what a usual use comes to in it, and units that its meters may count in.
UNITS: dict[str, tuple[float, tuple[str, ...]]] = {
    "GAL": (6000, ("GAL", "KGAL", "CF", "CCF")),
    "KGAL": (8, ("KGAL", "GAL", "CCF", "CF")),
    "CCF": (12, ("CCF", "CF", "KGAL")),
    "CF": (900, ("CF", "GAL")),
    "KWH": (700, ("KWH",)),
    "THERM": (40, ("THERM", "CCF", "CF")),
    "UNIT": (9, ("UNIT", "GAL", "KGAL")),
}
CONVENTIONS: dict[str, list[dict[str, Any]]] = {
    "CCF": [{"code": "CCF", "equals": "748", "of": "GAL"}],
    "KGAL": [{"code": "CCF", "equals": "748", "of": "GAL"}],
    "GAL": [{"code": "KGAL", "equals": "133.7", "of": "CF"}],
    "THERM": [{"code": "CCF", "equals": "1.085", "of": "THERM"}],
    "UNIT": [{"code": "UNIT", "label": "units", "equals": "750", "of": "GAL"}],
}


@dataclass
class Made:
    """The versions of one service's table, each with the day it begins on, and what its meters count in."""

    versions: list[tuple[date, dict[str, Any]]]
    meters: tuple[str, ...]

    @property
    def table(self) -> dict[str, Any]:
        """The last version."""
        return self.versions[-1][1]


def make_service(rng: Random, service: str, before: list[Made], near: date) -> Made:
    """A table that may rest on those before it, in one to three versions."""
    words = Words(rng, near, services=tuple(str(made.table["service_type"]) for made in before))
    table = _frame(words, service)
    unit = table.get("unit")
    words.has_use = unit is not None
    charges = Charges(words, UNITS[unit][0] if unit else 30, listed(before), prorates="proration" in table)
    table["components"] = []
    for index in range(rng.choice((1, 2, 3, 3, 4, 5, 6, 7))):
        kind = rng.choice(KINDS)
        table["components"].append(charges.make(f"c{index}_{kind[:3]}", kind, table["components"]))
    versions = [(near - timedelta(days=5000), table)]
    if table.get("dated_by") == "days" or words.chance(0.15):
        for count in range(rng.choice((0, 1, 1, 1, 2, 2))):
            begins = near + timedelta(days=rng.randint(-25, 0) if count == 0 else rng.randint(1, 25))
            versions.append((begins, _next_version(versions[-1][1], charges)))
    return Made(versions, UNITS[unit][1] if unit else ("GAL", "KWH"))


def listed(before: list[Made]) -> list[str]:
    """What charges may rest on in the services before."""
    found = []
    for made in before:
        service = made.table["service_type"]
        found += [f"{service}.{charge['id']}" for charge in made.table["components"]]
        found += [f"{service}.all", f"{service}.missing"]
    return found


def _frame(words: Words, service: str) -> dict[str, Any]:
    """Everything but the charges."""
    rng, chance = words.rng, words.chance
    table: dict[str, Any] = {"name": f"Town {service}", "service_type": service}
    if chance(0.9):
        known = list(UNITS)
        table["unit"] = rng.choice(known[:4] if words.services and chance(0.93) else known)
        if table["unit"] in ("UNIT", "THERM") or (chance(0.4) and table["unit"] in CONVENTIONS):
            table["units"] = copy.deepcopy(CONVENTIONS[table["unit"]])
    elif chance(0.5):
        table["billed_in"] = rng.choice(([3, 6, 9, 12], [1], [12, 6]))
    if chance(0.5):
        table["seasons"] = _seasons(words)
        words.seasons = tuple(dict.fromkeys(season["name"] for season in table["seasons"]))
    if chance(0.6):
        table["dated_by"] = rng.choice(("end", "start", "days", "days", "days"))
    if chance(0.25):
        table["currency_rounding"] = rng.choice(("total", "total", "charge"))
    if chance(0.35):
        table["proration"] = _proration(words)
    if chance(0.15):
        table["prices_include_tax"] = rng.choice(("10", "7", "8.25", 20))
    words.has_use = False
    if chance(0.35):
        table["look_back"] = _look_back(words, service, has_unit="unit" in table)
        words.look_backs = [entry["name"] for entry in table["look_back"]]
        words.taken = figures([entry.get("otherwise") for entry in table["look_back"]])
    makers = [("use", _use), ("derive", _derive)]
    rng.shuffle(makers)
    for entry, make in makers:
        # What the use rests on cannot rest on the use.
        words.has_use = "unit" in table and entry == "derive" and makers[0][0] == "use"
        if chance(0.5) and (entry == "derive" or "unit" in table):
            table[entry] = make(words)
            words.taken = words.taken | figures(table[entry])  # what the use rests on is nobody's other name
    return table


def _seasons(words: Words) -> list[dict[str, str]]:
    begins = sorted(
        words.rng.sample(("01-01", "02-29", "03-01", "04-15", "05-01", "09-30", "10-01", "12-31"), 2)
    )
    if words.chance(0.3):
        begins = sorted({*begins, "07-15"})
    names = words.rng.sample(SEASONS, len(begins))
    return [{"name": name, "from": day} for name, day in zip(names, begins, strict=True)]


def _proration(words: Words) -> dict[str, Any]:
    found: dict[str, Any] = {"full": words.rng.choice(("30", 30, "30.4", "61"))}
    if words.chance(0.5):
        found["below"] = words.rng.choice(("25", "28", 30))
    if words.chance(0.5):
        found["above"] = words.rng.choice(("31", "35", 33))
    return found


def _look_back(words: Words, service: str, *, has_unit: bool) -> list[dict[str, Any]]:
    found = []
    for name in words.rng.sample(
        ("winter_use", "past_kw", "last_year", "past_days"), words.rng.randint(1, 2)
    ):
        entry: dict[str, Any] = {"name": name}
        if words.chance(0.5):
            entry["of"] = words.rng.choice((*words.services, service))
        if words.chance(0.5):
            entry |= {"months": [12, 1, 2], "from": "04-01"}
        else:
            entry["last"] = words.bare("12")
        if name == "past_kw" or not has_unit:
            entry["what"] = "demand"
        if name == "past_days":
            entry["what"] = "days"
        if words.chance(0.6):
            entry["at_least"] = words.bare(str(words.rng.randint(1, 3)))
        if words.chance(0.75):
            entry["otherwise"] = words.value(lambda: words.number(0, 12, 1))
        found.append(entry)
    return found


def _use(words: Words) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    if words.services and words.chance(0.6):
        rule["from"] = words.rng.choice(words.services)
    if words.chance(0.4):
        rule["factor"] = words.value(lambda: words.number(0.5, 1.5, 2))
    if words.chance(0.3):
        rule["less"] = words.value(lambda: words.number(0, 3, 1))
    if words.chance(0.3):
        rule["at_least"] = words.value(lambda: words.number(0, 3, 1))
    if words.chance(0.4):
        rule["cap"] = _cap(words)
    if words.chance(0.4):
        rule["rounding"] = words.rounding()
    return rule


def _cap(words: Words) -> Any:
    roll = words.rng.random()
    if roll < 0.15:
        return None
    if roll < 0.4:
        return words.choice(lambda: None if words.chance(0.4) else words.number(5, 20, 1))
    if roll < 0.6:
        return {"op": "average", "of": [words.series()]}
    return words.value(lambda: words.number(2, 9000, 0))


def _derive(words: Words) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for picked in words.rng.sample(("billing_kw", "surfaces", "extra"), words.rng.randint(1, 3)):
        value = words.operation(lambda: words.number(0, 40, 2))
        name = (
            "kw" if not found and words.chance(0.3) and "kw" not in figures(value) | words.taken else picked
        )
        entry: dict[str, Any] = {"name": name, "value": value}
        if words.chance(0.3):
            when = words.when()
            entry |= {} if name in when else {"when": when}
        found.append(entry)
        words.derived.append(name)
    return found


def _next_version(table: dict[str, Any], charges: Charges) -> dict[str, Any]:
    """The same table with new prices, now and then with a charge more, less or elsewhere."""
    words, rng = charges.words, charges.rng
    after = copy.deepcopy(table)
    rows: list[dict[str, Any]] = []
    gone = set()
    for charge in after["components"]:
        if words.chance(0.12) and len(after["components"]) > 1:
            gone.add(charge["id"])
            continue
        if words.chance(0.15):
            kind = rng.choice(KINDS)
            there = {c["id"] for c in [*after["components"], *rows]}
            fresh = (f"n{rng.randint(1000, 9999)}_{kind[:3]}" for _ in iter(int, 1))
            rows.append(charges.make(next(name for name in fresh if name not in there), kind, rows))
        rows.append(charges.make(charge["id"], charge["kind"], rows) if words.chance(0.6) else charge)
    if not rows:
        return after
    if words.chance(0.04) and len(rows) > 1 and rows[-1]["kind"] not in RESTING:
        rows = [rows[-1], *rows[:-1]]
    after["components"] = _mended(rows)
    if words.chance(0.2):
        after["currency_rounding"] = rng.choice(("total", "charge"))
    return after


def _mended(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, resting on charges that are there and above."""
    above: list[str] = []
    for row in rows:
        if "of" in row:
            kept = [name for name in row["of"] if "." in name or name == "all" or name in above]
            row["of"] = kept or ["all"]
        elif row["kind"] == "tax" and not any(r.get("taxable") for r in rows[: len(above)]):
            row["of"] = ["all"]
        above.append(row["id"])
    return rows
