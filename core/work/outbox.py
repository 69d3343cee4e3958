"""Events waiting to be answered, and their delivery.

An event is written with what it tells of.  ``settings.EVENT_WIRING`` names the table that says which
consumers answer; each answers in a transaction of its own, which also holds the row that says it has:
every event is delivered at least once and takes effect at most once.  Order is not promised.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from core import failpoints
from core.actors import Actor, system_actor
from core.errors import Conflict, NotFound, Refused
from core.models import Due, OutboxEvent, Processed
from core.operations import act_as, operation, under_way
from core.tenancy import current_utility_id
from core.work.doorbell import ring_after_commit
from core.work.due import backoff, lay_down, set_due
from core.work.failures import drop_connection, passes, told
from core.work.limits import end_when_idle, short_transaction

log = logging.getLogger(__name__)

WAITING, DONE, DEAD = "waiting", "done", "dead"
# With pauses from 2 seconds to an hour this is most of a day.
MOST_ATTEMPTS = 25
_SILENCE = 20  # seconds


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``payload`` has ids only, so a consumer reads how things stand now."""

    id: int
    name: str
    payload: Mapping[str, Any]
    operation_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who answers an event: a name that never changes, and what it does.

    ``call(by, event)`` runs inside an operation of the system; what reaches outside the database it starts
    as a job.
    """

    name: str
    call: Callable[[Actor, Event], object]


class _InOtherHands(Exception):
    """Another worker is delivering the event."""


def store_events(events: Sequence[OutboxEvent]) -> None:
    """Write events and what wakes them, in the transaction at work."""
    made = OutboxEvent.objects.bulk_create(events)
    Due.objects.bulk_create(
        [Due(tenant_id=e.tenant_id, kind="outbox", ref=e.id, due_at=e.at) for e in made],
        ignore_conflicts=True,
    )
    ring_after_commit()


def consumers_of(name: str) -> Sequence[Consumer]:
    """Who answers events of a name."""
    wiring = import_string(getattr(settings, "EVENT_WIRING", "config.wiring.EVENT_CONSUMERS"))
    return tuple(wiring.get(name, ()))


def deliver(event_id: int, now: datetime) -> bool:
    """Have each consumer answer that has not; ``False`` when there was nothing to do.

    One consumer's failure does not keep the event from the others; it is tried again later, and after
    the last try the event is dead and its problem stands on its row.
    """
    with short_transaction():
        row = OutboxEvent.objects.filter(pk=event_id).first()
    if row is None or row.state != WAITING:
        lay_down("outbox", event_id)
        return False
    event = Event(row.id, row.name, row.payload, row.operation_id, row.at)
    failed = []
    for consumer in consumers_of(event.name):
        try:
            _answer(consumer, event)
        except _InOtherHands:
            return False
        except Exception as problem:
            log.warning("%s could not answer event %s: %s", consumer.name, event.id, problem)
            if not (passes(problem) or isinstance(problem, Refused)):
                log.warning("It fell over here.", exc_info=problem)
            if passes(problem):
                drop_connection()
            failed.append(f"{consumer.name}: {told(problem)}")
    failpoints.reached("outbox.sent")
    _mark(event_id, failed, now)
    return True


def _answer(consumer: Consumer, event: Event) -> None:
    by = system_actor(current_utility_id())
    what = {"event": event.id, "name": event.name}
    with act_as(by, consumer.name, what) as under:
        end_when_idle(_SILENCE)
        free = OutboxEvent.objects.select_for_update(skip_locked=True).filter(pk=event.id, state=WAITING)
        if not free.exists():
            raise _InOtherHands
        if Processed.objects.filter(consumer=consumer.name, event_id=event.id).exists():
            under.audit.clear()
            return
        Processed.objects.create(consumer=consumer.name, event_id=event.id)
        consumer.call(by, event)


def _mark(event_id: int, failed: Sequence[str], now: datetime) -> None:
    with short_transaction():
        row = OutboxEvent.objects.select_for_update().get(pk=event_id)
        if row.state != WAITING:
            return
        if failed:
            row.attempts += 1
        row.problem = " ".join(failed)
        row.state = DONE if not failed else DEAD if row.attempts >= MOST_ATTEMPTS else WAITING
        row.save(update_fields=["attempts", "problem", "state"])
        if row.state == WAITING:
            set_due("outbox", event_id, now + backoff(row.attempts, first=2, longest=3600))
        else:
            lay_down("outbox", event_id)


@operation("core.event.retry", permission="core.job.cancel")
def retry_event(by: Actor, *, event_id: int) -> int:
    """Have a dead event delivered to whoever has not answered it yet; returns its id."""
    row = OutboxEvent.objects.select_for_update().filter(pk=event_id).first()
    if row is None:
        raise NotFound(f"There is no event {event_id} in this utility.")
    if row.state == DONE:
        raise Conflict("The event has been answered by all.")
    row.state, row.attempts = WAITING, 0
    row.save(update_fields=["state", "attempts"])
    set_due("outbox", row.id, under_way().at)
    ring_after_commit()
    return int(row.id)
