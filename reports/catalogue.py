"""Every report there is.  A further one is a file in ``reports.listings`` and a line here."""

from reports.kit import Report
from reports.listings import aged_receivables, billing_register, transaction_register, trial_balance

REPORTS: tuple[Report, ...] = (
    billing_register.REPORT,
    trial_balance.REPORT,
    transaction_register.REPORT,
    aged_receivables.REPORT,
)


class NoSuchReport(LookupError):
    """No report has that code."""


def report_of(code: str) -> Report:
    """The report with that code; raises ``NoSuchReport``."""
    for report in REPORTS:
        if report.code == code:
            return report
    raise NoSuchReport(f"There is no report “{code}”. Choose one from the catalogue.")
