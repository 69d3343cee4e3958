"""Rate tables: what each says on a day, clause by clause, as an ordinance would read."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import Q
from django.urls import reverse

from meters.models import ServiceType
from rates.models import RateVersion
from rates.queries import holds_on
from rates.web.reading import ChargeShown, Prices, TableShown, read_out
from reports.kit import Cell, Cells, Column, Report
from reports.listings.asking import DAY, rates, service_name
from reports.parameters import Choices, Parameter, Parameters, day_text

Clause = tuple[str, str, str, str, Cell, str]
"""A line of a clause: its number, the charge, what it says, for whom, the price, the revenue code."""


def services() -> Choices:
    """Every service."""
    return [(code, str(label)) for code, label in ServiceType.choices]


def clauses(shown: TableShown) -> Iterator[Clause]:
    """A table's general rules, then its charges, numbered in the order of the bill.

    A charge's number, name and revenue code stand in its first line.
    """
    for name, words in shown.notes:
        yield "", name, words, "", None, ""
    for number, charge in enumerate(shown.charges, start=1):
        head = (str(number), charge.text)
        for n, (says, whom, price) in enumerate(_lines(charge)):
            yield (*(head if n == 0 else ("", "")), says, whom, price, charge.revenue_code if n == 0 else "")


def _lines(charge: ChargeShown) -> Iterator[tuple[str, str, Cell]]:
    conditions = [f"only {charge.when}"] if charge.when else []
    taxed = ["taxable"] if charge.taxable else []
    yield "; ".join([charge.kind, *charge.says, *conditions, *taxed]), "", None
    for table in charge.prices:
        yield from _priced(table)


def _priced(table: Prices) -> Iterator[tuple[str, str, Cell]]:
    for n, row in enumerate(table.rows):
        says = table.headings[-1] if n == 0 else ""
        yield says, " · ".join(row[:-1]), figure_of(row[-1])


def figure_of(text: str) -> Cell:
    """A price as a number when it is one; words stay words."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text


def state_words(version: RateVersion, day: date) -> str:
    """How a version stands on a day."""
    if version.state != "active":
        return str(RateVersion.State(version.state).label)
    return "In force" if holds_on(version, day) else "Not yet" if version.starts > day else "No longer"


def days_words(version: RateVersion) -> str:
    """From which day, and up to which."""
    until = f"to {day_text(version.ends)}, not included" if version.ends else "until further notice"
    return f"from {day_text(version.starts)} {until}"


def _versions(parameters: Parameters) -> Iterable[RateVersion]:
    day = parameters.day("on")
    found = RateVersion.objects.select_related("table")
    if parameters.text("show") == "now":
        found = found.filter(Q(ends=None) | Q(ends__gt=day), state="active", starts__lte=day)
    for name, field in (("service", "table__service_type"), ("rate", "table__code")):
        if asked := parameters.text(name):
            found = found.filter(**{field: asked})
    return found.order_by("table__service_type", "table__code", "starts", "id")


def _rows(parameters: Parameters) -> Iterator[Cells]:
    day = parameters.day("on")
    for version in _versions(parameters):
        table = version.table
        state, days = state_words(version, day), days_words(version)
        head = f"{table.code} {table.name} · {days} · {state} (version {version.id})"
        whose = (head, version.source, table.code, table.name, service_name(table.service_type))
        stands = (version.starts, version.ends, state)
        for number, charge, says, whom, price, code in clauses(read_out(version.content)):
            yield *whose, *stands, number, charge, says, whom, price, code, version.id


def _page(cells: Cells) -> str:
    """The version's own page, from the first line of each clause."""
    return reverse("rates:version", args=[cells[2], cells[14]]) if cells[9] else ""


_NOTES = (
    "Clauses stand in the order of the bill. A block names the part of the use that it prices.",
    "Drafts price nothing until a second person puts them in force.",
)

REPORT = Report(
    code="rate-tables",
    title="Rate tables",
    group="Rates",
    permission="rates.view",
    about="What each rate charges on a day, clause by clause, with its days and where it was taken from.",
    parameters=(
        DAY,
        Parameter("service", "Service", "choice", choices=services),
        Parameter("rate", "Rate", "choice", choices=rates),
        Parameter(
            "show",
            "Versions",
            "choice",
            required=True,
            default=lambda today: "now",
            choices=(("now", "In force on the day"), ("all", "Every version")),
        ),
    ),
    columns=(
        Column("version", "Version", width=40, heading=True),
        Column("source", "Source", width=40, heading=True),
        Column("code", "Rate", file_only=True),
        Column("name", "Name", width=26, file_only=True),
        Column("service", "Service", file_only=True),
        Column("starts", "From", "date", file_only=True),
        Column("ends", "Until", "date", file_only=True),
        Column("state", "State", file_only=True),
        Column("number", "§", width=3),
        Column("charge", "Charge", width=22, leads=_page),
        Column("says", "What it says", width=33),
        Column("whom", "For", width=20),
        Column("price", "Price", "price", width=13),
        Column("revenue", "Revenue", width=16),
        Column("version_id", "Version number", "count", file_only=True),
    ),
    rows=_rows,
    subtotals=("version",),
    notes=_NOTES,
)
