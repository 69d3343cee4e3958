"""Making a report as a file: at once when it is short, by a job when it is long."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from core.actors import Actor
from core.errors import NotAllowed, NotFound, Refused
from core.models import Utility
from reports.catalogue import NoSuchReport, report_of
from reports.kit import Cells, Report, Sheet
from reports.parameters import Parameters
from reports.purged import told_of_purges
from reports.renderers import csv, pdf, xlsx

Made = tuple[str, Callable[[Sheet], bytes | Iterable[bytes]]]

FILES: Mapping[str, Made] = {
    "pdf": ("application/pdf", pdf.render),
    "csv": ("text/csv; charset=utf-8", csv.render),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.render),
}

MOST_AT_ONCE: Mapping[str, int] = {"pdf": 800, "csv": 30_000, "xlsx": 12_000}
"""Rows that are made while somebody waits, some five seconds of a worker; what has more is a job."""


def most_at_once(form: str) -> int:
    """How many rows of that form are made while somebody waits."""
    return MOST_AT_ONCE[form]


class TakesLonger(Refused):
    """The report has more rows than are made while somebody waits."""


def permitted(by: Actor, code: str) -> Report:
    """The report of that code; raises ``NotFound``, and ``NotAllowed`` without its right."""
    try:
        report = report_of(code)
    except NoSuchReport as unknown:
        raise NotFound(str(unknown)) from unknown
    if not by.may(report.permission):
        raise NotAllowed(
            f"{by.name} does not have the right to see “{report.title}”.",
            "Ask an administrator for a role that has it.",
        )
    return report


def sheet_of(utility: Utility, report: Report, parameters: Parameters, now: datetime, by: str) -> Sheet:
    """The report as its answers shape it, ready to be made; ``now`` in any zone."""
    shaped = told_of_purges(report.shaped(parameters), parameters)
    return Sheet(shaped, utility.name, parameters, now.astimezone(utility.tz), by)


def pieces(sheet: Sheet, form: str) -> Iterator[bytes]:
    """The file in pieces.  Raises ``TooLongForPaper``, and ``TakesLonger`` for a sheet that is bounded."""
    made = FILES[form][1](sheet)
    yield from (made,) if isinstance(made, bytes) else made


def file_name(sheet: Sheet, form: str) -> str:
    """The report's code and the day it was made."""
    return f"{sheet.report.code}-{sheet.printed_at:%Y-%m-%d}.{form}"


def check_form(form: str) -> str:
    """The form of a file; raises ``Refused`` for one there is not."""
    if form not in FILES:
        raise Refused(f"“{form[:20]}” is no form of a report.", "Ask for pdf, xlsx or csv.", field="form")
    return form


def answered(report: Report, query: Mapping[str, str], today: date) -> dict[str, str]:
    """The answers as they would be typed, defaults filled in: what a job keeps, since it is made later.

    Raises ``ParametersUnusable``.
    """
    values = report.answers(query, today=today).values
    kinds = {parameter.name: parameter.kind for parameter in report.parameters}
    return {
        name: str(value)[:7] if kinds[name] == "month" else str(value)
        for name, value in values.items()
        if value is not None
    }


def bounded(sheet: Sheet, form: str) -> Sheet:
    """The sheet, but reading more of it than can be waited for raises ``TakesLonger``."""
    most = most_at_once(form)
    made = sheet.report.rows

    def rows(parameters: Parameters) -> Iterator[Cells]:
        for count, cells in enumerate(made(parameters), start=1):
            if count > most:
                raise TakesLonger(
                    f"“{sheet.report.title}” has more than {most:,} rows.",
                    f"Have the {form.upper()} made in the background, or narrow the report down.",
                )
            yield cells

    return replace(sheet, report=replace(sheet.report, rows=rows))
