"""A report as CSV: its rows for another program, without totals, which such a program would add in."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from core.ui.exports import guard
from reports.kit import Cell, Sheet
from reports.lines import lines

MARK = "\ufeff"
"""Tells Excel that the file is UTF-8."""


class _Echo:
    """Gives each written line back, so that a report streams instead of being built in memory."""

    def write(self, line: str) -> str:
        return line


def render(sheet: Sheet, *, mark: bool = True) -> Iterator[bytes]:
    """The file in pieces of UTF-8, first the column labels; figures plain, days as ``2026-11-22``."""
    writer = csv.writer(_Echo())
    head = writer.writerow([guard(column.label) for column in sheet.report.columns])
    yield f"{MARK if mark else ''}{head}".encode()
    for line in lines(sheet):
        if line.kind == "row":
            yield str(writer.writerow([_cell(value) for value in line.cells])).encode()


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
