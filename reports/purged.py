"""What a report of days that were purged says: its single rows are in an archive."""

from dataclasses import replace
from datetime import date

from core.ui.words import day_text
from ledger.purge_models import Purge
from reports.kit import Report
from reports.parameters import Parameters

OF_MONEY = frozenset({"Accounts", "Billing", "Ledger", "Receivables"})
"""The groups whose reports tell of journals, charges and credits."""


def told_of_purges(report: Report, parameters: Parameters) -> Report:
    """The report, with a note when it asks for days before one that was purged; one query at most.

    Balances are as they were; what is missing is single transactions, and what is worked out from them.
    """
    days = [value for value in parameters.values.values() if isinstance(value, date)]
    if report.group not in OF_MONEY or not days:
        return report
    last = Purge.objects.filter(state="done", before__gt=min(days)).order_by("-before").first()
    if last is None:
        return report
    note = (
        f"Settled transactions before {day_text(last.before)} were purged and are not listed one by one; what"
        f" they came to is brought forward month by month. Their rows are in the archive of purge {last.id}."
    )
    return replace(report, notes=(*report.notes, note))
