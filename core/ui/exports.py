"""Tables as files: CSV and XLSX of exactly the rows given.

A cell that begins with ``= + - @`` is run as a formula by spreadsheet programs, so text that does is made
plain with an apostrophe (OWASP, "CSV Injection").  Figures are written as figures and need no guard.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from django.http import FileResponse

Value = str | Decimal | int | date | datetime | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 4 * 1024 * 1024


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _for_csv(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return guard(value) if isinstance(value, str) else str(value)


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> tuple[IO[bytes], int]:
    """A CSV file (UTF-8 with a mark, as Excel wants it) and how many rows it has; the caller closes it."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed to the caller
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([guard(h) for h in headings])
    count = 0
    for row in rows:
        writer.writerow([_for_csv(value) for value in row])
        count += 1
    text.detach()
    out.seek(0)
    return out, count


def xlsx_file(
    headings: Sequence[str], rows: Iterable[Sequence[Value]], amounts: frozenset[int] = frozenset()
) -> tuple[IO[bytes], int]:
    """An XLSX file and how many rows it has; ``amounts`` are the columns shown with two decimals.

    Text is always written as text.  Decimals become the file's binary numbers, which hold 15 digits; a longer
    one is written as text rather than bent.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    days = book.add_format({"num_format": "mmm d, yyyy"})
    moments = book.add_format({"num_format": "mmm d, yyyy h:mm"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(headings) - 1, 0), 16)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, head)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, datetime):
                sheet.write_datetime(count, place, value.replace(tzinfo=None), moments)
            elif isinstance(value, date):
                sheet.write_datetime(count, place, value, days)
            elif isinstance(value, Decimal | int) and len(str(value)) <= 16:
                sheet.write_number(count, place, value, money if place in amounts else None)
            else:
                sheet.write_string(count, place, str(value))
    sheet.autofilter(0, 0, max(count, 1), max(len(headings) - 1, 0))
    book.close()
    out.seek(0)
    return out, count


def answer(
    name: str,
    form: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Value]],
    amounts: frozenset[int] = frozenset(),
) -> FileResponse:
    """The rows as a download ``name.form``, ``csv`` or ``xlsx``; its head tells how many rows there are.

    The file is whole before the answer begins, so it is read within the request's own transaction and scope.
    """
    file, count = xlsx_file(headings, rows, amounts) if form == "xlsx" else csv_file(headings, rows)
    kind = _XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    response = FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=kind)
    response["X-Row-Count"] = str(count)
    return response
