"""The pages of this app, for the search box; meters and locations are found by their keys."""

from core.find import Command, Numbered

NUMBERED: tuple[Numbered, ...] = ()

COMMANDS = (
    Command("Readings", "/readings/", "gauge", "readings.view", "reads"),
    Command("Meters", "/meters/", "gauge", "meters.view"),
    Command("Locations", "/locations/", "map-pin", "meters.view", "premises addresses places"),
    Command("Routes", "/routes/", "route", "meters.view", "walk"),
)
