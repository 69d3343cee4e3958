"""The rules of the lint, one file each, in the order in which they speak."""

from rates.lint.rules import (
    double_proration,
    falling,
    fitting,
    limits,
    missing_rows,
    never_reached,
    open_ended,
    plausible,
    revenue_codes,
    seasons,
    splitting,
    taxes,
    units,
    versions,
)
from rates.lint.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    versions.RULE,
    units.RULE,
    revenue_codes.RULE,
    missing_rows.RULE,
    fitting.RULE,
    limits.RULE,
    open_ended.RULE,
    falling.RULE,
    plausible.RULE,
    seasons.RULE,
    never_reached.RULE,
    taxes.RULE,
    double_proration.RULE,
    splitting.RULE,
)

__all__ = ["RULES", "Rule"]
