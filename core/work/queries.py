"""What the screens show of long work.  Each needs a transaction in the utility's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from core.errors import NotFound
from core.models import Job, JobChunk, Occurrence, OutboxEvent, Schedule
from core.work.calendar import BadRule, parse_rule
from core.work.outbox import DEAD
from core.work.presence import workers_seen


@dataclass(frozen=True, slots=True)
class PartProblem:
    """A part that failed, or waits to be tried again, and why."""

    number: int
    state: str
    attempts: int
    problem: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.  ``rate`` is rows a second; ``seconds_left`` is ``None`` while it cannot be told."""

    job: Job
    done: int
    total: int
    parts: int
    parts_done: int
    parts_at_work: int
    seconds: float
    rate: float
    seconds_left: float | None
    step: str
    problems: Sequence[PartProblem]

    @property
    def ended(self) -> bool:
        """Whether the page may stop asking."""
        return self.job.state not in (Job.State.READY, Job.State.RUNNING)

    @property
    def can_retry(self) -> bool:
        """Whether there is something to try again."""
        return self.job.state in (Job.State.FAILED, Job.State.CANCELLED)


def job_list(state: str = "", kind: str = "") -> QuerySet[Job]:
    """Jobs, newest first; ``rows_done`` is the progress of each."""
    rows = Job.objects.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    return rows.filter(kind=kind) if kind else rows


def rows_done(jobs: Sequence[Job]) -> dict[int, int]:
    """Rows done of each of the jobs on a page, by job id, in one query."""
    found = JobChunk.objects.filter(job__in=jobs).values_list("job_id").annotate(done=Sum("done"))
    return {job_id: int(done) for job_id, done in found}


def job_progress(job_id: int, now: datetime) -> Progress:
    """One job's progress, counted from its parts; raises ``NotFound``."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound(f"There is no job {job_id} in this utility.")
    at_work = Q(state=Job.State.RUNNING)
    counts = JobChunk.objects.filter(job=job).aggregate(
        parts=Count("id"),
        done=Sum("done"),
        parts_done=Count("id", filter=Q(state=Job.State.DONE)),
        parts_at_work=Count("id", filter=at_work),
    )
    done = counts["done"] or 0
    seconds = ((job.ended_at or now) - job.started_at).total_seconds() if job.started_at else 0.0
    rate = done / seconds if seconds > 0 else 0.0
    running = job.state == Job.State.RUNNING
    return Progress(
        job=job,
        done=done,
        total=job.total,
        parts=counts["parts"],
        parts_done=counts["parts_done"],
        parts_at_work=counts["parts_at_work"],
        seconds=max(0.0, seconds),
        rate=rate,
        seconds_left=(job.total - done) / rate if running and rate > 0 else None,
        step=_step(job, counts["parts"], counts["parts_done"], counts["parts_at_work"]),
        problems=_problems(job),
    )


def schedule_list() -> list[tuple[Schedule, str, Occurrence | None]]:
    """Schedules by name, each with its rule in words and its last occurrence."""
    last: dict[int, Occurrence] = {}
    for row in (
        Occurrence.objects.select_related("job").order_by("schedule_id", "-due_at").distinct("schedule_id")
    ):
        last[row.schedule_id] = row
    return [(s, _words(s), last.get(s.id)) for s in Schedule.objects.order_by("name", "id")]


def dead_events() -> QuerySet[OutboxEvent]:
    """Events that were given up on, newest first; each names who could not answer it and why."""
    return OutboxEvent.objects.filter(state=DEAD).order_by("-id")


def _words(schedule: Schedule) -> str:
    try:
        return parse_rule(schedule.rule).words()
    except BadRule as bad:
        return str(bad)


def _problems(job: Job) -> list[PartProblem]:
    rows = JobChunk.objects.filter(job=job).exclude(problem="").order_by("number")[:50]
    return [PartProblem(r.number, r.state, r.attempts, r.problem) for r in rows]


def _step(job: Job, parts: int, done: int, at_work: int) -> str:
    """What goes on now, in one sentence."""
    if job.state == Job.State.READY:
        return (
            "Waiting for a worker." if workers_seen() else "No worker is running: nothing will be done yet."
        )
    if job.state != Job.State.RUNNING:
        return f"{job.get_state_display()}."
    if job.cancel_asked:
        return "Stopping at the end of the part at work."
    if done == parts:
        return "Concluding."
    if at_work:
        return f"{done} of {parts} parts done, {at_work} at work."
    if not workers_seen():
        return f"{done} of {parts} parts done. No worker is running: the rest waits."
    return f"{done} of {parts} parts done; the next is about to begin."
