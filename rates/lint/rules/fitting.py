"""Services of the table that it cannot price: no row for their meter size or class, no number, no unit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from rates.engine import RatingError
from rates.engine.desk import Desk
from rates.lint.findings import Finding, ServiceKind
from rates.lint.rules.rule import Rule
from rates.lint.scenarios import Scenario, facts_of, scenarios
from rates.lint.sheet import Sheet


def _check(sheet: Sheet) -> Iterator[Finding]:
    counted: Counter[tuple[str, str, str]] = Counter()
    for kind in sheet.context.services:
        for wrong in misfits(sheet, kind):
            counted[(wrong.component, wrong.problem, wrong.remedy)] += kind.count
    places = {n.content["id"]: n.place for n in sheet.components()}
    for (component, problem, remedy), count in counted.items():
        whose = "1 service does" if count == 1 else f"{count:,} services do"
        yield Finding(
            "look" if "not known" in problem else "stop",
            places.get(component, "use" if component == "use" else "derive"),
            f"{whose} not fit: {problem}",
            remedy,
            RULE.name,
        )


def misfits(sheet: Sheet, kind: ServiceKind) -> tuple[RatingError, ...]:
    """Why the table cannot price such a service, each reason once; a use of one unit is assumed."""
    found: dict[str, RatingError] = {}
    for day in {s.day for s in scenarios(sheet)}:
        facts = replace(facts_of(sheet, Scenario(kind.attributes, day)), numbers=dict(kind.numbers))
        desk = Desk(sheet.tariff, facts)
        for wrong in _worked(sheet, desk):
            found.setdefault(wrong.problem, wrong)
    return tuple(found.values())


def _worked(sheet: Sheet, desk: Desk) -> Iterator[RatingError]:
    for derived in sheet.tariff.derive:
        desk.current = derived.name
        try:
            if derived.when.holds(desk):
                desk.figures[derived.name] = derived.value.of(desk)
        except RatingError as wrong:
            yield wrong
            desk.figures[derived.name] = Decimal(1)
    for component in sheet.tariff.components:
        desk.current = component.head.id
        exact = Decimal(0)
        try:
            if component.head.when.holds(desk):
                exact = component.work(desk).exact
        except RatingError as wrong:
            yield wrong
        desk.exact[component.head.id] = desk.billed[component.head.id] = exact


RULE = Rule("fitting", "Services whose meter size, class or numbers do not fit the table.", _check)
