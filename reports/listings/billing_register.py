"""Billing register: every bill of a posted run, with what it was made of."""

from collections.abc import Iterator

from reports.kit import Cells, Column, Report
from reports.listings.asking import posted_runs
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

# An account of the run without a reading has no bill; it is listed when that is asked for.
_BILLS = """
SELECT r.code, coalesce(b.number::text, 'No reading'), a.number, c.name,
       concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')),
       b.payments, b.previous_balance, b.charges, b.total_due
  FROM billing_preparedbill p
  LEFT JOIN billing_bill b ON b.prepared_id = p.id AND b.is_live
  JOIN customers_account a ON a.id = p.account_id
  JOIN customers_customer c ON c.id = a.customer_id
  JOIN meters_location l ON l.id = a.location_id
  JOIN meters_route r ON r.id = l.route_id
 WHERE p.run_id = %(run)s AND (b.id IS NOT NULL OR %(unread)s AND p.reason = 'missing_reading')
 ORDER BY r.code, l.sequence, a.number
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Live bills in the order of the routes."""
    yield from streamed(
        _BILLS, {"run": parameters.text("run"), "unread": parameters.text("unread") == "with"}
    )


REPORT = Report(
    code="billing-register",
    title="Final billing register",
    group="Billing",
    permission="billing.run.view",
    about="Every bill of a posted run, with or without customers that had no reading.",
    parameters=(
        Parameter("run", "Run", "choice", required=True, choices=posted_runs),
        Parameter(
            "unread",
            "Customers without a reading",
            "choice",
            required=True,
            default=lambda today: "without",
            choices=(("without", "Left out"), ("with", "Listed")),
        ),
    ),
    columns=(
        Column("route", "Route", width=7),
        Column("bill", "Bill", width=11),
        Column("account", "Account", width=11),
        Column("name", "Name", width=28),
        Column("address", "Service address", width=28),
        Column("payments", "Paid since last bill", "amount", total=True, width=14, may_credit=True),
        Column("before", "Balance before", "amount", total=True, width=14, may_credit=True),
        Column("charges", "New charges", "amount", total=True, width=14, may_credit=True),
        Column("due", "Total due", "amount", total=True, width=14, may_credit=True),
    ),
    rows=_rows,
    subtotals=("route",),
    notes=(
        "Payments and balances are as they stood when the run was posted; total due = balance + new charges.",
    ),
)
