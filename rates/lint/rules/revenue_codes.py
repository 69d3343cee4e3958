"""Revenue codes that the chart does not have."""

from collections.abc import Iterator
from difflib import get_close_matches

from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet


def _check(sheet: Sheet) -> Iterator[Finding]:
    known = sheet.context.revenue_codes
    if known is None:
        return
    for component in sheet.components():
        code = component.content["revenue_code"]
        if code not in known:
            near = get_close_matches(code, sorted(known), 1)
            yield Finding(
                "stop",
                f"{component.place}.revenue_code",
                f"There is no revenue code “{code}”.",
                f"Did you mean “{near[0]}”?" if near else "Choose one of the chart, or add it to the chart.",
                RULE.name,
            )


RULE = Rule("revenue_codes", "Revenue codes that the chart does not have.", _check)
