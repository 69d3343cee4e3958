"""Columns: declared once, shown on the screen, sorted by, exported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.ui import words
from core.ui.statuses import look_of

Kind = Literal["text", "code", "amount", "number", "quantity", "date", "moment", "status", "yes_no"]
RIGHT: frozenset[str] = frozenset({"amount", "number", "quantity"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``name`` stands in the address (sort, chosen columns) and must not change lightly.  ``value`` is a path of
    attributes or keys (``"account.number"``; a method is called) or a function of the row.  ``sort`` is the
    field the database sorts by; empty means it cannot be sorted.  ``href`` makes a link of the cell;
    ``calculation`` says the link opens how the figure came about.  ``may_credit`` keeps room for CR so the
    cents stay in line.  ``breaks`` lets a long word (a key, a seal) go on in the next line.  ``chosen`` is
    whether it is shown before anybody chooses.
    """

    name: str
    label: str
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    sort: str = ""
    href: Callable[[Any], str] | None = None
    calculation: bool = False
    may_credit: bool = False
    breaks: bool = False
    chosen: bool = True
    unit: str = ""

    @property
    def classes(self) -> str:
        """The classes of header and cells."""
        side = (
            "num"
            if self.kind in RIGHT
            else "tight"
            if self.kind in ("status", "date", "moment", "code")
            else ""
        )
        more = ("may-credit" if self.may_credit else "", "breaks" if self.breaks else "")
        return " ".join(filter(None, (side, *more)))

    def of(self, row: Any) -> Any:
        """The column's value of a row: a ``Decimal``, date, text …, not yet written out."""
        source = self.value or self.name
        return source(row) if callable(source) else reach(row, source)


def reach(row: Any, path: str) -> Any:
    """Follow a dotted path through attributes and keys; ``None`` on the way ends it."""
    for step in path.split("."):
        if row is None:
            return None
        row = row[step] if isinstance(row, dict) else getattr(row, step)
        if callable(row):
            row = row()
    return row


def written(column: Column, value: Any) -> SafeString:
    """A value as the column's cells show it."""
    if value is None or value == "":
        return words.NOTHING
    match column.kind:
        case "amount":
            return words.amount(value)
        case "number":
            return format_html("{}", words.figures(value))
        case "quantity":
            return words.quantity(value, column.unit)
        case "date":
            return words.day(value)
        case "moment":
            return words.moment(value)
        case "status":
            return words.status(value)
        case "yes_no":
            return words.icon("check", "yes") if value else words.NOTHING
        case "code":
            return format_html('<span class="nowrap">{}</span>', value)
        case _:
            return format_html("{}", value)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell ready for the page."""

    html: SafeString
    classes: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row ready for the page: its cells, where Enter leads and the value its tick sends."""

    cells: tuple[Cell, ...]
    href: str
    key: str


def cell(column: Column, row: Any) -> Cell:
    """The column's cell of a row, linked when the column links."""
    html = written(column, column.of(row))
    if column.href is not None:
        link = '<a class="calc" href="{}" title="How this was computed">{}</a>'
        html = format_html(link if column.calculation else '<a href="{}">{}</a>', column.href(row), html)
    return Cell(html, column.classes)


def shown_rows(
    columns: Sequence[Column],
    rows: Iterable[Any],
    opens: Callable[[Any], str] | None = None,
    key: str = "pk",
) -> list[ShownRow]:
    """The rows of a table, each cell written out."""
    return [
        ShownRow(
            tuple(cell(c, row) for c in columns),
            opens(row) if opens else "",
            str(_key(row, key)),
        )
        for row in rows
    ]


def _key(row: Any, key: str) -> Any:
    return row.get(key, "") if isinstance(row, dict) else getattr(row, key, "")


def plain(column: Column, value: Any) -> str | Decimal | int | date | datetime | None:
    """A value for a file: figures and days stay what they are, a state becomes its word."""
    if value is None or isinstance(value, Decimal | date | datetime):
        return value
    if column.kind == "status":
        return look_of(value).word
    if column.kind == "yes_no":
        return "yes" if value else "no"
    return value if isinstance(value, int) and column.kind in RIGHT else str(value)
