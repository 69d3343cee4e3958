"""Which app fills which slot of the pages of others: the one list (``core.ui.objects``)."""

from billing.web import account_tabs as billing
from billing.web import job_links as billing_jobs
from billing.web import transaction_numbers as billing_numbers
from billing.web import usage as billing_usage
from billing.web.what_if import of_version as billing_of_version
from collections_app.web import account_verbs as counter
from collections_app.web import deposits as counter_deposits
from collections_app.web import returned
from collections_app.web import transaction_numbers as receipt_numbers
from core.ui.objects import Slot
from customers.web import account_tabs as customers
from customers.web import bank_draft, containers, documents, file_tab, meter_people, rate_fits
from customers.web import move_in as customers_moving
from customers.web import notes as customers_notes
from customers.web import orders_here as customers_orders
from customers.web import standing as customers_standing
from customers.web import vacant as customers_vacant
from interchange.web import routes_out
from ledger.web import account_tabs as ledger
from ledger.web import adjustments as ledger_adjustments
from ledger.web import customer_owes as ledger_customer
from ledger.web import deposits as ledger_deposits
from ledger.web import job_links as ledger_jobs
from ledger.web import write_offs as ledger_write_offs
from meters.web import location_form, meter_tab, rate_range
from meters.web import objects as meters
from meters.web import orders as meters_orders
from reports.web import account_papers, rate_papers
from reports.web import job_links as report_jobs

OBJECT_SLOTS: tuple[Slot, ...] = (
    *meters.SLOTS,
    *meters_orders.SLOTS,
    *meter_tab.SLOTS,
    *rate_range.SLOTS,
    *customers.SLOTS,
    *customers_moving.SLOTS,
    *customers_notes.SLOTS,
    *customers_standing.SLOTS,
    *customers_vacant.SLOTS,
    *file_tab.SLOTS,
    *bank_draft.SLOTS,
    *location_form.SLOTS,
    *customers_orders.SLOTS,
    *meter_people.SLOTS,
    *rate_fits.SLOTS,
    *containers.SLOTS,
    *documents.SLOTS,
    *ledger.SLOTS,
    *ledger_customer.SLOTS,
    *billing.SLOTS,
    *billing_jobs.SLOTS,
    *billing_usage.SLOTS,
    *billing_numbers.SLOTS,
    *billing_of_version.SLOTS,
    *receipt_numbers.SLOTS,
    *counter.SLOTS,
    *counter_deposits.SLOTS,
    *returned.SLOTS,
    *ledger_adjustments.SLOTS,
    *ledger_deposits.SLOTS,
    *ledger_jobs.SLOTS,
    *ledger_write_offs.SLOTS,
    *report_jobs.SLOTS,
    *account_papers.SLOTS,
    *rate_papers.SLOTS,
    *routes_out.SLOTS,
)
