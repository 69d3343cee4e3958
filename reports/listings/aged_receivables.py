"""Aged receivables: what each account owed at the end of a day, by how long it was past due."""

from collections.abc import Iterator
from dataclasses import replace

from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import ROUTE
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

# What was open on a day is made from charges and applications to that day, not from what is open now, so a
# past day comes out as it did then.  Only what is open now, or was applied or reversed since that day, can
# have been open; how many accounts that are the planner cannot tell, so each is looked up by itself.  A
# charge or credit whose journal was reversed counts until the day of the mirror; charges below zero open no
# item, their credit stands among the credits.
_OWED = """
WITH mirror AS (
    SELECT reverses_id AS journal_id, "on" FROM ledger_journal WHERE reverses_id IS NOT NULL
), some_charge AS (
    SELECT charge_id FROM ledger_openitem WHERE open > 0
     UNION SELECT charge_id FROM ledger_application WHERE "on" > %(day)s
     UNION SELECT c.id FROM mirror m JOIN ledger_charge c USING (journal_id) WHERE m."on" > %(day)s
), some_credit AS (
    SELECT credit_id FROM ledger_creditleft WHERE open > 0
     UNION SELECT credit_id FROM ledger_application WHERE "on" > %(day)s
     UNION SELECT c.id FROM mirror m JOIN ledger_credit c USING (journal_id) WHERE m."on" > %(day)s
), on_charge AS (
    SELECT charge_id, sum(amount) AS so_far FROM ledger_application JOIN some_charge USING (charge_id)
     WHERE "on" <= %(day)s GROUP BY charge_id
), from_credit AS (
    SELECT credit_id, sum(amount) AS so_far FROM ledger_application JOIN some_credit USING (credit_id)
     WHERE "on" <= %(day)s GROUP BY credit_id
), item AS (
    SELECT c.account_id, %(day)s - c.due_on AS late, c.amount - coalesce(a.so_far, 0) AS owed, 0.00 AS credit
      FROM ledger_charge c
      JOIN some_charge s ON s.charge_id = c.id
      LEFT JOIN mirror m ON m.journal_id = c.journal_id
      LEFT JOIN on_charge a ON a.charge_id = c.id
     WHERE c.amount > 0 AND c."on" <= %(day)s AND (m."on" IS NULL OR m."on" > %(day)s)
    UNION ALL
    SELECT c.account_id, 0, 0.00, c.amount - coalesce(a.so_far, 0)
      FROM ledger_credit c
      JOIN some_credit s ON s.credit_id = c.id
      LEFT JOIN mirror m ON m.journal_id = c.journal_id
      LEFT JOIN from_credit a ON a.credit_id = c.id
     WHERE c."on" <= %(day)s AND (m."on" IS NULL OR m."on" > %(day)s)
), aged AS (
    SELECT account_id,
           coalesce(sum(owed) FILTER (WHERE late <= 0), 0.00) AS current,
           coalesce(sum(owed) FILTER (WHERE late BETWEEN 1 AND 30), 0.00) AS to_30,
           coalesce(sum(owed) FILTER (WHERE late BETWEEN 31 AND 60), 0.00) AS to_60,
           coalesce(sum(owed) FILTER (WHERE late BETWEEN 61 AND 90), 0.00) AS to_90,
           coalesce(sum(owed) FILTER (WHERE late > 90), 0.00) AS older,
           -coalesce(sum(credit), 0.00) AS credit,
           coalesce(sum(owed - credit), 0.00) AS balance
      FROM item GROUP BY account_id
    HAVING sum(owed) <> 0 OR sum(credit) <> 0
)
SELECT {places}, {figures}
  FROM aged g
  JOIN LATERAL (SELECT * FROM customers_account WHERE id = g.account_id OFFSET 0) a ON true
  JOIN LATERAL (SELECT * FROM customers_customer WHERE id = a.customer_id OFFSET 0) c ON true
  JOIN LATERAL (SELECT * FROM meters_location WHERE id = a.location_id OFFSET 0) l ON true
  JOIN LATERAL (SELECT * FROM meters_route WHERE id = l.route_id OFFSET 0) r ON true
 WHERE (%(route)s = '' OR r.code = %(route)s)
   AND (%(which)s = '' OR %(which)s = 'past_due' AND g.to_30 + g.to_60 + g.to_90 + g.older > 0
        OR %(which)s = 'credit' AND g.balance < 0)
 {order}
"""

_DETAIL = {
    "places": "r.code, a.category, a.number, c.name,"
    " concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, ''))",
    "figures": "g.current, g.to_30, g.to_60, g.to_90, g.older, g.credit, g.balance",
}
_SUMMED = {
    "places": "r.code, a.category, count(*)",
    "figures": "sum(g.current), sum(g.to_30), sum(g.to_60), sum(g.to_90), sum(g.older), sum(g.credit),"
    " sum(g.balance)",
}


def _given(parameters: Parameters) -> dict[str, object]:
    return {
        "day": parameters.day("as_of"),
        "route": parameters.text("route"),
        "which": parameters.text("which"),
    }


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Accounts that owe or are owed anything, by route or by class, then in the order of the routes."""
    by_class = "a.category, " if parameters.text("by") == "category" else ""
    order = f"ORDER BY {by_class}r.code, l.sequence, a.number"
    for route, category, *rest in streamed(_OWED.format(**_DETAIL, order=order), _given(parameters)):
        yield (route, category.capitalize(), *rest)


def _summary(parameters: Parameters) -> Iterator[Cells]:
    """One line for each route and class."""
    order = "2, 1" if parameters.text("by") == "category" else "1, 2"
    sql = _OWED.format(**_SUMMED, order=f"GROUP BY 1, 2 ORDER BY {order}")
    for route, category, *rest in streamed(sql, _given(parameters)):
        yield (route, category.capitalize(), *rest)


_FIGURES = (
    Column("current", "Not yet due", "amount", total=True, width=12),
    Column("to_30", "1–30 days", "amount", total=True, width=12),
    Column("to_60", "31–60 days", "amount", total=True, width=12),
    Column("to_90", "61–90 days", "amount", total=True, width=12),
    Column("older", "Over 90 days", "amount", total=True, width=12),
    Column("credit", "Credit", "amount", total=True, width=14, may_credit=True),
    Column("balance", "Balance", "amount", total=True, width=14, may_credit=True),
)


def _shape(report: Report, parameters: Parameters) -> Report:
    """Subtotals by route or class; the summary has a line for each of both, and the classes once more."""
    by = "category" if parameters.text("by") == "category" else "route"
    other = "route" if by == "category" else "category"
    recap = Recap("By class" if other == "category" else "By route", (other,))
    if parameters.text("show") != "summary":
        return replace(report, subtotals=(by,), recaps=(recap,))
    places = (
        Column("route", "Route", width=10),
        Column("category", "Class", width=16),
        Column("accounts", "Accounts", "count", total=True, width=10),
    )
    return replace(report, columns=(*places, *_FIGURES), rows=_summary, subtotals=(by,), recaps=(recap,))


REPORT = Report(
    code="aged-receivables",
    title="Aged receivables",
    group="Receivables",
    permission="ledger.view",
    about="What each account owed at the end of a day, by how long it was past due.",
    parameters=(
        Parameter("as_of", "As of", "date", default=lambda today: today),
        Parameter(
            "show",
            "Show",
            "choice",
            required=True,
            default=lambda today: "detail",
            choices=(("detail", "Every account"), ("summary", "Summary")),
        ),
        Parameter(
            "by",
            "Subtotals by",
            "choice",
            required=True,
            default=lambda today: "route",
            choices=(("route", "Route"), ("category", "Class")),
        ),
        ROUTE,
        Parameter("which", "Accounts", "choice", choices=(("past_due", "Past due"), ("credit", "In credit"))),
    ),
    columns=(
        Column("route", "Route", width=7),
        Column("category", "Class", width=12),
        Column("account", "Account", width=10),
        Column("name", "Name", width=21),
        Column("address", "Service address", width=21),
        *_FIGURES,
    ),
    rows=_rows,
    subtotals=("route",),
    shape=_shape,
    notes=(
        "Days count from the due date to the end of the day above.",
        "Credit is what was paid or given and not yet laid on a charge; deposits are not in this report.",
    ),
)
