"""The order in which a route is walked: changed as a whole, safe between two clerks (CUS-15)."""

from uuid import uuid4

import pytest
from django.db import transaction

from core.errors import Conflict, Refused
from core.tenancy import scope
from meters.models import Location
from meters.walking import Place, mark_of, move_locations, places_of, resequence, walk_of
from tests.conftest import World
from tests.world.partners import Partner


@pytest.fixture
def route(world: World) -> int:
    return int(Location.objects.get(code="L100001").route_id)


def order(route_id: int) -> list[str]:
    return [place.code for place in walk_of(route_id)]


def backwards(route_id: int) -> tuple[list[Place], str]:
    """The order turned round, and the mark of the one there is."""
    places = places_of(walk_of(route_id))
    return [Place(p.location_id, n) for n, p in enumerate(reversed(places), 1)], mark_of(places)


@pytest.mark.req("CUS-15")
def test_a_route_is_walked_the_other_way_round_and_numbered_by_tens(world: World, route: int) -> None:
    was = order(route)
    places, seen = backwards(route)
    assert resequence(world.oak.billing, route_id=route, places=places, seen=seen, by_tens=True) > 0
    assert order(route) == was[::-1]
    assert [p.sequence for p in walk_of(route)] == [10 * n for n in range(1, len(was) + 1)]


def test_who_was_slower_is_told_and_changes_nothing(world: World, route: int) -> None:
    places, seen = backwards(route)
    resequence(world.oak.billing, route_id=route, places=places, seen=seen)
    now = order(route)
    with pytest.raises(Conflict, match="Somebody changed the route"):
        resequence(world.oak.supervisor, route_id=route, places=places[::-1], seen=seen)
    assert order(route) == now


def test_a_number_given_twice_is_refused(world: World, route: int) -> None:
    places, seen = backwards(route)
    twice = [Place(p.location_id, 5) for p in places]
    with pytest.raises(Refused, match="Two locations have the number 5"):
        resequence(world.oak.billing, route_id=route, places=twice, seen=seen)


@pytest.mark.req("CUS-15")
def test_locations_move_to_the_end_of_another_route(world: World, route: int) -> None:
    other = Location.objects.exclude(route=route).values_list("route", flat=True)[0]
    moving = [place.id for place in walk_of(route)[:2]]
    before = order(other)
    moved = move_locations(world.oak.billing, location_ids=moving, from_route=route, to_route=other)
    assert moved == 2
    assert [p.id for p in walk_of(other)][len(before) :] == moving
    with pytest.raises(Conflict, match="has left the route"):
        move_locations(world.oak.billing, location_ids=moving, from_route=route, to_route=other)


def test_the_order_is_put_on_screen_and_a_late_one_comes_back(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        route_id = Location.objects.get(code="L100001").route_id
        was = order(route_id)
        places, seen = backwards(route_id)
    client = live.oak.client("billing")
    sent = {"places": ",".join(f"{p.location_id}:{p.sequence}" for p in places), "seen": seen}
    answer = client.post(f"/routes/{route_id}/order/", {**sent, "idempotency_key": str(uuid4())})
    assert answer.status_code == 302
    late = client.post(f"/routes/{route_id}/order/", {**sent, "idempotency_key": str(uuid4())})
    assert late.status_code == 409
    assert "Somebody changed the route" in late.content.decode()
    with scope(live.oak.utility.id), transaction.atomic():
        assert order(route_id) == was[::-1]


def test_a_partner_reads_and_puts_the_order(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        route_id = Location.objects.get(code="L100001").route_id
    partner = Partner(live.oak, "meters.view", "meters.edit")
    walk = partner.get(f"routes/{route_id}/order/")
    turned = [{**p, "sequence": n} for n, p in enumerate(reversed(walk["places"]), 1)]
    now = partner.post(f"routes/{route_id}/order/", {"seen": walk["seen"], "places": turned}, "order-1")
    assert [p["location_id"] for p in now["places"]] == [p["location_id"] for p in walk["places"]][::-1]
