"""Services of the table that it cannot price: no row for their meter size or class, no number, no unit."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from rates.engine import RatingError
from rates.engine.desk import Desk
from rates.lint.findings import Finding, ServiceKind
from rates.lint.rules.rule import Rule
from rates.lint.scenarios import Scenario, facts_of, scenarios
from rates.lint.sheet import Sheet

_SHOWN = 5


class Misfit(NamedTuple):
    """Why services of the table cannot be priced, how many, and the first of their accounts."""

    wrong: RatingError
    services: int
    accounts: tuple[str, ...]


def _check(sheet: Sheet) -> Iterator[Finding]:
    places = {n.content["id"]: n.place for n in sheet.components()}
    for misfit in gathered(sheet):
        wrong = misfit.wrong
        whose = "1 service does" if misfit.services == 1 else f"{misfit.services:,} services do"
        accounts = f" (account {', '.join(misfit.accounts)}{_more(misfit)})" if misfit.accounts else ""
        yield Finding(
            "look" if "not known" in wrong.problem else "stop",
            places.get(wrong.component, "use" if wrong.component == "use" else "derive"),
            f"{whose} not fit{accounts}: {wrong.problem}",
            wrong.remedy,
            RULE.name,
        )


def _more(misfit: Misfit) -> str:
    return " …" if misfit.services > len(misfit.accounts) else ""


def gathered(sheet: Sheet) -> tuple[Misfit, ...]:
    """The services that the table cannot price, by reason."""
    found: dict[tuple[str, str], Misfit] = {}
    for kind in sheet.context.services:
        for wrong in misfits(sheet, kind):
            key = (wrong.component, wrong.problem)
            before = found.get(key, Misfit(wrong, 0, ()))
            accounts = (*before.accounts, *kind.examples)[:_SHOWN]
            found[key] = Misfit(wrong, before.services + kind.count, accounts)
    return tuple(found.values())


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
