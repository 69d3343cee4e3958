"""Utility billing totals: use and dollars of posted runs, by route and rate, with grand totals by rate."""

from collections.abc import Iterator

from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import CYCLE, SINCE, THROUGH, in_order, service_name
from reports.listings.streaming import streamed
from reports.parameters import Parameters

# What runs charged stands in their totals, under the rate of that time; bills cancelled since are taken off.
# Metered use is that of the registers, under the rate a service has now.
_TOTALS = """
WITH run AS (
    SELECT n.id FROM billing_run n JOIN billing_cycle c ON c.id = n.cycle_id
     WHERE n.state IN ('posted', 'printed') AND n.bill_on BETWEEN %(since)s AND %(through)s
       AND (%(cycle)s = '' OR c.code = %(cycle)s)
), counted AS (
    SELECT t.route_id, t.service_type, t.rate_code, t.revenue_code, t.unit,
           t.bills, NULL::numeric AS metered, nullif(t.quantity, 0) AS quantity, t.amount::numeric AS amount
      FROM billing_runtotal t JOIN run ON run.id = t.run_id
     WHERE t.state <> 'held'
    UNION ALL
    SELECT l.route_id, coalesce(s.service_type, ''), coalesce(r.code, ''), g.revenue_code, g.unit,
           -count(DISTINCT b.id), NULL, -sum(g.quantity), -sum(g.amount)
      FROM billing_bill b JOIN run ON run.id = b.run_id
      JOIN ledger_charge g ON g.journal_id = b.journal_id
      JOIN customers_account a ON a.id = b.account_id
      JOIN meters_location l ON l.id = a.location_id
      LEFT JOIN customers_service s ON s.id = g.service_id
      LEFT JOIN rates_ratetable r ON r.id = s.rate_id
     WHERE NOT b.is_live GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT l.route_id, s.service_type, r.code, '', u.unit, NULL, sum(u.use), NULL, NULL
      FROM billing_registeruse u
      JOIN billing_bill b ON b.id = u.bill_id JOIN run ON run.id = b.run_id
      JOIN customers_service s ON s.id = u.service_id
      JOIN rates_ratetable r ON r.id = s.rate_id
      JOIN customers_account a ON a.id = s.account_id
      JOIN meters_location l ON l.id = a.location_id
     WHERE u.is_live GROUP BY 1, 2, 3, 4, 5
)
SELECT o.code, k.service_type, k.rate_code, coalesce(v.name, nullif(k.revenue_code, ''), 'Metered use'),
       k.unit, sum(k.bills), sum(k.metered), sum(k.quantity), sum(k.amount)
  FROM counted k JOIN meters_route o ON o.id = k.route_id
  LEFT JOIN ledger_revenuecode v ON v.code = k.revenue_code
 GROUP BY o.code, k.service_type, k.rate_code, v.name, k.revenue_code, k.unit
 ORDER BY o.code, k.service_type, k.rate_code, k.revenue_code, k.unit
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "cycle": parameters.text("cycle"),
    }
    for route, service, *rest in streamed(_TOTALS, given):
        yield (route, service_name(service), *rest)


REPORT = Report(
    code="billing-totals",
    title="Utility billing totals",
    group="Billing",
    permission="billing.run.view",
    about="Use and dollars of what was billed, by route and rate, with grand totals by rate.",
    parameters=(SINCE, THROUGH, CYCLE),
    columns=(
        Column("route", "Route", width=7),
        Column("service", "Service", width=11),
        Column("rate", "Rate", width=13),
        Column("what", "Charge", width=26),
        Column("unit", "Unit", width=7),
        Column("bills", "Bills", "count", width=8),
        Column("metered", "Use metered", "quantity", total=True, width=15, within="unit"),
        Column("quantity", "Quantity billed", "quantity", total=True, width=15, within="unit"),
        Column("amount", "Dollars", "amount", total=True, width=15, may_credit=True),
    ),
    rows=_rows,
    subtotals=("route",),
    recaps=(
        Recap("Grand totals by rate", ("service", "rate", "unit")),
        Recap("Grand totals by charge", ("service", "what", "unit")),
    ),
    check=in_order,
    notes=(
        "Quantities are added up only where they share one unit.",
        "Use metered is what the registers advanced; quantity billed is what the rates charged for, "
        "without what a minimum includes.",
        "Days are billing dates. Bills cancelled since then are taken off.",
    ),
)
