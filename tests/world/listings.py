"""Making reports in a test, and sums made another way to hold them against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from reports.catalogue import report_of
from reports.kit import Report, Sheet
from reports.lines import Line, lines

TODAY = date(2026, 9, 15)


def asked(sql: str, *values: Any) -> Any:
    """The first row of a query, as the utility in scope sees it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


@dataclass
class Made:
    """A report as made: its shape and its lines."""

    report: Report
    lines: list[Line]

    def column(self, name: str, kind: str = "row") -> list[Any]:
        """What stands in a column of the lines of a kind."""
        place = [c.name for c in self.report.columns].index(name)
        return [line.cells[place] for line in self.lines if line.kind == kind]

    def total(self, name: str) -> Any:
        """The sum of a column."""
        return self.column(name, "total")[0]

    def rows(self, *names: str) -> list[tuple[Any, ...]]:
        """Some columns of the rows, side by side."""
        return list(zip(*(self.column(name) for name in names), strict=True))


def sheet_for(code: str, query: Mapping[str, str], today: date = TODAY) -> Sheet:
    """A report as it would be asked for on that day."""
    report = report_of(code)
    parameters = report.answers(query, today=today)
    return Sheet(report.shaped(parameters), "Oak", parameters, datetime(2026, 9, 15, tzinfo=UTC))


def made(code: str, **query: str) -> Made:
    """A report's lines."""
    return made_on(TODAY, code, **query)


def made_on(today: date, code: str, **query: str) -> Made:
    """A report's lines, asked for on that day."""
    sheet = sheet_for(code, query, today)
    return Made(sheet.report, list(lines(sheet)))
