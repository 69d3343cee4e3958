"""What reading a file gives: rows that can be used, and faults that say the place and the remedy.  Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Value = str | int | Decimal | date | None
"""One cell: text (never ``None``), or a number, date or date with time, ``None`` where the cell was blank."""

Level = Literal["file", "row", "warning"]
"""``file``: nothing may be applied; ``row``: this row is left out; ``warning``: taken, but look."""


@dataclass(frozen=True, slots=True)
class Row:
    """One usable row: where it began in the file, its values by field name and its text as it stood."""

    line_number: int
    values: Mapping[str, Value]
    raw: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a file.  Line 0 is the file as a whole; ``column`` is named as in the file."""

    line_number: int
    column: str
    level: Level
    code: str
    problem: str
    remedy: str
    raw: str = ""

    @property
    def place(self) -> str:
        """``Line 12, column Read``, or ``The file``."""
        where = f"Line {self.line_number}" if self.line_number else "The file"
        return f"{where}, column {self.column}" if self.column else where

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """All rows and all faults of one file."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]

    @property
    def may_apply(self) -> bool:
        """False as soon as one fault concerns the whole file: then no row may be applied."""
        return not any(fault.level == "file" for fault in self.faults)


def gather(items: Iterable[Row | Fault]) -> Outcome:
    """Read to the end.  Needed before anything is applied: a cut file shows itself only on its last line."""
    rows: list[Row] = []
    faults: list[Fault] = []
    for item in items:
        if isinstance(item, Row):
            rows.append(item)
        else:
            faults.append(item)
    return Outcome(tuple(rows), tuple(faults))


class DoesNotFit(ValueError):
    """A value that the layout cannot carry unchanged, found while writing.  Nothing is cut or rounded."""

    def __init__(self, field: str, value: object, problem: str) -> None:
        super().__init__(f"{field}: {value!r} {problem}")
        self.field = field
        self.value = value
        self.problem = problem


class Unreadable(ValueError):
    """The text of one cell that is not what its field declares.  Becomes a ``Fault`` with its place."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.code = code
        self.problem = problem
        self.remedy = remedy
