"""A report on the screen: a page of its lines, the total, and the ways to have it as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string

from reports.kit import Column, Line, Sheet, lines
from reports.parameters import Problem, fields_of

TEMPLATE = "reports/report.html"
LINES_A_PAGE = 200
FORMS = (("pdf", "PDF"), ("xlsx", "XLSX"), ("csv", "CSV"))


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as text with its side, and how many columns it takes."""

    text: str
    is_figure: bool
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
        "columns": sheet.report.columns,
        "fields": list(fields_of(sheet.report.parameters, query, today=today)),
        "lines": shown,
        "total": _line(sheet.report.columns, total) if total and total.rows else None,
        "rows": rows,
        "page": page,
        "pages": pages,
        "previous": urlencode({**kept, "page": page - 1}) if page > 1 else "",
        "next": urlencode({**kept, "page": page + 1}) if page < pages else "",
        "files": [(label, urlencode({**kept, "form": form})) for form, label in FORMS],
        "problems": (),
    }


def context_of_problems(
    sheet: Sheet, query: Mapping[str, str], problems: tuple[Problem, ...], *, today: date
) -> dict[str, object]:
    """The same page with what was typed, a summary of what is wrong with it, and no lines."""
    return {
        "sheet": sheet,
        "report": sheet.report,
        "columns": sheet.report.columns,
        "fields": list(fields_of(sheet.report.parameters, query, today=today)),
        "problems": problems,
    }


def render(request: HttpRequest, sheet: Sheet, *, today: date) -> str:
    """The page; what was asked for stands in the address, so it can be kept and sent."""
    query = {name: str(value) for name, value in request.GET.items()}
    return render_to_string(TEMPLATE, context(sheet, query, today=today), request)


def _line(columns: tuple[Column, ...], line: Line) -> ShownLine:
    if line.kind == "row":
        return ShownLine(
            "row", tuple(_cell(c, c.text_of(v)) for c, v in zip(columns, line.cells, strict=True))
        )
    before = next(i for i, column in enumerate(columns) if column.total)
    label = f"{line.label} · {line.rows:,} {'row' if line.rows == 1 else 'rows'}"
    first = (ShownCell(label, False, before),) if before else ()
    rest = zip(columns[before:], line.cells[before:], strict=True)
    return ShownLine(line.kind, first + tuple(_cell(column, column.text_of(value)) for column, value in rest))


def _cell(column: Column, text: str) -> ShownCell:
    return ShownCell(text, column.is_figure)
