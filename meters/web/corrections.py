"""Correcting a reading on screen, and what a meter's corrections were."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.acting import names_of
from core.errors import Refused
from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from meters.corrections import WHY_LENGTH, correct_reading
from meters.judging import plain
from meters.models import Reading
from meters.reading_facts import histories_of, readings_after
from meters.reading_uses import reading_uses


class CorrectionForm(forms.Form):
    """What the register really showed."""

    dial = forms.DecimalField(
        label="Reading",
        max_digits=14,
        decimal_places=3,
        min_value=Decimal(0),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    on = DayField(label="Read on", widget=DayInput)
    source = forms.ChoiceField(label="Source", choices=Reading.Source.choices)
    rolled_over = forms.ChoiceField(
        label="Did the dial pass zero before it?",
        choices=(("", "As the figures say"), ("yes", "Yes, it passed zero"), ("no", "No")),
        required=False,
    )
    why = forms.CharField(
        label="Why", max_length=WHY_LENGTH, help_text="Kept with the reading, with your name."
    )


@page("readings.correct")
def correct(request: UtilityRequest, reading_id: int) -> HttpResponseBase:
    """The reading as it stands, those around it, and the form."""
    old = Reading.objects.select_related("register__meter").get(id=reading_id)
    context = {
        "reading": old,
        "dial": plain(old.dial),
        "meter": old.register.meter,
        "before": next(iter(histories_of([old.register_id], old.on).get(old.register_id, [])[-1:]), None),
        "after": readings_after([old.register_id], old.on).get(old.register_id),
        "form": shown(request, lambda: CorrectionForm(initial=_as_it_is(old))),
        "why_not": _why_not(old),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "meters/correct.html", context)


def _as_it_is(old: Reading) -> dict[str, object]:
    return {"dial": plain(old.dial), "on": old.on, "source": old.source}


def _why_not(old: Reading) -> Refused | None:
    """Why it cannot be corrected, told before anything is typed."""
    later = Reading.objects.filter(replaces=old).first()
    if later is not None:
        return Refused(
            f"It was corrected to {plain(later.dial)} of {day_text(later.on)}.", "Correct that one."
        )
    try:
        for use in reading_uses():
            use.check(old)
    except Refused as refused:
        return refused
    return None


@correct.posted("readings.correct")
def put(request: UtilityRequest, reading_id: int) -> HttpResponseBase:
    """Correct it."""
    with read_only():
        old = Reading.objects.select_related("register__meter").get(id=reading_id)
    typed = checked(request, CorrectionForm(request.POST)).cleaned_data
    typed["rolled_over"] = {"yes": True, "no": False}.get(typed["rolled_over"])
    today = clock.today(request.utility.tz)
    perform(request, correct_reading, reading_id=old.id, today=today, **typed)
    number = old.register.meter.number
    messages.success(request, f"The reading of meter {number} is corrected; the old one is kept beside it.")
    return redirect(f"{reverse('meters:meter', args=[number])}?tab=readings")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A reading that was replaced, and the one in its place."""

    old: Reading
    new: Reading
    was: str
    now: str
    who: str


def corrections_of(register_ids: list[int]) -> list[Corrected]:
    """What was corrected of these registers, the latest first; two queries and the names."""
    rows = list(
        Reading.objects.filter(register__in=register_ids, replaces__isnull=False)
        .select_related("replaces")
        .order_by("-id")[:50]
    )
    names = names_of(row.came_from for row in rows)
    found = []
    for row in rows:
        if row.replaces is None:
            continue
        who = names.get(row.came_from, row.came_from)
        found.append(Corrected(row.replaces, row, plain(row.replaces.dial), plain(row.dial), who))
    return found
