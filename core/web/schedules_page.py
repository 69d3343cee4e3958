"""Schedules: what comes again by itself, when, and what became of it."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.errors import Refused
from core.models import Occurrence, Schedule
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.ui.words import moment_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from core.work import schedules as work
from core.work.calendar import BadRule, moments, parse_rule
from core.work.kinds import all_job_kinds

MANAGE = "core.schedule.manage"
NEXT = 5
_DAYS = tuple(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
_EVERY = (("day", "Every day"), ("weekday", "Every weekday"), ("week", "On days of the week"),
          ("month", "Monthly"))  # fmt: skip


def _rule_words(row: Schedule) -> str:
    try:
        return parse_rule(row.rule).words().capitalize()
    except BadRule as bad:
        return str(bad)


def _kind_words(row: Schedule) -> str:
    kind = all_job_kinds().get(row.kind)
    return (kind.label or kind.code) if kind else row.kind


def _rows(request: HttpRequest) -> QuerySet[Schedule]:
    last = Occurrence.objects.filter(schedule=OuterRef("pk")).order_by("-due_at")
    return Schedule.objects.annotate(
        last_at=Subquery(last.values("due_at")[:1]), last_state=Subquery(last.values("job__state")[:1])
    )


def _state(row: Any) -> str:
    return "paused" if row.paused else "active"


def _url(row: Any) -> str:
    return reverse("core:schedule", args=[row.pk])


SCHEDULES = ListPage(
    name="schedules",
    title="Schedules",
    about="What comes again by itself, in the utility’s own time. Work that slept through its time is caught"
    " up once.",
    noun="schedules",
    columns=(
        Column("name", "What", sort="name"),
        Column("rule", "When", _rule_words),
        Column("kind", "Work", _kind_words, sort="kind"),
        Column("next_due", "Next", kind="moment", sort="next_due"),
        Column("last_at", "Last", kind="moment", sort="last_at"),
        Column("last_state", "Went", kind="status", sort="last_state"),
        Column("state", "State", _state, kind="status"),
    ),
    rows=_rows,
    opens=_url,
    order="name",
    verbs=lambda request: [Verb("New schedule", reverse("core:schedule_new"), "plus", "n", main=True)],
    empty=Empty(
        "Nothing comes by itself yet", "A schedule starts long work at a time of day, such as each night.",
        "clock", Verb("New schedule", "/settings/schedules/new/", "plus"),
    ),
)  # fmt: skip

schedule_list = page(MANAGE)(list_view(SCHEDULES))


class ScheduleForm(forms.Form):
    """What comes again, and when."""

    name = forms.CharField(label="Name", max_length=120, help_text="What it does, as it is read in Jobs.")
    kind = forms.ChoiceField(label="Work")
    every = forms.ChoiceField(label="How often", choices=_EVERY)
    at = forms.CharField(
        label="Time of day", max_length=5, help_text="In the utility’s own time, such as 02:00."
    )
    days = forms.MultipleChoiceField(
        label="Days of the week", choices=[(str(n), name) for n, name in _DAYS], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="For “on days of the week”.",
    )  # fmt: skip
    day = forms.IntegerField(
        label="Day of the month", min_value=1, max_value=31, required=False,
        help_text="For “monthly”; a shorter month has it on its last day.",
    )  # fmt: skip

    def __init__(self, *args: Any, fixed_kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_kind:
            del self.fields["kind"]
        else:
            choices = [(k.code, k.label or k.code) for k in work.schedulable()]
            self.fields["kind"] = forms.ChoiceField(label="Work", choices=choices)

    def rule(self) -> dict[str, Any]:
        """The rule as it is kept."""
        typed = self.cleaned_data
        said: dict[str, Any] = {"every": typed["every"], "at": typed["at"]}
        if typed["every"] == "week":
            said["days"] = [int(day) for day in typed["days"]]
        if typed["every"] == "month":
            said["day"] = typed["day"]
        return said


def _placed(refused: Refused) -> Refused:
    """A rule that cannot be read is marked at the part of it that is wrong."""
    if refused.field == "rule":
        words = {"week": "days", "month": "day"}
        refused.field = next((f for word, f in words.items() if word in refused.problem), "at")
    return refused


@page(MANAGE)
def new_schedule(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new one."""
    context = {
        "title": "New schedule",
        "about": "It starts by itself from the next time on.",
        "form": shown(request, lambda: ScheduleForm(initial={"every": "day", "at": "02:00"})),
        "submit": "Make the schedule",
        "key": fresh_key(request),
        "back": reverse("core:schedules"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@new_schedule.posted(MANAGE)
def make_schedule(request: UtilityRequest) -> HttpResponseBase:
    """Make it and show its next times."""
    typed = checked(request, ScheduleForm(request.POST))
    what = {"name": typed.cleaned_data["name"], "kind": typed.cleaned_data["kind"], "rule": typed.rule()}
    try:
        made = perform(request, work.create_schedule, **what)
    except Refused as refused:
        raise _placed(refused) from None
    messages.success(request, f"“{what['name']}” will come by itself.")
    return redirect("core:schedule", schedule_id=made)


def _opened(row: Schedule) -> Mapping[str, Any]:
    said = row.rule
    return {
        "name": row.name, "every": said.get("every"), "at": said.get("at"), "day": said.get("day"),
        "days": [str(day) for day in said.get("days") or ()],
    }  # fmt: skip


@page(MANAGE)
def schedule(request: UtilityRequest, schedule_id: int) -> HttpResponseBase:
    """One schedule: its next five times, what became of the last ones, and its form."""
    row = Schedule.objects.get(id=schedule_id)
    try:
        coming = list(islice(moments(parse_rule(row.rule), request.utility.tz, clock.now()), NEXT))
    except BadRule:
        coming = []
    last = Occurrence.objects.filter(schedule=row).select_related("job").order_by("-due_at")[:12]
    context = {
        "schedule": row,
        "rule": _rule_words(row),
        "kind": _kind_words(row),
        "zone": str(request.utility.tz),
        "coming": [] if row.paused else [moment_text(m.due_at) for m in coming],
        "last": list(last),
        "form": shown(request, lambda: ScheduleForm(initial=_opened(row), fixed_kind=row.kind)),
        "refused": request.refused,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "settings/schedule.html", context)


@schedule.posted(MANAGE)
def put_schedule(request: UtilityRequest, schedule_id: int) -> HttpResponseBase:
    """Another name or time from now on."""
    typed = checked(request, ScheduleForm(request.POST, fixed_kind="kept"))
    try:
        perform(
            request,
            work.change_schedule,
            schedule_id=schedule_id,
            name=typed.cleaned_data["name"],
            rule=typed.rule(),
        )
    except Refused as refused:
        raise _placed(refused) from None
    messages.success(request, "The schedule is changed from now on.")
    return redirect("core:schedule", schedule_id=schedule_id)


@form(MANAGE, again=schedule)
def pause(request: UtilityRequest, schedule_id: int) -> HttpResponseBase:
    """Let it rest, or go on."""
    paused = request.POST.get("paused") == "yes"
    perform(request, work.pause_schedule, schedule_id=schedule_id, paused=paused)
    messages.success(request, "It rests until somebody lets it go on." if paused else "It goes on.")
    return redirect("core:schedule", schedule_id=schedule_id)


@form(MANAGE, again=schedule)
def run_now(request: UtilityRequest, schedule_id: int) -> HttpResponseBase:
    """Start its work now, beside its times."""
    job = perform(request, work.run_schedule_now, schedule_id=schedule_id)
    messages.success(request, "The work has been started.")
    return redirect("core:job", job_id=job)
