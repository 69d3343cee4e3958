"""Holding a part of a job: claim, renew, hold on, let go.

A claim sets owner, lease and a new fence in a short transaction.  Whoever writes begins by finding the
row still under that fence; a worker that slept through its lease finds another fence and gives up.
Leases run by the database's clock, since workers may stand on several machines.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from core import failpoints
from core.models import Job, JobChunk
from core.tenancy import scope
from core.work.acting import actor_of
from core.work.jobs import OPEN_STATES
from core.work.kinds import AFTER_THE_OTHERS, Chunk, JobKind, job_kind
from core.work.limits import short_transaction

log = logging.getLogger(__name__)

# So many times may a part lose its worker or its connection before it counts as failed.
MOST_ATTEMPTS = 10


class LeaseLost(Exception):
    """Another worker has taken the part over, or the job was cancelled: what was done here is dropped."""


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a job in this worker's hands."""

    chunk_id: int
    fence: int
    attempts: int
    kind: JobKind
    chunk: Chunk

    def row(self) -> Any:
        """The part's row, as long as it is ours."""
        return JobChunk.objects.filter(pk=self.chunk_id, fence=self.fence, state=Job.State.RUNNING)

    def lease_end(self) -> Any:
        """When a lease given now runs out."""
        return Now() + timedelta(seconds=self.kind.lease_seconds)


def claim(job_id: int, owner: str, now: datetime) -> Held | None:
    """The next part of a job that nobody works on, now held by ``owner``; ``None`` when there is none."""
    with short_transaction():
        job = Job.objects.get(pk=job_id)
        if job.state not in OPEN_STATES or job.cancel_asked:
            return None
        kind = job_kind(job.kind)
        free = Q(lease_until=None) | Q(lease_until__lte=Now())
        row = (
            JobChunk.objects.select_for_update(skip_locked=True)
            .filter(free, job_id=job_id, state__in=OPEN_STATES)
            .order_by("number")
            .first()
        )
        if row is None or not _may_begin(row):
            return None
        if row.attempts >= MOST_ATTEMPTS:
            _give_up(row)
            return None
        Job.objects.filter(pk=job_id, state=Job.State.READY).update(
            state=Job.State.RUNNING, started_at=Coalesce("started_at", now)
        )
        held = Held(row.id, row.fence + 1, row.attempts + 1, kind, _facts(job, row, now))
        JobChunk.objects.filter(pk=row.pk).update(
            state=Job.State.RUNNING,
            owner=owner,
            lease_until=held.lease_end(),
            fence=held.fence,
            attempts=held.attempts,
            done=0,
        )
    failpoints.reached("job.claimed")
    return held


def hold_on(held: Held) -> None:
    """Lock the part for the transaction at work, as its first statement; raises ``LeaseLost``."""
    if not held.row().update(lease_until=held.lease_end()):
        raise LeaseLost


def let_go(held: Held, problem: str, *, again_in: timedelta | None) -> bool:
    """Give the part back to be tried again, or mark it failed; ``False`` when it is no longer ours."""
    with short_transaction():
        back: dict[str, Any] = (
            {"state": Job.State.FAILED, "lease_until": None}
            if again_in is None
            else {"state": Job.State.READY, "lease_until": Now() + again_in}
        )
        return bool(held.row().update(problem=problem, owner="", done=0, **back))


class Pulse:
    """Renews the lease while a part is prepared, on a connection of its own."""

    def __init__(self, held: Held, utility_id: int) -> None:
        self._held, self._utility_id = held, utility_id
        self._ready = 0
        self._lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, ready: int) -> None:
        """So many rows are ready; raises ``LeaseLost`` once there is no use in going on."""
        self._ready = ready
        if self._lost:
            raise LeaseLost

    def _run(self) -> None:
        try:
            with scope(self._utility_id):
                while not self._over.wait(self._held.kind.lease_seconds / 4):
                    self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            with short_transaction():
                end = self._held.lease_end()
                self._lost = not self._held.row().update(lease_until=end, done=self._ready)
        except DatabaseTrouble as problem:  # the next beat tries again; without any, the lease runs out
            log.warning("A lease could not be renewed: %s", problem)
            connection.close()


def _facts(job: Job, row: JobChunk, now: datetime) -> Chunk:
    return Chunk(
        job_id=job.id,
        kind=job.kind,
        title=job.title,
        number=row.number,
        size=row.size,
        params=row.params,
        job_params=job.params,
        by=actor_of(job.actor),
        at=now,
    )


def _may_begin(row: JobChunk) -> bool:
    """Whether a part's time has come; one that waited for a part that failed is cancelled."""
    if not row.params.get(AFTER_THE_OTHERS):
        return True
    others = JobChunk.objects.filter(job_id=row.job_id).exclude(pk=row.pk).exclude(state=Job.State.DONE)
    if not others.exists():
        return True
    if not others.filter(state__in=OPEN_STATES).exists():
        JobChunk.objects.filter(pk=row.pk).update(state=Job.State.CANCELLED, fence=F("fence") + 1, owner="")
    return False


def _give_up(row: JobChunk) -> None:
    problem = f"The worker was lost {row.attempts} times here. Look at the worker's log, then try again."
    JobChunk.objects.filter(pk=row.pk).update(
        state=Job.State.FAILED,
        fence=F("fence") + 1,
        owner="",
        lease_until=None,
        problem=f"{problem} {row.problem}".strip(),
    )
