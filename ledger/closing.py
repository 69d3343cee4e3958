"""What is looked at before a period is closed.

An app lists its looks in ``<app>/closing.py`` as ``CLOSING``, so that the ledger need not know who uses it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from core.app_lists import gather
from core.ui.parts import Blocker
from ledger.deposit_models import DepositRefund
from ledger.models import Adjustment, FiscalPeriod, Journal


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """One look: ``find`` takes the period's days ``[starts, ends)`` and gives what is not done yet.

    What ``blocks`` could not be posted any more, so the period stays open until it is settled.
    """

    words: str
    order: int
    find: Callable[[date, date], Sequence[Blocker]]
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look found; nothing found is good."""

    check: ClosingCheck
    found: Sequence[Blocker]

    @property
    def state(self) -> str:
        """A code of ``core.ui.statuses``."""
        if not self.found:
            return "done"
        return "blocked" if self.check.blocks else "exception"


def look_before_closing(starts: date, ends: date) -> list[Looked]:
    """Every app's looks at a period, in their order."""
    checks: tuple[ClosingCheck, ...] = gather("closing", "CLOSING")
    return [Looked(c, c.find(starts, ends)) for c in sorted(checks, key=lambda c: (c.order, c.words))]


def _earlier_open(starts: date, ends: date) -> list[Blocker]:
    earlier = FiscalPeriod.objects.filter(ends__lte=starts, closed_at=None).order_by("starts")
    return [
        Blocker(f"The period from {p.starts:%b %-d, %Y} is still open.", f"/ledger/periods/{p.id}/")
        for p in earlier
    ]


def _in_no_period(starts: date, ends: date) -> list[Blocker]:
    """Journals of before that no period holds, so that closing would never reach them."""
    first = Journal.objects.filter(on__lt=starts).order_by("on").first()
    if first is None or FiscalPeriod.objects.filter(starts__lte=first.on, ends__gt=first.on).exists():
        return []
    words = f"There are journals from {first.on:%b %-d, %Y} on in no period: add the earlier periods first."
    return [Blocker(words, "/ledger/periods/new/")]


def _adjustments_waiting(starts: date, ends: date) -> list[Blocker]:
    waiting = Adjustment.objects.filter(state="waiting", on__lt=ends).count()
    if not waiting:
        return []
    wait = "adjustment waits" if waiting == 1 else "adjustments wait"
    words = f"{waiting} {wait} from before. What is approved now counts in a later period."
    return [Blocker(words, "/ledger/adjustments/?state=waiting")]


def _refunds_waiting(starts: date, ends: date) -> list[Blocker]:
    waiting = DepositRefund.objects.filter(state="waiting", on__lt=ends).count()
    if not waiting:
        return []
    wait = "refund of a deposit waits" if waiting == 1 else "refunds of deposits wait"
    words = f"{waiting} {wait} from before. What is approved now counts in a later period."
    return [Blocker(words, "/ledger/refunds/?state=waiting")]


CLOSING = (
    ClosingCheck("Earlier periods are closed", 10, _earlier_open),
    ClosingCheck("Earlier journals lie in a period", 15, _in_no_period, blocks=False),
    ClosingCheck("Adjustments are decided", 40, _adjustments_waiting, blocks=False),
    ClosingCheck("Refunds of deposits are decided", 42, _refunds_waiting, blocks=False),
)
