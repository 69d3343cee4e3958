"""Meters by their whole number, and the pages of this app, for the search box."""

from core.find import Command, Numbered
from core.search import Result
from meters.models import Location, Meter, ServiceType


def meters_numbered(text: str) -> list[Result]:
    """The meter of exactly that number."""
    found = Meter.objects.filter(number=text.upper())
    return [
        Result(
            "meter",
            m.id,
            f"Meter {m.number}",
            f"{ServiceType(m.service_type).label}, size {m.size}",
            "meters:meter",
            (m.number,),
        )
        for m in found
    ]


def locations_coded(text: str) -> list[Result]:
    """The location of exactly that code."""
    found = Location.objects.filter(code=text.upper())
    return [
        Result("location", x.id, x.address, f"Location {x.code}", "meters:location", (x.code,)) for x in found
    ]


NUMBERED = (
    Numbered("Meters", "gauge", "meters.view", meters_numbered),
    Numbered("Locations", "map-pin", "meters.view", locations_coded),
)

COMMANDS = (
    Command("Readings", "/readings/", "gauge", "readings.view", "reads"),
    Command("Meters", "/meters/", "gauge", "meters.view"),
    Command("Locations", "/locations/", "map-pin", "meters.view", "premises addresses places"),
    Command("Routes", "/routes/", "route", "meters.view", "walk"),
)
