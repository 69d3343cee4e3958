"""Trying a table: the kinds of customer and the days that it tells apart, and its charges at a quantity."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import islice, product
from math import prod

from core.periods import Period
from rates.engine import RatingError, RatingFacts, ServiceUse, Tariff
from rates.engine.desk import Desk
from rates.engine.rounding import WORKING
from rates.lint.sheet import Sheet, asked_of, choices, nodes

DAYS = 30
MOST = 24
"""So many kinds and days are tried; a table that tells more apart is tried one attribute at a time."""
_ANY_DAY = date(2026, 1, 31)
_ONE = Decimal(1)
_GROUND = Decimal(100)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of customer on a day."""

    attributes: Mapping[str, str]
    day: date

    @property
    def words(self) -> str:
        """``class residential, meter size 2``; empty for a table that tells nobody apart."""
        return ", ".join(f"{n.replace('_', ' ')} {v}" for n, v in self.attributes.items())


def scenarios(sheet: Sheet) -> tuple[Scenario, ...]:
    """Each kind and day that the table tells apart, at most ``MOST``."""
    known = values_asked(sheet)
    days = _days(sheet)
    kinds = list(_kinds({n: sorted(v) for n, v in known.items()}, max(1, MOST // len(days))))
    return tuple(islice((Scenario(kind, day) for kind in kinds for day in days), MOST))


def values_asked(sheet: Sheet) -> dict[str, frozenset[str]]:
    """The values that the table knows of each attribute, in choices and conditions; not season and month."""
    found: dict[str, set[str]] = {}
    for row in choices(sheet.content):
        for name, _, keys in asked_of(row):
            found.setdefault(name, set()).update(keys)
    for node in nodes(sheet.content):
        when = node.content.get("when", {})
        for name, allowed in when.items() if isinstance(when, Mapping) else ():
            if not isinstance(allowed, Mapping):
                found.setdefault(name, set()).update(str(w) for w in allowed if w is not None)
    given = {"month"} | ({"season"} if sheet.season_names else set())
    return {n: frozenset(v) for n, v in found.items() if v and n not in given}


def _kinds(known: Mapping[str, list[str]], most: int) -> Iterator[dict[str, str]]:
    names = list(known)
    if prod(len(v) for v in known.values()) <= most:
        for found in product(*known.values()):
            yield dict(zip(names, found, strict=True))
        return
    first = {n: v[0] for n, v in known.items()}
    yield first
    for name, values in known.items():
        for value in values[1:]:
            yield {**first, name: value}


def _days(sheet: Sheet) -> tuple[date, ...]:
    first = sheet.context.starts or _ANY_DAY
    found = {first + timedelta(days=DAYS)}
    asks_month = any("month" in row.names for row in choices(sheet.content)) or any(
        "month" in node.content.get("when", ()) for node in nodes(sheet.content)
    )
    if asks_month:
        found = {date(first.year + 1, month, 28) for month in range(1, 13)}
    for season in sheet.content.get("seasons", ()):
        found.add(date.fromisoformat(f"{first.year + 1}-{_in_any_year(season['from'])}"))
    for node in nodes(sheet.content):
        rows = node.content.get("dated", ())
        found.update(d for r in rows if (d := date.fromisoformat(r["from"])) >= first)
    return tuple(sorted(found)[:12])


def _in_any_year(month_day: str) -> str:
    return "03-01" if month_day == "02-29" else month_day


def facts_of(sheet: Sheet, scenario: Scenario) -> RatingFacts:
    """Facts with which the table can be worked: one of everything that it counts."""
    tariff = sheet.tariff
    end = scenario.day + timedelta(days=1)
    unit = tariff.unit or "GAL"
    return RatingFacts(
        Period(end - timedelta(days=DAYS), end),
        DAYS,
        _ONE,
        unit,
        scenario.attributes,
        dict.fromkeys(tariff.numbers, _ONE),
        others=_others(sheet),
        other_use={service: ServiceUse(_ONE, unit) for service in tariff.needs},
        series=dict.fromkeys(_series(sheet), (_ONE,) * 12),
    )


def _others(sheet: Sheet) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for node in nodes(sheet.content):
        for name in node.content.get("of", ()) if isinstance(node.content.get("of"), list) else ():
            if isinstance(name, str) and "." in name:
                found[name] = found[f"{name}.billed"] = _GROUND
    return found


def _series(sheet: Sheet) -> Iterator[str]:
    """Names that stand where several numbers may stand, and the look-backs."""
    for entry in sheet.content.get("look_back", ()):
        yield entry["name"]
    for node in nodes(sheet.content):
        if "count" in node.content or node.content.get("op") == "average":
            yield from (n for n in node.content["of"] if isinstance(n, str) and n in sheet.tariff.numbers)


def charges_at(
    tariff: Tariff, facts: RatingFacts, figure: str, quantity: Decimal
) -> dict[str, Decimal] | None:
    """What each charge comes to, unrounded, with that figure at that quantity.

    ``None`` where the table has no answer: other rules speak of that.
    """
    with localcontext(WORKING):
        desk = Desk(tariff, facts)
        desk.figures[figure] = quantity
        found: dict[str, Decimal] = {}
        try:
            for derived in tariff.derive:
                desk.current = derived.name
                if derived.when.holds(desk):
                    desk.figures.setdefault(derived.name, derived.value.of(desk))
            for component in tariff.components:
                desk.current = component.head.id
                holds = not component.head.when.conditions or component.head.when.holds(desk)
                exact = component.work(desk).exact if holds else Decimal(0)
                desk.exact[component.head.id] = desk.billed[component.head.id] = exact
                found[component.head.id] = exact
        except RatingError:
            return None
        return found


def facts_with(facts: RatingFacts, use: Decimal, unit: str) -> RatingFacts:
    """The same facts with another use, of this service and of those it is measured by."""
    return replace(
        facts, use=use, unit=unit, other_use={name: ServiceUse(use, unit) for name in facts.other_use}
    )
