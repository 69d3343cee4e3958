"""Writes to the file of a location: its address, place on a route, zone, parcel and position."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.actors import Actor
from core.errors import NotFound, Refused
from core.operations import operation
from core.search import refresh_keys
from core.seen import check
from core.texts import check_post, kept_texts
from meters.models import Location, Route
from meters.texts import LOCATION_TEXTS

MOST_SEQUENCE = 2_000_000_000
_LIMITS = {"latitude": Decimal(90), "longitude": Decimal(180)}


@dataclass(frozen=True, slots=True)
class Position:
    """Where on earth, in degrees; north and east above zero.  Both or neither."""

    latitude: Decimal | None
    longitude: Decimal | None


@operation("meters.location.change", permission="meters.edit", quiet=frozenset({"seen"}))
def change_location(
    by: Actor,
    *,
    location_id: int,
    fields: Mapping[str, str],
    route_id: int | None = None,
    sequence: int | None = None,
    in_limits: bool | None = None,
    position: Position | None = None,
    seen: str = "",
) -> int:
    """Change what is named of a location; returns its id.  What is found by its address follows.

    ``fields`` are those of ``meters.texts.LOCATION_TEXTS``; ``sequence`` is its place on the route.  ``seen``
    is the mark of what was shown (``core.seen``).  Raises ``Refused`` at the field, ``Stale`` when somebody
    changed it since.
    """
    found = Location.objects.select_for_update().filter(id=location_id).first()
    if found is None:
        raise NotFound("There is no such location.", "Find it by its address.")
    check(seen, found, shown_values(found))
    before = {one.name: str(getattr(found, one.name) or "") for one in LOCATION_TEXTS}
    kept = kept_texts(LOCATION_TEXTS, fields, before)
    if "zip_code" in kept:
        check_post(kept, country="country", zip_code="zip_code", postal_code="postal_code")
    for name, text in kept.items():
        setattr(found, name, text)
    _walk(found, route_id, sequence)
    if in_limits is not None:
        found.in_limits = in_limits
    if position is not None:
        _put_position(found, position)
    found.save()
    refresh_keys("location", [found.id])
    return int(found.id)


def shown_values(place: Location) -> dict[str, Any]:
    """What the form of a location shows, by its fields."""
    return {
        **{one.name: getattr(place, one.name) for one in LOCATION_TEXTS},
        "route": place.route_id,
        "sequence": place.sequence,
        "in_limits": place.in_limits,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _walk(place: Location, route_id: int | None, sequence: int | None) -> None:
    if route_id is not None:
        if not Route.objects.filter(id=route_id).exists():
            raise NotFound("There is no such route.", "Choose one from the list.", field="route_id")
        place.route_id = route_id
    if sequence is not None:
        if not 0 <= sequence <= MOST_SEQUENCE:
            raise Refused("That is no place on a route.", f"Type 0 to {MOST_SEQUENCE}.", field="sequence")
        place.sequence = sequence


def _put_position(place: Location, position: Position) -> None:
    if (position.latitude is None) != (position.longitude is None):
        empty = "latitude" if position.latitude is None else "longitude"
        raise Refused(f"The {empty} is missing.", "Type both in degrees, or none.", field=empty)
    for name, most in _LIMITS.items():
        value: Decimal | None = getattr(position, name)
        if value is not None and not -most <= value <= most:
            raise Refused(f"{value} is no {name}.", f"Type degrees between -{most} and {most}.", field=name)
        setattr(place, name, value)
