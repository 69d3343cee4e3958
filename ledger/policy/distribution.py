"""Laying money on open charges by a priority schedule.  Pure.

Order: the charge's priority (lower first), then the older due date, then the older charge.  An
operator's own split, where given, comes first and must fit.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.money import ZERO


class OpenCharge(NamedTuple):
    """A charge with something still owed."""

    id: int
    open: Decimal
    priority: int
    due_on: date


class Laid(NamedTuple):
    """So much laid on that charge."""

    charge_id: int
    amount: Decimal


def distribute(
    amount: Decimal, charges: Sequence[OpenCharge], override: Mapping[int, Decimal] | None = None
) -> tuple[tuple[Laid, ...], Decimal]:
    """What of ``amount`` goes on which charge, and what is left over.

    ``override`` is an operator's split (charge id → dollars): it is followed to the cent and the
    rest stays unapplied.  Raises ``ValueError`` when the split exceeds the amount or a charge.
    """
    if override is not None:
        return _as_told(amount, charges, override)
    left, laid = amount, []
    for charge in sorted(charges, key=lambda c: (c.priority, c.due_on, c.id)):
        part = min(left, charge.open)
        if part > 0:
            laid.append(Laid(charge.id, part))
            left -= part
    return tuple(laid), left


def _as_told(
    amount: Decimal, charges: Sequence[OpenCharge], override: Mapping[int, Decimal]
) -> tuple[tuple[Laid, ...], Decimal]:
    open_of = {charge.id: charge.open for charge in charges}
    for charge_id, part in override.items():
        if part < 0 or part > open_of.get(charge_id, ZERO):
            raise ValueError(
                f"{part} does not fit charge {charge_id}, which has {open_of.get(charge_id, ZERO)} open."
            )
    wanted = sum(override.values(), ZERO)
    if wanted > amount:
        raise ValueError(f"The split adds up to {wanted}, more than the {amount} paid.")
    return tuple(Laid(i, part) for i, part in override.items() if part > 0), amount - wanted
