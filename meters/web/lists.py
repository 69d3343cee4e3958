"""The lists of routes, locations, meters and readings."""

from typing import Any
from urllib.parse import quote

from django.urls import reverse

from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.views import page
from meters.models import ServiceType
from meters.queries import dial_text, locations, meters, readings, routes
from meters.web.filters import LocationFilter, MeterFilter, ReadingFilter, RouteFilter


def location_url(row: Any) -> str:
    """The page of a location row."""
    return reverse("meters:location", args=[row.code])


def meter_url(row: Any) -> str:
    """The page of a meter row."""
    return reverse("meters:meter", args=[row.number])


def _reading_meter_url(row: Any) -> str:
    return reverse("meters:meter", args=[row.register.meter.number])


def _correct_url(row: Any) -> str:
    return reverse("meters:reading_correct", args=[row.pk])


def _reading_verbs(request: Any) -> list[Verb]:
    enter = Verb("Enter readings", reverse("meters:enter"), "keyboard", "e", main=True)
    held = Verb("Readings held", reverse("meters:held") + "?state=waiting", "flag", "h")
    return [enter, held] if request.actor.may("readings.enter") else [held]


def _kind(row: Any) -> str:
    return str(ServiceType(row.service_type).label)


def _route_url(row: Any) -> str:
    return reverse("meters:route_order", args=[row.pk])


def _route_verbs(request: Any) -> list[Verb]:
    new = Verb("New route", reverse("meters:route_new"), "plus", "n", main=True)
    return [new] if request.actor.may("meters.edit") else []


ROUTES = ListPage(
    name="routes",
    title="Routes",
    about="Locations in the order in which a reader walks them.",
    noun="routes",
    columns=(
        Column("code", "Route", kind="code", sort="code"),
        Column("name", "Name", sort="name", href=_route_url),
        Column("locations", "Locations", kind="number", sort="locations"),
    ),
    rows=lambda request: routes(),
    filters=RouteFilter,
    opens=lambda row: reverse("meters:route_order", args=[row.pk]),
    order="code",
    verbs=_route_verbs,
    empty=Empty("No routes yet", "Routes group locations for reading and billing.", "route"),
    template="meters/list.html",
)

LOCATIONS = ListPage(
    name="locations",
    title="Locations",
    about="Premises where service is delivered. A location outlives its customers.",
    noun="locations",
    columns=(
        Column("code", "Location", kind="code", sort="code"),
        Column("address", "Address", sort="street_name"),
        Column("city", "City", sort="city"),
        Column("zip_code", "ZIP", kind="code", sort="zip_code"),
        Column("route", "Route", "route.code", kind="code", sort="route__code"),
        Column("sequence", "Place", kind="number", sort="sequence"),
        Column("zone", "Zone", sort="zone", chosen=False),
        Column("in_limits", "Inside limits", kind="yes_no", sort="in_limits"),
    ),
    rows=lambda request: locations(),
    filters=LocationFilter,
    opens=location_url,
    order="code",
    empty=Empty(
        "No locations yet",
        "They come with the take-over of the old system, or are added one by one.",
        "map-pin",
    ),
    template="meters/list.html",
)


def _meter_verbs(request: Any) -> list[Verb]:
    new = Verb("New meter", reverse("meters:meter_new"), "plus", "n", main=True)
    return [new] if request.actor.may("meters.edit") else []


METERS = ListPage(
    name="meters",
    title="Meters",
    about="Every meter, installed or in store, with the place where it is at present.",
    noun="meters",
    columns=(
        Column("number", "Meter", kind="code", sort="number"),
        Column("kind", "Service", _kind, sort="service_type"),
        Column("size", "Size, inches", sort="size"),
        Column("place", "Installed at", sort="place"),
        Column("serial", "Serial", kind="code", sort="serial"),
        Column("endpoint", "Endpoint", kind="code", sort="endpoint"),
        Column("brand", "Brand", sort="brand"),
        Column("style", "Style", sort="style", chosen=False),
        Column("type", "Type", lambda row: row.kind, kind="code", sort="kind", chosen=False),
        Column("installed_on", "Installed", kind="date", sort="installed_on", chosen=False),
        Column("place_code", "Location", kind="code", chosen=False),
    ),
    rows=lambda request: meters(),
    filters=MeterFilter,
    verbs=_meter_verbs,
    opens=meter_url,
    order="number",
    empty=Empty("No meters yet", "Meters appear here once they are taken over or bought.", "gauge"),
    template="meters/list.html",
)

READINGS = ListPage(
    name="readings",
    title="Readings",
    about="What registers showed, newest entry first. A reading is never edited: its"
    " figure leads to the correction, and a later one replaces it.",
    noun="readings",
    columns=(
        Column("on", "Read on", kind="date", sort="on"),
        Column("meter", "Meter", "register.meter.number", kind="code", sort="register__meter__number"),
        Column("register", "Register", "register.code", kind="code", chosen=False),
        Column("place", "At"),
        Column(
            "dial",
            "Reading",
            lambda row: dial_text(row.dial),
            kind="number",
            sort="dial",
            href=_correct_url,
        ),
        Column("unit", "Unit", "register.unit", kind="code"),
        Column("source", "Source", "get_source_display", sort="source"),
        Column("rolled_over", "Passed zero", kind="yes_no"),
        Column(
            "standing",
            "Standing",
            lambda row: "active" if row.is_live else "reversed",
            kind="status",
            chosen=False,
        ),
        Column("came_from", "Came from", chosen=False),
        Column("why", "Why", chosen=False),
    ),
    rows=lambda request: readings(),
    verbs=_reading_verbs,
    filters=ReadingFilter,
    opens=_reading_meter_url,
    empty=Empty(
        "No readings yet",
        "Enter them by route, or bring in a file under Imports.",
        "gauge",
    ),
    template="meters/list.html",
)

route_list = page("meters.view")(list_view(ROUTES))
location_list = page("meters.view")(list_view(LOCATIONS))
meter_list = page("meters.view")(list_view(METERS))
reading_list = page("readings.view")(list_view(READINGS))


def readings_of_meter_url(number: str) -> str:
    """The list of readings, filtered to one meter."""
    return f"{reverse('meters:readings')}?meter={quote(number)}"
