"""Cycles: which routes are billed together, and the routes that no cycle has."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.cycles import add_cycle, change_cycle, routes_without_cycle
from billing.models import Cycle, CycleRoute, Run
from core.reading import read_only
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Alert, Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from meters.models import Location, Route

EDIT = "billing.cycle.edit"
_NAMED = 8


class CycleFilter(django_filters.FilterSet):
    """By code, name or a route it has."""

    code = django_filters.CharFilter(label="Code", lookup_expr="istartswith")
    name = django_filters.CharFilter(label="Name", lookup_expr="icontains")
    route = django_filters.ModelChoiceFilter(
        label="Route", empty_label="Any", queryset=lambda request: Route.objects.order_by("code"),
        method="by_route",
    )  # fmt: skip

    class Meta:
        model = Cycle
        fields: tuple[str, ...] = ()

    def by_route(self, rows: QuerySet[Cycle], name: str, route: Route) -> QuerySet[Cycle]:
        """The one cycle that has the route."""
        return rows.filter(id__in=CycleRoute.objects.filter(route=route).values("cycle"))


def _rows(request: HttpRequest) -> QuerySet[Cycle]:
    mine = CycleRoute.objects.filter(cycle=OuterRef("pk")).order_by().values("cycle")
    on_routes = CycleRoute.objects.filter(cycle=OuterRef(OuterRef("pk"))).values("route")
    placed = Location.objects.filter(route__in=on_routes).order_by().values("tenant").annotate(n=Count("id"))
    return Cycle.objects.annotate(
        routes=Subquery(mine.annotate(x=StringAgg("route__code", ", ", order_by="route__code")).values("x")),
        locations=Coalesce(Subquery(placed.values("n"), output_field=IntegerField()), 0),
        billed_to=Subquery(
            Run.objects.filter(cycle=OuterRef("pk"), state__in=("posted", "printed"))
            .order_by("-ends")
            .values("ends")[:1]
        ),
    )


def _notices(request: HttpRequest) -> list[Alert]:
    loose = routes_without_cycle()
    if not loose:
        return []
    named = ", ".join(route.code for route in loose[:_NAMED]) + (" …" if len(loose) > _NAMED else "")
    count = "1 route is" if len(loose) == 1 else f"{len(loose)} routes are"
    return [
        Alert(f"{count} in no cycle:", f"{named}. No run will ever bill what lies on it.", "route", "warn")
    ]


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may  # type: ignore[attr-defined]  # a UtilityRequest
    verbs = [Verb("New route", reverse("meters:route_new"), "route", "r")] if may("meters.edit") else []
    if may(EDIT):
        verbs.append(Verb("New cycle", reverse("billing:cycle_new"), "plus", "n", main=True))
    return verbs


CYCLES = ListPage(
    name="cycles",
    title="Cycles and routes",
    about="A cycle is billed in one run. Every route belongs to exactly one cycle.",
    noun="cycles",
    columns=(
        Column("code", "Cycle", kind="code", sort="code"),
        Column("name", "Name", sort="name"),
        Column("routes", "Routes"),
        Column("locations", "Locations", kind="number", sort="locations"),
        Column("billed_to", "Billed to", kind="date", sort="billed_to"),
    ),
    rows=_rows,
    filters=CycleFilter,
    opens=lambda row: reverse("billing:cycle", args=[row.pk]),
    order="code",
    verbs=_verbs,
    notices=_notices,
    empty=Empty(
        "No cycles yet", "A cycle groups routes that are billed together, such as all routes read in a week.",
        "refresh", Verb("New cycle", "/settings/cycles/new/", "plus"),
    ),
)  # fmt: skip

cycle_list = page(EDIT)(list_view(CYCLES))


class CycleForm(forms.Form):
    """A cycle and the routes it has."""

    code = forms.CharField(label="Code", max_length=12)
    name = forms.CharField(label="Name", max_length=60)
    route_ids = forms.TypedMultipleChoiceField(
        label="Routes", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route_ids"] = forms.TypedMultipleChoiceField(
            label="Routes", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
            choices=_route_choices(), help_text="A route that another cycle has moves here.",
        )  # fmt: skip


def _route_choices() -> list[tuple[int, str]]:
    """Every route, with the cycle that has it."""
    held = dict(CycleRoute.objects.values_list("route_id", "cycle__code"))
    return [
        (
            route.id,
            f"{route.code}  {route.name} · {'cycle ' + held[route.id] if route.id in held else 'no cycle'}",
        )
        for route in Route.objects.order_by("code")
    ]


def _page(request: UtilityRequest, form: CycleForm, title: str, about: str) -> HttpResponseBase:
    context = {
        "title": title, "about": about, "form": form, "key": fresh_key(request),
        "back": reverse("billing:cycles"), "outcome_url": reverse("core:outcome"),
    }  # fmt: skip
    return TemplateResponse(request, "form.html", context)


@page(EDIT)
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new cycle, routes without a cycle ticked."""
    loose = [route.id for route in routes_without_cycle()]
    form = shown(request, lambda: CycleForm(initial={"route_ids": loose}))
    return _page(request, form, "New cycle", "Routes that no cycle has are ticked.")


@new.posted(EDIT)
def make(request: UtilityRequest) -> HttpResponseBase:
    """Make it."""
    with read_only():
        form = checked(request, CycleForm(request.POST))
    perform(request, add_cycle, **form.cleaned_data)
    messages.success(request, f"Cycle {form.cleaned_data['code']} is there.")
    return redirect("billing:cycles")


@page(EDIT)
def cycle(request: UtilityRequest, cycle_id: int) -> HttpResponseBase:
    """The form of a cycle's code, name and routes."""
    found = Cycle.objects.get(id=cycle_id)
    mine = list(CycleRoute.objects.filter(cycle=found).values_list("route_id", flat=True))
    first = {"code": found.code, "name": found.name, "route_ids": mine}
    form = shown(request, lambda: CycleForm(initial=first))
    about = "Routes cannot change while a run of a cycle they leave or join is under way."
    return _page(request, form, f"Cycle {found.code}", about)


@cycle.posted(EDIT)
def put(request: UtilityRequest, cycle_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        form = checked(request, CycleForm(request.POST))
    perform(request, change_cycle, cycle_id=cycle_id, **form.cleaned_data)
    messages.success(request, f"Cycle {form.cleaned_data['code']} is changed.")
    return redirect("billing:cycles")
