"""A whole table: what stands before the charges, and the charges."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rates.sheet.choices import Choice
from rates.sheet.conditions import When
from rates.sheet.kinds import CAP, NUMBER, ROUNDING, piece_of
from rates.sheet.pieces import (
    EXTRA,
    NOTHING,
    Count,
    Flag,
    Months,
    Number,
    Piece,
    Record,
    Several,
    Stretch,
    Words,
    Written,
    YearDay,
    joined,
    listed,
    mapping_of,
    said,
    text_of,
)

CHARGES = "components"


@dataclass(frozen=True, slots=True)
class Formula:
    """A named operation on numbers and names, the operands in one line with commas between; or one value."""

    def read(self, value: Any) -> Any:
        if not isinstance(value, Mapping) or "op" not in value:
            return NUMBER.read(value)
        of = value.get("of")
        if not isinstance(of, list) or not all(isinstance(v, str) and v and "," not in v for v in of):
            return None
        rest = _FORMULA.read({k: v for k, v in value.items() if k != "of"})
        return None if rest is None or EXTRA in rest else {**rest, "of": ", ".join(of)}

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        given = mapping_of(fields)
        if not text_of(given.get("op")):
            return NUMBER.write(given, to, place, path)
        number = Number()
        operands = [
            number.write(t, to, f"{place}.of", f"{path}.of") for t in text_of(given.get("of")).split(",")
        ]
        made = _FORMULA.write({k: v for k, v in given.items() if k in _OF_FORMULA}, to, place, path)
        made["of"] = [one for one in operands if one is not NOTHING]
        to.places[f"{place}.of"] = f"{path}.of"
        if not made["of"]:
            to.wrong(f"{path}.of", "Type the numbers or names, with commas between.")
        return made


_OF_FORMULA: Mapping[str, Piece] = {
    "op": Words(), "count": Number(), "at_least": Number(), "at_most": Number(), "rounding": ROUNDING
}  # fmt: skip
_FORMULA = Record(_OF_FORMULA)

TABLE = Record(
    {
        "name": Words(),
        "service_type": Words(),
        "unit": Words(),
        "units": Several(Record({"code": Words(), "label": Words(), "equals": NUMBER, "of": Words()})),
        "use": Record(
            {
                "from": Words(),
                "factor": NUMBER,
                "less": NUMBER,
                "at_least": NUMBER,
                "cap": CAP,
                "rounding": ROUNDING,
            }
        ),
        "seasons": Several(Record({"name": Words(), "from": YearDay()})),
        "dated_by": Words(),
        "currency_rounding": Words(),
        "look_back": Several(
            Record(
                {
                    "name": Words(),
                    "of": Words(),
                    "what": Words(),
                    "months": Stretch(),
                    "from": YearDay(),
                    "last": Count(),
                    "at_least": Count(),
                    "otherwise": Number(),
                }
            )
        ),
        "derive": Several(Record({"name": Words(), "when": When(), "value": Formula()})),
        "proration": Record({"full": Number(), "below": Number(), "above": Number()}),
        "prices_include_tax": Number(),
        "splittable": Flag(),
        "billed_in": Months(),
        "source": Words(),
        "effective": Words(),
        "note": Words(),
    }
)
"""Everything but the charges."""


def fields_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a table: those of ``TABLE``, and under ``components`` those of each charge."""
    rest = {name: inner for name, inner in content.items() if name != CHARGES}
    told = said(TABLE, rest)
    fields: dict[str, Any] = {EXTRA: json.dumps(rest, ensure_ascii=False, indent=2)} if told is None else told
    charges = content.get(CHARGES, [])
    fields[CHARGES] = [charge_fields(charge) for charge in charges] if isinstance(charges, list) else []
    return fields


def charge_fields(charge: Any) -> dict[str, Any]:
    """The fields of one charge."""
    kind = charge.get("kind") if isinstance(charge, Mapping) else None
    fields: dict[str, Any] | None = said(piece_of(kind), charge)
    return {EXTRA: json.dumps(charge, ensure_ascii=False, indent=2)} if fields is None else fields


def content_of(fields: Mapping[str, Any]) -> Written:
    """The content that the fields say, as far as they can be read."""
    to = Written()
    head = TABLE.write({k: v for k, v in fields.items() if k != CHARGES}, to, "", "")
    to.content = {} if head is NOTHING else head
    charges: list[Any] = []
    for n, typed in enumerate(listed(fields.get(CHARGES))):
        given, path, place = mapping_of(typed), f"{CHARGES}.{n}", f"{CHARGES}[{len(charges)}]"
        made = piece_of(text_of(given.get("kind"))).write(given, to, place, path)
        if made is not NOTHING:
            to.places[place] = joined(path, "text")
            charges.append(made)
    to.content[CHARGES] = charges
    return to


__all__ = ["CHARGES", "TABLE", "Choice", "Formula", "charge_fields", "content_of", "fields_of"]
