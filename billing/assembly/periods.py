"""Which days a bill covers.  Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from billing.assembly.facts import RegisterFacts, Terms


def days_to_bill(
    terms: Terms,
    starts: date,
    ends: date | None,
    billed_to: date | None,
    registers: Sequence[RegisterFacts] = (),
    billed_in: Sequence[int] = (),
) -> tuple[date, date]:
    """The days ``[first, end)`` that a service is billed for.

    A metered one from where it was billed to (else its first reading) up to its latest reading; without a
    reading, and flat, up to the run's end or its own.  A flat one that was never billed begins with the
    run's period or, when its table is billed in some months only, after the month billed before.
    """
    read = [r for r in registers if r.to_id]
    if read:
        return billed_to or min(r.from_on for r in registers), max(r.to_on for r in read)
    end = terms.ends if ends is None else min(terms.ends, ends)
    return billed_to or max(starts, _since(terms, billed_in)), end


def is_due(
    terms: Terms, starts: date, ends: date | None, billed_to: date | None, billed_in: Sequence[int] = ()
) -> bool:
    """Whether a run bills a service: begun before its end, not billed to it or to the service's own end.

    A table that is billed in some months only (``billed_in``) waits for the run whose last day is in one of
    them; not when the service ends in the run, nor when the month it waited for had no run.
    """
    return _is_open(terms, starts, ends, billed_to) and not _waits(terms, ends, billed_to, billed_in)


def is_waiting(
    terms: Terms, starts: date, ends: date | None, billed_to: date | None, billed_in: Sequence[int]
) -> bool:
    """Whether there is something to bill, and it only waits for its month."""
    return _is_open(terms, starts, ends, billed_to) and _waits(terms, ends, billed_to, billed_in)


def _is_open(terms: Terms, starts: date, ends: date | None, billed_to: date | None) -> bool:
    began = billed_to or starts
    return began < terms.ends and (ends is None or began < ends)


def _waits(terms: Terms, ends: date | None, billed_to: date | None, billed_in: Sequence[int]) -> bool:
    if not billed_in or _last_month(terms) in billed_in or (ends is not None and ends <= terms.ends):
        return False
    following = [*billed_in[1:], billed_in[0]]
    longest = max(_apart(later, month) for month, later in zip(billed_in, following, strict=True))
    return billed_to is None or months_before(terms.ends, longest) < billed_to


def _since(terms: Terms, billed_in: Sequence[int]) -> date:
    """The first day that a run may bill: that of its period, or the day after the month billed before."""
    if not billed_in:
        return terms.starts
    return months_before(terms.ends, min(_apart(_last_month(terms), month) for month in billed_in))


def _last_month(terms: Terms) -> int:
    return (terms.ends - timedelta(days=1)).month


def _apart(later: int, earlier: int) -> int:
    """Months from one to the next time of the other: twelve from March to March."""
    return (later - earlier) % 12 or 12


def months_before(day: date, months: int) -> date:
    """The same day so many months before; the month's last day where it is shorter."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
