"""Rows of ``RunTotal``: made with a chunk, made anew when a bill of it is released or held, and read.

``ready`` rows count bills that will be posted, ``held`` ones those that a reason stops.  In the transaction
that posts a chunk its ``ready`` rows become ``posted``; when the whole run is posted the ``held`` ones go.
So every row of a posted run is ``posted``, and they add up to what its bills charged (prove B10).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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


def charged_by(*run_ids: int) -> dict[int, list[Charged]]:
    """What several runs charge or would charge, one query."""
    found: dict[int, list[Charged]] = {run_id: [] for run_id in run_ids}
    rows = RunTotal.objects.filter(run__in=run_ids, state__in=("ready", "posted"))
    grouped = rows.values_list("run_id", *_PLACE).annotate(n=Sum("bills"), dollars=Sum("amount"))
    for run_id, *row in grouped.order_by(*_PLACE):
        found[run_id].append(Charged(*row))
    return found


def charges_by_run(run: Run, most: int = 13) -> list[tuple[date, int, Decimal]]:
    """First day, run and dollars of the cycle's newest runs up to this one, the oldest first."""
    rows = RunTotal.objects.filter(run__cycle=run.cycle_id, run__starts__lte=run.starts)
    rows = rows.filter(state__in=("ready", "posted"))
    summed = rows.values_list("run__starts", "run_id").annotate(dollars=Sum("amount"))
    return sorted(summed.order_by("-run__starts")[:most])


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


@dataclass(frozen=True, slots=True)
class TotalLine:
    """Charges of a run under one service, rate, class and revenue code, beside earlier ones; dollars.

    ``last`` and ``year`` are those of the last period and of the same one last year, ``None`` without a run.
    """

    service: str
    rate: str
    category: str
    revenue_code: str
    bills: int
    amount: Decimal
    last: Decimal | None
    year: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """Per cent against the last period; ``None`` when there is nothing to compare with."""
        return None if not self.last else (self.amount - self.last) * 100 / abs(self.last)

    @property
    def year_change(self) -> Decimal | None:
        """Per cent against last year."""
        return None if not self.year else (self.amount - self.year) * 100 / abs(self.year)


def total_lines(run: Run, last: Run | None, year: Run | None) -> list[TotalLine]:
    """What a run bills by service, rate, class and revenue code, in one query; held bills are left out."""
    by_run = charged_by(*(r.id for r in (run, last, year) if r is not None))
    found: dict[tuple[str, str, str, str], dict[int, Charged]] = {}
    for run_id, lines in by_run.items():
        for c in lines:
            place = (c.service_type, c.rate_code, c.category, c.revenue_code)
            found.setdefault(place, {})[run_id] = c

    def dollars(of: dict[int, Charged], other: Run | None) -> Decimal | None:
        if other is None or not by_run[other.id]:
            return None
        return of[other.id].amount if other.id in of else ZERO

    return [
        TotalLine(
            *place,
            of[run.id].bills if run.id in of else 0,
            of[run.id].amount if run.id in of else ZERO,
            dollars(of, last),
            dollars(of, year),
        )
        for place, of in sorted(found.items())
    ]
