"""Preliminary register: what a run will bill, by route, category and rate; or account by account."""

from collections.abc import Iterator
from dataclasses import replace

from billing.models import PreparedBill
from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import service_name, staged_runs
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

# Metered use is taken from what was assembled: place 1 of ``measured`` lists the readings used, each with the
# service at 0, the use at 4 and its unit at 5.
_TOTALS = """
WITH counted AS (
    SELECT t.route_id, t.category, t.service_type, t.rate_code, t.revenue_code, t.unit,
           t.bills, NULL::numeric AS metered, nullif(t.quantity, 0) AS quantity,
           CASE WHEN t.state = 'held' THEN 0 ELSE t.amount::numeric END AS ready,
           CASE WHEN t.state = 'held' THEN t.amount::numeric ELSE 0 END AS held
      FROM billing_runtotal t WHERE t.run_id = %(run)s
    UNION ALL
    SELECT l.route_id, a.category, s.service_type, r.code, '', m ->> 5,
           NULL, sum((m ->> 4)::numeric), NULL, NULL, NULL
      FROM billing_preparedbill p
     CROSS JOIN LATERAL jsonb_array_elements(p.measured -> 1) AS m
      JOIN customers_service s ON s.id = (m ->> 0)::bigint
      JOIN rates_ratetable r ON r.id = s.rate_id
      JOIN customers_account a ON a.id = p.account_id
      JOIN meters_location l ON l.id = a.location_id
     WHERE p.run_id = %(run)s AND p.state IN ('ready', 'held', 'posted') GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT o.code, k.category, k.service_type, k.rate_code,
       coalesce(v.name, nullif(k.revenue_code, ''), 'Metered use'), k.unit,
       sum(k.bills), sum(k.metered), sum(k.quantity), sum(k.ready), sum(k.held)
  FROM counted k JOIN meters_route o ON o.id = k.route_id
  LEFT JOIN ledger_revenuecode v ON v.code = k.revenue_code
 GROUP BY o.code, k.category, k.service_type, k.rate_code, v.name, k.revenue_code, k.unit
 ORDER BY o.code, k.category, k.service_type, k.rate_code, k.revenue_code, k.unit
"""

_ACCOUNTS = """
SELECT r.code, a.number, c.name, a.category, p.state, p.reason, p.starts, p.ends,
       (SELECT string_agg(trim_scale((m ->> 4)::numeric) || ' ' || (m ->> 5), ', ')
          FROM jsonb_array_elements(p.measured -> 1) AS m),
       before.charges, p.total,
       CASE WHEN p.state IN ('ready', 'posted') THEN p.total END
  FROM billing_preparedbill p
  JOIN customers_account a ON a.id = p.account_id
  JOIN customers_customer c ON c.id = a.customer_id
  JOIN meters_location l ON l.id = a.location_id
  JOIN meters_route r ON r.id = l.route_id
  LEFT JOIN LATERAL (
       SELECT b.charges FROM billing_bill b
        WHERE b.account_id = p.account_id AND b.is_live AND b.run_id <> p.run_id
          AND (p.starts IS NULL OR b.starts < p.starts)
        ORDER BY b.starts DESC LIMIT 1
  ) before ON true
 WHERE p.run_id = %(run)s
 ORDER BY r.code, l.sequence, a.number
"""


def _totals(parameters: Parameters) -> Iterator[Cells]:
    for route, category, service, *rest in streamed(_TOTALS, {"run": parameters.text("run")}):
        yield (route, category.capitalize(), service_name(service), *rest)


def _accounts(parameters: Parameters) -> Iterator[Cells]:
    for route, number, name, category, state, reason, *rest in streamed(
        _ACCOUNTS, {"run": parameters.text("run")}
    ):
        shown = str(PreparedBill.State(state).label)
        said = f"{shown}: {reason.replace('_', ' ')}" if reason else shown
        yield (route, number, name, category.capitalize(), said, *rest)


_BY_ACCOUNT = (
    Column("route", "Route", width=7),
    Column("account", "Account", width=10),
    Column("name", "Name", width=24),
    Column("category", "Category", width=12),
    Column("state", "State", width=20),
    Column("starts", "From", "date", width=12),
    Column("ends", "To", "date", width=12),
    Column("use", "Use metered", width=14),
    Column("before", "Last bill", "amount", total=True, width=12, may_credit=True),
    Column("made", "This bill", "amount", total=True, width=12, may_credit=True),
    Column("billed", "To be posted", "amount", total=True, width=13, may_credit=True),
)


def _shape(report: Report, parameters: Parameters) -> Report:
    if parameters.text("show") != "accounts":
        return report
    note = "From and to are the days billed, the last not counting. Held and excepted bills are not posted."
    return replace(
        report, columns=_BY_ACCOUNT, rows=_accounts, subtotals=("route",), recaps=(), notes=(note,)
    )


REPORT = Report(
    code="preliminary-register",
    title="Preliminary register",
    group="Billing",
    permission="billing.run.view",
    about="What a run will bill before it is posted: use and charges by rate and category, or every account.",
    parameters=(
        Parameter("run", "Run", "choice", required=True, choices=staged_runs),
        Parameter(
            "show",
            "Show",
            "choice",
            required=True,
            default=lambda today: "totals",
            choices=(("totals", "Totals by rate and category"), ("accounts", "Every account")),
        ),
    ),
    columns=(
        Column("route", "Route", width=7),
        Column("category", "Category", width=13),
        Column("service", "Service", width=10),
        Column("rate", "Rate", width=12),
        Column("what", "Charge", width=24),
        Column("unit", "Unit", width=6),
        Column("bills", "Bills", "count", width=7),
        Column("metered", "Use metered", "quantity", total=True, width=14, within="unit"),
        Column("quantity", "Quantity billed", "quantity", total=True, width=14, within="unit"),
        Column("ready", "To be posted", "amount", total=True, width=14, may_credit=True),
        Column("held", "Held", "amount", total=True, width=13, may_credit=True),
    ),
    rows=_totals,
    subtotals=("route", "category"),
    recaps=(
        Recap("By category", ("category",)),
        Recap("By rate", ("service", "rate", "unit")),
    ),
    shape=_shape,
    notes=(
        "Quantities are added up only where they share one unit.",
        "Held bills are not posted unless somebody lets them through.",
    ),
)
