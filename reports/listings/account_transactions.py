"""Transactions of accounts: what is open now, current and past due; or everything that happened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from ledger.queries import why_words
from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import in_order
from reports.listings.choosing import CHOOSING, CHOSEN, ONE_OF, chosen
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters, month_text

_OPEN = f"""
WITH {CHOSEN}, item AS (
    SELECT i.account_id, g.id, g."on", g.due_on, g.text, i.amount::numeric AS amount, i.open::numeric AS open,
           %(day)s - g.due_on AS late
      FROM ledger_openitem i JOIN ledger_charge g ON g.id = i.charge_id
     WHERE i.open > 0 AND i.account_id = ANY (ARRAY(SELECT id FROM chosen))
    UNION ALL
    SELECT f.account_id, k.id, k."on", NULL, k.text || ', not yet used',
           -f.amount::numeric, -f.open::numeric, NULL
      FROM ledger_creditleft f JOIN ledger_credit k ON k.id = f.credit_id
     WHERE f.open > 0 AND f.account_id = ANY (ARRAY(SELECT id FROM chosen))
)
SELECT h.number, h.name, h.address,
       CASE WHEN i.late IS NULL THEN 'Credit' WHEN i.late > 0 THEN 'Past due' ELSE 'Current' END,
       i."on", i.text, i.due_on, CASE WHEN i.late > 0 THEN i.late END, i.amount, i.amount - i.open, i.open
  FROM item i JOIN chosen h ON h.id = i.account_id
 ORDER BY h.route, h.sequence, h.number, i.late IS NULL, i.due_on, i.id
"""

# The lines of receivables and customer credit are an account's balance; their sums before the first day are
# what it begins with.
_HISTORY = f"""
WITH {CHOSEN}, moved AS (
    SELECT p.account_id, j.id, j."on", j.why, j.reverses_id,
           sum(p.debit)::numeric - sum(p.credit)::numeric AS effect
      FROM ledger_posting p
      JOIN ledger_chartaccount c ON c.id = p.chart_account_id AND c.role IN ('receivable', 'customer_credit')
      JOIN ledger_journal j ON j.id = p.journal_id
     WHERE p.account_id = ANY (ARRAY(SELECT id FROM chosen)) AND j."on" <= %(through)s
     GROUP BY p.account_id, j.id, j."on", j.why, j.reverses_id
), running AS (
    SELECT m.*, sum(effect) OVER (PARTITION BY account_id ORDER BY "on", id) AS balance FROM moved m
), listed AS (
    SELECT * FROM running WHERE "on" >= %(since)s
    UNION ALL
    (SELECT DISTINCT ON (account_id) account_id, 0, NULL, '', NULL, NULL, balance
       FROM running WHERE "on" < %(since)s ORDER BY account_id, "on" DESC, id DESC)
)
SELECT h.number, h.name, h.address, m."on", m.why, m.reverses_id, coalesce(b.number, v.number, d.id)::text,
       concat_ws(': ', coalesce(t.texts, k.text), coalesce(d.reason, back.reason)), m.effect, m.balance
  FROM listed m JOIN chosen h ON h.id = m.account_id
  LEFT JOIN billing_bill b ON b.journal_id = coalesce(m.reverses_id, m.id)
  LEFT JOIN collections_app_payment y ON y.journal_id = coalesce(m.reverses_id, m.id)
  LEFT JOIN collections_app_receipt v ON v.id = y.receipt_id
  LEFT JOIN collections_app_paymentreturn back ON back.payment_id = y.id AND m.why = 'return'
  LEFT JOIN ledger_adjustment d ON d.journal_id = m.id
  LEFT JOIN LATERAL (
       SELECT string_agg(n.said, ', ' ORDER BY n.first) AS texts
         FROM (SELECT CASE WHEN b.id IS NULL THEN g.text ELSE coalesce(w.name, g.text) END AS said,
                      min(g.id) AS first
                 FROM ledger_charge g LEFT JOIN ledger_revenuecode w ON w.code = g.revenue_code
                WHERE g.journal_id = coalesce(m.reverses_id, m.id) AND g.account_id = m.account_id
                GROUP BY 1) n
  ) t ON true
  LEFT JOIN LATERAL (
       SELECT text FROM ledger_credit
        WHERE journal_id = coalesce(m.reverses_id, m.id) AND account_id = m.account_id AND t.texts IS NULL
        LIMIT 1
  ) k ON true
 WHERE m.effect IS DISTINCT FROM 0
 ORDER BY h.route, h.sequence, h.number, m."on" NULLS FIRST, m.id
"""


def _open(parameters: Parameters) -> Iterator[Cells]:
    yield from streamed(_OPEN, {**chosen(parameters), "day": parameters.day("through")})


def _history(parameters: Parameters) -> Iterator[Cells]:
    given = {**chosen(parameters), "since": parameters.day("since"), "through": parameters.day("through")}
    only = parameters.text("type")
    for number, name, address, on, why, reverses, shown, detail, effect, balance in streamed(_HISTORY, given):
        head = (number, name, address, month_text(on) if on else "", on)
        if on is None and not only:
            yield (*head, "Brought forward", "", "", None, None, balance)
        elif not only or only == why_words(why, reverses):
            debit, credit = (effect, None) if effect > 0 else (None, -effect)
            yield (*head, why_words(why, reverses), shown or "", detail, debit, credit, balance)


_WHOSE = (
    Column("account", "Account", width=11, heading=True),
    Column("name", "Name", width=26, heading=True),
    Column("address", "Service address", width=26, heading=True),
)
_HISTORY_COLUMNS = (
    *_WHOSE,
    Column("month", "Month", width=10),
    Column("on", "Date", "date", width=13),
    Column("type", "Type", width=19),
    Column("number", "Number", width=10),
    Column("what", "What for", width=54),
    Column("charged", "Charged", "amount", total=True, width=13),
    Column("credited", "Credited", "amount", total=True, width=13),
    Column("balance", "Balance", "amount", width=15, may_credit=True),
)


def _shape(report: Report, parameters: Parameters) -> Report:
    paged = replace(report, page_each=parameters.text("pages") == "each")
    if parameters.text("show") != "history":
        return paged
    notes = ("The balance is what settles the account: all that is open, less credit not yet used.",)
    return replace(paged, columns=_HISTORY_COLUMNS, rows=_history, recaps=(), notes=notes)


REPORT = Report(
    code="account-transactions",
    title="Account transactions",
    group="Accounts",
    permission="ledger.view",
    about="For each customer: what is open now, current and past due, or everything that happened.",
    parameters=(
        *CHOOSING,
        Parameter(
            "show",
            "Show",
            "choice",
            required=True,
            default=lambda today: "open",
            choices=(("open", "Open, current and past due"), ("history", "Transaction history")),
        ),
        Parameter("since", "History from", "date", default=lambda today: today - timedelta(days=365)),
        Parameter("type", "Type", help="Of the history these alone, such as Payment."),
        Parameter("through", "Through", "date", default=lambda today: today),
        Parameter(
            "pages",
            "On paper",
            "choice",
            required=True,
            default=lambda today: "on",
            choices=(("on", "One after the other"), ("each", "A page for each account")),
        ),
    ),
    one_of=ONE_OF,
    columns=(
        *_WHOSE,
        Column("state", "State", width=10),
        Column("on", "Date", "date", width=13),
        Column("what", "What for", width=40),
        Column("due", "Due", "date", width=13),
        Column("late", "Days late", "count", width=9),
        Column("amount", "Amount", "amount", total=True, width=14, may_credit=True),
        Column("paid", "Paid", "amount", total=True, width=14, may_credit=True),
        Column("open", "Open", "amount", total=True, width=14, may_credit=True),
    ),
    rows=_open,
    subtotals=("account",),
    recaps=(Recap("Current and past due", ("state",)),),
    shape=_shape,
    check=in_order,
    notes=("What is open is as it stands now; past due is counted to the day above.",),
)
