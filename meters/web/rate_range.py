"""The normal range of a rate, on its page: shown beside it, and the form that keeps it (RAT-07)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.quantities import UNITS
from core.reading import read_only
from core.ui.objects import Slot
from core.ui.parts import Panel
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from meters.judging import RANGE_DAYS, plain
from meters.models import Register, ServiceType, UseRange
from meters.ranges import put_range
from meters.usage import is_demand
from meters.web.ranges import FiguresForm
from rates.models import RateTable
from rates.queries import table_called

_METERED = ("volume", "energy", "heat", "demand", "apparent", "reactive")


class RateRangeForm(FiguresForm):
    """A range of one rate: its unit, and from where to where."""

    field_order = ("unit", "low", "high")

    unit = forms.ChoiceField(
        label="Unit",
        choices=[(code, f"{code}: {one.label}") for code, one in UNITS.items() if one.kind in _METERED],
        help_text="Meters that count in another unit of the kind are reckoned over.",
    )


def words_of(one: UseRange) -> str:
    """``From 1 to 40 thousand gallons in 30 days``."""
    low, high = (plain(figure) if figure is not None else "" for figure in (one.low, one.high))
    days = "at any reading" if is_demand(one.unit) else f"in {RANGE_DAYS} days"
    unit = UNITS[one.unit].label
    if low and high:
        return f"From {low} to {high} {unit} {days}"
    if low or high:
        return f"At {'least' if low else 'most'} {low or high} {unit} {days}"
    return f"Nothing is looked for in {unit}"


def _usual_unit(table: RateTable) -> str:
    """The unit that the newest meter of its service counts in."""
    counted = Register.objects.filter(meter__service_type=table.service_type).order_by("-id")
    return next(iter(counted.values_list("unit", flat=True)[:1]), "GAL")


def card(request: HttpRequest, table: RateTable) -> Panel:
    """The ranges of the rate; without any, those of its service, which then count."""
    own = list(UseRange.objects.filter(rate=table).order_by("unit"))
    others = [] if own else list(UseRange.objects.filter(rate=None, service_type=table.service_type))
    may = request.actor.may("meters.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    known = table.service_type in ServiceType.values
    context = {
        "own": [(words_of(one), reverse("meters:range", args=[one.id]) if may else "") for one in own],
        "of_service": [words_of(one) for one in others],
        "service": str(ServiceType(table.service_type).label).lower() if known else table.service_type,
        "new": reverse("meters:rate_range", args=[table.code]) if may and known else "",
    }
    return Panel("meters/rate_range.html", context)


@page("meters.edit")
def rate_range(request: UtilityRequest, code: str) -> HttpResponseBase:
    """The form of the rate's normal range."""
    table = table_called(code)
    kept = UseRange.objects.filter(rate=table).order_by("id").first()
    first: dict[str, Any] = {"unit": kept.unit if kept else _usual_unit(table)}
    if kept:
        first |= {n: plain(v) for n, v in (("low", kept.low), ("high", kept.high)) if v is not None}
    context = {
        "title": f"Normal range of rate {table.code}",
        "about": "A reading at this rate whose use lies beyond it is asked about before it is kept: at the"
        " keyboard, in files and from other systems. It goes before the range of the service.",
        "form": shown(request, lambda: RateRangeForm(initial=first)),
        "key": fresh_key(request),
        "back": reverse("rates:table", args=[code]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@rate_range.posted("meters.edit")
def keep_rate_range(request: UtilityRequest, code: str) -> HttpResponseBase:
    """Keep it, and go back to the rate."""
    with read_only():
        table = table_called(code)
        typed = checked(request, RateRangeForm(request.POST)).cleaned_data
    perform(request, put_range, rate_id=table.id, service_type=table.service_type, **typed)
    messages.success(request, "The range is kept.")
    return redirect("rates:table", code=code)


SLOTS = (Slot("rate", "tab", "range", 20, card, "Normal range", permission="readings.view"),)
