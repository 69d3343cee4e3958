"""A report on the screen: a page of its lines, the total, and the ways to have it as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string

from core.ui import words
from reports.kit import Cell, Column, Line, Sheet, lines
from reports.parameters import Problem, fields_of

TEMPLATE = "reports/report.html"
LINES_A_PAGE = 200
FORMS = (("pdf", "PDF", "printer"), ("xlsx", "XLSX", "file-spreadsheet"), ("csv", "CSV", "file-type-csv"))


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell ready for the page (text is escaped there), and how many columns it takes."""

    html: str
    classes: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line ready for the page."""

    kind: str
    cells: tuple[ShownCell, ...]


def context(sheet: Sheet, query: Mapping[str, str], *, today: date) -> dict[str, object]:
    """What the template needs; ``page`` in the query counts from 1 and is held to the pages there are."""
    shown: list[ShownLine] = []
    total: Line | None = None
    page = max(1, int(query["page"])) if query.get("page", "").isdigit() else 1
    first = (page - 1) * LINES_A_PAGE
    count = rows = 0
    for line in lines(sheet):
        if line.kind == "total":
            total = line
            continue
        rows += line.kind == "row"
        if first <= count < first + LINES_A_PAGE:
            shown.append(_line(sheet.report.columns, line))
        count += 1
    pages = max(1, -(-count // LINES_A_PAGE))
    if page > pages:
        return context(sheet, {**query, "page": str(pages)}, today=today)
    kept = {name: value for name, value in query.items() if name not in ("page", "form")}
    return {
        "sheet": sheet,
        "report": sheet.report,
        "headings": [ShownCell(column.label, _classes(column)) for column in sheet.report.columns],
        "fields": list(fields_of(sheet.report.parameters, query, today=today)),
        "lines": shown,
        "total": _line(sheet.report.columns, total) if total and total.rows else None,
        "rows": rows,
        "page": page,
        "pages": pages,
        "previous": urlencode({**kept, "page": page - 1}) if page > 1 else "",
        "next": urlencode({**kept, "page": page + 1}) if page < pages else "",
        "files": [(label, icon, urlencode({**kept, "form": form})) for form, label, icon in FORMS],
        "problems": (),
    }


def context_of_problems(
    sheet: Sheet, query: Mapping[str, str], problems: tuple[Problem, ...], *, today: date
) -> dict[str, object]:
    """The same page with what was typed, a summary of what is wrong with it, and no lines."""
    return {
        "sheet": sheet,
        "report": sheet.report,
        "fields": list(fields_of(sheet.report.parameters, query, problems, today=today)),
        "problems": problems,
    }


def render(request: HttpRequest, sheet: Sheet, *, today: date) -> str:
    """The page; what was asked for stands in the address, so it can be kept and sent."""
    query = {name: str(value) for name, value in request.GET.items()}
    return render_to_string(TEMPLATE, context(sheet, query, today=today), request)


def _line(columns: tuple[Column, ...], line: Line) -> ShownLine:
    if line.kind == "row":
        return ShownLine("row", tuple(map(_cell, columns, line.cells)))
    before = next(i for i, column in enumerate(columns) if column.total)
    label = f"{line.label} · {line.rows:,} {'row' if line.rows == 1 else 'rows'}"
    first = (ShownCell(label, "", before),) if before else ()
    return ShownLine(line.kind, (*first, *map(_cell, columns[before:], line.cells[before:])))


def _cell(column: Column, value: Cell) -> ShownCell:
    if column.kind == "amount" and isinstance(value, Decimal | int):
        return ShownCell(words.amount(Decimal(value)), _classes(column))
    return ShownCell(column.text_of(value), _classes(column))


def _classes(column: Column) -> str:
    """The classes that the tables of the other screens give to such a column."""
    side = "num" if column.is_figure else "tight" if column.kind == "date" else ""
    return f"{side} may-credit" if column.may_credit else side
