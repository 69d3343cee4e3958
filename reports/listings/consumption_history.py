"""Consumption history: two years of use of each meter register, with its chart and yearly averages."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import escape

from billing.usage import SHOWN_MONTHS, Usage, latest_months, usage_of
from core.quantities import UNITS
from core.ui.charts import Month, Palette, use_chart
from customers.models import Account
from reports.kit import Cells, Column, Report
from reports.listings.choosing import CHOOSING, CHOSEN, ONE_OF, chosen
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

_ACCOUNTS = f"WITH {CHOSEN} SELECT id FROM chosen ORDER BY route, sequence, number"
_PALETTE = Palette()


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Each register's periods, the earliest first; the year's average stands in its last period's row."""
    most = parameters.whole("months") or SHOWN_MONTHS
    for (account_id,) in list(streamed(_ACCOUNTS, chosen(parameters))):
        account = Account.objects.select_related("customer", "location").get(id=account_id)
        for usage in usage_of(account):
            yield from _of_register(account, usage, most)


def _of_register(account: Account, usage: Usage, most: int) -> Iterator[Cells]:
    averages = {year.year: year.average for year in usage.years}
    shown = latest_months(usage, most)[::-1]
    for n, used in enumerate(shown):
        last_of_year = n + 1 == len(shown) or shown[n + 1].on.year != used.on.year
        yield (
            f"{account.number} · {usage.name}",
            account.customer.name,
            account.location.address,
            account.number,
            usage.name,
            used.meter,
            used.billed_on,
            used.since,
            used.on,
            used.days,
            f"{used.source} {used.source_words}",
            used.use,
            usage.unit,
            used.per_day,
            used.year_before,
            averages[used.on.year] if last_of_year else None,
        )


def _picture(rows: Sequence[Cells]) -> str:
    """The chart of one register: a bar a month, last year's use as a line across it."""
    use: dict[int, Decimal] = {}
    estimated: set[int] = set()
    for row in rows:
        on, used = row[8], row[11]
        if isinstance(on, date) and isinstance(used, Decimal):
            month = on.year * 12 + on.month - 1
            use[month] = use.get(month, Decimal(0)) + used
            if str(row[10]).startswith("E "):
                estimated.add(month)
    last = max(use)
    first = max(min(*use, last - 12), last - 24)
    months = [
        Month(
            _label(n, first=n == first),
            use.get(n),
            current=n == last,
            estimated=n in estimated,
            before=use.get(n - 12),
        )
        for n in range(first, last + 1)
    ]
    unit = UNITS[str(rows[0][12])].label if str(rows[0][12]) in UNITS else str(rows[0][12])
    said = f"{rows[0][0]}: use by month, {unit}"
    return f'<p class="picture-words">{escape(said)}</p>' + use_chart(
        months,
        title=f"{rows[0][4]} used by month",
        unit=unit,
        size=(925.0, 130.0),
        palette=_PALETTE,
        font_size=8.0,
    )


def _label(month: int, *, first: bool) -> str:
    day = date(month // 12, month % 12 + 1, 1)
    return f"{day:%b ’%y}" if first or day.month == 1 else f"{day:%b}"


def _shape(report: Report, parameters: Parameters) -> Report:
    return replace(report, page_each=parameters.text("pages") == "each")


REPORT = Report(
    code="consumption-history",
    title="Consumption history",
    group="Accounts",
    permission="readings.view",
    about="At least two years of use of each register: billing date, days, source of the reading, averages.",
    parameters=(
        *CHOOSING,
        Parameter("months", "Months of each register", "whole", default=lambda today: SHOWN_MONTHS),
        Parameter(
            "pages",
            "On paper",
            "choice",
            required=True,
            default=lambda today: "on",
            choices=(("on", "One after the other"), ("each", "A page for each register")),
        ),
    ),
    one_of=ONE_OF,
    columns=(
        Column("register", "Register", width=20, heading=True),
        Column("name", "Name", width=26, heading=True),
        Column("address", "Service address", width=26, heading=True),
        Column("account", "Account", width=11, file_only=True),
        Column("service", "Service", width=13, file_only=True),
        Column("meter", "Meter", width=11),
        Column("billed", "Billing date", "date", width=13),
        Column("since", "From", "date", width=13),
        Column("on", "To", "date", width=13),
        Column("days", "Days", "count", width=7),
        Column("source", "Source", width=17),
        Column("use", "Use", "quantity", total=True, width=12, within="unit"),
        Column("unit", "Unit", width=6),
        Column("per_day", "A day", "quantity", width=9),
        Column("before", "Year before", "quantity", width=11),
        Column("average", "Monthly average of the year", "quantity", width=13),
    ),
    rows=_rows,
    subtotals=("register",),
    picture=_picture,
    shape=_shape,
    notes=(
        "Readings from before the first bill here have no billing date.",
        "Hollow bars are estimates; the line across a bar is the same month of the year before.",
    ),
)
