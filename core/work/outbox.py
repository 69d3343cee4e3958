"""Events waiting to be answered."""

from collections.abc import Sequence

from core.models import Due, OutboxEvent


def store_events(events: Sequence[OutboxEvent]) -> None:
    """Write events and what wakes them, in the transaction at work."""
    made = OutboxEvent.objects.bulk_create(events)
    Due.objects.bulk_create(
        [Due(tenant_id=e.tenant_id, kind="outbox", ref=e.id, due_at=e.at) for e in made],
        ignore_conflicts=True,
    )
