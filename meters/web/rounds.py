"""Entering the readings of a route by keyboard, in walking order."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_date

from core import clock
from core.errors import NotAllowed, NotFound, Refused
from core.quantities import UNITS
from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.web.requests import UtilityRequest
from core.web.views import form, page, perform
from meters.entry import TypedReading, enter_readings
from meters.judging import plain
from meters.models import Reading, Route
from meters.rounds import RoundLine, lines_of, progress
from meters.sheets import print_sheets

TYPED = (
    (Reading.Source.ACTUAL.value, "Read by us"),
    (Reading.Source.CUSTOMER.value, "Read by the customer"),
)


class DayForm(forms.Form):
    """The day of a round."""

    on = DayField(label="Read on", widget=DayInput({"data-submit-on-change": ""}))


class LineForm(forms.Form):
    """A line as it is sent: a register's dial, and the answers to what was asked about it."""

    register_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    on = DayField()
    dial = forms.DecimalField(max_digits=14, decimal_places=3, min_value=Decimal(0))
    source = forms.ChoiceField(choices=TYPED, required=False)
    seen = forms.IntegerField(required=False, min_value=0)
    rolled_over = forms.ChoiceField(
        choices=(("", "not said"), ("yes", "passed zero"), ("no", "lower")), required=False
    )


def day_of(request: UtilityRequest) -> date:
    """The day that the address names, else today."""
    try:
        asked = parse_date(request.GET.get("on", ""))
    except ValueError:
        asked = None
    in_reach = asked is not None and DayField.FIRST <= asked <= DayField.LAST
    return asked if asked and in_reach else clock.today(request.utility.tz)


@page("readings.enter")
def routes(request: UtilityRequest) -> HttpResponseBase:
    """All routes, and how far each is on this round."""
    on = day_of(request)
    rows = progress(on)
    context = {
        "rows": rows,
        "on": on,
        "day": DayForm(initial={"on": on}),
        "left": sum(row.left for row in rows),
        "registers": sum(row.registers for row in rows),
    }
    return TemplateResponse(request, "meters/rounds.html", context)


@page("readings.enter")
def grid(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """One line for each register of the route, in walking order."""
    route, on = Route.objects.get(id=route_id), day_of(request)
    lines = lines_of(route_id, on)
    read = sum(line.now is not None for line in lines)
    only_left = request.GET.get("left") == "1"
    context = {
        "route": route,
        "on": on,
        "day": DayForm(initial={"on": on}),
        "sources": TYPED,
        "lines": [_shown(line, on) for line in lines if not (only_left and line.now)],
        "only_left": only_left,
        "read": read,
        "total": len(lines),
        "may_correct": request.actor.may("readings.correct"),
    }
    return TemplateResponse(request, "meters/round.html", context)


def _shown(line: RoundLine, on: date) -> dict[str, Any]:
    usual, now = line.usual, line.now
    return {
        "line": line,
        "unit": UNITS[line.register.unit].label,
        "last": plain(line.last.dial) if line.last else "",
        "usual": f"{round(usual):,}" if usual is not None else "",
        "now": plain(now.dial) if now else "",
        "today": bool(now and now.on == on),
    }


@form("readings.enter")
def send(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """Take one line; the answer is JSON: what became of it, and what is asked about it."""
    with read_only():
        Route.objects.get(id=route_id)
    try:
        answer = _taken(request)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        problem = {"state": "wrong", "problem": refused.problem, "remedy": refused.remedy}
        return JsonResponse(problem, status=refused.status)
    return JsonResponse(answer)


def _taken(request: UtilityRequest) -> dict[str, Any]:
    line = LineForm(request.POST)
    if not line.is_valid():
        name, problems = next(iter(line.errors.items()))
        raise Refused(str(problems[0]), "Type the digits that the dial shows.", field=name)
    typed = line.cleaned_data
    row = TypedReading(
        typed["register_id"],
        typed["on"],
        typed["dial"],
        typed["source"] or Reading.Source.ACTUAL.value,
        {"yes": True, "no": False}.get(typed["rolled_over"]),
        tuple(request.POST.getlist("sure"))[:10],
        typed["seen"],
    )
    answers = perform(request, enter_readings, rows=[row], today=clock.today(request.utility.tz))
    return answers[0]


@page("readings.view")
def sheets(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """The route on paper: a PDF to walk with and to write on."""
    route, on = Route.objects.get(id=route_id), day_of(request)
    lines = lines_of(route_id, on)
    if not lines:
        return redirect(f"{reverse('meters:route_order', args=[route_id])}")
    pdf = print_sheets(request.utility.name, f"{route.code} {route.name}", on, lines)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="route-{route.id}-{on}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
