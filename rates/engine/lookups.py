"""Values of a table: a number, a name, a choice by attribute or date, or a named operation.

``"7.05"`` is a number, ``"dwelling_units"`` the figure of that name, ``{"by": "meter_size", "rows": {…}}``
a choice by attribute, ``{"dated": [{"from": "2026-01-01", "value": …}]}`` a choice by day and
``{"op": "least", "of": […]}`` an operation (see ``operations``).
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from rates.engine.desk import Desk
from rates.engine.reader import NAME, NUMBER, Reader

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Value(Protocol):
    """Something that is a number once the facts are known."""

    def of(self, desk: Desk) -> Decimal: ...


class Lookup(Protocol[T_co]):
    """Something that is chosen once the facts are known."""

    def find(self, desk: Desk) -> T_co: ...


@dataclass(frozen=True, slots=True)
class Constant:
    number: Decimal

    def of(self, desk: Desk) -> Decimal:
        return self.number


@dataclass(frozen=True, slots=True)
class Figure:
    name: str

    def of(self, desk: Desk) -> Decimal:
        return desk.figure(self.name)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value that is looked up first."""

    lookup: Lookup[Value]

    def of(self, desk: Desk) -> Decimal:
        return self.lookup.find(desk).of(desk)


@dataclass(frozen=True, slots=True)
class Same(Generic[T_co]):
    """The same for everybody."""

    thing: T_co

    def find(self, desk: Desk) -> T_co:
        return self.thing


@dataclass(frozen=True, slots=True)
class Keyed(Generic[T_co]):
    """A row for each value of an attribute; a value without a row is an error, never zero."""

    by: str
    rows: Mapping[str, Lookup[T_co]]
    otherwise: Lookup[T_co] | None

    def find(self, desk: Desk) -> T_co:
        key = desk.attribute(self.by)
        row = self.rows.get(key, self.otherwise) if key is not None else self.otherwise
        if row is None:
            words = self.by.replace("_", " ")
            if key is None:
                raise desk.fail(f"The {words} is not known.", f"Enter the {words} of the service.")
            raise desk.fail(
                f"The rate table has no row for {words} “{key}”; it has {', '.join(self.rows)}.",
                f"Add the row to the table or correct the {words}.",
            )
        return row.find(desk)


@dataclass(frozen=True, slots=True)
class Dated(Generic[T_co]):
    """A row from each date on; a day before the first row is an error."""

    starts: tuple[date, ...]
    rows: tuple[Lookup[T_co], ...]

    def find(self, desk: Desk) -> T_co:
        place = bisect_right(self.starts, desk.day)
        if not place:
            raise desk.fail(
                f"There is no price for {desk.day}; the first is of {self.starts[0]}.",
                "Add the price of that date to the table.",
            )
        return self.rows[place - 1].find(desk)


def parse_lookup(reader: Reader, leaf: Callable[[Reader], T]) -> Lookup[T]:
    """A thing given directly, by attribute (``by``, ``rows``, ``otherwise``) or by date (``dated``)."""
    if reader.is_object and reader.has("by"):
        reader.only("by", "rows", "otherwise")
        piece = reader.at("by")
        names = [piece] if isinstance(piece.content, str) else piece.items()
        otherwise = parse_lookup(reader.at("otherwise"), leaf) if reader.has("otherwise") else None
        return _keyed(reader.at("rows"), [n.name() for n in names], otherwise, leaf)
    if reader.is_object and reader.has("dated"):
        reader.only("dated")
        return _dated(reader.at("dated"), leaf)
    return Same(leaf(reader))


def _keyed(
    rows: Reader, names: list[str], otherwise: Lookup[T] | None, leaf: Callable[[Reader], T]
) -> Lookup[T]:
    rows.book.attributes.add(names[0])
    found: dict[str, Lookup[T]] = {}
    for key, row in rows.rows():
        found[key] = _keyed(row, names[1:], otherwise, leaf) if names[1:] else parse_lookup(row, leaf)
    return Keyed(names[0], found, otherwise)


def _dated(reader: Reader, leaf: Callable[[Reader], T]) -> Lookup[T]:
    starts: list[date] = []
    found: list[Lookup[T]] = []
    for row in reader.items():
        row.only("from", "value")
        start = row.at("from").day()
        if starts and start <= starts[-1]:
            raise row.fail(f"{start} is not after {starts[-1]}.", "List the dates in order, each once.")
        starts.append(start)
        row.book.days.add(start)
        found.append(parse_lookup(row.at("value"), leaf))
    return Dated(tuple(starts), tuple(found))


def parse_value(reader: Reader) -> Value:
    """A value as described at the head of this module."""
    found = parse_lookup(reader, _leaf)
    return found.thing if isinstance(found, Same) else Chosen(found)


def _leaf(reader: Reader) -> Value:
    from rates.engine.operations import parse_operation  # operations are values over values

    if reader.is_object:
        return parse_operation(reader)
    if isinstance(reader.content, str) and NAME.match(reader.content):
        return parse_figure(reader)
    return Constant(reader.number())


def parse_figure(reader: Reader) -> Figure:
    """The name of a figure; ``water.use`` is the use of another service."""
    name = reader.words()
    if not NAME.match(name) or NUMBER.match(name):
        raise reader.fail(f"“{name}” is not the name of a figure.", "Write a name like dwelling_units.")
    service, dot, rest = name.partition(".")
    if dot:
        if rest != "use":
            raise reader.fail(
                f"“{name}” is not a figure.", f"Of another service only {service}.use is known."
            )
        reader.book.services.add(service)
    reader.book.mention(name, reader.place)
    return Figure(name)


def optional_value(reader: Reader, key: str) -> Value | None:
    """The value under a key, or ``None`` when the key is not there."""
    return parse_value(reader.at(key)) if reader.has(key) else None
