"""Fiscal periods: opened as months, closed for good by a second look."""

from datetime import date

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import emit, operation, under_way
from ledger.closing import look_before_closing
from ledger.models import FiscalPeriod


@operation("ledger.period.add", permission="ledger.period.close")
def add_period(by: Actor, *, starts: date, ends: date) -> int:
    """Name a period ``[starts, ends)`` that can be closed later; returns its id.

    Raises ``Conflict`` when it overlaps another one.
    """
    if ends <= starts:
        raise Refused(f"A period cannot end on {ends} before it starts.", "Correct its dates.", field="ends")
    other = FiscalPeriod.objects.filter(starts__lt=ends, ends__gt=starts).first()
    if other:
        raise Conflict(f"It overlaps the period from {other.starts} to {other.ends}.", field="starts")
    return int(FiscalPeriod.objects.create(starts=starts, ends=ends).id)


@operation("ledger.period.close", permission="ledger.period.close")
def close_period(by: Actor, *, period_id: int) -> int:
    """Close a period: from now on no journal may be dated in it, and it never opens again.

    Waits for postings at work and keeps later ones out (the database does).  Raises ``Conflict`` when
    it is closed already, an earlier period is still open, or something is not posted that belongs into it;
    ``NotFound`` for another utility's.
    """
    period = FiscalPeriod.objects.select_for_update().filter(id=period_id).first()
    if period is None:
        raise NotFound("There is no such period.", "Choose one from the list.")
    if period.closed_at:
        raise Conflict(f"The period from {period.starts} was closed on {period.closed_at:%b %-d, %Y}.")
    stopping = [
        found
        for looked in look_before_closing(period.starts, period.ends)
        if looked.check.blocks
        for found in looked.found
    ]
    if stopping:
        more = f" (and {len(stopping) - 1} more)" if len(stopping) > 1 else ""
        raise Conflict(f"{stopping[0].text}{more}", "Settle that first; then close the period.")
    period.closed_at, period.closed_by = under_way().at, by.ref
    period.save(update_fields=["closed_at", "closed_by"])
    emit("ledger.period.closed", period=period.id)
    return int(period.id)
