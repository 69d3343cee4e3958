"""People leave and others come, many at once."""

from datetime import date

import pytest

from core.errors import Conflict, NotAllowed, Refused
from core.search import find
from core.tenancy import scope
from customers.models import Account, Service
from customers.moving import Arrival, Departure, turn_over
from customers.opening import NewCustomer
from tests.conftest import World

DAY = date(2026, 9, 15)
SMITH = NewCustomer("Zoe Zabriskie", "1 Elm St", "Oak Hollow", "IA", "51501")


def test_the_next_one_has_the_services_of_the_one_before(world: World) -> None:
    before = Account.objects.get(number="100003")
    (after,) = turn_over(
        world.oak.clerk,
        departures=[Departure(before.id, DAY)],
        arrivals=[Arrival(before.id, DAY, newcomer=SMITH)],
    )
    fields = ("service_type", "service_point_id", "rate_id", "units", "attributes")
    old = Service.objects.filter(account=before).order_by("service_type")
    new = Service.objects.filter(account=after).order_by("service_type")
    assert list(old.values_list(*fields)) == list(new.values_list(*fields))
    assert set(old.values_list("ends", flat=True)) == {DAY}
    assert set(new.values_list("starts", "ends", "billed_to")) == {(DAY, None, None)}


def test_the_newcomer_is_found_by_name_at_once(world: World) -> None:
    before = Account.objects.get(number="100003")
    departure, arrival = Departure(before.id, DAY), Arrival(before.id, DAY, newcomer=SMITH)
    (after,) = turn_over(world.oak.clerk, departures=[departure], arrivals=[arrival])
    assert ("account", after) in find("zabriskie", ["account", "customer"], 5)


def test_a_customer_who_moves_keeps_being_the_same_customer(world: World) -> None:
    one, other = (Account.objects.get(number=n) for n in ("100003", "100004"))
    (after,) = turn_over(
        world.oak.clerk,
        departures=[Departure(one.id, DAY), Departure(other.id, DAY)],
        arrivals=[Arrival(other.id, DAY, customer_id=one.customer_id)],
    )
    assert Account.objects.get(id=after).customer_id == one.customer_id
    assert Account.objects.get(id=after).location_id == other.location_id


def test_nobody_leaves_twice(world: World) -> None:
    leaves = [Departure(Account.objects.get(number="100003").id, DAY)]
    turn_over(world.oak.clerk, departures=leaves, arrivals=[])
    with pytest.raises(Conflict, match="1 accounts have ended"):
        turn_over(world.oak.clerk, departures=leaves, arrivals=[])


def test_nobody_leaves_before_the_day_they_were_billed_to(world: World) -> None:
    leaves = [Departure(Account.objects.get(number="100003").id, date(2026, 8, 20))]
    with pytest.raises(Conflict, match="billed beyond"):
        turn_over(world.oak.clerk, departures=leaves, arrivals=[])


def test_nobody_comes_where_somebody_still_is(world: World) -> None:
    there = Account.objects.get(number="100003")
    with pytest.raises(Refused, match="has not ended"):
        turn_over(world.oak.clerk, departures=[], arrivals=[Arrival(there.id, DAY, newcomer=SMITH)])


def test_two_do_not_come_to_the_same_place(world: World) -> None:
    there = Account.objects.get(number="100003")
    two = [Arrival(there.id, DAY, newcomer=SMITH)] * 2
    with pytest.raises(Refused, match="is open at that place"):
        turn_over(world.oak.clerk, departures=[Departure(there.id, DAY)], arrivals=two)


def test_an_account_of_another_utility_is_not_touched(live: World) -> None:
    theirs = live.elm.account("100003").id
    with scope(live.oak.utility.id), pytest.raises(Conflict):
        turn_over(live.oak.clerk, departures=[Departure(theirs, DAY)], arrivals=[])
    assert live.elm.account("100003").ends is None


def test_a_viewer_moves_nobody(world: World) -> None:
    with pytest.raises(NotAllowed):
        turn_over(world.oak.viewer, departures=[], arrivals=[])
