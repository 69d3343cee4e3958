"""The tables of a file: one, several of one bill, or versions by date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from core.periods import Period
from rates.engine import Tariff, TariffError, parse_tariff
from rates.engine.reader import Book, Reader

_OF_A_FILE = ("code", "name", "service_type")
_OF_A_VERSION = ("until", "state", "source")
"""What a table that was taken away says besides; its versions price by their first days."""


@dataclass(frozen=True, slots=True)
class FileTable:
    """A rate table of the file with its versions, the earliest first, each with the days it holds for.

    A table given without versions holds for all days.
    """

    place: str
    versions: tuple[tuple[Period, Tariff], ...]

    @property
    def service_type(self) -> str:
        """The service that all versions price."""
        return self.versions[-1][1].service_type

    @property
    def needs(self) -> frozenset[str]:
        """The services that must be worked before this one, whichever version prices."""
        return frozenset().union(*(tariff.needs for _, tariff in self.versions))

    def hints(self) -> Tariff:
        """The latest version, to say what the table asks for."""
        return self.versions[-1][1]


def read_tables(content: object) -> tuple[FileTable, ...]:
    """The tables of a file as ``manage.py rate`` takes it, in the order in which they can be worked.

    A table; a list of tables; ``{"tables": […]}``; and in the place of any table
    ``{"versions": [{"from": "2026-07-01", "table": {…}}, …]}``.  Raises ``TariffError`` with the place.
    """
    reader = Reader(content, "", Book())
    if isinstance(content, list):
        found = [_table(r) for r in reader.items()]
    elif reader.is_object and reader.has("tables"):
        reader.only("tables")
        found = [_table(r) for r in reader.at("tables").items()]
    else:
        found = [_table(reader)]
    return _in_order(found)


def _table(reader: Reader) -> FileTable:
    if not (reader.is_object and reader.has("versions")):
        return FileTable(reader.place, ((Period(date.min, None), _parsed(reader)),))
    reader.only("versions", *_OF_A_FILE)
    starts: list[date] = []
    tariffs: list[Tariff] = []
    for piece in reader.at("versions").items():
        piece.only("from", "table", *_OF_A_VERSION)
        start = piece.at("from").day()
        if starts and start <= starts[-1]:
            raise piece.at("from").fail(
                f"{start} is not after {starts[-1]}.", "List the versions in order, each day once."
            )
        tariff = _parsed(piece.at("table"))
        if tariffs and tariff.service_type != tariffs[-1].service_type:
            raise piece.at("table").fail(
                f"It is for {tariff.service_type}, the version before for {tariffs[-1].service_type}.",
                "Versions of one table price one service.",
            )
        starts.append(start)
        tariffs.append(tariff)
    ends: list[date | None] = [*starts[1:], None]
    spans = [Period(start, end) for start, end in zip(starts, ends, strict=True)]
    return FileTable(reader.place, tuple(zip(spans, tariffs, strict=True)))


def _parsed(reader: Reader) -> Tariff:
    content = cast(Mapping[str, Any], reader.mapping())
    try:
        return parse_tariff(content)
    except TariffError as wrong:
        place = ".".join(p for p in (reader.place, wrong.place) if p)
        raise TariffError(place, wrong.problem, wrong.remedy) from wrong


def _in_order(tables: list[FileTable]) -> tuple[FileTable, ...]:
    """Each after the services it rests on; otherwise as they stand in the file."""
    services: dict[str, FileTable] = {}
    for table in tables:
        if table.service_type in services:
            raise TariffError(
                table.place,
                f"There are two tables for {table.service_type}.",
                "Give one, or versions of one; work a second such service as a bill of its own.",
            )
        services[table.service_type] = table
    placed: dict[str, FileTable] = {}
    left = list(tables)
    while left:
        ready = next((t for t in left if not (t.needs & set(services)) - set(placed)), None)
        if ready is None:
            circle = ", ".join(t.service_type for t in left)
            raise TariffError("", f"{circle} rest on each other.", "Let one of them stand by itself.")
        placed[ready.service_type] = ready
        left.remove(ready)
    return tuple(placed.values())
