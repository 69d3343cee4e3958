"""A report as an Excel workbook: real numbers and days, a frozen head, and totals that go on adding up.

Subtotals and totals are ``SUBTOTAL(9, …)`` over their rows, with the figure computed here stored beside the
formula; that function passes over other subtotals, and follows what the reader filters.
"""

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from reports.kit import Cell, ColumnKind, Sheet
from reports.lines import Line, lines

# A spreadsheet holds numbers to 15 digits; a longer one is written as text rather than bent.
_MOST_DIGITS = 15
_HEAD_ROW = 0

_NUMBER_FORMS: Mapping[ColumnKind, str] = {
    "text": "@",
    "amount": "#,##0.00",
    "price": "#,##0.00####",
    "quantity": "#,##0.######",
    "date": "mmm d, yyyy",
    "count": "#,##0",
    "percent": '0.##" %"',
}


def render(sheet: Sheet) -> bytes:
    """The workbook: the lines on the first sheet, what the report is about on the second."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        # The moment of making is the report's, not the machine's.
        book.set_properties({"title": sheet.report.title, "created": sheet.printed_at.replace(tzinfo=None)})
        _Lines(book, sheet).write()
        _about(book, sheet)
    return out.getvalue()


class _Lines:
    """The sheet of lines, written from top to bottom."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        self.recaps: list[Line] = []
        self.columns = sheet.report.columns
        self.page = book.add_worksheet("Report")
        self.head = [
            book.add_format({"bold": True, "bottom": 1, "align": "right" if c.is_figure else "left"})
            for c in self.columns
        ]
        self.plain = [book.add_format({"num_format": _NUMBER_FORMS[c.kind]}) for c in self.columns]
        self.summed = [
            book.add_format({"num_format": _NUMBER_FORMS[c.kind], "bold": True, "top": 1})
            for c in self.columns
        ]
        self.bold = book.add_format({"bold": True, "top": 1})
        self.starts = [_HEAD_ROW + 1] * len(sheet.report.subtotals)

    def write(self) -> None:
        self.page.freeze_panes(_HEAD_ROW + 1, 0)
        self.page.repeat_rows(_HEAD_ROW)
        self.page.fit_to_pages(1, 0)
        for place, column in enumerate(self.columns):
            self.page.set_column(place, place, max(column.width, len(column.label)) + 2)
            self.page.write_string(_HEAD_ROW, place, column.label, self.head[place])
        row = last_row = _HEAD_ROW
        for line in lines(self.sheet):
            if line.kind in ("heading", "picture"):
                continue  # headings stand in their columns, and a spreadsheet draws its own
            if line.kind in ("recap", "recap_title"):
                self.recaps.append(line)
                continue
            row += 1
            if line.kind == "row":
                last_row = row
                for place, value in enumerate(line.cells):
                    _write(self.page, row, place, value, self.plain[place])
            else:
                self._sum(row, line)
        self.page.autofilter(_HEAD_ROW, 0, max(last_row, _HEAD_ROW + 1), len(self.columns) - 1)
        if self.recaps:
            self._recaps()

    def _recaps(self) -> None:
        """The totals by something else, on a sheet of their own with only the columns they fill."""
        page = self.book.add_worksheet("Totals")
        row, heads_due = 0, False
        for line in self.recaps:
            if line.kind == "recap_title":
                row += 2 if row else 0
                page.write_string(row, 0, line.label, self.bold)
                heads_due = True
                continue
            filled = [i for i, c in enumerate(self.columns) if c.total or line.cells[i] is not None]
            if heads_due:
                row, heads_due = row + 1, False
                for place, column in enumerate(filled):
                    page.write_string(row, place, self.columns[column].label, self.head[column])
            row += 1
            for place, column in enumerate(filled):
                _write(page, row, place, line.cells[column], self.plain[column])
        page.set_column(0, len(self.columns), 18)

    def _sum(self, row: int, line: Line) -> None:
        """A subtotal over its group, or the total over all; the label stands in the first free column."""
        first = _HEAD_ROW + 1 if line.kind == "total" else self.starts[line.level]
        for place, (column, value) in enumerate(zip(self.columns, line.cells, strict=True)):
            if column.total and row > first and _fits(value):
                formula = f"=SUBTOTAL(9,{xl_range(first, place, row - 1, place)})"
                self.page.write_formula(row, place, formula, self.summed[place], value)
            elif column.total:
                _write(self.page, row, place, value, self.summed[place])
            else:
                self.page.write_blank(row, place, None, self.bold)
        free = next((i for i, column in enumerate(self.columns) if not column.total), None)
        if free is not None:
            self.page.write_string(row, free, line.label, self.bold)
        if line.kind == "subtotal":
            self.starts[line.level :] = [row + 1] * (len(self.starts) - line.level)


def _fits(value: Cell) -> bool:
    return isinstance(value, Decimal | int) and len(Decimal(value).as_tuple().digits) <= _MOST_DIGITS


def _write(page: Any, row: int, place: int, value: Cell, form: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        page.write_string(row, place, value, form)
    elif isinstance(value, Decimal | int):
        if _fits(value):
            page.write_number(row, place, value, form)
        else:
            page.write_string(row, place, str(value), form)
    else:
        page.write_datetime(row, place, value, form)


def _about(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet("About")
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 60)
    by = [("Printed by", sheet.printed_by)] if sheet.printed_by else []
    facts = [
        ("Utility", sheet.utility),
        ("Report", sheet.report.title),
        *sheet.parameters.shown,
        ("Printed", sheet.printed_text),
        *by,
        *(("Note", note) for note in sheet.report.notes),
    ]
    bold = book.add_format({"bold": True})
    for row, (label, text) in enumerate(facts):
        page.write_string(row, 0, label, bold)
        page.write_string(row, 1, text)
