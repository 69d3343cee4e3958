"""Bill count: how many bills went out, by route and ZIP code."""

from collections.abc import Iterator

from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import CYCLE, SINCE, THROUGH, in_order
from reports.listings.streaming import streamed
from reports.parameters import Parameters

_COUNTED = """
SELECT r.code, split_part(coalesce(x.zip_code, c.mail_zip), '-', 1), count(*),
       count(*) FILTER (WHERE a.pays_by_draft),
       count(*) FILTER (WHERE b.final), sum(b.charges), sum(b.total_due)
  FROM billing_bill b
  JOIN billing_run n ON n.id = b.run_id
  JOIN billing_cycle y ON y.id = n.cycle_id
  JOIN customers_account a ON a.id = b.account_id
  JOIN customers_customer c ON c.id = a.customer_id
  LEFT JOIN customers_alternateaddress x ON x.account_id = a.id AND a.bills_to = 'alternate'
  JOIN meters_location l ON l.id = a.location_id
  JOIN meters_route r ON r.id = l.route_id
 WHERE b.is_live AND b.bill_on BETWEEN %(since)s AND %(through)s
   AND (%(cycle)s = '' OR y.code = %(cycle)s)
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "cycle": parameters.text("cycle"),
    }
    yield from streamed(_COUNTED, given)


REPORT = Report(
    code="bill-count",
    title="Bill count",
    group="Billing",
    permission="billing.run.view",
    about="How many bills went out, by route and by the ZIP code they are mailed to.",
    parameters=(SINCE, THROUGH, CYCLE),
    columns=(
        Column("route", "Route", width=12),
        Column("zip", "ZIP", width=12),
        Column("bills", "Bills", "count", total=True, width=12),
        Column("drafts", "Paid by draft", "count", total=True, width=14),
        Column("finals", "Final bills", "count", total=True, width=12),
        Column("charges", "New charges", "amount", total=True, width=17, may_credit=True),
        Column("due", "Total due", "amount", total=True, width=17, may_credit=True),
    ),
    rows=_rows,
    subtotals=("route",),
    recaps=(Recap("By ZIP code", ("zip",)),),
    check=in_order,
    notes=("Days are billing dates. Cancelled bills are not counted.",),
)
