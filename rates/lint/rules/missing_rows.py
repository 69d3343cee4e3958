"""Meter sizes, classes, seasons and months for which a choice has no row."""

from collections.abc import Iterator, Mapping

from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.scenarios import values_asked
from rates.lint.sheet import Node, Row, Sheet, asked_of, choices, words

_MONTHS = frozenset(str(m) for m in range(1, 13))
_ALWAYS = {"location": frozenset({"inside", "outside"})}


def _check(sheet: Sheet) -> Iterator[Finding]:
    known = values_asked(sheet)
    for component in sheet.components():
        for row in choices(component.content, component.place):
            if not row.covers_rest:
                yield from _lacking(sheet, component, row, known)
    for key in ("use", "derive", "units"):
        for row in choices(sheet.content.get(key, ()), key):
            if not row.covers_rest:
                yield from _lacking(sheet, None, row, known)


def _lacking(
    sheet: Sheet, component: Node | None, row: Row, known: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    for name, place, keys in asked_of(row):
        must = _must(sheet, name)
        wanted = must or known.get(name, frozenset()) | _ALWAYS.get(name, frozenset())
        missing = (wanted & _applies(component, name, wanted)) - keys
        if missing:
            label = name.replace("_", " ")
            yield Finding(
                "stop" if must else "look",
                place,
                f"There is no row for {label} {words(missing)}.",
                "Add the row, or “otherwise”." if must else f"Add the row, if such a {label} is served.",
                RULE.name,
            )


def _must(sheet: Sheet, name: str) -> frozenset[str]:
    """The values that every year brings."""
    return sheet.season_names if name == "season" else _MONTHS if name == "month" else frozenset()


def _applies(component: Node | None, name: str, wanted: frozenset[str]) -> frozenset[str]:
    """The values for which a charge is not held back by its own condition."""
    allowed = (component.content.get("when", {}) if component else {}).get(name)
    return wanted if allowed is None else frozenset(str(w) for w in allowed if w is not None)


RULE = Rule("missing_rows", "Values for which a choice has no row.", _check)
