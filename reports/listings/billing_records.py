"""Billing records by rate: every charge that was billed under each rate."""

from collections.abc import Iterator

from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import RATE, ROUTE, SINCE, THROUGH, in_order
from reports.listings.streaming import streamed
from reports.parameters import Parameters

# The rate is that of the bill's own facts, place 2 of each service there; a charge of no service has none.
_RECORDS = """
SELECT coalesce(f.rate, ''), r.code, a.number, c.name, b.number::text, g.text, g.quantity, g.unit, g.amount
  FROM billing_bill b
  JOIN billing_preparedbill p ON p.id = b.prepared_id
  JOIN ledger_charge g ON g.journal_id = b.journal_id
  JOIN customers_account a ON a.id = b.account_id
  JOIN customers_customer c ON c.id = a.customer_id
  JOIN meters_location l ON l.id = a.location_id
  JOIN meters_route r ON r.id = l.route_id
  LEFT JOIN LATERAL (
       SELECT s ->> 2 AS rate FROM jsonb_array_elements(p.facts -> 8) AS s
        WHERE (s ->> 0)::bigint = g.service_id LIMIT 1
  ) f ON true
 WHERE b.is_live AND b.bill_on BETWEEN %(since)s AND %(through)s
   AND (%(route)s = '' OR r.code = %(route)s) AND (%(rate)s = '' OR f.rate = %(rate)s)
 ORDER BY 1, r.code, l.sequence, a.number, b.number, g.id
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "route": parameters.text("route"),
        "rate": parameters.text("rate"),
    }
    yield from streamed(_RECORDS, given)


REPORT = Report(
    code="billing-records",
    title="Billing records by rate",
    group="Billing",
    permission="billing.run.view",
    about="Every charge that was billed under each rate: account, quantity and dollars.",
    parameters=(SINCE, THROUGH, RATE, ROUTE),
    columns=(
        Column("rate", "Rate", width=13),
        Column("route", "Route", width=7),
        Column("account", "Account", width=11),
        Column("name", "Name", width=26),
        Column("bill", "Bill", width=10),
        Column("what", "Charge", width=32),
        Column("quantity", "Quantity", "quantity", total=True, width=14, within="unit"),
        Column("unit", "Unit", width=7),
        Column("amount", "Dollars", "amount", total=True, width=14, may_credit=True),
    ),
    rows=_rows,
    subtotals=("rate",),
    recaps=(Recap("By route", ("route",)),),
    check=in_order,
    notes=("Days are billing dates. Quantities are added up only where they share one unit.",),
)
