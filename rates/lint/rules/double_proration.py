"""Charges cut by days twice: by the table's proration and by their own arithmetic."""

from collections.abc import Iterator

from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet, mentions

CUT_BY_DAYS = ("fixed", "containers", "bands", "minimum", "blocks", "minimum_bill", "maximum_bill")
"""Kinds that a table's proration cuts unless they say otherwise (rates/engine/README.md)."""


def _check(sheet: Sheet) -> Iterator[Finding]:
    if "proration" not in sheet.content:
        return
    by_days = ["days"]
    for derived in sheet.content.get("derive", ()):
        if any(mentions(derived["value"], name) for name in by_days):
            by_days.append(derived["name"])
    for component in sheet.components():
        content = component.content
        cut = content.get("prorated", content["kind"] in CUT_BY_DAYS)
        if cut and any(mentions({k: v for k, v in content.items() if k != "when"}, n) for n in by_days):
            yield Finding(
                "stop",
                component.place,
                f"“{content['text']}” reckons with the days itself, and the table's proration cuts it too.",
                "Take the days out of it, or mark it “prorated”: false.",
                RULE.name,
            )


RULE = Rule("double_proration", "Charges cut by days twice.", _check)
