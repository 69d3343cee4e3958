"""A report on the screen: a page of its lines, the total, and the ways to have it as a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from core.ui import words
from reports.kit import Cell, Column, Report, Sheet
from reports.lines import Line, lines
from reports.parameters import Problem, fields_of

TEMPLATE = "reports/report.html"
LINES_A_PAGE = 200
MOST_LINES = 20_000
"""Lines that are read while somebody waits; a longer report shows these, and its totals in its files."""
FORMS = (("pdf", "PDF", "printer"), ("xlsx", "XLSX", "file-spreadsheet"), ("csv", "CSV", "file-type-csv"))


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell ready for the page (text is escaped there), how many columns it takes, and where it leads."""

    html: str
    classes: str
    span: int = 1
    href: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line ready for the page."""

    kind: str
    cells: tuple[ShownCell, ...]


@dataclass(slots=True)
class _Read:
    """What was read of a report: the lines of one page, and figures of all."""

    shown: list[ShownLine] = field(default_factory=list)
    below: list[ShownLine] = field(default_factory=list)
    total: Line | None = None
    count: int = 0
    rows: int = 0
    cut: bool = False


def _read(sheet: Sheet, page: int) -> _Read:
    """The lines of a page, counted from 1, with the total and the recaps."""
    found, first = _Read(), (page - 1) * LINES_A_PAGE
    for line in lines(sheet):
        if line.kind == "total":
            found.total = line
        elif line.kind in ("recap", "recap_title"):
            found.below.append(_line(sheet.report, line))
        else:
            found.rows += line.kind == "row"
            if first <= found.count < first + LINES_A_PAGE:
                found.shown.append(_line(sheet.report, line))
            found.count += 1
            if found.count >= MOST_LINES:
                found.cut = True
                break
    return found


def context(sheet: Sheet, query: Mapping[str, str], *, today: date) -> dict[str, object]:
    """What the template needs; ``page`` in the query counts from 1 and is held to the pages there are."""
    page = max(1, int(query["page"])) if query.get("page", "").isdigit() else 1
    read = _read(sheet, page)
    pages = max(1, -(-read.count // LINES_A_PAGE))
    if page > pages:
        return context(sheet, {**query, "page": str(pages)}, today=today)
    kept = {name: value for name, value in query.items() if name not in ("page", "form")}
    columns = [sheet.report.columns[i] for i in sheet.report.shown]
    return {
        "sheet": sheet,
        "report": sheet.report,
        "headings": [ShownCell(column.label, _classes(column)) for column in columns],
        "fields": list(fields_of(sheet.report.parameters, query, today=today)),
        "lines": read.shown,
        "below": read.below,
        "total": _line(sheet.report, read.total) if read.total and read.total.rows else None,
        "rows": read.rows,
        "cut": read.cut,
        "page": page,
        "pages": pages,
        "previous": urlencode({**kept, "page": page - 1}) if page > 1 else "",
        "next": urlencode({**kept, "page": page + 1}) if page < pages else "",
        "files": [(form, label, icon, urlencode({**kept, "form": form})) for form, label, icon in FORMS],
        "asked": urlencode(kept),
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


def _line(report: Report, line: Line) -> ShownLine:
    columns = [report.columns[i] for i in report.shown]
    if line.kind in ("heading", "recap_title", "picture"):
        # A picture is SVG of core.ui.charts, which escapes what it is told.
        html = mark_safe(line.label) if line.kind == "picture" else line.label  # noqa: S308  # our own drawing
        return ShownLine(line.kind, (ShownCell(html, "", len(columns)),))
    cells = [line.cells[i] for i in report.shown]
    if line.kind == "row":
        leads = [column.leads(line.cells) if column.leads else "" for column in columns]
        return ShownLine(line.kind, tuple(map(_cell, columns, cells, leads)))
    if line.kind == "recap":
        return ShownLine(line.kind, tuple(map(_cell, columns, cells)))
    before = next(i for i, column in enumerate(columns) if column.total)
    label = f"{line.label} · {line.rows:,} {'row' if line.rows == 1 else 'rows'}"
    first = (ShownCell(label, "", before),) if before else ()
    return ShownLine(line.kind, (*first, *map(_cell, columns[before:], cells[before:])))


def _cell(column: Column, value: Cell, href: str = "") -> ShownCell:
    if column.kind == "amount" and isinstance(value, Decimal | int):
        return ShownCell(words.amount(Decimal(value)), _classes(column), href=href)
    return ShownCell(column.text_of(value), _classes(column), href=href)


def _classes(column: Column) -> str:
    """The classes that the tables of the other screens give to such a column."""
    side = "num" if column.is_figure else "tight" if column.kind == "date" else ""
    return f"{side} may-credit" if column.may_credit else side
