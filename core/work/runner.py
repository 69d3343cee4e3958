"""Doing jobs, part by part.

For each part: claim (short transaction), prepare (none, or short ones of its own), work (one transaction
that begins with the fence and ends with the part marked done).  A worker may die anywhere between: what
it committed stands, what it did not is done by the next one.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import Error as DatabaseTrouble

from core import failpoints
from core.models import Job, JobChunk
from core.operations import act_as
from core.tenancy import current_utility_id
from core.work.acting import actor_of, require
from core.work.due import backoff, lay_down, put_off, set_due, wake
from core.work.failures import drop_connection, passes, told
from core.work.jobs import OPEN_STATES, at_work, end_job, mark_cancelled
from core.work.kinds import job_kind
from core.work.lease import MOST_ATTEMPTS, Held, LeaseLost, Pulse, claim, hold_on, let_go
from core.work.limits import end_when_idle, short_transaction

log = logging.getLogger(__name__)

# A part in other hands is looked at again after so long; with the lease it bounds how soon work resumes.
LOOK_AGAIN = timedelta(seconds=3)


def do_part(job_id: int, owner: str, now: Callable[[], datetime]) -> bool:
    """Do one part of a job, or end the job when none is left; ``False`` when there was nothing to do.

    ``now`` is asked anew at each step: a part may take minutes.
    """
    if not _still_open(job_id):
        return False
    held = claim(job_id, owner, now())
    if held is None:
        if end_if_over(job_id, now):
            return True
        put_off("job", job_id, now() + LOOK_AGAIN)
        return False
    set_due("job", job_id, now())  # to the back of the queue, so that no utility's job holds up another's
    try:
        _work(held)
    except LeaseLost:
        log.info("Part %s of job %s is in other hands; dropped here.", held.chunk.number, job_id)
    except Exception as problem:
        _record(held, problem, now())
    if not end_if_over(job_id, now):
        wake("job", job_id, now())  # what waited for this part need not wait for the next look
    return True


def end_if_over(job_id: int, now: Callable[[], datetime]) -> bool:
    """End a job whose parts are all done, failed or cancelled; exactly one worker gets to do it.

    ``False``: it is not over, or somebody else ends it, or it must be tried again a little later.
    """
    with short_transaction():
        job = Job.objects.get(pk=job_id)
        if not _over(job):
            return False
        by, kind = actor_of(job.actor), job_kind(job.kind)
    try:
        with act_as(by, "core.job.end", {"job": job_id, "kind": job.kind}) as under:
            end_when_idle(kind.lease_seconds)
            locked = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
            if locked is None or not _over(locked):
                under.audit.clear()
                return False
            _end(locked, now)
            under.audit[0][1]["state"] = str(locked.state)
    except Exception as problem:
        if passes(problem):
            log.warning("Job %s could not be ended yet: %s", job_id, problem)
            drop_connection()
            return False
        log.exception("Job %s could not be ended.", job_id)
        _end_failed(job_id, f"The work was done, but not concluded. {told(problem)}", now())
    return True


def _still_open(job_id: int) -> bool:
    with short_transaction():
        job = Job.objects.filter(pk=job_id).first()
        if job is not None and job.state in OPEN_STATES:
            return True
        # Under lock, since somebody may just be trying it again.
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or job.state not in OPEN_STATES:
            lay_down("job", job_id)
            return False
    return True


def _over(job: Job) -> bool:
    if job.state not in OPEN_STATES:
        return False
    if not JobChunk.objects.filter(job=job, state__in=OPEN_STATES).exists():
        return True
    return job.cancel_asked and not at_work(job)


def _end(job: Job, now: Callable[[], datetime]) -> None:
    failed = JobChunk.objects.filter(job=job, state=Job.State.FAILED).order_by("number")
    if JobChunk.objects.filter(job=job, state__in=OPEN_STATES).exists():
        mark_cancelled(job, now())
    elif failed:
        parts = "part" if len(failed) == 1 else "parts"
        first = failed[0]
        problem = f"{len(failed)} {parts} failed; the others are done. Part {first.number}: {first.problem}"
        _mark_failed(job, problem, now())
    else:
        end_job(job, job_kind(job.kind), now)


def _mark_failed(job: Job, problem: str, now: datetime) -> None:
    job.state, job.problem, job.ended_at = Job.State.FAILED, problem, now
    job.save(update_fields=["state", "problem", "ended_at"])
    lay_down("job", job.id)


def _end_failed(job_id: int, problem: str, now: datetime) -> None:
    with short_transaction():
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.state in OPEN_STATES:
            _mark_failed(job, problem, now)


def _work(held: Held) -> None:
    kind, chunk = held.kind, held.chunk
    require(chunk.by, kind.permission, chunk.title)
    if kind.prepare is not None:
        with Pulse(held, current_utility_id()) as pulse:
            chunk = replace(chunk, tell=pulse.tell)
            chunk = replace(chunk, prepared=kind.prepare(chunk))
    with act_as(chunk.by, kind.code, {"job": chunk.job_id, "part": chunk.number, "rows": chunk.size}):
        end_when_idle(kind.lease_seconds)
        hold_on(held)
        said = kind.work(chunk)
        failpoints.reached("job.written")
        held.row().update(
            state=Job.State.DONE,
            done=chunk.size,
            result=dict(said or {}),
            problem="",
            owner="",
            lease_until=None,
        )
    failpoints.reached("job.committed")


def _record(held: Held, problem: Exception, now: datetime) -> None:
    """Keep what went wrong with the part; a failure that may pass is tried again after a while."""
    again = passes(problem) and held.attempts < MOST_ATTEMPTS
    if passes(problem):
        log.warning("Part %s of job %s: %s", held.chunk.number, held.chunk.job_id, problem)
        drop_connection()
    else:
        log.error("Part %s of job %s failed.", held.chunk.number, held.chunk.job_id, exc_info=problem)
    pause = backoff(held.attempts, first=0.5, longest=10)
    try:
        let_go(held, told(problem), again_in=pause if again else None)
        wake("job", held.chunk.job_id, now)
    except DatabaseTrouble as second:  # the lease runs out, and whoever comes next goes on
        log.warning("The failure could not be kept: %s", second)
        drop_connection()
