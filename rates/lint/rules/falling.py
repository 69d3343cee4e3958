"""A charge, or the whole bill, that falls when use rises.

Exact, not by samples: between the quantities at which a table changes its price a charge is a straight
line, so it is enough to look at each of them, just above it, and at the next.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from rates.engine.components import Component
from rates.engine.lookups import Figure
from rates.engine.wording import shown
from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.scenarios import Scenario, charges_at, facts_of, scenarios
from rates.lint.sheet import Sheet, nodes, number

_JUST = Decimal("0.000001")
_CENT = Decimal("0.01")
_MOST = 40
_LIMITS = ("up_to", "includes", "at_least", "at_most", "below", "first_count", "cap", "less")
_CREDITS = ("rider",)
"""Kinds that may be credits per unit; alone they fall, and only the whole bill must not."""


class Fall(NamedTuple):
    """From one quantity to the next the amount falls."""

    start: Decimal
    end: Decimal
    high: Decimal
    low: Decimal


def _check(sheet: Sheet) -> Iterator[Finding]:
    declared = {n.content["id"] for n in sheet.components() if n.content.get("falls_with_use")}
    said: set[str] = set()
    figures = {f for c in sheet.tariff.components if (f := _figure(c))}
    for figure in sorted(figures):
        points = _points(sheet)
        for scenario in scenarios(sheet):
            for place, finding in _falls(sheet, scenario, figure, points, declared):
                if place not in said and not (place == "" and said):
                    said.add(place)
                    yield finding


def _is_use(figure: str) -> bool:
    """Of other counts (switches, areas) credits are usual; only amounts above zero must not fall."""
    return figure == "use" or figure.endswith(".use")


def _figure(component: Component) -> str | None:
    value = getattr(getattr(component, "quantity", None), "value", None)
    return value.name if isinstance(value, Figure) else None


def _falls(
    sheet: Sheet, scenario: Scenario, figure: str, points: list[Decimal], declared: set[str]
) -> Iterator[tuple[str, Finding]]:
    worked = _worked(sheet, scenario, figure, points)
    places = {n.content["id"]: n for n in sheet.components()}
    for component in sheet.tariff.components:
        head = component.head
        held = figure in places[head.id].content.get("when", {})
        if (
            _figure(component) == figure
            and head.id not in declared
            and head.kind not in _CREDITS
            and not held
        ):
            fall = _first_fall([(q, found[head.id]) for q, found in worked])
            if fall is not None and (_is_use(figure) or fall.low >= 0):
                place = places[head.id].place
                yield place, _said(place, f"“{head.text}”", fall, figure, sheet, scenario)
    if not declared and _is_use(figure):
        fall = _first_fall([(q, sum(found.values(), Decimal(0))) for q, found in worked])
        if fall is not None:
            yield "", _said("", "The bill", fall, figure, sheet, scenario)


def _worked(
    sheet: Sheet, scenario: Scenario, figure: str, points: list[Decimal]
) -> list[tuple[Decimal, Mapping[str, Decimal]]]:
    facts = facts_of(sheet, scenario)
    found: list[tuple[Decimal, Mapping[str, Decimal]]] = []
    for point in points:
        for quantity in (point, point + _JUST):
            charges = charges_at(sheet.tariff, facts, figure, quantity)
            if charges is not None:
                found.append((quantity, charges))
    return found


def _first_fall(amounts: list[tuple[Decimal, Decimal]]) -> Fall | None:
    for (start, high), (end, low) in zip(amounts, amounts[1:], strict=False):
        if low < high:
            return Fall(start, end, high, low)
    return None


def _points(sheet: Sheet) -> list[Decimal]:
    """Every quantity at which a price may change, with two beyond the last.

    Limits of the table, also times the days and the counts it scales them by, and one step further where
    quantities are rounded.
    """
    found = {Decimal(0)}
    for node in nodes(sheet.content):
        found.update(n for key in _LIMITS if (n := number(node.content.get(key))) is not None)
        if "op" in node.content:
            found.update(n for v in node.content["of"] if (n := number(v)) is not None)
        rounding: Any = node.content.get("rounding")
        step = number(rounding.get("step", "1")) if isinstance(rounding, Mapping) else None
        if step is not None:
            found.update({step, step * 2})
    kept = sorted(n for n in found if n >= 0)[:_MOST]
    last = kept[-1] or Decimal(1)
    return [*kept, last * 2, last * 3]


def _said(place: str, what: str, fall: Fall, figure: str, sheet: Sheet, scenario: Scenario) -> Finding:
    unit = sheet.tariff.unit_label if figure == "use" else figure.replace("_", " ")
    whom = f" ({scenario.words})" if scenario.words else ""
    at = f"{shown(fall.start.quantize(Decimal('0.001')).normalize())} {unit}"
    if fall.high - fall.low < _CENT:
        how = f"with each of the {unit} above {shown(fall.start)}"
    elif fall.end - fall.start == _JUST:
        how = f"from {fall.high:,.2f} at {at} to {fall.low:,.2f} just above"
    else:
        how = f"from {fall.high:,.2f} at {at} to {fall.low:,.2f} at {shown(fall.end)}"
    return Finding(
        "stop",
        place,
        f"{what} falls {how}{whom}.",
        "Correct the amounts; or, if the ordinance wants it so, mark the charge “falls_with_use”: true.",
        RULE.name,
    )


RULE = Rule("falling", "A charge that falls when use rises.", _check)
