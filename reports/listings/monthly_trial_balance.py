"""Monthly trial balance: opening, debits, credits and closing of each chart account, month by month."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from core.money import ZERO
from ledger.models import ChartAccount
from reports.kit import Cells, Column, Report
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters, Problem, first_of_month, month_text

_MOVED = """
SELECT p.chart_account_id, date_trunc('month', j."on")::date, sum(p.debit), sum(p.credit)
  FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id
 WHERE j."on" >= %(since)s AND j."on" < %(until)s GROUP BY 1, 2
"""
_BEFORE = """
SELECT p.chart_account_id, sum(p.debit) - sum(p.credit)
  FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id
 WHERE j."on" < %(since)s GROUP BY 1
"""

_MOST_MONTHS = 60


def _months(since: date, until: date) -> Iterator[date]:
    while since < until:
        yield since
        since = (since + timedelta(days=31)).replace(day=1)


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Accounts that hold or move anything, by month and code; a credit balance is below zero."""
    days = {"since": parameters.day("since"), "until": parameters.month_end("through")}
    held: dict[int, Decimal] = dict(streamed(_BEFORE, days))
    moved = {(account, month): sums for account, month, *sums in streamed(_MOVED, days)}
    accounts = list(ChartAccount.objects.order_by("code"))
    for month in _months(days["since"], days["until"]):
        for account in accounts:
            opening = held.get(account.id, ZERO)
            debits, credits = moved.get((account.id, month), (ZERO, ZERO))
            held[account.id] = closing = opening + debits - credits
            if opening or debits or credits:
                yield (month_text(month), account.code, account.name, opening, debits, credits, closing)


def _check(parameters: Parameters) -> Iterator[Problem]:
    since, until = parameters.day("since"), parameters.month_end("through")
    if until <= since:
        problem = "The last month is before the first."
        yield Problem("through", "Through", problem, "Choose a last month that is not earlier.")
    elif (until - since).days > 31 * _MOST_MONTHS:
        problem = f"That is more than {_MOST_MONTHS} months."
        yield Problem("since", "From", problem, "Ask for fewer at a time.")


REPORT = Report(
    code="monthly-trial-balance",
    title="Monthly trial balance",
    group="Ledger",
    permission="ledger.view",
    about="Opening, debits, credits and closing balance of each account of the chart, month by month.",
    parameters=(
        Parameter("since", "From", "month", default=first_of_month),
        Parameter("through", "Through", "month", default=first_of_month),
    ),
    columns=(
        Column("month", "Month", width=11, heading=True),
        Column("code", "Code", width=8),
        Column("name", "Account", width=32),
        Column("opening", "Opening", "amount", total=True, width=17, may_credit=True),
        Column("debit", "Debits", "amount", total=True, width=16),
        Column("credit", "Credits", "amount", total=True, width=16),
        Column("closing", "Closing", "amount", total=True, width=17, may_credit=True),
    ),
    rows=_rows,
    subtotals=("month",),
    check=_check,
    notes=("Balances are debits less credits. In each month the debits equal the credits.",),
)
