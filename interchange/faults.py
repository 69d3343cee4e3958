"""Faults as they are kept with an import, and as they are said to people."""

from collections.abc import Iterable, Mapping
from typing import Any

from interchange.layouts import Fault

WORDS: Mapping[str, str] = {
    "already_there": "Already there",
    "another_value": "Another value that day",
    "backwards": "Backwards",
    "before_last": "Before the last reading",
    "changed_since": "Changed since the scan",
    "cut_off": "File cut off",
    "doubled": "Register read twice",
    "elsewhere": "Account is elsewhere",
    "empty": "Empty cell",
    "first_reading": "First reading",
    "future": "In the future",
    "high_use": "High use",
    "inactive_account": "Account not active",
    "missing_column": "Missing column",
    "no_key": "Neither account nor location",
    "no_read": "No read",
    "no_rows": "No rows",
    "not_installed": "Meter not installed there",
    "other_endpoint": "Another endpoint",
    "other_kind": "Measures something else",
    "other_unit": "Another unit",
    "same_again": "Stands there twice",
    "too_few_columns": "Line too short",
    "too_fine": "Too many decimals",
    "too_many_columns": "Line too long",
    "too_many_digits": "More digits than dials",
    "unknown_account": "Unknown account",
    "unknown_choice": "Unknown code",
    "unknown_meter": "Unknown meter",
    "wrong_register": "Wrong register",
    "zero_use": "No use",
}
"""Short names of what can be wrong, for filters and counts."""


def code_words(code: str) -> str:
    """The short name of a fault's code."""
    return WORDS.get(code) or code.replace("_", " ").capitalize()


def as_kept(fault: Fault) -> dict[str, Any]:
    """A fault as JSON; its raw text is kept with the row."""
    return {
        "line": fault.line_number,
        "column": fault.column,
        "level": fault.level,
        "code": fault.code,
        "problem": fault.problem,
        "remedy": fault.remedy,
    }


def as_fault(kept: Mapping[str, Any]) -> Fault:
    """The fault again."""
    return Fault(kept["line"], kept["column"], kept["level"], kept["code"], kept["problem"], kept["remedy"])


def said(kept: Iterable[Mapping[str, Any]], level: str = "") -> str:
    """Faults as one text, each with its column and remedy, for the rejects of a file and for tables."""
    return " ".join(
        f"{one['column']}: {one['problem']} {one['remedy']}".removeprefix(": ")
        for one in kept
        if not level or one["level"] == level
    )
