"""Exception lists of a run: the bills that somebody should look at before it is posted."""

from collections.abc import Iterator
from decimal import Decimal

from reports.kit import Cells, Column, Report
from reports.listings.asking import staged_runs
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters, Problem

# What of a prepared bill puts it on which list: hold reasons, and warnings by the word before their colon.
_REREAD = ("backwards", "high_use", "zero_use", "old_reading", "short_period", "long_period", "meter_twice")
_REREAD_WARNINGS = ("high", "low", "zero_use")

_LISTED = """
SELECT r.code, a.number, c.name, concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')),
       (SELECT string_agg(DISTINCT m.number, ', ')
          FROM customers_service s
          JOIN meters_installation i ON i.service_point_id = s.service_point_id AND i.ends IS NULL
          JOIN meters_meter m ON m.id = i.meter_id
         WHERE s.account_id = a.id),
       p.reason, p.detail, w.warnings,
       (SELECT string_agg(trim_scale((m ->> 4)::numeric) || ' ' || (m ->> 5), ', ')
          FROM jsonb_array_elements(p.measured -> 1) AS m),
       before.charges, p.total, p.total - before.charges
  FROM billing_preparedbill p
  JOIN customers_account a ON a.id = p.account_id
  JOIN customers_customer c ON c.id = a.customer_id
  JOIN meters_location l ON l.id = a.location_id
  JOIN meters_route r ON r.id = l.route_id
  CROSS JOIN LATERAL (
       SELECT string_agg(replace(replace(x, ':', ', '), '_', ' '), '; ') AS warnings,
              array_agg(split_part(x, ':', 1)) AS kinds
         FROM jsonb_array_elements_text(p.warnings) AS x
  ) w
  LEFT JOIN LATERAL (
       SELECT b.charges FROM billing_bill b
        WHERE b.account_id = p.account_id AND b.is_live AND b.run_id <> p.run_id
          AND (p.starts IS NULL OR b.starts < p.starts)
        ORDER BY b.starts DESC LIMIT 1
  ) before ON true
 WHERE p.run_id = %(run)s AND ({which})
 ORDER BY r.code, l.sequence, a.number
"""

_WHICH = {
    "reread": "p.reason = ANY (%(reread)s) OR w.kinds && %(reread_warnings)s",
    "no_bill": "w.kinds && ARRAY['unbilled_use']",
    "over": "p.total > %(over)s",
    "missing": "p.reason = 'missing_reading'",
    "first": "w.kinds && ARRAY['first_bill']",
    "change": "abs(p.total - before.charges) > %(share)s * abs(before.charges)"
    " AND abs(p.total - before.charges) >= %(least)s",
    "held": "p.state = 'held'",
}

_LEAST = Decimal("20.00")

LISTS = (
    ("held", "All held bills"),
    ("reread", "Re-read list"),
    ("missing", "Missing readings"),
    ("no_bill", "No-bill with use"),
    ("over", "Bills over an amount"),
    ("change", "Large change"),
    ("first", "First bills"),
)


def _rows(parameters: Parameters) -> Iterator[Cells]:
    which = parameters.text("list")
    given = {
        "run": parameters.text("run"),
        "reread": list(_REREAD),
        "reread_warnings": list(_REREAD_WARNINGS),
        "over": parameters.amount("over"),
        "share": Decimal(parameters.whole("percent") or 0) / 100,
        "least": parameters.amount("least"),
    }
    for *place, reason, detail, warnings, use, before, made, change in streamed(
        _LISTED.format(which=_WHICH[which]), given
    ):
        said = detail or (reason or warnings or dict(LISTS)[which]).replace("_", " ").capitalize()
        yield (*place, said, use, before, made, change)


def _check(parameters: Parameters) -> Iterator[Problem]:
    if parameters.text("list") == "over" and parameters.amount("over") is None:
        yield Problem(
            "over", "Over, dollars", "Nothing is given.", "Give the amount above which bills are listed."
        )


REPORT = Report(
    code="run-exceptions",
    title="Billing exceptions",
    group="Billing",
    permission="billing.run.view",
    about="The lists to work before a run is posted: re-reads, missing readings, no-bill with use and more.",
    parameters=(
        Parameter("run", "Run", "choice", required=True, choices=staged_runs),
        Parameter("list", "List", "choice", required=True, default=lambda today: "held", choices=LISTS),
        Parameter("over", "Over, dollars", "amount", help="For bills over an amount."),
        Parameter("percent", "Change over, per cent", "whole", default=lambda today: 50),
        Parameter("least", "Change of at least, dollars", "amount", default=lambda today: _LEAST),
    ),
    columns=(
        Column("route", "Route", width=7),
        Column("account", "Account", width=10),
        Column("name", "Name", width=22),
        Column("address", "Service address", width=22),
        Column("meters", "Meter", width=11),
        Column("why", "Why", width=44),
        Column("use", "Use", width=12),
        Column("before", "Last bill", "amount", width=12, may_credit=True),
        Column("made", "This bill", "amount", total=True, width=12, may_credit=True),
        Column("change", "Change", "amount", width=12, may_credit=True),
    ),
    rows=_rows,
    subtotals=("route",),
    check=_check,
)
