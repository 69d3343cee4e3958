"""A location without anybody: vacant by itself, its history whole, the landlord's under an agreement."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.actors import Actor
from core.operations import operation
from core.periods import Period
from core.tenancy import scope
from customers.landlords import add_landlord, change_holding, give_location
from customers.leaving import end_account, revert_to_landlords
from customers.models import Account, Landlord, Service
from customers.move_in import ask_to_move_in, take_over
from customers.opening import NewCustomer
from customers.vacant import tenancies, tenant_of, vacant
from meters.models import Installation, Reading, Register
from meters.operations import NewReading, record_batch
from tests.conftest import World
from tests.world.comings import ADDRESS
from tests.world.partners import Partner

LEFT, CAME, LOOKED = date(2026, 9, 5), date(2026, 9, 20), date(2026, 10, 1)
FAMILY = NewCustomer("Fay Family", "PO Box 7", "Oak Hollow", "IA", "51501")


def account(number: str = "100003") -> Account:
    return Account.objects.get(number=number)


@operation("trial.nightly", permission="customers.edit")
def nightly(by: Actor, *, on: date) -> list[int]:
    return revert_to_landlords(by, on=on)


def reads(world: World, *steps: tuple[date, int]) -> Register:
    """The water register of the place is read so many steps further on these days."""
    meters = Installation.objects.filter(
        service_point__location=account().location_id, service_point__service_type="water"
    ).values("meter")
    register: Register = Register.objects.get(meter__in=meters)
    dial = Reading.objects.filter(register=register, is_live=True).latest("on").dial
    rows = []
    for on, step in steps:
        dial += step
        rows.append(NewReading(register.id, on, dial, "A", False))
    record_batch(world.oak.system, rows=rows, came_from="trial")
    return register


@pytest.mark.req("MOV-04")
def test_a_location_is_vacant_by_itself_once_its_account_has_ended(world: World) -> None:
    place = account().location_id
    assert place not in vacant(LOOKED).values_list("id", flat=True)
    end_account(world.oak.clerk, account_id=account().id, on=LEFT)
    found: Any = vacant(LOOKED).get(id=place)
    assert (found.since, found.before) == (LEFT, "100003")
    assert place not in vacant(date(2026, 9, 4)).values_list("id", flat=True)


@pytest.mark.req("MOV-04")
def test_what_is_used_while_nobody_is_there_is_told(world: World) -> None:
    register = reads(world, (LEFT, 4), (LOOKED, 3))
    end_account(world.oak.clerk, account_id=account().id, on=LEFT)
    place: Any = vacant(LOOKED).get(id=account().location_id)
    used = place.used
    assert used is not None
    assert Decimal(used.split()[0]) == 3 * register.multiplier
    assert used.split()[1] == register.unit


@pytest.mark.req("MOV-04")
def test_the_days_between_belong_to_nobody_and_the_history_is_whole(world: World) -> None:
    before = account()
    end_account(world.oak.clerk, account_id=before.id, on=LEFT)
    made = ask_to_move_in(world.oak.clerk, location_id=before.location_id, starts=CAME, new_customer=FAMILY)
    after = take_over(world.oak.system, move_in_id=made, on=CAME)
    found = tenancies(before.location_id, LOOKED)
    assert [(t.account.id if t.account else None) for t in found] == [after, None, before.id]
    assert found[1].days == Period(LEFT, CAME)
    who = [tenant_of(found, day) for day in (LEFT, CAME, LOOKED)]
    assert [one.account.id if one and one.account else None for one in who] == [before.id, None, after]


@pytest.mark.req("MOV-04", "CUS-11")
def test_with_a_landlord_agreement_the_vacant_days_are_the_landlords(world: World) -> None:
    clerk, before = world.oak.clerk, account()
    landlord = add_landlord(clerk, texts={"name": "Lodge", **ADDRESS})
    give_location(
        clerk, landlord_id=landlord, location_id=before.location_id, starts=date(2026, 8, 1), reverts=True
    )
    end_account(clerk, account_id=before.id, on=LEFT)
    theirs = Account.objects.get(location=before.location_id, ends=None)
    assert theirs.customer_id == Landlord.objects.get(id=landlord).customer_id
    assert theirs.starts == LEFT
    kinds = [
        list(Service.objects.filter(account=a).order_by("id").values_list("rate_id", "service_point_id"))
        for a in (before, theirs)
    ]
    assert kinds[0] == kinds[1] != []


@pytest.mark.req("MOV-04", "CUS-11")
def test_an_agreement_made_later_counts_from_the_next_night_on_once(world: World) -> None:
    clerk, before = world.oak.clerk, account()
    landlord = add_landlord(clerk, texts={"name": "Lodge", **ADDRESS})
    held = give_location(clerk, landlord_id=landlord, location_id=before.location_id, starts=LEFT)
    end_account(clerk, account_id=before.id, on=LEFT)
    assert nightly(clerk, on=LOOKED) == []
    change_holding(clerk, holding_id=held, reverts=True)
    assert len(nightly(clerk, on=LOOKED)) == 1
    assert nightly(clerk, on=LOOKED) == []


def test_who_moves_in_after_the_landlord_takes_over_from_the_landlord(world: World) -> None:
    clerk, before = world.oak.clerk, account()
    landlord = add_landlord(clerk, texts={"name": "Lodge", **ADDRESS})
    give_location(clerk, landlord_id=landlord, location_id=before.location_id, starts=LEFT, reverts=True)
    end_account(clerk, account_id=before.id, on=LEFT)
    made = ask_to_move_in(clerk, location_id=before.location_id, starts=CAME, new_customer=FAMILY)
    after = take_over(world.oak.system, move_in_id=made, on=CAME)
    found = tenancies(before.location_id, LOOKED)
    assert [t.landlords for t in found] == [False, True, False]
    assert Service.objects.filter(account=after, ends=None).exists()


@pytest.mark.req("MOV-04")
def test_screen_and_api_say_that_it_is_vacant_and_what_was_used(live: World) -> None:
    client, partner = live.oak.client("clerk"), Partner(live.oak)
    ended = client.post("/accounts/100003/end/", {"on": "2026-09-05", "idempotency_key": "moves-out"})
    assert ended.status_code == 302, ended.content
    page = client.get("/locations/L100003/?tab=usage").content.decode()
    assert "since Sep 5, 2026" in page
    assert "100003" in page
    assert "L100003" in client.get("/vacant/").content.decode()
    (row,) = partner.get("vacant-locations/", find="L100003")["results"]
    assert (row["code"], row["since"], row["before"]) == ("L100003", "2026-09-05", "100003")
    with scope(live.elm.utility.id), transaction.atomic():
        assert Account.objects.get(number="100003").ends is None
