"""General-ledger distribution: what was posted to each chart account, and what each revenue code earned."""

from collections.abc import Iterator
from dataclasses import replace

from ledger.queries import why_words
from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import SINCE, THROUGH, in_order
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters, month_text

_POSTED = """
SELECT c.code, c.name, date_trunc(%(step)s, j."on")::date, j.why, bool_and(j.reverses_id IS NOT NULL),
       count(*), sum(p.debit), sum(p.credit)
  FROM ledger_posting p
  JOIN ledger_journal j ON j.id = p.journal_id
  JOIN ledger_chartaccount c ON c.id = p.chart_account_id
 WHERE j."on" BETWEEN %(since)s AND %(through)s
 GROUP BY c.code, c.name, 3, j.why, j.reverses_id IS NOT NULL
 ORDER BY c.code, 3, j.why, 5
"""

# Charged: the charges of the days, those of reversed journals taken off on the day of the mirror.  Collected:
# what was laid on charges of the code on those days, whatever the day of the charge.
_CODES = """
WITH moved AS (
    SELECT g.revenue_code, g."on" AS on_day, g.amount::numeric AS charged, 0.00 AS collected
      FROM ledger_charge g WHERE g."on" BETWEEN %(since)s AND %(through)s
    UNION ALL
    SELECT g.revenue_code, m."on", -g.amount::numeric, 0.00
      FROM ledger_journal m JOIN ledger_charge g ON g.journal_id = m.reverses_id
     WHERE m."on" BETWEEN %(since)s AND %(through)s
    UNION ALL
    SELECT g.revenue_code, a."on", 0.00, a.amount::numeric
      FROM ledger_application a JOIN ledger_charge g ON g.id = a.charge_id
     WHERE a."on" BETWEEN %(since)s AND %(through)s
)
SELECT coalesce(c.code, ''), coalesce(c.name, 'Not mapped'), k.revenue_code, coalesce(v.name, ''),
       date_trunc(%(step)s, k.on_day)::date, sum(k.charged), sum(k.collected)
  FROM moved k
  LEFT JOIN ledger_revenuecode v ON v.code = k.revenue_code
  LEFT JOIN ledger_chartaccount c ON c.id = v.chart_account_id
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3, 5
"""


def _given(parameters: Parameters) -> dict[str, object]:
    return {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "step": parameters.text("by"),
    }


def _posted(parameters: Parameters) -> Iterator[Cells]:
    monthly = parameters.text("by") == "month"
    for code, name, on, why, mirror, *rest in streamed(_POSTED, _given(parameters)):
        when = month_text(on) if monthly else on.isoformat()
        yield (code, name, when, why_words(why, 1 if mirror else None), *rest)


def _codes(parameters: Parameters) -> Iterator[Cells]:
    monthly = parameters.text("by") == "month"
    for chart, name, code, words, on, charged, collected in streamed(_CODES, _given(parameters)):
        when = month_text(on) if monthly else on.isoformat()
        yield (chart, name, code, words, when, charged, collected)


_CODE_COLUMNS = (
    Column("chart", "Code", width=8, heading=True),
    Column("name", "Account", width=30, heading=True),
    Column("code", "Revenue code", width=16),
    Column("words", "What", width=28),
    Column("when", "When", width=13),
    Column("charged", "Charged", "amount", total=True, width=18, may_credit=True),
    Column("collected", "Collected", "amount", total=True, width=18, may_credit=True),
)


def _shape(report: Report, parameters: Parameters) -> Report:
    if parameters.text("show") != "codes":
        return report
    notes = (
        "Charged is what was billed on the days above, less what was taken back. Collected is what payments "
        "and credits paid of such charges on those days.",
    )
    recaps = (Recap("By revenue code", ("code", "words")),)
    return replace(report, columns=_CODE_COLUMNS, rows=_codes, recaps=recaps, notes=notes)


REPORT = Report(
    code="gl-distribution",
    title="General ledger distribution",
    group="Ledger",
    permission="ledger.view",
    about="What goes to each account of the general ledger, by day or month; or charged against collected.",
    parameters=(
        SINCE,
        THROUGH,
        Parameter(
            "show",
            "Show",
            "choice",
            required=True,
            default=lambda today: "accounts",
            choices=(("accounts", "Postings by account"), ("codes", "Charged and collected by revenue code")),
        ),
        Parameter(
            "by",
            "By",
            "choice",
            required=True,
            default=lambda today: "day",
            choices=(("day", "Day"), ("month", "Month")),
        ),
    ),
    columns=(
        Column("chart", "Code", width=8, heading=True),
        Column("name", "Account", width=30, heading=True),
        Column("when", "When", width=13),
        Column("why", "From", width=34),
        Column("lines", "Postings", "count", width=10),
        Column("debit", "Debit", "amount", total=True, width=18),
        Column("credit", "Credit", "amount", total=True, width=18),
    ),
    rows=_posted,
    subtotals=("chart",),
    recaps=(Recap("By source", ("why",)),),
    shape=_shape,
    check=in_order,
    notes=("Debits and credits are equal in total.",),
)
