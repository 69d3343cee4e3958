"""Which app fills which slot of the pages of others: the one list (``core.ui.objects``)."""

from billing.web import account_tabs as billing
from billing.web import job_links as billing_jobs
from billing.web import transaction_numbers as billing_numbers
from billing.web import usage as billing_usage
from collections_app.web import account_verbs as counter
from collections_app.web import transaction_numbers as receipt_numbers
from core.ui.objects import Slot
from customers.web import account_tabs as customers
from ledger.web import account_tabs as ledger
from ledger.web import adjustments as ledger_adjustments
from meters.web import objects as meters
from reports.web import account_papers
from reports.web import job_links as report_jobs

OBJECT_SLOTS: tuple[Slot, ...] = (
    *meters.SLOTS,
    *customers.SLOTS,
    *ledger.SLOTS,
    *billing.SLOTS,
    *billing_jobs.SLOTS,
    *billing_usage.SLOTS,
    *billing_numbers.SLOTS,
    *receipt_numbers.SLOTS,
    *counter.SLOTS,
    *ledger_adjustments.SLOTS,
    *report_jobs.SLOTS,
    *account_papers.SLOTS,
)
