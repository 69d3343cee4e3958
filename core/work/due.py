"""What must be woken, and when: one row for each thing that waits, written with it."""

from datetime import datetime, timedelta
from typing import Literal

from django.db.models import QuerySet
from django.db.models.functions import Greatest, Least

from core.models import Due
from core.tenancy import current_utility_id

DueKind = Literal["job", "schedule", "outbox", "mail"]


def wake(kind: DueKind, ref: int, at: datetime) -> None:
    """Have a thing of the utility in scope looked at from ``at`` on, or earlier if that was said before."""
    made, new = Due.objects.get_or_create(
        tenant_id=current_utility_id(), kind=kind, ref=ref, defaults={"due_at": at}
    )
    if not new:
        Due.objects.filter(pk=made.pk).update(due_at=Least("due_at", at))


def put_off(kind: DueKind, ref: int, at: datetime) -> None:
    """Have it looked at again no earlier than ``at``."""
    _rows(kind, ref).update(due_at=Greatest("due_at", at))


def set_due(kind: DueKind, ref: int, at: datetime) -> None:
    """Have it looked at exactly from ``at`` on."""
    Due.objects.update_or_create(tenant_id=current_utility_id(), kind=kind, ref=ref, defaults={"due_at": at})


def lay_down(kind: DueKind, ref: int) -> None:
    """It waits for nothing any more."""
    _rows(kind, ref).delete()


def backoff(attempts: int, *, first: float, longest: float) -> timedelta:
    """How long to wait after so many failures: doubling from ``first`` to ``longest`` seconds."""
    return timedelta(seconds=min(longest, first * 2 ** min(max(attempts - 1, 0), 30)))


def _rows(kind: DueKind, ref: int) -> QuerySet[Due]:
    return Due.objects.filter(tenant_id=current_utility_id(), kind=kind, ref=ref)
