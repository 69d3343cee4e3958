"""The chain of what was done: numbers without gap, each row's hash covering the one before."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from core.actors import Actor
from core.models import AuditEntry, AuditHead


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and everything the row says."""
    said = [
        entry.previous_hash,
        entry.number,
        entry.at.isoformat(),
        entry.actor,
        entry.actor_name,
        entry.operation,
        str(entry.operation_id),
        entry.what,
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def write_entries(
    by: Actor, operation_id: uuid.UUID, at: datetime, entries: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    """Append rows to the utility's chain.  Locks the head: call it last in a transaction."""
    AuditHead.objects.bulk_create([AuditHead()], ignore_conflicts=True)
    head = AuditHead.objects.select_for_update().get()
    rows = []
    for operation, what in entries:
        head.number += 1
        row = AuditEntry(
            number=head.number,
            at=at,
            actor=by.ref,
            actor_name=by.name,
            operation=operation,
            operation_id=operation_id,
            what=what,
            previous_hash=head.hash,
        )
        row.hash = head.hash = entry_hash(row)
        rows.append(row)
    AuditEntry.objects.bulk_create(rows)
    head.save(update_fields=["number", "hash"])


def broken_links() -> Iterator[str]:
    """Sentences about what is wrong with the chain of the utility in scope; none when it is whole."""
    number, last = 0, ""
    for row in AuditEntry.objects.order_by("number").iterator(2000):
        number += 1
        if row.number != number:
            yield f"Audit row {number} is missing: the next is {row.number}."
            number = row.number
        if row.previous_hash != last:
            yield f"Audit row {row.number} does not follow the row before it."
        if row.hash != entry_hash(row):
            yield f"Audit row {row.number} was changed after it was written."
        last = row.hash
    head = AuditHead.objects.first()
    if (head.number if head else 0) != number or (head.hash if head else "") != last:
        yield f"The head of the audit chain says {head.number if head else 0}, the last row is {number}."
