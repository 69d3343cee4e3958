"""Rows of ``RunTotal``: made with a chunk, made anew when a bill of it is released or held, and read.

``ready`` rows count bills that will be posted, ``held`` ones those that a reason stops.  In the transaction
that posts a chunk its ``ready`` rows become ``posted``; when the whole run is posted the ``held`` ones go.
So every row of a posted run is ``posted``, and they add up to what its bills charged (prove B10).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum

from billing.models import Run, RunTotal
from billing.review.ground import Charged
from billing.review.totals import Place, StagedBill, totals_of
from billing.review.totals import Sum as PlaceSum
from core.bulk import Same, insert_columns
from core.money import ZERO

__all__ = [
    "Charged",
    "StagedBill",
    "chunk_posted",
    "make_totals",
    "run_posted",
    "same_last_year",
]


def make_totals(run_id: int, chunk: int, bills: Sequence[StagedBill]) -> None:
    """Make a chunk's rows anew."""
    RunTotal.objects.filter(run=run_id, chunk=chunk).delete()
    _insert(run_id, chunk, totals_of(bills))


def chunk_posted(run_id: int, chunk: int) -> None:
    """The chunk's ready bills are posted; call it in the same transaction."""
    RunTotal.objects.filter(run=run_id, chunk=chunk, state="ready").update(state="posted")


def run_posted(run_id: int) -> None:
    """The run is posted: what stayed held is no part of it."""
    RunTotal.objects.filter(run=run_id, state="held").delete()


def _insert(run_id: int, chunk: int, sums: Mapping[Place, PlaceSum]) -> None:
    if not sums:
        return
    insert_columns(
        RunTotal,
        {
            "run_id": Same(run_id),
            "chunk": Same(chunk),
            **{name: [getattr(place, name) for place in sums] for name in Place._fields},
            "bills": [s.bills for s in sums.values()],
            "quantity": [s.quantity for s in sums.values()],
            "amount": [s.amount for s in sums.values()],
        },
    )


def charged(run_id: int, *states: str) -> list[Charged]:
    """A run's totals over routes and chunks, in the order of service, rate, class and revenue code."""
    rows = RunTotal.objects.filter(run=run_id, state__in=states or ("ready", "posted"))
    grouped = rows.values_list("service_type", "rate_code", "category", "revenue_code")
    summed = grouped.annotate(n=Sum("bills"), dollars=Sum("amount"))
    return [Charged(*row) for row in summed.order_by(*_PLACE)]


_PLACE = ("service_type", "rate_code", "category", "revenue_code")


def charges_of(run_id: int, *states: str) -> Decimal:
    """What a run's rows add up to, in dollars."""
    rows = RunTotal.objects.filter(run=run_id, state__in=states or ("ready", "posted"))
    return rows.aggregate(dollars=Sum("amount"))["dollars"] or ZERO


def run_before(run: Run) -> Run | None:
    """The run of the same cycle that was posted for the period before."""
    posted = Run.objects.filter(cycle=run.cycle_id, starts__lt=run.starts, state__in=("posted", "printed"))
    return posted.order_by("-starts").first()


def same_last_year(run: Run) -> Run | None:
    """The posted run of the same cycle whose period began a year before, within two weeks."""
    then = run.starts - timedelta(days=365)
    span = (then - timedelta(days=14), then + timedelta(days=14))
    posted = Run.objects.filter(cycle=run.cycle_id, starts__range=span, state__in=("posted", "printed"))
    return posted.order_by("starts").first()
