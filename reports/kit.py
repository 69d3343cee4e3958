"""Reports: declared once, shown on the screen and made as PDF, CSV and XLSX of the same rows.

A report is a value: what it asks for, its columns, and the function that gives its rows.  Subtotals and
totals are added here and nowhere else, so every form shows the same figures.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.money import show_amount
from reports.parameters import (
    Parameter,
    Parameters,
    ParametersUnusable,
    Problem,
    day_text,
    parse_parameters,
)

ColumnKind = Literal["text", "amount", "quantity", "date", "count", "percent"]
Cell = str | Decimal | int | date | None
Cells = tuple[Cell, ...]

FIGURES: frozenset[ColumnKind] = frozenset({"amount", "quantity", "count", "percent"})
"""Kinds that stand at the right of their column."""
TOTALLED: frozenset[ColumnKind] = frozenset({"amount", "quantity", "count"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column.  ``width`` is its share of the page in characters; ``total`` adds it up.

    Amounts are in the utility's currency, a credit below zero; ``may_credit`` keeps room for its CR on paper.
    A percent of 12.5 means 12.5 %.  Quantities that are added up must share one unit, named in the label.
    """

    name: str
    label: str
    kind: ColumnKind = "text"
    total: bool = False
    width: int = 12
    may_credit: bool = False

    def __post_init__(self) -> None:
        if self.total and self.kind not in TOTALLED:
            raise ValueError(f"Column “{self.name}”: a {self.kind} cannot be added up.")

    @property
    def is_figure(self) -> bool:
        """Whether it stands at the right."""
        return self.kind in FIGURES

    def text_of(self, value: Cell) -> str:
        """The value as it stands on the page and on paper."""
        return "" if value is None else _TEXT[self.kind](value)


@dataclass(frozen=True, slots=True)
class Report:
    """A report.  ``rows`` gives tuples in the order of the columns and may stream them.

    ``subtotals`` names columns, outermost first; rows must come sorted by them.  ``check`` tells problems
    between parameters that one alone does not show.  ``notes`` are printed below the last line.
    """

    code: str
    title: str
    group: str
    permission: str
    columns: tuple[Column, ...]
    rows: Callable[[Parameters], Iterable[Cells]]
    parameters: tuple[Parameter, ...] = ()
    subtotals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    check: Callable[[Parameters], Iterable[Problem]] | None = None
    about: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.subtotals) - {column.name for column in self.columns}
        if unknown:
            raise ValueError(
                f"Report “{self.code}” makes subtotals by {unknown}, which are no columns of it."
            )

    @property
    def has_totals(self) -> bool:
        """Whether any column is added up."""
        return any(column.total for column in self.columns)

    def answers(self, query: Mapping[str, str], *, today: date) -> Parameters:
        """The parameters in a query string; raises ``ParametersUnusable`` with every problem."""
        parameters = parse_parameters(self.parameters, query, today=today)
        problems = tuple(self.check(parameters)) if self.check else ()
        if problems:
            raise ParametersUnusable(problems)
        return parameters


@dataclass(frozen=True, slots=True)
class Sheet:
    """One making of a report: for whom, of what, when.  ``printed_at`` is in the utility's zone."""

    report: Report
    utility: str
    parameters: Parameters
    printed_at: datetime
    printed_by: str = ""

    @property
    def printed_text(self) -> str:
        """``Nov 22, 2026, 2:05 pm CST``."""
        at = self.printed_at
        clock = f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"
        return f"{day_text(at.date())}, {clock} {at.tzname() or ''}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A line.  In subtotals (``level`` 0 is the outermost) and the total only added columns have values."""

    kind: Literal["row", "subtotal", "total"]
    cells: Cells
    label: str = ""
    level: int = 0
    rows: int = 1


class NotSorted(ValueError):
    """Rows came back to a group that was already totalled: the report must sort by its subtotal columns."""


@dataclass(slots=True)
class _Group:
    """The running sums of one level since it last changed."""

    size: int
    key: Cells | None = None
    rows: int = 0
    sums: list[Decimal | int] = field(default_factory=list)
    closed: set[Cells] = field(default_factory=set)

    def restart(self, key: Cells | None) -> None:
        if self.key is not None:
            self.closed.add(self.key)
        if key in self.closed:
            raise NotSorted(f"{key} comes again after its subtotal.")
        self.key, self.rows, self.sums = key, 0, [0] * self.size


def lines(sheet: Sheet) -> Iterator[Line]:
    """Rows with their subtotals, and the total last (also when there are no rows).

    Raises ``NotSorted``, and ``ValueError`` for a row whose length is not that of the columns.
    """
    columns = sheet.report.columns
    places = [i for i, column in enumerate(columns) if column.total]
    by = [next(i for i, c in enumerate(columns) if c.name == name) for name in sheet.report.subtotals]
    groups = [_Group(len(places)) for _ in by]
    whole = _Group(len(places))
    whole.restart(())
    for cells in sheet.report.rows(sheet.parameters):
        if len(cells) != len(columns):
            raise ValueError(f"“{sheet.report.code}” gave {len(cells)} cells for {len(columns)} columns.")
        keys = [tuple(cells[i] for i in by[: level + 1]) for level in range(len(by))]
        yield from _closed(columns, places, groups, keys)
        for group in (*groups, whole):
            group.rows += 1
            for place, column in enumerate(places):
                group.sums[place] += cells[column] or 0  # type: ignore[operator]  # added columns hold numbers
        yield Line("row", cells)
    if whole.rows:
        yield from _closed(columns, places, groups, [None] * len(groups))
    if places:
        yield Line("total", _summed(columns, places, whole), "Total", rows=whole.rows)


def _closed(
    columns: Sequence[Column], places: Sequence[int], groups: Sequence[_Group], keys: Sequence[Cells | None]
) -> Iterator[Line]:
    """Subtotals of the groups that end here, innermost first; the groups begin anew under their keys."""
    changed = next((i for i, group in enumerate(groups) if group.key != keys[i]), len(groups))
    for level in reversed(range(changed, len(groups))):
        group = groups[level]
        if group.key is not None and group.rows:
            yield Line("subtotal", _summed(columns, places, group), _label(group.key[-1]), level, group.rows)
        group.restart(keys[level])


def _label(key: Cell) -> str:
    return f"Total {day_text(key) if isinstance(key, date) else key}"


def _summed(columns: Sequence[Column], places: Sequence[int], group: _Group) -> Cells:
    cells: list[Cell] = [None] * len(columns)
    for place, column in enumerate(places):
        cells[column] = group.sums[place]
    return tuple(cells)


def _quantity(value: Cell) -> str:
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def _percent(value: Cell) -> str:
    return f"{value} %"


def _amount(value: Cell) -> str:
    return show_amount(Decimal(value)) if isinstance(value, Decimal | int) else str(value)


def _day(value: Cell) -> str:
    return day_text(value) if isinstance(value, date) else str(value)


_TEXT: dict[ColumnKind, Callable[[Cell], str]] = {
    "text": str,
    "amount": _amount,
    "quantity": _quantity,
    "date": _day,
    "count": _quantity,
    "percent": _percent,
}
