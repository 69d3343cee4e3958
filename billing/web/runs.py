"""Bill runs: the list, a new one, the run's page as a checklist, and its printed pages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing import queries
from billing.models import Cycle, PrintBatch, Run
from billing.runs import open_run
from billing.web.checklist import AT_WORK, RunSeen, lacking, steps_of
from billing.web.run_review import beside
from core import clock
from core.acting import names_of
from core.duties import SINGLE_OPERATOR
from core.errors import NotFound
from core.periods import Period
from core.policies import flag
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.jobs import NO_WORKER
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from core.work.presence import workers_seen
from core.work.queries import job_progress


class RunFilter(django_filters.FilterSet):
    """By cycle and state."""

    cycle = django_filters.ModelChoiceFilter(
        label="Cycle", empty_label="All", queryset=lambda request: Cycle.objects.order_by("code")
    )
    state = django_filters.ChoiceFilter(label="State", empty_label="All", choices=Run.State.choices)

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()


def period_text(run: Run) -> str:
    """The run's period by its first and last day."""
    last = run.ends - timedelta(days=1)
    return f"{run.starts:%b} {run.starts.day} – {last:%b} {last.day}, {last.year}"


def _list_verbs(request: HttpRequest) -> Sequence[Verb]:
    why_not = lacking(request.actor, "billing.run.open")  # type: ignore[attr-defined]  # set by @page
    return (
        Verb("Accounts in no cycle", reverse("billing:no_cycle"), "map-pin"),
        Verb("Open a run", reverse("billing:run_open"), "plus", "n", main=True, why_not=why_not),
    )


RUNS = ListPage(
    name="runs",
    title="Bill runs",
    about="A run takes one cycle from its readings to posted and printed bills, step by step.",
    noun="runs",
    columns=(
        Column("id", "Run", kind="number", sort="id"),
        Column("cycle", "Cycle", sort="cycle__code"),
        Column("period", "Period", period_text, sort="starts"),
        Column("opened_at", "Opened", kind="moment", sort="opened_at", chosen=False),
        Column("bill_on", "Bills dated", kind="date", sort="bill_on"),
        Column("due_on", "Due", kind="date", sort="due_on", chosen=False),
        Column("bills", "Bills", kind="number", sort="bills"),
        Column("held", "Held", lambda run: run.held or None, kind="number", sort="held"),
        Column("dollars", "Charges", kind="amount", sort="dollars"),
        Column("state", "State", kind="status", sort="state"),
    ),
    rows=lambda request: queries.run_list(),
    filters=RunFilter,
    opens=lambda run: reverse("billing:run", args=[run.id]),
    order="-id",
    empty=Empty(
        "No run was opened yet",
        "Open one when the readings of a cycle are in. Nothing is posted before a second person approves it.",
        "player-play",
        Verb("Open a run", "/runs/new/", "plus", "n"),
    ),
    verbs=_list_verbs,
)

run_list = page("billing.run.view")(list_view(RUNS))


# Another cycle brings its own period into the fields of days; what else was typed stays.
_ASKS_FOR_ITS_PERIOD = {
    "autofocus": True,
    "hx-get": "/runs/new/",
    "hx-trigger": "change",
    "hx-swap": "none",
    "hx-select-oob": "#id_starts,#id_ends,#id_bill_on",
}


class OpenForm(forms.Form):
    """What a run is about.  People give the last day; the period is kept half-open."""

    cycle_id = forms.ChoiceField(label="Cycle")
    starts = DayField(
        label="First day", widget=DayInput, help_text="Of flat services; meters go by readings."
    )
    ends = DayField(label="Last day", widget=DayInput)
    bill_on = DayField(label="Bills dated", widget=DayInput, help_text="Readings up to this day count.")
    message = forms.CharField(
        label="Message on these bills",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, cycles: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank = [] if len(cycles) == 1 else [("", "Choose…")]
        self.fields["cycle_id"] = forms.ChoiceField(
            label="Cycle", choices=[*blank, *cycles], widget=forms.Select(attrs=_ASKS_FOR_ITS_PERIOD)
        )


def _cycles() -> list[tuple[str, str]]:
    return [(str(c.id), str(c)) for c in Cycle.objects.order_by("code")]


def _proposed(today: date, chosen: str) -> dict[str, Any]:
    """The period after a cycle's newest run, a month long; without any run the month before today's.

    ``chosen`` is the id of a cycle as text; without one the cycle is proposed that was billed least far, one
    never billed before all others.
    """
    billed = {str(cycle): ends for cycle, ends in queries.billed_until()}
    cycle = chosen or min(billed, key=lambda one: billed[one] or date.min, default="")
    starts = billed.get(cycle) or (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    after = (starts.replace(day=1) + timedelta(days=32)).replace(day=1)
    ends = after if starts.day == 1 else after.replace(day=min(starts.day, 28))
    return {"cycle_id": cycle, "starts": starts, "ends": ends - timedelta(days=1), "bill_on": ends}


@page("billing.run.open")
def open_form(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new run, filled with the period that comes next."""
    today = clock.today(request.utility.tz)
    context = {
        "title": "Open a run",
        "about": "Nothing is worked out or posted yet: preparing is the next step, and can be repeated.",
        "form": shown(
            request, lambda: OpenForm(_cycles(), initial=_proposed(today, request.GET.get("cycle_id", "")))
        ),
        "submit": "Open the run",
        "back": reverse("billing:runs"),
        "key": fresh_key(request),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "runs/open.html", context)


@open_form.posted("billing.run.open")
def open_from_form(request: UtilityRequest) -> HttpResponseBase:
    """Open it."""
    with read_only():
        cycles = _cycles()
    given = checked(request, OpenForm(cycles, request.POST)).cleaned_data
    run_id = perform(
        request,
        open_run,
        cycle_id=int(given["cycle_id"]),
        starts=given["starts"],
        ends=given["ends"] + timedelta(days=1),
        bill_on=given["bill_on"],
        message=given["message"],
    )
    messages.success(request, "The run is open. Prepare it when the readings are in.")
    return redirect("billing:run", run_id=run_id)


def run_of(run_id: int) -> Run:
    """The run with its cycle and jobs; raises ``NotFound``."""
    found = (
        Run.objects.select_related("cycle", "prepare_job", "post_job", "print_job").filter(id=run_id).first()
    )
    if found is None:
        raise NotFound(f"There is no run {run_id}.", "Choose one from the list of runs.")
    return found


def seen_by(request: UtilityRequest, run: Run) -> RunSeen:
    """The run as this operator sees it."""
    pages = PrintBatch.objects.filter(run=run, part=0).order_by("-group").values_list("group", "pages")
    return RunSeen(
        run=run,
        figures=queries.run_figures(run.id),
        actor=request.actor,
        names=names_of(filter(None, (run.opened_by, run.reviewed_by, run.approved_by, run.cancelled_by))),
        single_operator=flag(SINGLE_OPERATOR, run.bill_on)
        if run.state in ("prepared", "reviewed")
        else False,
        printed_pages=dict(pages) if run.state == "printed" else {},
    )


@page("billing.run.view")
def run(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """The run's page."""
    seen = seen_by(request, run_of(run_id))
    context = {**_live(request, seen), **beside(seen), "refused": request.refused, "verbs": _verbs(seen)}
    return TemplateResponse(request, "runs/run.html", context)


@page("billing.run.view")
def live(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """The part of the page that changes while the run's work goes on."""
    seen = seen_by(request, run_of(run_id))
    return TemplateResponse(request, "runs/live.html", {**_live(request, seen), "was_running": True})


def _live(request: UtilityRequest, seen: RunSeen) -> dict[str, Any]:
    job = seen.job
    progress = job_progress(job.id, clock.now()) if job and job.state in AT_WORK else None
    last = seen.run.ends
    return {
        "run": seen.run,
        "name": f"Cycle {seen.run.cycle.code}, {seen.run.starts:%B %Y}",
        "period": Period(seen.run.starts, last),
        "cancelled_by": seen.names.get(seen.run.cancelled_by, ""),
        "steps": steps_of(seen),
        "progress": progress,
        "no_worker": NO_WORKER if progress and not workers_seen() else (),
        "may_cancel_job": request.actor.may("core.job.cancel"),
    }


def _verbs(seen: RunSeen) -> list[Verb]:
    verbs = []
    if seen.figures.by_reason:
        verbs.append(Verb("All bills", seen.address("run_bills"), "list-check", "b"))
    if seen.run.state in ("open", "prepared", "reviewed", "approved") and seen.run.post_job is None:
        why_not = lacking(seen.actor, "billing.run.open")
        verbs.append(Verb("Cancel run…", seen.address("run_cancel"), "ban", why_not=why_not))
    return verbs
