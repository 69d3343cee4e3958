"""Reports: declared once, shown on the screen and made as PDF, CSV and XLSX of the same rows.

A report is a value: what it asks for, its columns, and the function that gives its rows.  Subtotals and
totals are added here and nowhere else, so every form shows the same figures.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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

ColumnKind = Literal["text", "amount", "price", "quantity", "date", "count", "percent"]
Cell = str | Decimal | int | date | None
Cells = tuple[Cell, ...]

FIGURES: frozenset[ColumnKind] = frozenset({"amount", "price", "quantity", "count", "percent"})
"""Kinds that stand at the right of their column."""
TOTALLED: frozenset[ColumnKind] = frozenset({"amount", "quantity", "count"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column.  ``width`` is its share of the page in characters; ``total`` adds it up.

    Amounts are in the utility's currency, a credit below zero; ``may_credit`` keeps room for its CR on paper.
    A price keeps all its places, two at least; where a table has words instead of a price, it shows them.
    A percent of 12.5 means 12.5 %.  Quantities that are added up share one unit, named in the label; where
    units differ, ``within`` names the column they stand in, and a sum over two of them is left empty.
    ``heading``: the column stands in the line above its group instead of in every row; spreadsheets keep it.
    ``file_only``: it stands in spreadsheets alone.  ``leads`` gives the address of the page that a row's cell
    leads to on the screen, empty for none.
    """

    name: str
    label: str
    kind: ColumnKind = "text"
    total: bool = False
    width: int = 12
    may_credit: bool = False
    within: str = ""
    heading: bool = False
    file_only: bool = False
    leads: "Callable[[Cells], str] | None" = None

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
class Recap:
    """The totals once more, below the last, by other columns than the subtotals; there must be few."""

    label: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report.  ``rows`` gives tuples in the order of the columns and may stream them.

    ``subtotals`` names columns, outermost first; rows must come sorted by them.  ``check`` tells problems
    between parameters that one alone does not show.  ``notes`` are printed below the last line.
    ``one_of``: at least one of these parameters must be answered.  ``shape`` gives the report with other
    columns where the answers ask for them, such as a summary.  ``picture`` draws the rows of a group of the
    first subtotal as SVG, shown below it.  ``page_each`` begins a new sheet of paper with each such group.
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
    recaps: tuple[Recap, ...] = ()
    one_of: tuple[str, ...] = ()
    shape: Callable[["Report", Parameters], "Report"] | None = None
    picture: Callable[[Sequence[Cells]], str] | None = None
    page_each: bool = False

    def __post_init__(self) -> None:
        names = {column.name for column in self.columns}
        asked = {*self.subtotals, *(name for recap in self.recaps for name in recap.by)}
        unknown = (asked | {column.within for column in self.columns if column.within}) - names
        if unknown:
            raise ValueError(f"Report “{self.code}” adds up by {unknown}, which are no columns of it.")

    @property
    def shown(self) -> tuple[int, ...]:
        """The places of the columns that stand in every row on screen and paper."""
        return tuple(i for i, c in enumerate(self.columns) if not (c.heading or c.file_only))

    def shaped(self, parameters: Parameters) -> "Report":
        """The report with the columns its answers ask for."""
        return self.shape(self, parameters) if self.shape else self

    def answers(self, query: Mapping[str, str], *, today: date) -> Parameters:
        """The parameters in a query string; raises ``ParametersUnusable`` with every problem."""
        parameters = parse_parameters(self.parameters, query, today=today)
        problems = (*self._unanswered(parameters), *(self.check(parameters) if self.check else ()))
        if problems:
            raise ParametersUnusable(problems)
        return parameters

    def _unanswered(self, parameters: Parameters) -> Iterable[Problem]:
        if self.one_of and not any(parameters.values[name] is not None for name in self.one_of):
            labels = {p.name: p.label for p in self.parameters}
            named = " or ".join(labels[name].lower() for name in self.one_of)
            first = self.one_of[0]
            yield Problem(first, labels[first], "Nothing is chosen.", f"Give {named}.")


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


_SHOWN_PLACES = Decimal("0.001")


def _quantity(value: Cell) -> str:
    """At most three places, without zeros at the end; files hold all of them."""
    if not isinstance(value, Decimal):
        return f"{value:,}"
    return f"{value.quantize(_SHOWN_PLACES).normalize() + 0:,f}"


_TWO_PLACES = Decimal("0.01")


def _price(value: Cell) -> str:
    """At least two places, and no digit lost."""
    if not isinstance(value, Decimal):
        return str(value)
    exponent = value.as_tuple().exponent
    shown = value.quantize(_TWO_PLACES) if isinstance(exponent, int) and exponent > -2 else value
    return f"{shown:,f}"


def _percent(value: Cell) -> str:
    return f"{value} %"


def _amount(value: Cell) -> str:
    return show_amount(Decimal(value)) if isinstance(value, Decimal | int) else str(value)


def _day(value: Cell) -> str:
    return day_text(value) if isinstance(value, date) else str(value)


_TEXT: dict[ColumnKind, Callable[[Cell], str]] = {
    "text": str,
    "amount": _amount,
    "price": _price,
    "quantity": _quantity,
    "date": _day,
    "count": _quantity,
    "percent": _percent,
}
