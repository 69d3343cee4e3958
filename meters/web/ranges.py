"""The list of normal ranges, and the form of one."""

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.errors import Refused
from core.quantities import UNITS
from core.reading import read_only
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from meters.judging import RANGE_DAYS, plain
from meters.models import ServiceType, UseRange
from meters.ranges import HIGHEST, PLACES, put_range
from meters.usage import is_demand
from rates.web.rate_field import RateField


class RangeFilter(django_filters.FilterSet):
    """By service and rate."""

    service_type = django_filters.ChoiceFilter(
        label="Service", choices=ServiceType.choices, empty_label="All services"
    )
    rate = django_filters.CharFilter(label="Rate", field_name="rate__code", lookup_expr="istartswith")

    class Meta:
        model = UseRange
        fields: tuple[str, ...] = ()


def _rows(request: HttpRequest) -> QuerySet[UseRange]:
    return UseRange.objects.select_related("rate")


def _verbs(request: Any) -> list[Verb]:
    new = Verb("New range", reverse("meters:range_new"), "plus", "n", main=True)
    return [new] if request.actor.may("meters.edit") else []


def _opens(row: Any) -> str:
    return reverse("meters:range", args=[row.pk])


def _counts(row: Any) -> str:
    return "at any reading" if is_demand(row.unit) else f"in {RANGE_DAYS} days"


def _figure_text(figure: Decimal | None) -> Decimal | None:
    """The figure without the zeros that the table keeps."""
    return None if figure is None else Decimal(plain(figure))


RANGES = ListPage(
    name="ranges",
    title="Normal ranges",
    about="A reading whose use or demand lies beyond the range of its rate, or else of its service, is asked"
    " about before it is kept: at the keyboard, in files and from other systems.",
    noun="ranges",
    columns=(
        Column("service", "Service", "get_service_type_display", sort="service_type"),
        Column("rate", "Rate", lambda row: row.rate.code if row.rate else "every other", sort="rate__code"),
        Column("low", "From", lambda row: _figure_text(row.low), kind="number", sort="low"),
        Column("high", "To", lambda row: _figure_text(row.high), kind="number", sort="high"),
        Column("unit", "Unit", lambda row: UNITS[row.unit].label, sort="unit"),
        Column("counts", "Counted", _counts),
    ),
    rows=_rows,
    filters=RangeFilter,
    opens=_opens,
    order="service",
    verbs=_verbs,
    empty=Empty(
        "No ranges yet",
        "Say what is normal for a rate or a service; readings beyond it are asked about.",
        "gauge",
    ),
)

range_list = page("readings.view")(list_view(RANGES))


def _figure(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=HIGHEST, max_digits=14, decimal_places=PLACES,
        help_text=help_text,
    )  # fmt: skip


class FiguresForm(forms.Form):
    """From and to."""

    low = _figure("From", f"The least that is normal in {RANGE_DAYS} days; a demand: at any reading.")
    high = _figure("To", "The most that is normal; empty: no limit.")


class RangeForm(FiguresForm):
    """A new range."""

    field_order = ("service_type", "rate", "unit", "low", "high")

    service_type = forms.ChoiceField(label="Service", choices=ServiceType.choices)
    rate = RateField(required=False, help_text="Empty: for all its rates that have no range of their own.")
    unit = forms.ChoiceField(
        label="Unit", choices=[(code, f"{code}: {one.label}") for code, one in UNITS.items()],
        help_text="Registers that count in another unit of the kind are reckoned over.",
    )  # fmt: skip


def _page(request: UtilityRequest, title: str, form: forms.Form, about: str) -> HttpResponseBase:
    context = {
        "title": title,
        "about": about,
        "form": form,
        "key": fresh_key(request),
        "back": reverse("meters:ranges"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@page("meters.edit")
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new range."""
    about = "One of the same rate, service and unit is replaced."
    return _page(request, "New normal range", shown(request, RangeForm), about)


@new.posted("meters.edit")
def make(request: UtilityRequest) -> HttpResponseBase:
    """Keep it."""
    with read_only():
        typed = dict(checked(request, RangeForm(request.POST)).cleaned_data)
    rate = typed.pop("rate")
    try:
        perform(request, put_range, rate_id=rate.id if rate else None, **typed)
    except Refused as refused:
        refused.field = {"rate_id": "rate"}.get(refused.field, refused.field)
        raise
    messages.success(request, "The range is kept.")
    return redirect("meters:ranges")


def _range(range_id: int) -> UseRange:
    return UseRange.objects.select_related("rate").get(id=range_id)


@page("meters.edit")
def change(request: UtilityRequest, range_id: int) -> HttpResponseBase:
    """The form of a range's figures."""
    kept = _range(range_id)
    form = shown(
        request, lambda: FiguresForm(initial={"low": _figure_text(kept.low), "high": _figure_text(kept.high)})
    )
    named = kept.rate or f"{kept.get_service_type_display()}, every other rate"
    about = f"In {UNITS[kept.unit].label}, {_counts(kept)}. Empty both ways: nothing is looked for."
    return _page(request, f"Normal range: {named}", form, about)


@change.posted("meters.edit")
def put(request: UtilityRequest, range_id: int) -> HttpResponseBase:
    """Keep its figures."""
    with read_only():
        kept = _range(range_id)
        typed = checked(request, FiguresForm(request.POST)).cleaned_data
    perform(request, put_range, service_type=kept.service_type, unit=kept.unit, rate_id=kept.rate_id, **typed)
    messages.success(request, "The range is kept.")
    return redirect("meters:ranges")
