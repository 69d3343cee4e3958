"""Showing an identifier to a person: once, for a reason, and never without a trace."""

import re
from typing import Any

from django.db import connection

from core.actors import Actor
from core.errors import NotFound, Refused
from core.operations import note, operation
from core.sealed import Sealed, all_sealed

SHORTEST_REASON, LONGEST_REASON = 5, 200
OPERATION = "core.secret.reveal"
LONG_NUMBER = re.compile(r"\d(?:[\s.-]?\d){6,}")


def reveal(by: Actor, *, column: str, ref: int, reason: str) -> str:
    """The plain value of ``table.column`` in row ``ref``, after the audit has it for good.

    The audit says who, what and why; the value never reaches it, nor any kept answer (there is no
    idempotency key: asking again is another reveal).  Raises ``NotAllowed`` without the right
    ``core.secret.reveal``, ``Refused`` for a reason that is missing, too long or has a number in it,
    ``NotFound`` for no such row or value; ``RuntimeError`` inside another transaction, whose failure would
    take the audit row with it.
    """
    if connection.in_atomic_block:
        raise RuntimeError("Reveal outside of transactions: its audit row must be there before the value is.")
    shown: list[str] = []
    _reveal(by, column=column, ref=ref, reason=reason.strip(), shown=shown)
    return shown[0]


@operation("core.secret.reveal", permission="core.secret.reveal", quiet=frozenset({"shown"}))
def _reveal(by: Actor, *, column: str, ref: int, reason: str, shown: list[str]) -> None:
    _check_reason(reason)
    sealed, row = there(column, ref)
    note(label=sealed.label or column)
    shown.append(sealed.take(row))


def _check_reason(reason: str) -> None:
    if len(reason) < SHORTEST_REASON:
        raise Refused(
            "A reason is missing.", "Say in a few words why the number must be seen.", field="reason"
        )
    if len(reason) > LONGEST_REASON:
        raise Refused(
            f"The reason has {len(reason)} characters.",
            f"Type {LONGEST_REASON} characters at most.",
            field="reason",
        )
    if LONG_NUMBER.search(reason):
        # It is kept in the audit as it stands: the very number must not get there by this way.
        raise Refused(
            "There is a long number in the reason, and the reason is kept.",
            "Say it in words.",
            field="reason",
        )


def there(column: str, ref: int) -> tuple[Sealed, Any]:
    """The sealed column and the row with a number in it; raises ``NotFound`` for none."""
    for sealed in all_sealed():
        if sealed.column == column:
            row = sealed.model._default_manager.filter(id=ref).first()
            if row is None or getattr(row, sealed.field) is None:
                raise NotFound(
                    f"There is no {sealed.label or column} here.", "Nothing was kept for this row."
                )
            return sealed, row
    raise NotFound(f"“{column}” is not a sealed column.")
