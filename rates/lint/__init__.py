"""The lint: what is wrong or odd in a rate table before it prices anybody.  Pure.

``lint(content, context)`` never raises; a table that the engine cannot read is itself the finding.
One rule is one file in ``rules/``, listed in ``rules/__init__.py``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rates.engine import TariffError, parse_tariff
from rates.lint.findings import NOTHING_KNOWN, Context, Finding, ServiceKind, Severity, Span
from rates.lint.rules import RULES
from rates.lint.sheet import Sheet


def lint(content: Mapping[str, Any], context: Context = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """What is to be said of a table: what stops it first, each in the order of the table."""
    try:
        tariff = parse_tariff(content)
    except TariffError as wrong:
        return (Finding("stop", wrong.place, wrong.problem, wrong.remedy, "reads"),)
    sheet = Sheet(content, tariff, context)
    found = [finding for rule in RULES for finding in rule.check(sheet)]
    return tuple(sorted(dict.fromkeys(found), key=lambda f: not f.stops))


def stops(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep a version from being put in force."""
    return tuple(f for f in findings if f.stops)


__all__ = [
    "NOTHING_KNOWN",
    "RULES",
    "Context",
    "Finding",
    "ServiceKind",
    "Severity",
    "Span",
    "lint",
    "stops",
]
