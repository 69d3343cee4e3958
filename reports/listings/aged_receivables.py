"""Aged receivables: what each account owed at the end of a day, by how long it was past due."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from reports.kit import Cells, Column, Report
from reports.parameters import Parameter, Parameters

# What was open on a day is made from charges and applications to that day, not from what is open now, so a
# past day comes out as it did then.  A charge or credit whose journal was reversed counts until the day of
# the mirror; charges below zero open no item, their credit stands among the credits.
_OWED = """
WITH mirror AS (
    SELECT reverses_id AS journal_id, "on" FROM ledger_journal WHERE reverses_id IS NOT NULL
), on_charge AS (
    SELECT charge_id, sum(amount) AS so_far FROM ledger_application WHERE "on" <= %(day)s GROUP BY charge_id
), from_credit AS (
    SELECT credit_id, sum(amount) AS so_far FROM ledger_application WHERE "on" <= %(day)s GROUP BY credit_id
), item AS (
    SELECT c.account_id, %(day)s - c.due_on AS late, c.amount - coalesce(a.so_far, 0) AS owed, 0.00 AS credit
      FROM ledger_charge c
      LEFT JOIN mirror m ON m.journal_id = c.journal_id
      LEFT JOIN on_charge a ON a.charge_id = c.id
     WHERE c.amount > 0 AND c."on" <= %(day)s AND (m."on" IS NULL OR m."on" > %(day)s)
    UNION ALL
    SELECT c.account_id, 0, 0.00, c.amount - coalesce(a.so_far, 0)
      FROM ledger_credit c
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
SELECT r.code, a.number, c.name, concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')),
       g.current, g.to_30, g.to_60, g.to_90, g.older, g.credit, g.balance
  FROM aged g
  JOIN customers_account a ON a.id = g.account_id
  JOIN customers_customer c ON c.id = a.customer_id
  JOIN meters_location l ON l.id = a.location_id
  JOIN meters_route r ON r.id = l.route_id
 ORDER BY r.code, l.sequence, a.number
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Accounts that owe or are owed anything, in the order of the routes."""
    yield from owed_on(parameters.day("as_of"))


def owed_on(day: date) -> Iterator[Cells]:
    """The rows of that day, dollars; a credit is below zero.  Charges and payments of the day count."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"day": day})
        yield from cursor


REPORT = Report(
    code="aged-receivables",
    title="Aged receivables",
    group="Receivables",
    permission="ledger.view",
    about="What each account owed at the end of a day, by how long it was past due.",
    parameters=(Parameter("as_of", "As of", "date", default=lambda today: today),),
    columns=(
        Column("route", "Route", width=7),
        Column("account", "Account", width=11),
        Column("name", "Name", width=26),
        Column("address", "Service address", width=26),
        Column("current", "Not yet due", "amount", total=True, width=12),
        Column("to_30", "1–30 days", "amount", total=True, width=12),
        Column("to_60", "31–60 days", "amount", total=True, width=12),
        Column("to_90", "61–90 days", "amount", total=True, width=12),
        Column("older", "Over 90 days", "amount", total=True, width=12),
        Column("credit", "Credit", "amount", total=True, width=14, may_credit=True),
        Column("balance", "Balance", "amount", total=True, width=14, may_credit=True),
    ),
    rows=_rows,
    subtotals=("route",),
    notes=(
        "Days count from the due date to the end of the day above.",
        "Credit is what was paid or given and not yet laid on a charge; deposits are not in this report.",
    ),
)
