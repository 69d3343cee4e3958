"""Billing records by rate: every charge that was billed under each rate."""

from collections.abc import Iterator

from django.urls import reverse

from rates.models import RateVersion
from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import RATE, ROUTE, SINCE, THROUGH, in_order
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

# The rate is that of the bill's own facts, place 2 of each service there; a charge of no service has none.
_RECORDS = """
WITH billed AS MATERIALIZED (
    SELECT b.journal_id, b.number, b.prepared_id, r.code AS route, l.sequence, a.number AS account, c.name
      FROM billing_bill b
      JOIN customers_account a ON a.id = b.account_id
      JOIN customers_customer c ON c.id = a.customer_id
      JOIN meters_location l ON l.id = a.location_id
      JOIN meters_route r ON r.id = l.route_id
     WHERE b.is_live AND b.bill_on BETWEEN %(since)s AND %(through)s
       AND (%(route)s = '' OR r.code = %(route)s)
), rated AS MATERIALIZED (
    SELECT b.journal_id, (s ->> 0)::bigint AS service_id, s ->> 2 AS rate, s ->> 3 AS digest
      FROM billed b JOIN billing_preparedbill p ON p.id = b.prepared_id
     CROSS JOIN LATERAL jsonb_array_elements(p.facts -> 8) AS s
)
SELECT coalesce(f.rate, ''), b.route, b.account, b.name, b.number::text, g.text, g.quantity, g.unit, g.amount
  FROM billed b
  JOIN ledger_charge g ON g.journal_id = b.journal_id
  LEFT JOIN rated f ON f.journal_id = g.journal_id AND f.service_id = g.service_id
 WHERE (%(rate)s = '' OR f.rate = %(rate)s) AND (%(digest)s = '' OR f.digest = %(digest)s)
 ORDER BY 1, b.route, b.sequence, b.account, b.number, g.id
"""


def _digest(version: int | None) -> str:
    """The content hash of a version: what the facts of a bill name it by."""
    if version is None:
        return ""
    found = RateVersion.objects.filter(id=version).values_list("content_hash", flat=True).first()
    return found or "no such version"


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "route": parameters.text("route"),
        "rate": parameters.text("rate"),
        "digest": _digest(parameters.whole("version")),
    }
    yield from streamed(_RECORDS, given)


REPORT = Report(
    code="billing-records",
    title="Billing records by rate",
    group="Billing",
    permission="billing.run.view",
    about="Every charge that was billed under each rate: account, quantity and dollars.",
    parameters=(
        SINCE,
        THROUGH,
        RATE,
        ROUTE,
        Parameter("version", "Version", "whole", help="The number of a version, as on its page."),
    ),
    columns=(
        Column("rate", "Rate", width=13),
        Column("route", "Route", width=7),
        Column("account", "Account", width=11),
        Column("name", "Name", width=26),
        Column("bill", "Bill", width=10, leads=lambda row: reverse("billing:bill", args=[row[4]])),
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
