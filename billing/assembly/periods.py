"""Which days a bill covers.  Pure."""

from collections.abc import Sequence
from datetime import date

from billing.assembly.facts import RegisterFacts, Terms


def days_to_bill(
    terms: Terms,
    starts: date,
    ends: date | None,
    billed_to: date | None,
    registers: Sequence[RegisterFacts] = (),
) -> tuple[date, date]:
    """The days ``[first, end)`` that a service is billed for.

    A metered one from where it was billed to (else its first reading) up to its latest reading; without a
    reading, and flat, up to the run's end or its own.
    """
    read = [r for r in registers if r.to_id]
    if read:
        return billed_to or min(r.from_on for r in registers), max(r.to_on for r in read)
    end = terms.ends if ends is None else min(terms.ends, ends)
    return billed_to or max(starts, terms.starts), end
