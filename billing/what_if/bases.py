"""Which posted bills a what-if takes: always the live bills of certain runs."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from billing.models import Bill, Run
from billing.what_if_models import WhatIf
from core.errors import NotFound, Refused
from core.ui.words import day_text

POSTED = ("posted", "printed")
NEWEST = 24
"""Runs and months offered."""


class Taken(NamedTuple):
    """The runs whose live bills are taken, and that in words."""

    runs: tuple[int, ...]
    text: str


class Span(NamedTuple):
    """A part of the work: so many bills of a run, with ids from ``first`` to ``last``."""

    run: int
    first: int
    last: int
    bills: int


def latest() -> Taken:
    """The newest posted run of each cycle: the billing file as it stands."""
    newest = Run.objects.filter(state__in=POSTED).order_by("cycle_id", "-starts", "-id").distinct("cycle_id")
    return Taken(tuple(sorted(run.id for run in newest)), "The latest bills of all cycles")


def of_run(run_id: int) -> Taken:
    """One posted run; raises ``NotFound``."""
    run = Run.objects.filter(id=run_id, state__in=POSTED).select_related("cycle").first()
    if run is None:
        raise NotFound("There is no posted run of that number.", "Choose one from the list.", field="run_id")
    return Taken((run.id,), run_text(run))


def of_month(month: date) -> Taken:
    """All runs with bills dated in a month."""
    first = month.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    runs = Run.objects.filter(state__in=POSTED, bill_on__range=(first, last)).order_by("id")
    return Taken(tuple(runs.values_list("id", flat=True)), f"All bills dated in {first:%B %Y}")


def taken(basis: str, run_id: int | None, month: date | None) -> Taken:
    """The runs of a basis; raises ``Refused`` where it says too little or nothing was posted."""
    if basis == WhatIf.Basis.RUN:
        if run_id is None:
            raise Refused("No run is chosen.", "Choose the run whose bills are taken.", field="run_id")
        found = of_run(run_id)
    elif basis == WhatIf.Basis.MONTH:
        if month is None:
            raise Refused("No month is chosen.", "Choose the month whose bills are taken.", field="month")
        found = of_month(month)
    else:
        found = latest()
    if not found.runs:
        raise Refused(
            f"{found.text}: no run was posted.", "Post a run first, or choose other bills.", field="basis"
        )
    return found


def run_text(run: Run) -> str:
    """A run as it is chosen by."""
    last = run.ends - timedelta(days=1)
    return f"Run {run.id}: cycle {run.cycle.code}, {day_text(run.starts)} to {day_text(last)}"


def runs_offered() -> list[Run]:
    """The newest posted runs."""
    rows = Run.objects.filter(state__in=POSTED).select_related("cycle")
    return list(rows.order_by("-bill_on", "-id")[:NEWEST])


def months_offered() -> list[date]:
    """First days of the months with bills, the newest first."""
    days = Run.objects.filter(state__in=POSTED).dates("bill_on", "month", order="DESC")
    return list(days[:NEWEST])


def rates_used(run_ids: Sequence[int]) -> dict[str, int]:
    """Rate codes of what the runs charged, with how many bills each has."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rate_code, max(bills) FROM (SELECT rate_code, revenue_code, sum(bills) AS bills"
            " FROM billing_runtotal WHERE run_id = ANY (%s) AND state IN ('ready', 'posted')"
            " GROUP BY 1, 2) t GROUP BY 1",
            [list(run_ids)],
        )
        for code, bills in cursor.fetchall():
            found[code] = int(bills)
    return found


_SPANS = """
SELECT run_id, min(id), max(id), count(*) FROM (
    SELECT run_id, id, (row_number() OVER (PARTITION BY run_id ORDER BY id) - 1) / %s AS part
    FROM billing_bill WHERE run_id = ANY (%s) AND is_live
) b GROUP BY run_id, part ORDER BY run_id, part
"""


def spans(run_ids: Sequence[int], size: int) -> list[Span]:
    """The live bills of the runs, cut into parts of at most ``size``."""
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [size, list(run_ids)])
        return [Span(*row) for row in cursor.fetchall()]


def bills_taken(run_ids: Sequence[int]) -> int:
    """How many live bills the runs have."""
    return Bill.objects.filter(run__in=run_ids, is_live=True).count()
