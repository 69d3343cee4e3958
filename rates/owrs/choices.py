"""Choices of a file (``depends_on`` and ``values``) and our names for what they depend on."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

_NAMES = {"city_limits": "location", "usage_month": "month", "billing_month": "month"}
_VALUES = {
    "location": {
        "inside_city": "inside",
        "outside_city": "outside",
        "inside_city_limits": "inside",
        "outside_city_limits": "outside",
        "inside": "inside",
        "outside": "outside",
    },
}
_WHOLE_AND_PART = re.compile(r'^(\d+)[ _|-]+(\d+/\d+)"?$')
_WHOLE = re.compile(r"^\d+$")
_PART = re.compile(r'^\d+/\d+"?$')


class NotAChoice(ValueError):
    """Entries that do not make a choice; it says why."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a thing depends on, and the thing for each combination; no names: the same for everybody."""

    names: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Any], ...]

    def map(self, change: Callable[[Any], Any]) -> "Choice":
        """The same choice between other things."""
        return Choice(self.names, tuple((keys, change(thing)) for keys, thing in self.rows))

    def things(self) -> Iterator[Any]:
        """What is chosen from."""
        return (thing for _, thing in self.rows)


def read_choice(content: Any) -> Choice:
    """A thing given directly or by ``depends_on``; raises ``NotAChoice``."""
    if not isinstance(content, Mapping):
        return Choice((), (((), content),))
    if "depends_on" not in content or not isinstance(content.get("values"), Mapping):
        raise NotAChoice("entries that are neither a value nor a choice with “depends_on” and “values”")
    listed = content["depends_on"]
    given = [listed] if isinstance(listed, str) else list(listed)
    names = tuple(attribute(str(n)) for n in given)
    found: dict[tuple[str, ...], Any] = {}
    for key, thing in content["values"].items():
        keys = _keys(str(key), names)
        if keys in found and found[keys] != thing:
            raise NotAChoice(f"two values for {', '.join(keys)}")
        found[keys] = thing
    return Choice(names, tuple(found.items()))


def attribute(name: str) -> str:
    """Our name for what a choice depends on."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_") or "choice"
    return _NAMES.get(plain, plain if plain[0].isalpha() else f"by_{plain}")


def _keys(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """``5/8"|Winter``: a key for each name.  A bar also stands inside sizes: ``1|1/2"|Winter``."""
    pieces: list[str] = []
    for piece in text.split("|"):
        if pieces and _WHOLE.match(pieces[-1]) and _PART.match(piece.strip()):
            pieces[-1] = f"{pieces[-1]} {piece.strip()}"
        else:
            pieces.append(piece.strip())
    if len(pieces) != len(names):
        raise NotAChoice(f"“{text}”, which is not one value for each of {', '.join(names)}")
    return tuple(_value(n, p) for n, p in zip(names, pieces, strict=True))


def _value(name: str, text: str) -> str:
    if "size" in name:
        whole = _WHOLE_AND_PART.match(text)
        return f"{whole[1]} {whole[2]}" if whole else text.rstrip('"”').strip()
    return _VALUES.get(name, {}).get(text.lower(), text)


def joined(one: Choice, other: Choice, join: Callable[[Any, Any], Any]) -> Choice:
    """Both choices together: a row for each pair of rows that can hold at once."""
    names = (*one.names, *(n for n in other.names if n not in one.names))
    rows: list[tuple[tuple[str, ...], Any]] = []
    for (keys, first), (more, second) in product(one.rows, other.rows):
        known = dict(zip(one.names, keys, strict=True))
        added = dict(zip(other.names, more, strict=True))
        if all(known.get(n, v) == v for n, v in added.items()):
            both = {**known, **added}
            rows.append((tuple(both[n] for n in names), join(first, second)))
    return Choice(names, tuple(rows))


def as_lookup(choice: Choice) -> Any:
    """The choice as tables write it: the thing itself, or ``by`` and ``rows``."""
    if not choice.names:
        return choice.rows[0][1]
    if len({repr(t) for t in choice.things()}) == 1:
        return choice.rows[0][1]
    by: Any = choice.names[0] if len(choice.names) == 1 else list(choice.names)
    rows: dict[str, Any] = {}
    for keys, thing in choice.rows:
        inner = rows
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = thing
    return {"by": by, "rows": rows}
