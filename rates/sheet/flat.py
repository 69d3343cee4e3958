"""Nested fields as a browser sends them: ``c.2.amount.rows.0.key`` is one name with one text."""

from collections.abc import Iterable, Mapping
from typing import Any

DEEPEST = 12
"""Names with more parts are no fields of ours."""

MOST = 4000
"""More fields than this are not read; the largest tables of towns have a few hundred."""


_LONGEST = 6


def is_place(text: str) -> bool:
    """Whether it is a place in a list, or another small whole number."""
    return text.isdecimal() and len(text) <= _LONGEST


def flattened(fields: Any, before: str = "") -> dict[str, str]:
    """Each text under its dotted name; empty texts are left out."""
    found: dict[str, str] = {}
    pairs: Iterable[tuple[str, Any]] = ()
    if isinstance(fields, Mapping):
        pairs = fields.items()
    elif isinstance(fields, list):
        pairs = ((str(n), one) for n, one in enumerate(fields))
    elif fields:
        return {before: str(fields)}
    for name, inner in pairs:
        found |= flattened(inner, f"{before}.{name}" if before else name)
    return found


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """The fields of these names: parts that are numbers make lists, in their order, without gaps."""
    tree: dict[str, Any] = {}
    for name in list(flat)[:MOST]:
        parts = name.split(".")
        if len(parts) > DEEPEST or not all(parts):
            continue
        place = tree
        for part in parts[:-1]:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                inner = place[part] = {}
            place = inner
        if not isinstance(place.get(parts[-1]), dict):
            place[parts[-1]] = flat[name].replace("\r\n", "\n")
    return {name: _lists(inner) for name, inner in tree.items()}


def _lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(is_place(part) for part in tree):
        return [_lists(tree[part]) for part in sorted(tree, key=int)]
    return {part: _lists(inner) for part, inner in tree.items()}
