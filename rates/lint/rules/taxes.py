"""Taxes that tax nothing, and taxable charges that no tax takes."""

from collections.abc import Iterator

from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet


def _check(sheet: Sheet) -> Iterator[Finding]:
    charges = list(sheet.components())
    taxes = [i for i, c in enumerate(charges) if c.content["kind"] == "tax"]
    taxable = {c.content["id"] for c in charges if c.content.get("taxable")}
    taken: set[str] = set()
    for i in taxes:
        above = {c.content["id"] for c in charges[:i]}
        named = charges[i].content.get("of")
        taken |= (taxable & above) if named is None else above if "all" in named else set(named)
        if named is not None and taxable and not taxable & taken:
            yield Finding(
                "look",
                f"{charges[i].place}.of",
                "The tax lists its charges, and none of those marked taxable is among them.",
                "Leave “of” out, or take the marks off.",
                RULE.name,
            )
    for component in charges:
        if component.content["id"] in taxable - taken:
            later = "no tax below it takes it" if taxes else "the table has no tax"
            yield Finding(
                "look",
                f"{component.place}.taxable",
                f"“{component.content['text']}” is taxable, and {later}.",
                "Add the tax below it, or take the mark off.",
                RULE.name,
            )


RULE = Rule("taxes", "Taxes that tax nothing, taxable charges without a tax.", _check)
