"""What the answers of the search say: who is no customer any more, or not yet, and why they are there."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from core.search import answers, find, refresh_keys
from core.tenancy import scope
from customers.models import Account, Customer
from customers.move_in import ask_to_move_in
from meters.containers import add_container, change_container
from meters.models import Installation, Location, Meter
from meters.operations import MeterChange, change_meters
from meters.orders import change_order, make_order
from tests.conftest import World

TODAY = date(2026, 10, 2)


@pytest.mark.req("CUS-09")
def test_former_customers_are_found_and_marked(world: World) -> None:
    account = Account.objects.select_related("customer").order_by("id")[0]
    Customer.objects.filter(id=account.customer_id).update(name="Quillfeather, Ann")
    Account.objects.filter(id=account.id).update(ends=date(2026, 9, 15))
    refresh_keys("customer", [account.customer_id])
    refresh_keys("account", [account.id])
    assert {(one.kind, one.state) for one in answers("ann quillf")} == {
        ("account", "closed"),
        ("customer", "former"),
    }


@pytest.mark.req("CUS-09")
def test_who_is_still_to_come_is_marked_as_pending(live: World) -> None:
    there = live.oak.account("100012")
    with scope(live.oak.utility.id):
        ask_to_move_in(
            live.oak.clerk,
            location_id=there.location_id,
            starts=date(2026, 12, 1),
            customer_id=there.customer_id,
            owed_reason="Moves back in",
        )
        with transaction.atomic():
            account = Account.objects.get(pending=True)
            (found,) = [one for one in answers(account.number, ["account"]) if one.ref == account.id]
    assert found.state == "pending"


@pytest.mark.req("CUS-09")
def test_an_answer_says_why_it_is_there_when_nothing_shown_does(world: World) -> None:
    account = Account.objects.select_related("location__route", "customer").order_by("id")[0]
    Customer.objects.filter(id=account.customer_id).update(phone="5558675309", email="zoe@example.com")
    Location.objects.filter(id=account.location_id).update(parcel="12-0042-777", sequence=7310)
    installed = Installation.objects.filter(service_point__location=account.location_id, ends=None)
    meter = installed.values_list("meter", flat=True)[0]
    Meter.objects.filter(id=meter).update(serial="BADGER-99417")
    refresh_keys("location", [account.location_id])
    route = account.location.route.code
    for typed, because in (
        ("5309", "telephone (555) 867-5309"),
        ("zoe@ex", "mail zoe@example.com"),
        ("120042777", "parcel 12-0042-777"),
        ("99417", "meter serial BADGER-99417"),
        (f"{route}-7310", f"route {route}, place 7310"),
        (f"{route} 7310", f"route {route}, place 7310"),
        (account.customer.name, ""),
        (account.number[-4:], ""),
    ):
        found = [one for one in answers(typed, ["account"], 40) if one.ref == account.id]
        assert [one.because for one in found] == [because], typed


@pytest.mark.req("CUS-09")
def test_a_removed_meter_is_found_with_the_place_where_it_was(live: World) -> None:
    account = live.oak.account("100004")
    with scope(live.oak.utility.id):
        with transaction.atomic():
            point = Installation.objects.get(service_point__location=account.location_id).service_point_id
        change = MeterChange(point or 0, date(2026, 9, 11), Decimal(999_999), "ZX-4711")
        change_meters(live.oak.system, changes=[change], came_from="trial")
        with transaction.atomic():
            (gone,) = [one for one in answers("M100004") if one.kind == "meter"]
    assert gone.state == "removed"
    assert f"until Sep 11, 2026 at {account.location.address}" in gone.detail


def test_a_container_is_found_by_what_stands_on_it(live: World) -> None:
    place = live.oak.account().location_id
    with scope(live.oak.utility.id):
        made = add_container(
            live.oak.supervisor,
            texts={"serial": "CART-20417", "kind": "garbage"},
            owner="municipal",
            received_on=date(2026, 9, 1),
            location_id=place,
            today=TODAY,
        )
        with transaction.atomic():
            assert find("cart-204") == find("0417", ["container"]) == [("container", made)]
        change_container(
            live.oak.supervisor, container_id=made, today=TODAY, texts={"serial": "C-9", "kind": "garbage"}
        )
        with transaction.atomic():
            assert find("20417", ["container"]) == []
            assert find("c-9", ["container"]) == [("container", made)]


def test_a_work_order_is_found_by_its_number_in_an_outside_system(live: World) -> None:
    with scope(live.oak.utility.id):
        made = make_order(
            live.oak.clerk,
            kind="investigate",
            location_id=live.oak.account().location_id,
            due_on=TODAY,
            outside_ref="GIS-77012",
        )
        with transaction.atomic():
            assert find("gis-770", ["order"]) == [("order", made)]
            assert answers("77012", ["order"])[0].because == "outside GIS-77012"
        change_order(live.oak.clerk, order_id=made, changes={"outside_ref": ""})
        with transaction.atomic():
            assert find("gis-770", ["order"]) == []
