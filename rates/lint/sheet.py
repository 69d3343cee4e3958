"""A table under the lint: its content, what the engine made of it, and ways to walk through it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from rates.engine import Tariff
from rates.engine.reader import NUMBER
from rates.lint.findings import Context


class Node(NamedTuple):
    """An object inside the table and its place."""

    place: str
    content: Mapping[str, Any]


class Row(NamedTuple):
    """A choice by attributes: where it stands, the names it asks for, and its keys level by level."""

    place: str
    names: tuple[str, ...]
    keys: tuple[tuple[str, frozenset[str]], ...]
    """(place of the rows, keys) of each level, in the order of ``names``; a level may occur several times."""
    levels: tuple[int, ...]
    covers_rest: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that the engine can read."""

    content: Mapping[str, Any]
    tariff: Tariff
    context: Context

    def components(self) -> Iterator[Node]:
        """The charges with their places."""
        for i, component in enumerate(self.content["components"]):
            yield Node(f"components[{i}]", component)

    @property
    def season_names(self) -> frozenset[str]:
        """The seasons the table declares."""
        return frozenset(s["name"] for s in self.content.get("seasons", ()))


def nodes(content: Any, place: str = "") -> Iterator[Node]:
    """Every object in a piece of the table, the outer before the inner."""
    if isinstance(content, Mapping):
        yield Node(place, content)
        for key, inner in content.items():
            inner_place = f"{place}[{key}]" if place.endswith(".rows") else f"{place}.{key}" if place else key
            yield from nodes(inner, inner_place)
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for i, inner in enumerate(content):
            yield from nodes(inner, f"{place}[{i}]")


def choices(content: Any, place: str = "") -> Iterator[Row]:
    """Every choice by attributes in a piece of the table."""
    for node in nodes(content, place):
        if "by" in node.content and "rows" in node.content:
            by = node.content["by"]
            names = (by,) if isinstance(by, str) else tuple(by)
            found = tuple(_levels(node.content["rows"], f"{node.place}.rows", len(names)))
            yield Row(
                node.place,
                names,
                tuple((p, keys) for _, p, keys in found),
                tuple(level for level, _, _ in found),
                "otherwise" in node.content,
            )


def _levels(
    rows: Mapping[str, Any], place: str, depth: int, level: int = 0
) -> Iterator[tuple[int, str, frozenset[str]]]:
    yield level, place, frozenset(rows)
    if depth > 1:
        for key, inner in rows.items():
            yield from _levels(inner, f"{place}[{key}]", depth - 1, level + 1)


def asked_of(row: Row) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(attribute, place, keys) of each level of a choice."""
    for level, (place, keys) in zip(row.levels, row.keys, strict=True):
        yield row.names[level], place, keys


def leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """What a value may come to, each with its place: the ends of choices by attribute and date."""
    if isinstance(value, Mapping) and "by" in value:
        names = value["by"]
        depth = 1 if isinstance(names, str) else len(names)
        yield from _row_leaves(value["rows"], f"{place}.rows", depth)
        if "otherwise" in value:
            yield from leaves(value["otherwise"], f"{place}.otherwise")
    elif isinstance(value, Mapping) and "dated" in value:
        for i, row in enumerate(value["dated"]):
            yield from leaves(row["value"], f"{place}.dated[{i}].value")
    else:
        yield place, value


def _row_leaves(rows: Mapping[str, Any], place: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, inner in rows.items():
        if depth > 1:
            yield from _row_leaves(inner, f"{place}[{key}]", depth - 1)
        else:
            yield from leaves(inner, f"{place}[{key}]")


def number(value: Any) -> Decimal | None:
    """The number that a value is, or ``None`` for a name, a choice or an operation."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and NUMBER.match(value) else None


def mentions(content: Any, name: str) -> bool:
    """Whether a piece of the table names that figure, as a value or in a condition."""
    if isinstance(content, str):
        return content == name
    if isinstance(content, Mapping):
        return name in content.get("when", {}) or any(mentions(v, name) for v in content.values())
    return isinstance(content, Sequence) and any(mentions(v, name) for v in content)


def words(names: Any) -> str:
    """A list for a reader, in order."""
    return ", ".join(sorted(names))
