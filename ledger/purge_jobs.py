"""Which job looks what may be purged, and which one purges: found by its kind and what it was given."""

from datetime import date

from django.db import connection

from core.errors import Conflict
from core.models import Job
from core.tenancy import current_utility_id
from core.work.jobs import OPEN_STATES
from ledger.models import Journal

KIND = "ledger.purge"
LOOK_KIND = "ledger.purge.look"
AT_ONCE = 2_000
"""Journals archived and removed while one waits; more of them are a job."""

LOOK_AT_ONCE = 20_000
"""Journals looked at while one waits; where more lie before the day, a job looks."""


def purge_at_work(purge_id: int) -> Job | None:
    """The job that purges it, until that has ended."""
    return Job.objects.filter(kind=KIND, params__purge=purge_id, state__in=OPEN_STATES).first()


def purges_at_work() -> set[int]:
    """Every purge that a job is doing."""
    found = Job.objects.filter(kind=KIND, state__in=OPEN_STATES).values_list("params__purge", flat=True)
    return {int(purge_id) for purge_id in found}


def last_purge_job(purge_id: int) -> Job | None:
    """The job that did it, or tried to, last."""
    return Job.objects.filter(kind=KIND, params__purge=purge_id).order_by("-id").first()


def look_at_work() -> Job | None:
    """The job that looks what may be purged, until that has ended."""
    return Job.objects.filter(kind=LOOK_KIND, state__in=OPEN_STATES).first()


def refuse_while_purged(purge_id: int) -> None:
    """Raise ``Conflict`` while a job does the purge.

    Ask before the purge's row is locked too: the job holds that lock for minutes.
    """
    if purge_at_work(purge_id) is not None:
        raise Conflict("It is being purged.", "See on its page how far the work is.")


def refuse_while_looked() -> None:
    """Raise ``Conflict`` while a job looks what may be purged; two who ask at once are told apart."""
    with connection.cursor() as cursor:
        name = f"{LOOK_KIND} {current_utility_id()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    if look_at_work() is not None:
        raise Conflict("It is being looked what may be purged.", "Wait for that, then decide on it.")


def many_before(before: date) -> bool:
    """Whether more journals lie before the day than are looked at while one waits."""
    rows = Journal.objects.filter(on__lt=before, purge=None).values_list("id", flat=True)
    return rows[: LOOK_AT_ONCE + 1].count() > LOOK_AT_ONCE
