"""Containers on screen: the list, one with all that is kept of it, and the forms."""

from dataclasses import dataclass, field
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from core import clock
from core.codes import code_name, codes_of
from core.errors import Refused
from core.periods import Period
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot
from core.ui.parts import Empty, Fact, Panel, Verb
from core.ui.text_fields import fields_of
from core.ui.words import day_text
from core.web.object_pages import object_page
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.containers import containers, placings_of, standing_at
from meters.containers import (
    CONTAINER_TEXTS,
    MOST_SEQUENCE,
    add_container,
    change_container,
    move_container,
    service_container,
    shown_values,
)
from meters.models import Container, Location, Route
from meters.queries import having_text
from meters.web.filters import all_routes


def _today(request: Any) -> Any:
    return clock.today(request.utility.tz)


def _kinds(request: Any = None) -> list[tuple[str, str]]:
    return codes_of("container", retired=True)


class ContainerFilter(django_filters.FilterSet):
    """By serial, address or customer, type, owner, route, where it stands."""

    find = django_filters.CharFilter(label="Serial, address or customer", method="by_words")
    kind = django_filters.ChoiceFilter(label="Type", choices=_kinds, empty_label="All types")
    owner = django_filters.ChoiceFilter(
        label="Owner", choices=Container.Owner.choices, empty_label="All owners"
    )
    route = extend_schema_field(OpenApiTypes.INT)(
        django_filters.ModelChoiceFilter(
            label="Route", queryset=all_routes, empty_label="All routes", method="by_route"
        )
    )
    placed = django_filters.ChoiceFilter(
        label="Where", choices=(("out", "At a location"), ("in", "In the yard")), empty_label="Everywhere",
        method="by_place",
    )  # fmt: skip

    class Meta:
        model = Container
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Any], name: str, typed: str) -> QuerySet[Any]:
        """Each word in the serial, the address or the customer's name."""
        return having_text(rows, typed, "serial", "place", "customer_name")

    def by_route(self, rows: QuerySet[Any], name: str, route: Route) -> QuerySet[Any]:
        """On the collector's route."""
        return rows.filter(route_code=route.code)

    def by_place(self, rows: QuerySet[Any], name: str, where: str) -> QuerySet[Any]:
        """At a location, or nowhere."""
        return rows.filter(place_id__isnull=where == "in")


def _url(row: Any) -> str:
    return reverse("customers:container", args=[row.pk])


def _place_text(route: str | None, sequence: int | None) -> str:
    return " / ".join(str(part) for part in (route, sequence) if part is not None and part != "")


def _list_verbs(request: Any) -> list[Verb]:
    new = Verb("New container", reverse("customers:container_new"), "plus", "n", main=True)
    return [new] if request.actor.may("meters.edit") else []


CONTAINERS = ListPage(
    name="containers",
    title="Containers",
    about="Refuse containers, where each stands, and whose place that is.",
    noun="containers",
    columns=(
        Column("serial", "Serial", kind="code", sort="serial"),
        Column("type", "Type", lambda row: code_name("container", row.kind), sort="kind"),
        Column("owner", "Owner", "get_owner_display", sort="owner"),
        Column("place", "Address", sort="place"),
        Column("customer_name", "Customer", sort="customer_name"),
        Column("route_code", "Route", kind="code", sort="route_code"),
        Column("sequence", "Place", kind="number", sort="sequence"),
        Column("last_serviced_on", "Last serviced", kind="date", sort="last_serviced_on"),
        Column("service_count", "Services", kind="number", sort="service_count"),
        Column("received_on", "Received", kind="date", sort="received_on", chosen=False),
        Column("account_number", "Account", kind="code", chosen=False),
        Column("previous_place", "Previous address", chosen=False),
        Column("previous_route", "Previous route", kind="code", chosen=False),
        Column("previous_sequence", "Previous place", kind="number", chosen=False),
        Column("updated_on", "Updated", kind="date", sort="updated_on", chosen=False),
    ),
    rows=lambda request: containers(_today(request)),
    filters=ContainerFilter,
    opens=_url,
    order="serial",
    verbs=_list_verbs,
    empty=Empty("No containers yet", "They appear here once they are received and placed.", "trash"),
    template="meters/list.html",
)

container_list = page("meters.view")(list_view(CONTAINERS))


@dataclass(slots=True)
class ContainerShown:
    """A container as its page's slots get it."""

    container: Any
    number: str
    name: str
    state: str
    place: str
    known: dict[str, Any] = field(default_factory=dict)


@page("meters.view")
def container(request: UtilityRequest, container_id: int) -> HttpResponseBase:
    """One container."""
    found: Any = containers(_today(request)).get(id=container_id)
    kind = code_name("container", found.kind)
    state = "active" if found.place_id else "inactive"
    subject = ContainerShown(found, found.serial, f"{kind} container", state, found.place or "")
    return object_page(request, "container", subject, reverse("customers:container", args=[container_id]))


def _tab(request: HttpRequest, subject: ContainerShown) -> Panel:
    one = subject.container
    account = one.account_number
    facts = [
        Fact("Serial", one.serial),
        Fact("Type", code_name("container", one.kind)),
        Fact("Owner", one.get_owner_display()),
        Fact("Received", day_text(one.received_on)),
        Fact("Last serviced", day_text(one.last_serviced_on) if one.last_serviced_on else None),
        Fact("Services", str(one.service_count)),
        Fact("Updated", day_text(one.updated_on)),
    ]
    where = [
        Fact("Address", one.place or "In the yard",
             url=reverse("meters:location", args=[one.place_code]) if one.place_code else ""),
        Fact("Customer", one.customer_name,
             url=reverse("customers:account", args=[account]) if account else ""),
        Fact("Route / place", _place_text(one.route_code, one.sequence) or None),
        Fact("Previous address", one.previous_place),
        Fact("Previous route / place", _place_text(one.previous_route, one.previous_sequence) or None),
    ]  # fmt: skip
    places = [(p, Period(p.starts, p.ends)) for p in placings_of(one.pk)]
    return Panel("customers/container.html", {"facts": facts, "where": where, "places": places})


def _verbs(request: HttpRequest, subject: ContainerShown) -> list[Verb]:
    pk = subject.container.pk
    return [
        Verb("Serviced", reverse("customers:container_service", args=[pk]), "check", "v", main=True),
        Verb("Move", reverse("customers:container_move", args=[pk]), "transfer", "x"),
        Verb("Change", reverse("customers:container_change", args=[pk]), "pencil", "e"),
    ]


def _here(request: HttpRequest, location: Location) -> Panel:
    may = request.actor.may("meters.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    new = f"{reverse('customers:container_new')}?location={location.code}" if may else ""
    rows = [(one, code_name("container", one.kind)) for one in standing_at(location.id, _today(request))]
    return Panel("customers/containers_here.html", {"rows": rows, "new": new})


SLOTS = (
    Slot("container", "tab", "container", 10, _tab, "Container", "c"),
    Slot("container", "verb", "container", 10, _verbs, permission="meters.edit"),
    Slot("location", "tab", "containers", 40,
         lambda request, subject: _here(request, subject.location), "Containers", "c", "meters.view"),
    Slot("account", "tab", "containers", 90,
         lambda request, subject: _here(request, subject.account.location), "Containers", "C", "meters.view"),
)  # fmt: skip


def _day(label: str, help_text: str = "") -> DayField:
    return DayField(label=label, widget=DayInput, help_text=help_text)


class _Placed(forms.Form):
    """Where a container stands."""

    location = forms.CharField(
        label="Location", max_length=40, required=False,
        help_text="Its code, or type the address and choose.",
        widget=forms.TextInput(attrs={"list": "location-options", "autocomplete": "off"}),
    )  # fmt: skip
    route = forms.ModelChoiceField(
        label="Route", queryset=Route.objects.none(), to_field_name="code", required=False, empty_label="None"
    )
    sequence = forms.IntegerField(label="Place on it", min_value=0, max_value=MOST_SEQUENCE, required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        routes: Any = self.fields["route"]
        routes.queryset = Route.objects.order_by("code")

    def place(self) -> dict[str, Any]:
        """The location's id, the route's and the place on it; raises ``Refused`` for an unknown location."""
        typed = self.cleaned_data["location"].strip()
        found = Location.objects.filter(code=typed).first() if typed else None
        if typed and found is None:
            raise Refused(
                f"There is no location “{typed}”.", "Type the address and choose one.", field="location"
            )
        route = self.cleaned_data["route"]
        return {
            "location_id": found.id if found else None,
            "route_id": route.id if route else None,
            "sequence": self.cleaned_data["sequence"],
        }


class ContainerForm(forms.Form):
    """What is said of a container."""

    def __init__(self, row: Container | None, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields.update(fields_of(CONTAINER_TEXTS, row))
        self.fields["owner"] = forms.ChoiceField(label="Owner", choices=Container.Owner.choices)
        self.fields["received_on"] = _day("Received")

    def texts(self) -> dict[str, str]:
        """Serial and type."""
        return {one.name: self.cleaned_data[one.name] for one in CONTAINER_TEXTS}


class NewContainerForm(_Placed, ContainerForm):
    """A container and where it is brought."""


class MoveForm(_Placed):
    """Where it goes, and when."""

    on = _day("Moved on")


class ServicedForm(forms.Form):
    """When it was serviced."""

    on = _day("Serviced on")


def _asked(request: UtilityRequest, title: str, form: forms.Form, back: str, **more: Any) -> HttpResponseBase:
    context = {
        "title": title, "form": form, "sections": [("Container", list(form))], "key": fresh_key(request),
        "back": back, "outcome_url": reverse("core:outcome"),
        "options_url": reverse("meters:location_options"), **more,
    }  # fmt: skip
    return TemplateResponse(request, "meters/sections.html", context)


@page("meters.edit")
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new container; ``?location=`` is filled in."""
    first = {"location": request.GET.get("location", ""), "received_on": _today(request)}
    form = shown(request, lambda: NewContainerForm(None, initial=first))
    return _asked(request, "New container", form, reverse("customers:containers"), submit="Add it")


@new.posted("meters.edit")
def make(request: UtilityRequest) -> HttpResponseBase:
    """Add it."""
    with read_only():
        form = checked(request, NewContainerForm(None, request.POST))
        place = form.place()
    if place["location_id"] is None:
        raise Refused("The location is missing.", "Type the address and choose one.", field="location")
    typed = form.cleaned_data
    made = perform(
        request, add_container, texts=form.texts(), owner=typed["owner"], received_on=typed["received_on"],
        today=_today(request), **place,
    )  # fmt: skip
    messages.success(request, f"Container {typed['serial']} is in the file.")
    return redirect("customers:container", made)


@page("meters.edit")
def change(request: UtilityRequest, container_id: int) -> HttpResponseBase:
    """The form of what is said of it."""
    row = Container.objects.get(id=container_id)
    first = shown_values(row)
    form = shown(request, lambda: ContainerForm(row, initial=first))
    back = reverse("customers:container", args=[row.id])
    return _asked(request, f"Container {row.serial}", form, back, seen=seen_mark(request, first))


@change.posted("meters.edit")
def put(request: UtilityRequest, container_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        row = Container.objects.get(id=container_id)
        form = checked(request, ContainerForm(row, request.POST))
    typed = form.cleaned_data
    perform(
        request, change_container, container_id=container_id, texts=form.texts(), owner=typed["owner"],
        received_on=typed["received_on"], today=_today(request), seen=seen_sent(request),
    )  # fmt: skip
    messages.success(request, f"Container {typed['serial']} is changed.")
    return redirect("customers:container", container_id)


@page("meters.edit")
def move(request: UtilityRequest, container_id: int) -> HttpResponseBase:
    """The form of where it goes."""
    row = Container.objects.get(id=container_id)
    form = shown(request, lambda: MoveForm(initial={"on": _today(request)}))
    return _asked(
        request, f"Move container {row.serial}", form, reverse("customers:container", args=[row.id]),
        about="Leave the location empty when it is collected and goes back to the yard.", submit="Move it",
    )  # fmt: skip


@move.posted("meters.edit")
def moved(request: UtilityRequest, container_id: int) -> HttpResponseBase:
    """Move it."""
    with read_only():
        Container.objects.get(id=container_id)
        form = checked(request, MoveForm(request.POST))
        place = form.place()
    perform(
        request, move_container, container_id=container_id, on=form.cleaned_data["on"],
        today=_today(request), **place,
    )  # fmt: skip
    messages.success(request, "The container is moved." if place["location_id"] else "It is in the yard.")
    return redirect("customers:container", container_id)


@page("meters.edit")
def service(request: UtilityRequest, container_id: int) -> HttpResponseBase:
    """The form of a service that was done."""
    row = Container.objects.get(id=container_id)
    form = shown(request, lambda: ServicedForm(initial={"on": _today(request)}))
    back = reverse("customers:container", args=[row.id])
    return _asked(request, f"Container {row.serial} was serviced", form, back, submit="Count it")


@service.posted("meters.edit")
def serviced(request: UtilityRequest, container_id: int) -> HttpResponseBase:
    """Count it."""
    form = checked(request, ServicedForm(request.POST))
    perform(
        request,
        service_container,
        container_id=container_id,
        on=form.cleaned_data["on"],
        today=_today(request),
    )
    messages.success(request, "The service is counted.")
    return redirect("customers:container", container_id)
