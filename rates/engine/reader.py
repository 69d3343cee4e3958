"""Reads the JSON of a rate table and knows at each moment the place it is at."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from rates.engine.errors import TariffError

if TYPE_CHECKING:
    from rates.engine.inclusive import NetOfTax

NUMBER = re.compile(r"^-?(\d+(\.\d*)?|\.\d+)$")
NAME = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")
SIMPLE_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
RESERVED = ("use", "days", "month", "season")
"""Names that the engine fills itself."""


@dataclass(slots=True)
class Book:
    """What a table turns out to mention while it is read."""

    attributes: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    """Figures mentioned, and the place of the first mention."""
    mentions: list[str] = field(default_factory=list)
    """Figures in the order they are mentioned."""
    derived_from_use: set[str] = field(default_factory=set)
    derived: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    look_backs: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    """Days on which a dated value begins."""
    prorates: bool = False
    net_of_tax: "NetOfTax | None" = None
    charges: dict[str, bool] = field(default_factory=dict)
    """Ids of the components read so far, and whether each is taxable."""

    def mention(self, name: str, place: str) -> None:
        """A figure is named at that place."""
        self.names.setdefault(name, place)
        self.mentions.append(name)

    def is_free(self, name: str) -> bool:
        """Whether a figure of the table may have that name."""
        return name not in RESERVED and name not in self.derived and name not in self.look_backs

    def rests_on(self, name: str, mentioned: list[str]) -> None:
        """A figure of the table rests on those mentioned."""
        if {"use", *self.derived_from_use} & set(mentioned):
            self.derived_from_use.add(name)


@dataclass(frozen=True, slots=True)
class Reader:
    """A piece of the table, its place, and the book of the whole table."""

    content: object
    place: str
    book: Book

    def fail(self, problem: str, remedy: str) -> TariffError:
        """The error to raise for this place."""
        return TariffError(self.place, problem, remedy)

    @property
    def is_object(self) -> bool:
        return isinstance(self.content, Mapping)

    def mapping(self) -> Mapping[str, object]:
        """The piece as an object; anything else is refused."""
        if not isinstance(self.content, Mapping):
            raise self.fail("An object is expected here.", "Write { … } with named entries.")
        return cast(Mapping[str, object], self.content)

    def has(self, key: str) -> bool:
        return key in self.mapping()

    def at(self, key: str) -> "Reader":
        """The piece under a key, which must be there."""
        found = self.mapping()
        if key not in found:
            raise self.fail(f"“{key}” is missing.", f"Add “{key}”.")
        return Reader(found[key], f"{self.place}.{key}" if self.place else key, self.book)

    def items(self) -> "list[Reader]":
        """The pieces of a list that has at least one entry."""
        if not isinstance(self.content, Sequence) or isinstance(self.content, str) or not self.content:
            raise self.fail("A list with at least one entry is expected.", "Write [ … ].")
        return [Reader(v, f"{self.place}[{i}]", self.book) for i, v in enumerate(self.content)]

    def rows(self) -> "Iterator[tuple[str, Reader]]":
        """The named rows of a keyed table, at least one."""
        found = self.mapping()
        if not found:
            raise self.fail("The table has no rows.", "Add a row for each value that occurs.")
        for key in found:
            yield key, Reader(found[key], f"{self.place}[{key}]", self.book)

    def only(self, *allowed: str) -> None:
        """Refuse a key that nobody reads; it would be a charge silently left out."""
        for key in self.mapping():
            if key not in allowed:
                near = get_close_matches(key, allowed, 1)
                hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(allowed)}."
                raise self.fail(f"“{key}” is not known here.", hint)

    def number(self) -> Decimal:
        """A number in quotes (or a whole number); 7.05 without quotes is refused as inexact."""
        if isinstance(self.content, int) and not isinstance(self.content, bool):
            return Decimal(self.content)
        if isinstance(self.content, str) and NUMBER.match(self.content):
            return Decimal(self.content)
        problem = "is not a number" if isinstance(self.content, str) else "is not a number in quotes"
        raise self.fail(
            f"{self.content!r} {problem}.",
            "Write it like “7.05”: in quotes, with a point, without a comma or a sign of money.",
        )

    def words(self) -> str:
        if not isinstance(self.content, str) or not self.content.strip():
            raise self.fail("Words are expected here.", "Write a short text in quotes.")
        return self.content

    def name(self) -> str:
        """A lower-case name without a dot, as ids and figures have."""
        found = self.words()
        if not SIMPLE_NAME.match(found):
            raise self.fail(
                f"“{found}” cannot be a name.", "Use lower-case letters, digits and underscores: usage_2."
            )
        return found

    def choice(self, key: str, allowed: tuple[str, ...], otherwise: str | None = None) -> str:
        """One of the allowed words under a key."""
        if otherwise is not None and not self.has(key):
            return otherwise
        piece = self.at(key)
        if piece.content not in allowed:
            raise piece.fail(f"{piece.content!r} is not known.", f"Write one of: {', '.join(allowed)}.")
        return str(piece.content)

    def flag(self, key: str, otherwise: bool) -> bool:
        if not self.has(key):
            return otherwise
        piece = self.at(key)
        if not isinstance(piece.content, bool):
            raise piece.fail("true or false is expected.", "Write true or false without quotes.")
        return piece.content

    def day(self) -> date:
        try:
            return date.fromisoformat(self.words())
        except ValueError:
            raise self.fail(f"“{self.content}” is not a date.", "Write it like 2026-07-01.") from None
