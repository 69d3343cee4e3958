"""Limits of blocks and bands that do not rise, also where they are chosen or worked out."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import pairwise

from rates.engine import RatingError
from rates.engine.components.blocks import Block
from rates.engine.desk import Desk
from rates.engine.lookups import Lookup
from rates.engine.rounding import WORKING
from rates.engine.wording import shown
from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.scenarios import facts_of, scenarios
from rates.lint.sheet import Sheet


def _check(sheet: Sheet) -> Iterator[Finding]:
    said: set[str] = set()
    for scenario in scenarios(sheet):
        desk = Desk(sheet.tariff, facts_of(sheet, scenario))
        with localcontext(WORKING):
            for place, limits in _limits(sheet, desk):
                for before, after in pairwise(limits):
                    if after <= before and place not in said:
                        said.add(place)
                        whom = f" for {scenario.words}" if scenario.words else ""
                        yield Finding(
                            "stop",
                            place,
                            f"A limit of {shown(after)} follows one of {shown(before)}{whom}.",
                            "Limits count from zero and rise from block to block.",
                            RULE.name,
                        )


def _limits(sheet: Sheet, desk: Desk) -> Iterator[tuple[str, list[Decimal]]]:
    """The limits of each list of blocks or bands under these facts; those that cannot be worked are left."""
    for derived in sheet.tariff.derive:
        try:
            desk.figures[derived.name] = derived.value.of(desk)
        except RatingError:
            continue  # said by the rule of services that do not fit
    for component, node in zip(sheet.tariff.components, sheet.components(), strict=True):
        table = getattr(component, "table", None)
        lookup: Lookup[tuple[Block, ...]] | None = getattr(table, "blocks", getattr(component, "bands", None))
        if lookup is None:
            continue
        try:
            found = [b.up_to.of(desk) for b in lookup.find(desk) if b.up_to is not None]
        except RatingError:
            continue  # a value without a row: another rule
        yield f"{node.place}.{'blocks' if table else 'bands'}", found


RULE = Rule("limits", "Limits that do not rise.", _check)
