"""The order in which a route is walked, and moving locations from one route to another (CUS-15)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from core.actors import Actor
from core.bulk import array_literal
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation
from core.search import refresh_keys
from meters.models import Location, Route

STEP = 10
"""Places are numbered by tens, so that a new house finds room between two."""

HIGHEST = 999_999


@dataclass(frozen=True, slots=True)
class Place:
    """A location and its number on the route."""

    location_id: int
    sequence: int


def walk_of(route_id: int) -> list[Location]:
    """The locations of a route in the order in which they are walked."""
    return list(Location.objects.filter(route=route_id).order_by("sequence", "id"))


def mark_of(places: Sequence[Place]) -> str:
    """A fingerprint of an order: who changes it says which one was on the screen."""
    text = ",".join(f"{p.location_id}:{p.sequence}" for p in places)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def places_of(walk: Sequence[Location]) -> list[Place]:
    """The order as it is kept."""
    return [Place(place.id, place.sequence) for place in walk]


@operation("meters.route.resequence", permission="meters.edit", quiet=frozenset({"places"}))
def resequence(by: Actor, *, route_id: int, places: Sequence[Place], seen: str, by_tens: bool = False) -> int:
    """Walk the route's locations in the order of their new numbers; returns how many changed.

    ``places`` names every location of the route once; equal numbers keep the order in which they are given
    only with ``by_tens``, which numbers all anew.  ``seen`` is ``mark_of`` the order that was changed.

    Raises ``Conflict`` when somebody else changed the route since, ``Refused`` for numbers that are given
    twice or cannot be.
    """
    walk = _locked_walk(route_id)
    was = {place.id: place.sequence for place in walk}
    if seen != mark_of(places_of(walk)) or set(was) != {p.location_id for p in places}:
        raise Conflict(
            "Somebody changed the route while you had it open.",
            "Reload the page to see their order, then put yours in again.",
        )
    wanted = sorted(places, key=lambda p: p.sequence)
    if by_tens:
        wanted = [Place(p.location_id, (n + 1) * STEP) for n, p in enumerate(wanted)]
    _sound(wanted, len(was))
    changed = [p for p in wanted if was[p.location_id] != p.sequence]
    _put(changed)
    note(places=len(was), changed=len(changed))
    return len(changed)


@operation("meters.route.move", permission="meters.edit")
def move_locations(by: Actor, *, location_ids: Sequence[int], from_route: int, to_route: int) -> int:
    """Take locations off one route and put them at the end of another, in their order; returns how many.

    Raises ``Conflict`` when one of them has left the route since, ``Refused`` without any, or for the same
    route.  Cycles bill by route: their next bills come with the other route's cycle.
    """
    if not location_ids:
        raise Refused("No location is ticked.", "Tick those that move.", field="location_ids")
    if from_route == to_route:
        raise Refused("They are on that route already.", "Choose another route.", field="to_route")
    # Both routes in the order of their ids, so that two who move the other way round wait in turn.
    for route_id in sorted((from_route, to_route)):
        _locked_walk(route_id)
    moving = list(Location.objects.filter(id__in=location_ids, route=from_route).order_by("sequence", "id"))
    if len(moving) < len(set(location_ids)):
        raise Conflict("A location has left the route meanwhile.", "Reload the page and tick again.")
    end = Location.objects.filter(route=to_route).aggregate(last=Max("sequence"))["last"] or 0
    for n, place in enumerate(moving):
        place.route_id, place.sequence = to_route, min(HIGHEST, end + (n + 1) * STEP)
    Location.objects.bulk_update(moving, ["route", "sequence"], batch_size=500)
    refresh_keys("location", [place.id for place in moving])
    return len(moving)


def _locked_walk(route_id: int) -> list[Location]:
    """The walk, under the route's lock: everything that changes it takes this first."""
    if Route.objects.select_for_update().filter(id=route_id).first() is None:
        raise NotFound("There is no such route.", "Choose one from the list.", field="to_route")
    return walk_of(route_id)


def _sound(places: Sequence[Place], count: int) -> None:
    if len(places) != count:
        raise Refused("A location is named twice.", "Reload the page and put the order in again.")
    for one, other in zip(places, places[1:], strict=False):
        if one.sequence == other.sequence:
            problem = f"Two locations have the number {one.sequence}."
            raise Refused(problem, "Give one of them another number, or renumber by tens.", field="places")
    wrong = next((p.sequence for p in places if not 0 <= p.sequence <= HIGHEST), None)
    if wrong is not None:
        problem = f"{wrong} cannot be a place on a route."
        raise Refused(problem, f"Use whole numbers from 0 to {HIGHEST:,}.", field="places")


def _put(places: Sequence[Place]) -> None:
    if not places:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE meters_location l SET sequence = v.place"
            " FROM unnest(%s::bigint[], %s::int[]) v(id, place) WHERE l.id = v.id",
            [array_literal([p.location_id for p in places]), array_literal([p.sequence for p in places])],
        )
