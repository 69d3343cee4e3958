"""The kinds of field: each reads a piece of the content into fields and writes it again.

A piece that cannot say a value answers ``None`` when it reads it; the value then stays as JSON beside.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from rates.sheet.flat import is_place

NOTHING: Final = object()
"""The entry is not in the content."""

EXTRA = "extra"
"""The field that holds, as JSON, what the form has no other field for."""

_GROUPED = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
_NUMBERISH = re.compile(r"^[-+$\s\d.,%]+$")


class Problem(NamedTuple):
    """What cannot be read in a field, and what to type instead."""

    field: str
    text: str


@dataclass(slots=True)
class Written:
    """The content, what could not be read, and which field each place of the content came from."""

    content: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def wrong(self, path: str, text: str) -> None:
        """Tell a problem of the field at that path."""
        self.problems.append(Problem(path, text))

    def field_at(self, place: str) -> str:
        """The field of a place of the content, or of the nearest place around it; empty for none."""
        while place and place not in self.places:
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        return self.places.get(place, "")


class Piece(Protocol):
    """One kind of field."""

    def read(self, value: Any) -> Any: ...

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any: ...


def same(a: Any, b: Any) -> bool:
    """Whether two pieces of content are the same JSON: ``1``, ``"1"`` and ``true`` are three things."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def said(piece: Piece, value: Any) -> Any:
    """The fields of a value if they give back exactly that value, else ``None``."""
    fields = piece.read(value)
    if fields is None:
        return None
    trial = Written()
    again = piece.write(fields, trial, "", "")
    return fields if again is not NOTHING and not trial.problems and same(again, value) else None


def text_of(fields: Any) -> str:
    """The text of a leaf; anything else, which no page of ours sends, counts as empty."""
    return fields.strip() if isinstance(fields, str) else ""


def mapping_of(fields: Any) -> Mapping[str, Any]:
    """The named fields of a group; anything else counts as an empty one."""
    return fields if isinstance(fields, Mapping) else {}


def listed(fields: Any) -> Sequence[Any]:
    """The fields of a list; anything else counts as an empty one."""
    return fields if isinstance(fields, list) else []


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it stands."""

    def read(self, value: Any) -> Any:
        return value if isinstance(value, str) and value == value.strip() and value else None

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        text = text_of(fields)
        to.places[place] = path
        return text or NOTHING


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or the name of a figure, as people type it: ``1,234.50``, ``$7.05``, ``dwelling units``."""

    def read(self, value: Any) -> Any:
        return value if isinstance(value, str) and value else None

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        return cleaned(text_of(fields)) or NOTHING


def cleaned(text: str) -> str:
    """A number without signs of money and thousands, a name with underscores; other texts as they stand."""
    if _NUMBERISH.match(text):
        plain = text.replace("$", "").replace(" ", "").removesuffix("%").removeprefix("+")
        return plain.replace(",", "") if _GROUPED.match(plain) else plain
    if text[:1].isalpha() and re.fullmatch(r"[A-Za-z][A-Za-z0-9_. ]*", text):
        return "_".join(text.lower().split())
    return text


_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_DAY = re.compile(r"^(\d{1,2})[-/](\d{1,2})$")
_NAMED_DAY = re.compile(r"^([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of the year, month first, as people type it: ``May 1``, ``5/1``, ``05-01``."""

    def read(self, value: Any) -> Any:
        return Words().read(value)

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        text = text_of(fields)
        if found := _YEAR_DAY.match(text):
            return f"{int(found[1]):02d}-{int(found[2]):02d}"
        found = _NAMED_DAY.match(text)
        if found and found[1].lower() in _MONTH_NAMES:
            return f"{_MONTH_NAMES.index(found[1].lower()) + 1:02d}-{int(found[2]):02d}"
        return text or NOTHING


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number, kept as such."""

    def read(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else None

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        text = text_of(fields)
        if not text:
            return NOTHING
        if not re.fullmatch(r"-?\d{1,9}", text):
            to.wrong(path, "Type a whole number.")
            return text
        return int(text)


@dataclass(frozen=True, slots=True)
class Flag:
    """A tick."""

    def read(self, value: Any) -> Any:
        return "yes" if value is True else None

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        return True if text_of(fields) else NOTHING


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes, no, or as is usual."""

    def read(self, value: Any) -> Any:
        return ("yes" if value else "no") if isinstance(value, bool) else None

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        return {"yes": True, "no": False}.get(text_of(fields), NOTHING)


@dataclass(frozen=True, slots=True)
class Names:
    """Several words, each a field of its own: boxes that are ticked."""

    def read(self, value: Any) -> Any:
        fine = isinstance(value, list) and value and all(isinstance(v, str) and v for v in value)
        return list(value) if fine else None

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        return [text for text in map(text_of, listed(fields)) if text] or NOTHING


@dataclass(frozen=True, slots=True)
class Months:
    """Months by their numbers: boxes that are ticked."""

    def read(self, value: Any) -> Any:
        fine = isinstance(value, list) and value and all(type(v) is int and 1 <= v <= 12 for v in value)
        return [str(v) for v in value] if fine else None

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        return [int(text) for text in map(text_of, listed(fields)) if is_place(text)] or NOTHING


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months that follow each other through the year, the longest pause left out: Nov, Dec, Jan, Feb."""

    def read(self, value: Any) -> Any:
        return Months().read(value)

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        ticked = Months().write(fields, to, place, path)
        if ticked is NOTHING:
            return NOTHING
        year = sorted(set(ticked))
        pauses = [(month - year[n - 1]) % 12 or 12 for n, month in enumerate(year)]
        first = pauses.index(max(pauses))
        return year[first:] + year[:first]


@dataclass(frozen=True, slots=True)
class Record:
    """Named entries, each with a piece of its own; entries without one are kept as JSON."""

    entries: Mapping[str, Piece]

    def read(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return None
        fields: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, inner in value.items():
            piece = self.entries.get(name)
            told = said(piece, inner) if piece is not None else None
            if told is None:
                extra[name] = inner
            else:
                fields[name] = told
        if extra:
            fields[EXTRA] = json.dumps(extra, ensure_ascii=False, indent=2)
        return fields

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        given = mapping_of(fields)
        made: dict[str, Any] = {}
        for name, piece in self.entries.items():
            inner = piece.write(given.get(name), to, joined(place, name), joined(path, name))
            if inner is not NOTHING:
                made[name] = inner
        for name, inner in read_extra(given.get(EXTRA), to, joined(path, EXTRA)).items():
            if name in made:
                to.wrong(joined(path, EXTRA), f"“{name}” is said in the form too. Remove it in one place.")
            made[name] = inner
            to.places[joined(place, name)] = joined(path, EXTRA)
        return made if made else NOTHING


def read_extra(fields: Any, to: Written, path: str) -> dict[str, Any]:
    """The entries kept as JSON."""
    text = text_of(fields)
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        to.wrong(path, f"This is not JSON: {wrong}. Correct it there.")
        return {}
    if not isinstance(found, dict):
        to.wrong(path, "Write { … } around the entries.")
        return {}
    return found


@dataclass(frozen=True, slots=True)
class Several:
    """A list of the same piece; an element without a text is left out."""

    of: Piece

    def read(self, value: Any) -> Any:
        if not isinstance(value, list) or not value:
            return None
        told = [said(self.of, inner) for inner in value]
        return None if any(one is None for one in told) else told

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        made: list[Any] = []
        for n, inner in enumerate(listed(fields)):
            if is_empty(inner):
                continue
            one = self.of.write(inner, to, f"{place}[{len(made)}]", f"{path}.{n}")
            if one is not NOTHING:
                made.append(one)
        return made if made else NOTHING


def is_empty(fields: Any) -> bool:
    """Whether nothing is typed in it."""
    if isinstance(fields, Mapping):
        return all(is_empty(inner) for inner in fields.values())
    return all(is_empty(inner) for inner in fields) if isinstance(fields, list) else not text_of(fields)


def joined(before: str, name: str) -> str:
    """The name of an entry inside another."""
    return f"{before}.{name}" if before else name
