"""Every report there is.  A further one is a file in ``reports.listings`` and a line here."""

from reports.kit import Report
from reports.listings import (
    account_transactions,
    aged_receivables,
    bill_count,
    billing_by_rate,
    billing_records,
    billing_register,
    billing_totals,
    consumption_history,
    daily_register,
    deposits_held,
    drawer_closeouts,
    gl_distribution,
    meter_inventory,
    monthly_trial_balance,
    preliminary_register,
    rate_comparison,
    rate_tables,
    run_exceptions,
    still_meters,
    top_users,
    transaction_register,
    trial_balance,
    unbilled_use,
)

REPORTS: tuple[Report, ...] = (
    preliminary_register.REPORT,
    run_exceptions.REPORT,
    billing_register.REPORT,
    billing_totals.REPORT,
    bill_count.REPORT,
    billing_records.REPORT,
    billing_by_rate.REPORT,
    trial_balance.REPORT,
    monthly_trial_balance.REPORT,
    transaction_register.REPORT,
    gl_distribution.REPORT,
    aged_receivables.REPORT,
    deposits_held.REPORT,
    account_transactions.REPORT,
    consumption_history.REPORT,
    top_users.REPORT,
    rate_tables.REPORT,
    rate_comparison.REPORT,
    meter_inventory.REPORT,
    still_meters.REPORT,
    unbilled_use.REPORT,
    daily_register.REPORT,
    drawer_closeouts.REPORT,
)


class NoSuchReport(LookupError):
    """No report has that code."""


def report_of(code: str) -> Report:
    """The report with that code; raises ``NoSuchReport``."""
    for report in REPORTS:
        if report.code == code:
            return report
    raise NoSuchReport(f"There is no report “{code}”. Choose one from the catalogue.")
