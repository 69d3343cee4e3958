"""Starting, cancelling and retrying jobs."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from core.actors import Actor
from core.errors import Conflict, NotFound
from core.models import Job, JobChunk
from core.operations import operation, under_way
from core.work.acting import require
from core.work.doorbell import ring_after_commit
from core.work.due import lay_down, set_due
from core.work.kinds import Chunk, JobKind, Parts, all_job_kinds, job_kind

__all__ = ["Chunk", "JobKind", "Parts", "all_job_kinds", "cancel_job", "job_kind", "retry_job", "start_job"]

OPEN_STATES = (Job.State.READY, Job.State.RUNNING)


def start_job(by: Actor, kind: str, title: str, params: Mapping[str, Any], chunks: Parts) -> int:
    """Start work of a declared kind inside the operation at work; returns the job's id.

    Each of ``chunks`` is (rows, params) and is done in one transaction.  Everything is written in the
    caller's transaction: when that fails, there is no job.  Without chunks the job is done at once and
    its result says ``{"done": 0}``.  Raises ``NotAllowed`` without the kind's right, ``NotFound`` for an
    unknown kind.
    """
    declared, at = job_kind(kind), under_way().at
    require(by, declared.permission, title)
    job = Job.objects.create(
        kind=kind,
        title=title,
        params=dict(params),
        actor=by.as_params(),
        total=sum(size for size, _ in chunks),
        noun=declared.noun,
        made_at=at,
    )
    if chunks:
        add_chunks(job, chunks)
        set_due("job", job.id, at)
        ring_after_commit()
    else:
        end_job(job, declared, lambda: at)
    return int(job.id)


def add_chunks(job: Job, chunks: Parts) -> None:
    """The job's parts, numbered from 1."""
    JobChunk.objects.bulk_create(
        [
            JobChunk(job=job, number=number, size=size, params=dict(params))
            for number, (size, params) in enumerate(chunks, 1)
        ],
        batch_size=2000,
    )


def end_job(job: Job, kind: JobKind, now: Callable[[], datetime]) -> None:
    """Run ``finish`` and mark the job done as of then, in the transaction at work."""
    done = sum(JobChunk.objects.filter(job=job).values_list("done", flat=True))
    said = kind.finish(job) if kind.finish else None
    job.result = {"done": done, **(said or {})}
    job.state, job.ended_at, job.problem = Job.State.DONE, now(), ""
    job.started_at = job.started_at or job.ended_at
    job.save(update_fields=["result", "state", "ended_at", "started_at", "problem"])
    lay_down("job", job.id)


def at_work(job: Job) -> bool:
    """Whether a worker holds the lease of one of the job's parts."""
    return JobChunk.objects.filter(job=job, state=Job.State.RUNNING, lease_until__gt=Now()).exists()


def mark_cancelled(job: Job, at: datetime) -> None:
    """What is not done stays undone; a worker that still has a part finds its fence gone."""
    for chunk in JobChunk.objects.select_for_update().filter(job=job, state__in=OPEN_STATES):
        chunk.state, chunk.fence, chunk.owner = Job.State.CANCELLED, chunk.fence + 1, ""
        chunk.save(update_fields=["state", "fence", "owner"])
    job.state, job.ended_at = Job.State.CANCELLED, at
    job.save(update_fields=["state", "ended_at"])
    lay_down("job", job.id)


@operation("core.job.cancel", permission="core.job.cancel")
def cancel_job(by: Actor, *, job_id: int) -> int:
    """Stop a job at the edge of the part at work; what is done stays done.  Returns the job's id.

    Raises ``Conflict`` when it has ended already.
    """
    job = _locked(job_id)
    if job.state not in OPEN_STATES:
        raise Conflict(f"“{job.title}” has ended already: it is {job.get_state_display().lower()}.")
    job.cancel_asked = True
    job.save(update_fields=["cancel_asked"])
    if at_work(job):
        set_due("job", job.id, under_way().at)
        ring_after_commit()
    else:
        mark_cancelled(job, under_way().at)
    return int(job.id)


@operation("core.job.retry", permission="core.job.cancel")
def retry_job(by: Actor, *, job_id: int) -> int:
    """Try the failed parts of a failed or cancelled job again, in the name of who asks; returns its id.

    Parts that are done are not done again.  Raises ``NotAllowed`` without the kind's own right, ``Conflict``
    when there is nothing to try again.
    """
    job = _locked(job_id)
    kind = job_kind(job.kind)
    require(by, kind.permission, job.title)
    if job.state not in (Job.State.FAILED, Job.State.CANCELLED):
        raise Conflict(f"“{job.title}” cannot be tried again: it is {job.get_state_display().lower()}.")
    again = Q(state=Job.State.FAILED) | Q(state=Job.State.CANCELLED)
    JobChunk.objects.filter(again, job=job).update(
        state=Job.State.READY, attempts=0, problem="", lease_until=None, done=0
    )
    job.state, job.problem, job.cancel_asked, job.ended_at = Job.State.READY, "", False, None
    job.actor = by.as_params()
    if kind.plan and "on" in job.params and not JobChunk.objects.filter(job=job).exists():
        # A schedule started it and it could not even be cut into parts then.
        parts = kind.plan(by, job.params, date.fromisoformat(job.params["on"]))
        job.total, job.noun = sum(size for size, _ in parts), kind.noun
        add_chunks(job, parts)
    job.save(update_fields=["state", "problem", "cancel_asked", "ended_at", "actor", "total", "noun"])
    set_due("job", job.id, under_way().at)
    ring_after_commit()
    return int(job.id)


def _locked(job_id: int) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound(f"There is no job {job_id} in this utility.")
    return job
