"""The checks of a prepared run: made when preparing ends, kept with it, let through by a second person."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.models import Run
from billing.review.breakers import judge, tripped
from billing.review.ground import Charged, Check, Figures, Ground
from billing.review.measures import Measures
from billing.run_lock import locked_run
from billing.run_totals import charged, run_before, same_last_year
from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation, under_way
from ledger.models import RevenueCode
from meters.models import Route

# Kept beside a run's checks: what they were made from, for the runs that come after it, and the accounts of
# the bills drawn for a look.
_MEASURES, _SAMPLE = "measures", "sample"

# The largest bills, some of each class as a draw gives them, and some first ones; it is drawn anew each time
# the run is prepared.
_DRAWN = """
WITH bills AS (
    SELECT p.account_id, p.total, a.category, p.warnings @? '$[*] ? (@ starts with "first_bill")' AS first,
           md5(p.account_id || '/' || %(attempt)s) AS lot
    FROM billing_preparedbill p JOIN customers_account a ON a.id = p.account_id
    WHERE p.run_id = %(run)s AND p.charge_hash <> ''
)
(SELECT account_id FROM bills ORDER BY total DESC LIMIT 4)
UNION (SELECT account_id FROM bills WHERE first ORDER BY lot LIMIT 3)
UNION SELECT account_id
      FROM (SELECT account_id, row_number() OVER (PARTITION BY category ORDER BY lot) AS n FROM bills) d
      WHERE n <= 5
"""

# Active services of the accounts of the run, and those of them with nothing due in it.
_SERVICES = """
SELECT count(*), count(*) FILTER (WHERE NOT (coalesce(s.billed_to, s.starts) < %(ends)s
                                  AND (s.ends IS NULL OR coalesce(s.billed_to, s.starts) < s.ends)))
FROM customers_service s
WHERE s.account_id IN (SELECT account_id FROM billing_preparedbill WHERE run_id = %(run)s)
  AND s.starts < %(ends)s
  AND (s.ends IS NULL OR s.ends > %(starts)s OR coalesce(s.billed_to, s.starts) < s.ends)
"""


def checks_of(run: Run) -> list[Check]:
    """What the checks found, in the order of the screen; none before the run is prepared."""
    return [Check.from_json(kept) for kept in run.checks if kept["code"] not in (_MEASURES, _SAMPLE)]


def measures_of(run: Run) -> Measures:
    """What was counted when the run was prepared; empty for a run of before there were checks."""
    kept = next((k for k in run.checks if k["code"] == _MEASURES), None)
    return Measures.from_json(kept) if kept else Measures()


def sample_of(run: Run) -> list[int]:
    """The accounts whose bills were drawn for a look."""
    return next((list(k["accounts"]) for k in run.checks if k["code"] == _SAMPLE), [])


def check_run(run: Run, parts: Sequence[dict[str, Any]]) -> None:
    """Judge the run by the measures of its parts and put the checks on it; the caller saves it.

    What was let through on an earlier attempt is judged anew.
    """
    measures = Measures()
    for part in parts:
        measures.take(Measures.from_json(part))
    with connection.cursor() as cursor:
        cursor.execute(_SERVICES, {"run": run.id, "starts": run.starts, "ends": run.ends})
        measures.counts["services"], nothing_due = cursor.fetchone()
        measures.counts["services_nothing"] = nothing_due + measures.counts["services_waiting"]
        cursor.execute(_DRAWN, {"run": run.id, "attempt": run.attempt})
        run.checks = [{"code": _SAMPLE, "accounts": sorted(row[0] for row in cursor.fetchall())}]
    keep(run, judge(_ground(run, measures)), measures)


def keep(run: Run, checks: Sequence[Check], measures: Measures) -> None:
    """Put checks and measures on the run; the caller saves it."""
    sample = {"code": _SAMPLE, "accounts": sample_of(run)}
    run.checks = [*(c.as_json() for c in checks), {"code": _MEASURES, **measures.as_json()}, sample]


def _ground(run: Run, measures: Measures) -> Ground:
    limits = {code: Decimal(value) for code, value in run.terms["breakers"].items()}
    last, year = run_before(run), same_last_year(run)
    taxes = RevenueCode.objects.filter(chart_account__role="tax_payable")
    return Ground(
        now=Figures(measures, charged(run.id, "ready", "held")),
        last=_figures(last),
        year=None if year is None or (last and year.id == last.id) else _figures(year),
        limits=limits,
        days=(run.ends - run.starts).days,
        taxes=frozenset(taxes.values_list("code", flat=True)),
        routes={str(route_id): code for route_id, code in Route.objects.values_list("id", "code")},
    )


def _figures(run: Run | None) -> Figures | None:
    """A posted run's figures; none for one posted before they were kept."""
    if run is None:
        return None
    charges: list[Charged] = charged(run.id, "posted")
    return Figures(measures_of(run), charges) if charges else None


def require_clear(run: Run) -> None:
    """Let the run go on only when every check passed or was let through; raises ``Conflict`` otherwise."""
    stopping = list(tripped(checks_of(run)))
    if stopping:
        told = "; ".join(f"{c.title}: {c.measured}" for c in stopping[:3])
        more = f". Also: {', '.join(c.title for c in stopping[3:])}" if len(stopping) > 3 else ""
        raise Conflict(
            f"{_checks(len(stopping))} this run. {told}{more}.",
            f"{stopping[0].do} Then prepare again, or have a supervisor let the check pass with a reason.",
            code="CheckTripped",
        )


def _checks(n: int) -> str:
    return "A check stops" if n == 1 else f"{n} checks stop"


@operation("billing.run.pass_check", permission="billing.run.pass_check")
def pass_check(by: Actor, *, run_id: int, code: str, why: str) -> int:
    """Let a tripped check pass with a reason, which stays with the run; returns its id.

    Preparing again judges it anew.  Raises ``NotAllowed`` for whoever opened the run (unless the town works
    with a single operator), ``NotFound`` for a check that does not stop it.
    """
    run = locked_run(run_id, ("prepared", "reviewed"), "let through")
    checks = checks_of(run)
    found = next((c for c in checks if c.code == code and c.stops), None)
    if found is None:
        raise NotFound(f"No check “{code}” stops run {run.id}.", "Look at the run's checks again.")
    if not why.strip():
        raise Refused("A check let through needs a reason.", "Say what you looked at.", field="why")
    require_other(by, run.opened_by, run.bill_on, "the run")
    passed = {
        "passed_by": by.ref,
        "passed_name": by.name,
        "passed_at": under_way().at.isoformat(),
        "why": why.strip()[:300],
    }
    kept = [Check(**{**c.as_json(), **passed}) if c is found else c for c in checks]
    keep(run, kept, measures_of(run))
    run.save(update_fields=["checks"])
    note(check=code, measured=found.measured, limit=found.limit)
    return int(run.id)
