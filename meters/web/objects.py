"""The pages of one meter and one location, and what this app fills them with."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from core.periods import Period
from core.quantities import UNITS
from core.ui.objects import Slot
from core.ui.parts import Fact, Panel
from core.web.object_pages import object_page
from core.web.requests import UtilityRequest
from core.web.views import page
from meters.models import Location, Meter, ServiceType
from meters.queries import (
    dial_text,
    find_locations,
    installations_of,
    installed_at,
    location_called,
    meter_called,
    points_of,
    readings_of,
    registers_of,
)
from meters.web.corrections import corrections_of
from meters.web.lists import readings_of_meter_url


@dataclass(slots=True)
class MeterShown:
    """A meter as its page's slots get it."""

    meter: Meter
    number: str
    name: str
    state: str = ""
    place: str = ""
    known: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class LocationShown:
    """A location as its page's slots get it."""

    location: Location
    number: str
    name: str
    place: str
    state: str = ""
    known: dict[str, Any] = field(default_factory=dict)


@page("meters.view")
def meter(request: UtilityRequest, number: str) -> HttpResponseBase:
    """One meter: where it is, its registers, its readings."""
    found = meter_called(number)
    places = installations_of(found)
    now = next((i for i in places if i.ends is None), None)
    subject = MeterShown(
        found,
        found.number,
        f"{ServiceType(found.service_type).label} meter",
        "active" if now else "inactive",
        str(now.service_point.location) if now else "",
        {"places": places, "now": now},
    )
    return object_page(request, "meter", subject, reverse("meters:meter", args=[number]))


@page("meters.view")
def location(request: UtilityRequest, code: str) -> HttpResponseBase:
    """One location: its service points and meters; upper apps add who is there."""
    found = location_called(code)
    town = f"{found.city}, {found.state} {found.zip_code}"
    subject = LocationShown(found, found.code, found.address, town)
    return object_page(request, "location", subject, reverse("meters:location", args=[code]))


@page("meters.view")
def location_options(request: UtilityRequest) -> HttpResponseBase:
    """Locations for a field that is being typed in (``?location=``): options of a data list."""
    found = find_locations(request.GET.get("location", ""))
    options = [(place.code, f"{place.address}, {place.city}") for place in found]
    return TemplateResponse(request, "meters/options.html", {"options": options})


def _meter_facts(request: Any, subject: MeterShown) -> list[Fact]:
    facts = [Fact("Size, inches", subject.meter.size or "–"), Fact("Brand", subject.meter.brand or "–")]
    if now := subject.known["now"]:
        where = now.service_point.location
        facts.append(Fact("Location", where.code, note=f"point {now.service_point.code}"))
    return facts


def _meter_readings(request: Any, subject: MeterShown) -> Panel:
    registers = registers_of([subject.meter.id])
    shown = readings_of(registers)
    rows = [
        {"shown": s, "dial": dial_text(s.reading.dial), "unit": UNITS[s.register.unit].label} for s in shown
    ]
    places = [(i, Period(i.starts, i.ends)) for i in subject.known["places"]]
    context = {
        "rows": rows,
        "registers": registers,
        "places": places,
        "meter": subject.meter,
        "all_url": readings_of_meter_url(subject.number),
        "corrections": corrections_of([register.id for register in registers]),
        "may_correct": request.actor.may("readings.correct"),
    }
    return Panel("meters/readings.html", context)


def _location_facts(request: Any, subject: LocationShown) -> list[Fact]:
    place = subject.location
    return [
        Fact("Route", place.route.code, note=f"place {place.sequence}"),
        Fact("Limits", "Inside" if place.in_limits else "Outside"),
    ]


def _location_points(request: Any, subject: LocationShown) -> Panel:
    installed = [(i, Period(i.starts, i.ends)) for i in installed_at(subject.location.id)]
    points = [(p, str(ServiceType(p.service_type).label)) for p in points_of(subject.location)]
    return Panel("meters/points.html", {"installed": installed, "points": points})


SLOTS = (
    Slot("meter", "header", "facts", 10, _meter_facts),
    Slot("meter", "tab", "readings", 10, _meter_readings, "Readings", "m", "readings.view"),
    Slot("location", "header", "facts", 10, _location_facts),
    Slot("location", "tab", "points", 20, _location_points, "Points and meters", "m"),
)
