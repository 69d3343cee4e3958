"""Work orders: made, changed, called off; completing one updates what it concerns."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from config.town.orders import send_crews
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, OutboxEvent
from core.seen import Stale, mark_of
from customers.models import Account
from meters.models import Installation, Meter, Reading, WorkOrder
from meters.order_queries import order_called
from meters.orders import CHANGEABLE, cancel_order, change_order, make_order
from meters.orders_done import DialShown, NewMeter, complete_order
from tests.conftest import World

DAY = date(2026, 9, 10)


def made(world: World, kind: str, number: str = "100003", **more: Any) -> WorkOrder:
    account = Account.objects.get(number=number)
    made = make_order(
        world.oak.clerk, kind=kind, location_id=account.location_id, due_on=DAY, account_number=number, **more
    )
    return WorkOrder.objects.get(id=made)


def dial_of(number: str = "100003") -> Decimal:
    last = Reading.objects.filter(register__meter__number=f"M{number}", is_live=True).order_by("-on")[0]
    return Decimal(last.dial)


def done(world: World, order: WorkOrder, *dials: Decimal, **more: Any) -> WorkOrder:
    by = more.pop("by", world.oak.clerk)
    more.setdefault("sure", True)
    readings = [DialShown(dial) for dial in dials]
    complete_order(by, order_id=order.id, done_on=DAY, readings=readings, **more)
    return WorkOrder.objects.get(id=order.id)


def test_an_order_takes_the_next_number_and_the_only_meter_of_the_place(world: World) -> None:
    first, second = made(world, "disconnect"), made(world, "re_read")
    assert second.number == first.number + 1
    assert first.meter.number == "M100003"
    assert first.made_by == world.oak.clerk.name


@pytest.mark.req("MOV-08")
def test_a_disconnection_turns_the_meter_off_with_a_final_reading(world: World) -> None:
    order = done(world, made(world, "disconnect"), dial_of() + 2)
    assert Meter.objects.get(number="M100003").cut_off == DAY
    assert (order.reading.source, order.reading.on, order.state) == ("F", DAY, "done")


@pytest.mark.req("MOV-08")
def test_a_reconnection_turns_it_on_again(world: World) -> None:
    done(world, made(world, "disconnect"), dial_of() + 2)
    done(world, made(world, "reconnect"))
    assert Meter.objects.get(number="M100003").cut_on == DAY


@pytest.mark.req("MOV-08")
def test_a_meter_change_ends_the_old_meter_and_begins_the_new_one(world: World) -> None:
    new = NewMeter("N100003", serial="SN3", first=(DialShown(Decimal(7)),))
    order = done(world, made(world, "meter_change"), dial_of() + 2, new_meter=new, by=world.oak.billing)
    old = Installation.objects.get(meter__number="M100003")
    assert old.ends == Installation.objects.get(meter=order.new_meter).starts == DAY
    assert Reading.objects.get(register__meter=order.new_meter).dial == 7
    assert order.new_meter.number == "N100003"


def test_a_clerk_without_the_meter_file_changes_no_meter_by_an_order(world: World) -> None:
    with pytest.raises(NotAllowed):
        done(world, made(world, "meter_change"), dial_of() + 2, new_meter=NewMeter("N100003"))


def test_a_meter_change_without_the_new_meter_is_refused_at_its_field(world: World) -> None:
    with pytest.raises(Refused) as refused:
        done(world, made(world, "meter_change"), dial_of() + 2, by=world.oak.billing)
    assert refused.value.field == "new_number"


@pytest.mark.req("MOV-08")
def test_a_second_re_read_of_the_day_stands_in_place_of_the_first(world: World) -> None:
    dial = dial_of()
    first = done(world, made(world, "re_read"), dial + 2).reading
    second = done(world, made(world, "re_read"), dial + 3)
    assert second.reading.replaces_id == first.id
    assert second.reading.why == f"Re-read, work order {second.number}"
    assert not Reading.objects.get(id=first.id).is_live


def test_a_reading_that_went_backwards_is_refused_at_the_dial(world: World) -> None:
    with pytest.raises(Refused, match="lower than") as refused:
        done(world, made(world, "re_read"), dial_of() - 1)
    assert refused.value.field == "dial"


def test_a_reading_far_above_the_usual_is_kept_only_by_who_is_sure(world: World) -> None:
    from core.policies import set_policy

    set_policy(world.oak.admin, code="meters.high_use_times", value="3", starts=date(2026, 1, 1))
    order = made(world, "re_read")
    with pytest.raises(Refused, match="times the usual"):
        done(world, order, dial_of() + 90_000, sure=False)
    assert done(world, order, dial_of() + 90_000).state == "done"


def test_an_investigation_says_what_was_found(world: World) -> None:
    order = made(world, "investigate")
    with pytest.raises(Refused, match="findings"):
        done(world, order)
    assert done(world, order, findings="Leak at the kerb").findings == "Leak at the kerb"


def test_a_finished_order_is_not_finished_twice(world: World) -> None:
    order = made(world, "investigate")
    done(world, order, findings="Nothing")
    with pytest.raises(Conflict, match="done already"):
        done(world, order, findings="Nothing")
    assert (
        OutboxEvent.objects.filter(name="meters.work_order_done", payload={"order_id": order.id}).count() == 1
    )


def test_an_order_of_tomorrow_is_not_done_yet(world: World) -> None:
    with pytest.raises(Refused, match="still to come"):
        complete_order(world.oak.clerk, order_id=made(world, "connect").id, done_on=date(2099, 1, 1))


def test_an_order_that_is_called_off_stays_with_the_reason(world: World) -> None:
    order = made(world, "connect")
    with pytest.raises(Refused, match="reason"):
        cancel_order(world.oak.clerk, order_id=order.id, why=" ")
    cancel_order(world.oak.clerk, order_id=order.id, why="They stay")
    after = order_called(order.number)
    assert (after.state, after.findings) == ("cancelled", "They stay")


def test_an_outside_number_names_one_order(world: World) -> None:
    made(world, "connect", outside_ref="X-1")
    with pytest.raises(Conflict, match="X-1"):
        made(world, "connect", outside_ref="X-1")


def test_an_order_is_not_made_for_an_account_of_another_place(world: World) -> None:
    elsewhere = Account.objects.get(number="100004").location_id
    with pytest.raises(Refused, match="not there") as refused:
        make_order(
            world.oak.clerk, kind="connect", location_id=elsewhere, due_on=DAY, account_number="100003"
        )
    assert refused.value.field == "account_number"


@pytest.mark.parametrize(("field", "most"), [("what", 300), ("assigned_to", 60), ("outside_ref", 40)])
def test_what_is_longer_than_its_field_is_refused_not_cut(world: World, field: str, most: int) -> None:
    assert getattr(made(world, "connect", **{field: "x" * most}), field) == "x" * most
    with pytest.raises(Refused) as refused:
        made(world, "connect", **{field: "y" * (most + 1)})
    assert refused.value.field == field


def test_who_changes_what_another_changed_meanwhile_is_told(world: World) -> None:
    order = made(world, "connect")
    seen = mark_of({name: getattr(order, name) for name in CHANGEABLE})
    change_order(world.oak.billing, order_id=order.id, changes={"assigned_to": "Crew 2"}, seen=seen)
    with pytest.raises(Stale) as stale:
        change_order(world.oak.clerk, order_id=order.id, changes={"assigned_to": "Crew 3"}, seen=seen)
    (change,) = stale.value.changes
    assert (change.field, change.now, change.who) == ("assigned_to", "Crew 2", world.oak.billing.name)


def test_what_was_done_is_in_the_audit(world: World) -> None:
    order = made(world, "disconnect")
    done(world, order, dial_of() + 2)
    entry = AuditEntry.objects.filter(operation="meters.work_order.complete").latest("number")
    assert (entry.what["order_id"], entry.what["number"]) == (order.id, order.number)


def test_a_viewer_makes_no_order(world: World) -> None:
    place = Account.objects.get(number="100003").location_id
    with pytest.raises(NotAllowed):
        make_order(world.oak.viewer, kind="connect", location_id=place, due_on=DAY)


def test_a_simulated_town_has_orders_that_wait_and_orders_that_are_done(world: World) -> None:
    accounts = Account.objects.order_by("number").values_list("number", flat=True)
    (order_id,) = send_crews(world.oak.system, since=date(2026, 9, 1))
    order = WorkOrder.objects.get(id=order_id)
    assert (order.account_number, order.state) == (accounts[2], "done")
