"""When a charge applies: lines of “season summer”, “month 5, 6, 7”, “class residential”, “kw at least 15”."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rates.sheet.pieces import NOTHING, Months, Names, Number, Piece, Written, listed, mapping_of, text_of

MONTH, SEASON = "month", "season"
_NAME = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")
_TICKED: Mapping[str, Piece] = {MONTH: Months(), SEASON: Names()}


@dataclass(frozen=True, slots=True)
class When:
    """Lines with a ``name`` and: ``ticked`` months or seasons; ``words`` with ``absent``; or limits."""

    def read(self, value: Any) -> Any:
        if not isinstance(value, Mapping) or not value:
            return None
        lines = [_read(name, inner) for name, inner in value.items()]
        return None if any(line is None for line in lines) else lines

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        made: dict[str, Any] = {}
        for n, line in enumerate(listed(fields)):
            typed, at = mapping_of(line), f"{path}.{n}"
            name = "_".join(text_of(typed.get("name")).lower().split())
            if not name:
                continue
            if not _NAME.match(name):
                to.wrong(f"{at}.name", "Type what it depends on, such as class.")
            if name in made:
                to.wrong(f"{at}.name", f"“{name}” is asked twice. Put its values in one line.")
            to.places[f"{place}.{name}"] = to.places[f"{place}[{name}]"] = f"{at}.name"
            made[name] = _write(name, typed, to, f"{place}[{name}]", at)
        return made if made else NOTHING


def _read(name: str, value: Any) -> dict[str, Any] | None:
    if not _NAME.match(name):
        return None
    if name in _TICKED:
        ticked = _TICKED[name].read(value)
        return None if ticked is None else {"name": name, "ticked": ticked}
    if isinstance(value, Mapping):
        fine = value and set(value) <= {"at_least", "below"}
        fine = fine and all(isinstance(inner, str) and inner for inner in value.values())
        return {"name": name, **value} if fine else None
    if not isinstance(value, list) or not value:
        return None
    words = [word for word in value if word is not None]
    if not all(isinstance(w, str) and w == w.strip() and w and "," not in w for w in words):
        return None
    absent = {"absent": "yes"} if None in value else {}
    return {"name": name, "words": ", ".join(words), **absent}


def _write(name: str, typed: Mapping[str, Any], to: Written, place: str, at: str) -> Any:
    if name in _TICKED:
        ticked = _TICKED[name].write(typed.get("ticked"), to, place, f"{at}.ticked")
        if ticked is NOTHING:
            to.wrong(f"{at}.name", f"Tick a {name}, or remove the condition.")
            return []
        return ticked
    number, limits = Number(), {}
    for key in ("at_least", "below"):
        value = number.write(typed.get(key), to, f"{place}.{key}", f"{at}.{key}")
        if value is not NOTHING:
            limits[key] = value
    words: list[str | None] = [w.strip() for w in text_of(typed.get("words")).split(",") if w.strip()]
    if text_of(typed.get("absent")):
        words.append(None)
    if limits and words:
        to.wrong(f"{at}.words", "Type words or limits, not both.")
    if not limits and not words:
        to.wrong(f"{at}.words", "Type the words for which it applies, or limits.")
    return limits or words
