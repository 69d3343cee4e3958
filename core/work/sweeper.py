"""Looking for what is due and having it done, one utility's scope at a time.

Any number of sweepers may run at once, here or elsewhere: each thing is claimed in its own row, and
``due`` only says where to look.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error as DatabaseTrouble
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from core import clock
from core.models import Due, Utility
from core.tenancy import scope
from core.work.due import put_off
from core.work.failures import drop_connection, passes
from core.work.kinds import all_job_kinds
from core.work.outbox import deliver
from core.work.runner import do_part
from core.work.schedules import come_due

log = logging.getLogger(__name__)

_AT_ONCE = 200
# What failed without saying when to try again waits so long.
_PAUSE = timedelta(seconds=30)


def _mail(ref: int, now: datetime) -> bool:
    return bool(import_string("core.mail.delivery.deliver")(ref, now))


def sweep(
    owner: str,
    *,
    now: Callable[[], datetime] = clock.now,
    stop: Callable[[], bool] = lambda: False,
    utility_id: int | None = None,
) -> int:
    """Go once through what is due; returns how many things were done.

    A job gets one part done in each round, so that utilities take turns.  ``stop`` is asked before each
    thing.  One thing's failure, or one utility's, never keeps the others waiting.
    """
    # Before any transaction: a cold start reads the whole press from the disk, and on a busy machine that
    # takes longer than a transaction may lie still.
    all_job_kinds()
    rows = Due.objects.filter(due_at__lte=now()).order_by("due_at")
    if utility_id is not None:
        rows = rows.filter(tenant_id=utility_id)
    done = 0
    for row in list(rows[:_AT_ONCE]):
        if stop():
            break
        done += _answer(row, owner, now)
    return done


def anything_soon(now: datetime, within: timedelta) -> bool:
    """Whether anything but a schedule comes due before long."""
    return Due.objects.filter(due_at__lte=now + within).exclude(kind="schedule").exists()


def _answer(row: Due, owner: str, now: Callable[[], datetime]) -> bool:
    with scope(row.tenant_id):
        try:
            # Days and times in what is made count where the utility is, as they do on its screens.
            with timezone.override(Utility.objects.get(id=row.tenant_id).tz):
                return _dispatch(row, owner, now)
        except Exception as problem:
            if passes(problem):
                log.warning("Reaching the database anew (%s %s): %s", row.kind, row.ref, problem)
                drop_connection()
            else:
                log.exception("What was due could not be done: %s %s.", row.kind, row.ref)
            _put_off(row, now() + (timedelta(seconds=2) if passes(problem) else _PAUSE))
            return False


def _dispatch(row: Due, owner: str, now: Callable[[], datetime]) -> bool:
    match row.kind:
        case "job":
            return do_part(row.ref, owner, now)
        case "outbox":
            return deliver(row.ref, now())
        case "schedule":
            return come_due(row.ref, now())
        case "mail":
            return _mail(row.ref, now())
    raise LookupError(f"This version does not know what “{row.kind}” means.")


def _put_off(row: Due, at: datetime) -> None:
    try:
        put_off(row.kind, row.ref, at)  # type: ignore[arg-type]  # a kind of a newer version is put off too
    except DatabaseTrouble:
        connection.close()
