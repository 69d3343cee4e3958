"""Showing an identifier to a person: once, for a reason, and never without a trace."""

from django.db import connection

from core.actors import Actor
from core.errors import NotFound, Refused
from core.operations import note, operation
from core.sealed import Sealed, all_sealed

SHORTEST_REASON = 5


def reveal(by: Actor, *, column: str, ref: int, reason: str) -> str:
    """The plain value of ``table.column`` in row ``ref``, after the audit has it for good.

    The audit says who, what and why; the value never reaches it, nor any kept answer (there is no
    idempotency key: asking again is another reveal).  Raises ``NotAllowed`` without the right
    ``core.secret.reveal``, ``Refused`` for a missing reason, ``NotFound`` for no such row or value;
    ``RuntimeError`` inside another transaction, whose failure would take the audit row with it.
    """
    if connection.in_atomic_block:
        raise RuntimeError("Reveal outside of transactions: its audit row must be there before the value is.")
    shown: list[str] = []
    _reveal(by, column=column, ref=ref, reason=reason.strip(), shown=shown)
    return shown[0]


@operation("core.secret.reveal", permission="core.secret.reveal", quiet=frozenset({"shown"}))
def _reveal(by: Actor, *, column: str, ref: int, reason: str, shown: list[str]) -> None:
    if len(reason) < SHORTEST_REASON:
        raise Refused(
            "A reason is missing.", "Say in a few words why the number must be seen.", field="reason"
        )
    sealed = _declared(column)
    row = sealed.model._default_manager.filter(id=ref).first()
    plain = sealed.take(row) if row else ""
    if not plain:
        raise NotFound(f"There is no {sealed.label or column} here.", "Nothing was kept for this row.")
    note(label=sealed.label or column)
    shown.append(plain)


def _declared(column: str) -> Sealed:
    for sealed in all_sealed():
        if sealed.column == column:
            return sealed
    raise NotFound(f"“{column}” is not a sealed column.")
