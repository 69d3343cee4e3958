"""Work that outlives a request, as people watch it: what runs, how far it is, what went wrong."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from core import clock
from core.models import Job, JobChunk
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.objects import compose
from core.ui.parts import Empty, Fact, Verb
from core.ui.words import moment
from core.web.requests import UtilityRequest
from core.web.views import form, page, perform
from core.work import jobs as work
from core.work.kinds import all_job_kinds
from core.work.presence import workers_seen
from core.work.queries import Progress, job_progress

SHOWN_PARTS = 50

NO_WORKER = (
    "No worker is running.",
    "Work waits until one is started: “manage.py worker” beside the site, "
    "or the service “worker” of the composition.",
)


class JobFilter(django_filters.FilterSet):
    """By state and kind of work."""

    state = django_filters.ChoiceFilter(label="State", empty_label="All", choices=Job.State.choices)
    kind = django_filters.ChoiceFilter(
        label="Kind of work",
        empty_label="All",
        choices=lambda: [(k.code, k.label or k.code) for k in all_job_kinds().values()],
    )

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()


def jobs_with_progress(request: HttpRequest) -> QuerySet[Job]:
    """Jobs with ``rows_done``, counted from their parts."""
    done = JobChunk.objects.filter(job=OuterRef("pk")).values("job").annotate(n=Sum("done")).values("n")
    return Job.objects.annotate(rows_done=Coalesce(Subquery(done), 0))


def _progress(job: Any) -> str:
    return f"{job.rows_done:,} of {job.total:,} {job.noun}"


JOBS = ListPage(
    name="jobs",
    title="Jobs",
    about="Long work goes on by itself: leave a page and come back. A restart loses nothing.",
    noun="jobs",
    columns=(
        Column("id", "Job", kind="number", sort="id"),
        Column("title", "What", sort="title"),
        Column("by", "Started by", lambda job: job.actor.get("name", "")),
        Column("made_at", "Asked for", kind="moment", sort="made_at"),
        Column("ended_at", "Ended", kind="moment", sort="ended_at", chosen=False),
        Column("progress", "Done", _progress, sort="rows_done"),
        Column("state", "State", kind="status", sort="state"),
        Column("problem", "Trouble", chosen=False),
        Column("kind", "Kind", kind="code", sort="kind", chosen=False),
    ),
    rows=jobs_with_progress,
    filters=JobFilter,
    opens=lambda job: f"/jobs/{job.id}/",
    order="-id",
    template="jobs/list.html",
    empty=Empty(
        "No long work yet",
        "Preparing, posting and printing bills, and large imports, appear here.",
        "list-check",
    ),
)


@page("core.job.view")
def job_list(request: UtilityRequest) -> HttpResponseBase:
    """The list, with a warning when nobody is there to do the work."""
    waiting = Job.objects.filter(state__in=work.OPEN_STATES).exists()
    response = list_view(JOBS)
    request.no_worker = NO_WORKER if waiting and not workers_seen() else ()  # type: ignore[attr-defined]  # for the page
    return response(request)


@page("core.job.view")
def job(request: UtilityRequest, job_id: int) -> HttpResponseBase:
    """One job."""
    progress = job_progress(job_id, clock.now())
    composed = compose("job", request, progress.job)
    context = {
        **_live(request, progress),
        "parts": _parts(progress.job),
        "more_parts": max(0, progress.parts - SHOWN_PARTS),
        "facts": [*composed.facts, *_facts(progress, clock.now())],
        "result": _result(progress.job),
        "verbs": [*composed.verbs, *_verbs(request, progress)],
        "refused": request.refused,
    }
    return TemplateResponse(request, "jobs/job.html", context)


@page("core.job.view")
def live(request: UtilityRequest, job_id: int) -> HttpResponseBase:
    """How far it is, asked again each second while it goes on."""
    context = {**_live(request, job_progress(job_id, clock.now())), "was_running": True}
    return TemplateResponse(request, "jobs/live.html", context)


@form("core.job.cancel", again=job)
def cancel(request: UtilityRequest, job_id: int) -> HttpResponseBase:
    """Stop it at the edge of the part at work."""
    perform(request, work.cancel_job, job_id=job_id)
    messages.success(request, "It stops at the end of the part at work. What is done stays done.")
    return redirect("core:job", job_id=job_id)


@form("core.job.cancel", again=job)
def retry(request: UtilityRequest, job_id: int) -> HttpResponseBase:
    """Try again what failed or was left."""
    perform(request, work.retry_job, job_id=job_id)
    messages.success(request, "What was not done is tried again.")
    return redirect("core:job", job_id=job_id)


def _live(request: UtilityRequest, progress: Progress) -> dict[str, Any]:
    return {
        "progress": progress,
        "job": progress.job,
        "no_worker": () if progress.ended or workers_seen() else NO_WORKER,
        "may_cancel": request.actor.may("core.job.cancel") and not progress.job.cancel_asked,
    }


def _parts(job: Job) -> list[JobChunk]:
    """Parts in trouble first, then those at work, then the others, as many as a page holds."""
    rank = {Job.State.FAILED: 0, Job.State.RUNNING: 1, Job.State.READY: 2}
    troubled = JobChunk.objects.filter(job=job).exclude(problem="").order_by("number")[:SHOWN_PARTS]
    first = {c.id: c for c in troubled}
    for chunk in JobChunk.objects.filter(job=job).order_by("number")[:SHOWN_PARTS]:
        first.setdefault(chunk.id, chunk)
    listed = sorted(first.values(), key=lambda c: (rank.get(Job.State(c.state), 3), c.number))
    return listed[:SHOWN_PARTS]


def _facts(progress: Progress, now: datetime) -> list[Fact]:
    job = progress.job
    kind = all_job_kinds().get(job.kind)
    return [
        Fact("Kind of work", kind.label or kind.code if kind else job.kind),
        Fact("Started by", job.actor.get("name", "–")),
        Fact("Asked for", moment(job.made_at, now)),
        Fact("Begun", moment(job.started_at, now) if job.started_at else "not yet"),
        Fact("Ended", moment(job.ended_at, now) if job.ended_at else "not yet"),
        Fact("Parts", f"{progress.parts_done:,} of {progress.parts:,} done"),
    ]


def _result(job: Job) -> list[Fact]:
    return [Fact(str(k).replace("_", " ").capitalize(), _figure(v)) for k, v in job.result.items()]


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _verbs(request: UtilityRequest, progress: Progress) -> Sequence[Verb]:
    if not progress.can_retry:
        return ()
    why_not = "" if request.actor.may("core.job.cancel") else "You do not have the right to retry jobs."
    address = f"/jobs/{progress.job.id}/retry/"
    return (Verb("Try again", address, "refresh", "r", main=True, post=True, why_not=why_not),)
