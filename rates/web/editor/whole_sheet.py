"""What the template of the clauses is given beside the charges themselves."""

import json
from typing import Any

from rates.sheet.moves import inside
from rates.sheet.pieces import EXTRA, listed, mapping_of, text_of
from rates.web.editor.sheet_shown import Cell, SheetShown, filled
from rates.web.reading import plain_name, value_words

KINDS_TO_ADD = (
    ("fixed", "Fixed amount", "f"), ("blocks", "Price by block", "b"), ("per_unit", "Price per unit", "u"),
    ("minimum", "Minimum with use", "m"), ("minimum_bill", "Minimum bill", "l"),
    ("maximum_bill", "Maximum bill", "x"), ("containers", "Containers", "o"),
    ("bands", "Amount by band", "a"), ("percent", "Per cent", "p"), ("tax", "Tax", "t"),
    ("rider", "Rider", "r"), ("round_up", "Round-up", "d"),
)  # fmt: skip
"""The kinds of charge that can be added, each with its key."""


def sheet_context(sheet: SheetShown) -> dict[str, Any]:
    """Rows of the parts before the charges, and what of them is said."""
    fields = sheet.fields
    numbers = [n for c in listed(fields.get("derive")) if (n := text_of(mapping_of(c).get("name")))]
    past = [n for c in listed(fields.get("look_back")) if (n := text_of(mapping_of(c).get("name")))]
    return {
        "sheet": sheet,
        "charges": sheet.charges(),
        "kinds": KINDS_TO_ADD,
        "has": _said(sheet, numbers, past),
        "season_rows": _season_rows(sheet),
        "look_backs": [(f"look_back.{n}", None) for n, _ in enumerate(listed(fields.get("look_back")))],
        "derived": _derived(sheet),
        "own_units": [f"units.{n}" for n, _ in enumerate(listed(fields.get("units")))],
        "extra": sheet.cell(EXTRA),
        "figures": [*numbers, *past],
    }


def _season_rows(sheet: SheetShown) -> list[tuple[Cell, Cell]]:
    count = filled(sheet.fields.get("seasons")) + 1
    return [(sheet.cell(f"seasons.{n}.name"), sheet.cell(f"seasons.{n}.from")) for n in range(count)]


def _derived(sheet: SheetShown) -> list[tuple[str, Cell, str]]:
    """Each quantity: its path, what of it no field says, and that in words."""
    found = []
    for n, _ in enumerate(listed(sheet.fields.get("derive"))):
        extra = sheet.cell(f"derive.{n}.{EXTRA}")
        found.append((f"derive.{n}", extra, _in_words(extra.value)))
    return found


def _in_words(text: str) -> str:
    try:
        content = json.loads(text or "{}")
        return value_words(content["value"]) if "value" in content else ""
    except (ValueError, KeyError, TypeError):
        return ""


def _said(sheet: SheetShown, numbers: list[str], past: list[str]) -> dict[str, str]:
    """In short what each part before the charges says; nothing for one that says nothing."""
    fields = sheet.fields
    use = mapping_of(fields.get("use"))
    said_of_use = [f"from {text_of(use['from'])}"] if text_of(use.get("from")) else []
    for name, words in (("factor", "×"), ("less", "less"), ("cap", "at most")):
        one = text_of(inside(use, f"{name}.one")) or ("by row" if text_of(inside(use, f"{name}.how")) else "")
        said_of_use += [f"{words} {plain_name(one)}"] if one else []
    said_of_use += ["rounded"] if text_of(inside(use, "rounding.mode")) else []
    days = [f"{full} days" for full in [text_of(inside(fields, "proration.full"))] if full]
    days += ["billed in some months"] if listed(fields.get("billed_in")) else []
    days += ["prices with tax"] if text_of(fields.get("prices_include_tax")) else []
    days += ["a note"] if text_of(fields.get("note")) else []
    days += ["own units"] if listed(fields.get("units")) else []
    wrong = {path.partition(".")[0] for path in sheet.wrong}
    found = {
        "use": ", ".join(said_of_use),
        "seasons": ", ".join(sheet.seasons),
        "past": ", ".join(plain_name(n) for n in past),
        "derive": ", ".join(plain_name(n) for n in numbers),
        "days": ", ".join(days),
    }
    also = {"use": "use", "seasons": "seasons", "look_back": "past", "derive": "derive", "proration": "days"}
    for name, part in also.items():
        if name in wrong and not found[part]:
            found[part] = "to put right"
    return found
