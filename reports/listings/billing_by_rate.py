"""Billing by rate and version: bills, use and dollars of each charge, under the version that priced it."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import RATE, ROUTE, SINCE, THROUGH, in_order, service_name
from reports.listings.streaming import streamed
from reports.parameters import Parameters, day_text

# The rate and the version are those of the bill's own facts (places 2 and 3 of each service there), so a bill
# stands under what priced it, whatever its service has now.  Charges of no service have neither.
_SUMMED = """
WITH billed AS MATERIALIZED (
    SELECT b.id, b.journal_id, b.prepared_id
      FROM billing_bill b
      JOIN customers_account a ON a.id = b.account_id
      JOIN meters_location l ON l.id = a.location_id
      JOIN meters_route r ON r.id = l.route_id
     WHERE b.is_live AND b.bill_on BETWEEN %(since)s AND %(through)s
       AND (%(route)s = '' OR r.code = %(route)s)
), rated AS MATERIALIZED (
    SELECT b.id AS bill_id, b.journal_id, (s ->> 0)::bigint AS service_id, s ->> 1 AS service,
           s ->> 2 AS rate, s ->> 3 AS digest
      FROM billed b JOIN billing_preparedbill p ON p.id = b.prepared_id
     CROSS JOIN LATERAL jsonb_array_elements(p.facts -> 8) AS s
     WHERE %(rate)s = '' OR s ->> 2 = %(rate)s
), version AS MATERIALIZED (
    SELECT DISTINCT ON (t.code, v.content_hash) t.code, v.content_hash, v.id, v.starts, t.name
      FROM rates_rateversion v JOIN rates_ratetable t ON t.id = v.table_id
     ORDER BY t.code, v.content_hash, (v.state = 'active') DESC, v.starts, v.id
), counted AS (
    SELECT coalesce(f.service, '') AS service, coalesce(f.rate, '') AS rate, coalesce(f.digest, '') AS digest,
           g.revenue_code, g.text, g.unit, count(DISTINCT g.journal_id) AS bills, NULL::numeric AS metered,
           sum(g.quantity) AS quantity, sum(g.amount) AS amount
      FROM billed b
      JOIN ledger_charge g ON g.journal_id = b.journal_id
      LEFT JOIN rated f ON f.journal_id = g.journal_id AND f.service_id = g.service_id
     WHERE %(rate)s = '' OR f.rate IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT f.service, f.rate, f.digest, '', '', u.unit, count(DISTINCT f.bill_id), sum(u.use), NULL, NULL
      FROM rated f
      JOIN billing_registeruse u ON u.bill_id = f.bill_id AND u.service_id = f.service_id AND u.is_live
     GROUP BY 1, 2, 3, 6
)
SELECT k.service, k.rate, coalesce(v.name, ''), v.id, v.starts, k.text, k.revenue_code, k.unit, k.bills,
       k.metered, k.quantity, k.amount
  FROM counted k LEFT JOIN version v ON v.code = k.rate AND v.content_hash = k.digest
 ORDER BY k.service, k.rate, v.starts, k.digest, k.text = '' DESC, k.revenue_code, k.text, k.unit
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "route": parameters.text("route"),
        "rate": parameters.text("rate"),
    }
    for service, rate, name, version, starts, text, *rest in streamed(_SUMMED, given):
        since = f"version from {day_text(starts)}" if starts else "a version that is no longer kept"
        head = f"{rate} {name} · {since}" if rate else "Charges of no service"
        yield head, rate, starts, service_name(service), version, text or "Metered use", *rest


def _shape(report: Report, parameters: Parameters) -> Report:
    """The same, each charge leading to the bills that have it."""
    kept = {name: parameters.text(name) for name in ("since", "through", "route")}

    def records(cells: Cells) -> str:
        if not cells[1]:
            return ""
        asked = {**kept, "rate": str(cells[1]), "version": str(cells[4] or "")}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('reports:report', args=['billing-records'])}?{query}"

    columns = tuple(replace(one, leads=records) if one.name == "what" else one for one in report.columns)
    return replace(report, columns=columns)


REPORT = Report(
    code="billing-by-rate",
    title="Billing by rate and version",
    group="Billing",
    permission="billing.run.view",
    about="Bills, use and dollars of each charge, under the rate and the version that priced it.",
    parameters=(SINCE, THROUGH, RATE, ROUTE),
    columns=(
        Column("version", "Version", width=40, heading=True),
        Column("rate", "Rate", width=12),
        Column("starts", "Version from", "date", file_only=True),
        Column("service", "Service", width=11),
        Column("version_id", "Version number", "count", file_only=True),
        Column("what", "Charge", width=34),
        Column("revenue", "Revenue", width=14),
        Column("unit", "Unit", width=8),
        Column("bills", "Bills", "count", width=8),
        Column("metered", "Use metered", "quantity", total=True, width=15, within="unit"),
        Column("quantity", "Quantity billed", "quantity", total=True, width=15, within="unit"),
        Column("amount", "Dollars", "amount", total=True, width=16, may_credit=True),
    ),
    rows=_rows,
    subtotals=("version",),
    recaps=(Recap("By rate", ("rate",)), Recap("By service", ("service",))),
    shape=_shape,
    check=in_order,
    notes=(
        "Days are billing dates. The sum is that of the charges of these bills; cancelled ones do not count.",
        "A period that was priced by several versions stands under the last of them.",
        "Quantities are added up only where they share one unit.",
    ),
)
