"""Readings that other systems sent and that were not taken: the list, and the decision on one."""

import django_filters
from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.acting import names_of
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from meters.entry import WHY_LENGTH
from meters.judging import plain
from meters.models import HeldReading
from meters.queries import last_readings
from meters.taking import drop_held, held_readings, take_held


class HeldFilter(django_filters.FilterSet):
    """By state and meter."""

    state = django_filters.ChoiceFilter(
        label="State", choices=HeldReading.State.choices, empty_label="All of them"
    )
    meter = django_filters.CharFilter(
        label="Meter", field_name="register__meter__number", lookup_expr="istartswith"
    )

    class Meta:
        model = HeldReading
        fields: tuple[str, ...] = ()


def _problem(row: HeldReading) -> str:
    told = [r["problem"] for r in row.remarks if r["level"] != "tell"]
    return " ".join(told[:2])


HELD = ListPage(
    name="held",
    title="Readings held",
    about="Other systems sent these, and they stand out or cannot be: each waits until somebody takes or"
    " drops it. Readings of files wait under Imports.",
    noun="readings",
    columns=(
        Column("on", "Read on", kind="date", sort="on"),
        Column("meter", "Meter", "register.meter.number", kind="code", sort="register__meter__number"),
        Column("register", "Register", "register.code", kind="code", chosen=False),
        Column("dial", "Reading", lambda row: plain(row.dial), kind="number", sort="dial"),
        Column("unit", "Unit", "register.unit", kind="code"),
        Column("problem", "What speaks against it", _problem),
        Column("came_at", "Came", kind="moment", sort="came_at"),
        Column("state", "State", kind="status", sort="state"),
        Column("why", "Decided because", chosen=False),
        Column("ended_by", "By", chosen=False),
    ),
    rows=lambda request: held_readings(),
    filters=HeldFilter,
    opens=lambda row: reverse("meters:held_reading", args=[row.pk]),
    order="-came_at",
    empty=Empty("No reading is held", "What other systems send and is not taken waits here.", "gauge"),
)

held_list = page("readings.view")(list_view(HELD))


class DecisionForm(forms.Form):
    """Take it or drop it, and why."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=(("take", "Take it: the reading is right"), ("drop", "Drop it: the reading is wrong")),
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label="Why", help_text="What was looked at; it is kept with the reading.")

    def clean_why(self) -> str:
        """As long as it may be; a browser would cut it."""
        typed: str = self.cleaned_data["why"]
        if len(typed) > WHY_LENGTH:
            raise forms.ValidationError(f"It has {len(typed)} characters. Type {WHY_LENGTH} at most.")
        return typed


@page("readings.view")
def held(request: UtilityRequest, held_id: int) -> HttpResponseBase:
    """One held reading, with what speaks against it; for those who may, the decision."""
    found = held_readings().get(id=held_id)
    waits = found.state == HeldReading.State.WAITING
    may = request.actor.may("readings.approve")
    register, meter = found.register, found.register.meter
    last = [one for one in last_readings(meter.id) if one.register.id == register.id]
    context = {
        "held": found,
        "facts": [
            Fact("Meter", meter.number, url=reverse("meters:meter", args=[meter.number])),
            Fact("Register", register.code or None),
            Fact("Read on", day_text(found.on)),
            Fact("Reading", f"{plain(found.dial)} ({register.unit})"),
            Fact("Last taken", f"{plain(last[0].dial)} of {day_text(last[0].on)}" if last else None),
            Fact("Sent by", names_of([found.came_from]).get(found.came_from, found.came_from)),
        ],
        "remarks": found.remarks,
        "form": shown(request, DecisionForm) if waits and may else None,
        "waits": waits,
        "key": fresh_key(request),
        "back": reverse("meters:held"),
    }
    return TemplateResponse(request, "meters/held.html", context)


@held.posted("readings.approve")
def decide(request: UtilityRequest, held_id: int) -> HttpResponseBase:
    """Take or drop it."""
    typed = checked(request, DecisionForm(request.POST)).cleaned_data
    today = clock.today(request.utility.tz)
    if typed["decision"] == "take":
        perform(request, take_held, held_id=held_id, why=typed["why"], today=today)
        messages.success(request, "The reading is taken.")
    else:
        perform(request, drop_held, held_id=held_id, why=typed["why"])
        messages.success(request, "The reading is dropped.")
    return redirect(reverse("meters:held") + "?state=waiting")
