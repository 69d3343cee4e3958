"""Runs that would be posted into a period that is to be closed."""

from collections.abc import Sequence
from datetime import date

from billing.models import Run
from core.ui.parts import Blocker
from ledger.closing import ClosingCheck

POSTED = ("posted", "printed", "cancelled")


def _not_posted(starts: date, ends: date) -> Sequence[Blocker]:
    runs = Run.objects.filter(bill_on__gte=starts, bill_on__lt=ends).exclude(state__in=POSTED)
    return [
        Blocker(
            f"Run {run.id} of cycle {run.cycle.code}, bills of {run.bill_on:%b %-d, %Y}, is not posted.",
            f"/runs/{run.id}/",
        )
        for run in runs.select_related("cycle").order_by("id")
    ]


CLOSING = (ClosingCheck("Runs are posted or cancelled", 20, _not_posted),)
