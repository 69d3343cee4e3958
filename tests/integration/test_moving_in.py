"""Somebody moves in: the pending account, its day, and what is owed from before."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from config.town.month import work_until_idle
from core.errors import Conflict, Refused
from core.models import Job, Schedule
from core.operations import act_as
from core.sealed import Typed
from core.search import find
from core.tenancy import scope
from core.work.schedules import run_schedule_now
from customers.customer_file import change_customer
from customers.leaving import end_account
from customers.models import Account, MoveIn, Note, Service
from customers.move_in import (
    Wished,
    ask_to_move_in,
    take_over,
    take_over_or_tell,
    withdraw_move_in,
)
from customers.opening import NewCustomer
from customers.sealed import LICENCE, SSN
from ledger.models import OpenItem
from meters.orders import make_order
from meters.orders_done import complete_order
from tests.conftest import World
from tests.world.partners import Partner

DAY = date(2026, 9, 15)
FAMILY = NewCustomer("Fay Family", "PO Box 7", "Oak Hollow", "IA", "51501")
NUMBER = "078-05-1120"


def asked(world: World, number: str = "100003", **more: Any) -> MoveIn:
    """The family waits for the place of that account."""
    there = Account.objects.get(number=number)
    made = ask_to_move_in(
        world.oak.clerk, location_id=there.location_id, starts=DAY, new_customer=FAMILY, **more
    )
    return MoveIn.objects.select_related("account").get(id=made)


def owed_on(number: str) -> Decimal:
    return sum((i.open for i in OpenItem.objects.filter(account__number=number)), Decimal(0))


def known_by_number(world: World, number: str = "100005") -> Account:
    """The customer of that account has the number on file."""
    account = Account.objects.get(number=number)
    change_customer(
        world.oak.clerk,
        customer_id=account.customer_id,
        fields={},
        ssn=Typed(SSN, NUMBER),
        licence=Typed(LICENCE, "D1234567"),
    )
    return account


@pytest.mark.req("MOV-01")
def test_who_waits_has_a_pending_account_while_the_other_is_still_there(world: World) -> None:
    waits = asked(world)
    assert (waits.account.pending, waits.account.starts, waits.state) == (True, DAY, "waiting")
    assert not Service.objects.filter(account=waits.account).exists()
    assert Account.objects.get(number="100003").ends is None
    assert ("account", waits.account_id) in find("fay family", ["account"], 5)


@pytest.mark.req("MOV-01")
def test_on_the_day_the_pending_account_takes_over_place_and_services(world: World) -> None:
    before = Account.objects.get(number="100003")
    waits = asked(world)
    take_over(world.oak.system, move_in_id=waits.id, on=DAY)
    fields = ("service_type", "service_point_id", "rate_id", "units", "attributes")
    old, new = (Service.objects.filter(account=a).order_by("service_type") for a in (before, waits.account))
    assert list(old.values_list(*fields)) == list(new.values_list(*fields))
    assert set(old.values_list("ends", flat=True)) == {DAY} == set(new.values_list("starts", flat=True))
    assert Account.objects.get(id=before.id).ends == DAY
    done = MoveIn.objects.select_related("account").get(id=waits.id)
    assert (done.state, done.after_id, done.account.pending) == ("done", before.id, False)


@pytest.mark.req("MOV-01")
def test_the_take_over_happens_at_night_by_itself(live: World) -> None:
    with scope(live.oak.utility.id):
        with transaction.atomic():
            there = Account.objects.get(number="100003")
        made = ask_to_move_in(live.oak.clerk, location_id=there.location_id, starts=DAY, new_customer=FAMILY)
        with transaction.atomic():
            schedule = Schedule.objects.get(kind="customers.take_over")
        assert schedule.next_due is not None
        job = run_schedule_now(live.oak.supervisor, schedule_id=schedule.id)
    work_until_idle()
    with scope(live.oak.utility.id), transaction.atomic():
        assert Job.objects.get(id=job).state == "done"
        assert MoveIn.objects.get(id=made).state == "done"
        assert Account.objects.get(number="100003").ends == DAY


def test_before_its_day_nothing_is_taken_over(world: World) -> None:
    waits = asked(world)
    with pytest.raises(Refused, match="Sep 15, 2026"):
        take_over(world.oak.system, move_in_id=waits.id, on=date(2026, 9, 14))


@pytest.mark.req("MOV-01")
def test_what_stands_in_the_way_is_told_on_the_move_in_and_nothing_is_half_done(world: World) -> None:
    there = Account.objects.get(number="100003")
    made = ask_to_move_in(
        world.oak.clerk, location_id=there.location_id, starts=date(2026, 8, 20), new_customer=FAMILY
    )
    with act_as(world.oak.system, "core.schedule.due"):
        assert not take_over_or_tell(world.oak.system, move_in_id=made, on=DAY)
    told = MoveIn.objects.get(id=made)
    assert told.state == "waiting"
    assert "billed beyond" in told.problem
    assert Account.objects.get(id=there.id).ends is None
    assert set(Service.objects.filter(account=there).values_list("ends", flat=True)) == {None}


def test_of_the_services_those_wished_are_opened_as_they_were(world: World) -> None:
    before = Account.objects.get(number="100003")
    water = Service.objects.get(account=before, service_type="water")
    waits = asked(world, services=[Wished(water.rate_id)])
    take_over(world.oak.system, move_in_id=waits.id, on=DAY)
    (opened,) = Service.objects.filter(account=waits.account)
    assert (opened.rate_id, opened.service_point_id) == (water.rate_id, water.service_point_id)


def test_two_do_not_wait_for_one_place(world: World) -> None:
    asked(world)
    with pytest.raises(Conflict, match="Fay Family waits"):
        asked(world)


def test_who_withdraws_leaves_the_place_to_others(world: World) -> None:
    waits = asked(world)
    withdraw_move_in(world.oak.clerk, move_in_id=waits.id)
    account = Account.objects.get(id=waits.account_id)
    assert (account.ends, MoveIn.objects.get(id=waits.id).state) == (account.starts, "withdrawn")
    assert asked(world).state == "waiting"
    with pytest.raises(Conflict, match="withdrawn"):
        take_over(world.oak.system, move_in_id=waits.id, on=DAY)


@pytest.mark.req("MOV-01")
def test_after_an_empty_time_the_services_of_the_last_one_go_on(world: World) -> None:
    before = Account.objects.get(number="100003")
    had = Service.objects.filter(account=before).count()
    end_account(world.oak.clerk, account_id=before.id, on=date(2026, 9, 5))
    waits = asked(world)
    take_over(world.oak.system, move_in_id=waits.id, on=DAY)
    assert Service.objects.filter(account=waits.account, starts=DAY).count() == had
    assert Account.objects.get(id=before.id).ends == date(2026, 9, 5)


@pytest.mark.req("CUS-07")
@pytest.mark.parametrize(
    "numbers", [{"ssn": Typed(SSN, "078051120")}, {"licence": Typed(LICENCE, "d-123 4567")}]
)
def test_who_owes_from_before_is_caught_by_either_number(world: World, numbers: Any) -> None:
    known = known_by_number(world)
    with pytest.raises(Refused) as refused:
        asked(world, **numbers)
    told = str(refused.value)
    for said in (known.number, known.customer.name, known.location.address, f"{owed_on(known.number):,.2f}"):
        assert said in told
    assert refused.value.field == "owed_reason"


@pytest.mark.req("CUS-07")
def test_taken_all_the_same_the_reason_is_a_pinned_note(world: World) -> None:
    known = known_by_number(world)
    waits = asked(world, ssn=Typed(SSN, NUMBER), owed_reason="Pays in two parts")
    note = Note.objects.get(account=waits.account)
    assert note.pinned
    assert known.number in note.text
    assert "Pays in two parts" in note.text
    assert Account.objects.get(id=waits.account_id).customer.ssn_last4 == "1120"


@pytest.mark.req("CUS-07")
def test_on_the_form_the_earlier_bills_are_listed_as_the_number_is_typed(live: World) -> None:
    with scope(live.oak.utility.id):
        with transaction.atomic():
            customer = Account.objects.get(number="100005").customer_id
        change_customer(live.oak.clerk, customer_id=customer, fields={}, ssn=Typed(SSN, NUMBER))
        with transaction.atomic():
            owed = owed_on("100005")
    client = live.oak.client("clerk")
    told = client.post("/move-ins/earlier/", {"ssn": NUMBER}).content.decode()
    assert "100005" in told
    assert f"{owed:,.2f}" in told
    assert NUMBER not in told
    assert "unpaid" not in client.post("/move-ins/earlier/", {"ssn": "078-05-1121"}).content.decode()
    theirs = live.elm.client("clerk").post("/move-ins/earlier/", {"ssn": NUMBER}).content.decode()
    assert "100005" not in theirs


@pytest.mark.req("MOV-01")
def test_the_family_is_put_on_the_list_on_screen(live: World) -> None:
    client = live.oak.client("clerk")
    typed = {"location": "L100003", "starts": "2026-12-15", "category": "residential", "name": "Fay Family"}
    answer = client.post("/move-ins/new/", {**typed, "idempotency_key": "family-moves-in"})
    assert answer.status_code == 302, answer.content
    page = client.get(answer["Location"]).content.decode()
    assert "takes over on Dec 15, 2026" in page
    assert "Fay Family" in client.get("/move-ins/?state=waiting").content.decode()
    assert "Fay Family" in client.get("/locations/L100003/").content.decode()


@pytest.mark.req("MOV-01", "CUS-07")
def test_a_partner_system_asks_for_a_place_and_hears_what_is_owed(live: World) -> None:
    partner = Partner(live.oak)
    account = partner.get(f"accounts/{partner.first('accounts/', number='100004')['id']}/")["account"]
    family = {
        "name": "Fay Family", "mail_line_1": "PO Box 7", "mail_city": "Oak Hollow", "mail_state": "IA",
        "mail_zip": "51501",
    }  # fmt: skip
    wish = {"location_id": account["location_id"], "starts": "2026-12-15", "new_customer": family}
    made = partner.post("move-ins/", wish)
    assert made["state"] == "waiting"
    told = partner.post("earlier-bills/", {"customer_id": account["customer_id"]})
    assert [b["account"] for b in told["bills"]] == ["100004"]
    assert told["owed"] == told["bills"][0]["owed"]
    answer = partner.ask("POST", f"move-ins/{made['id']}/withdraw/", {})
    assert answer.json()["state"] == "withdrawn"


def connected(live: World, on: date) -> None:
    """A work order to connect the place is done, and what it brings about is brought about."""
    with scope(live.oak.utility.id):
        place = live.oak.account("100003").location_id
        order = make_order(live.oak.clerk, kind="connect", location_id=place, due_on=on)
        complete_order(live.oak.clerk, order_id=order, done_on=on)
    work_until_idle()


@pytest.mark.req("MOV-08", "MOV-01")
def test_connecting_the_place_lets_in_who_waits_for_it_when_their_day_has_come(live: World) -> None:
    with scope(live.oak.utility.id):
        place = live.oak.account("100003").location_id
        end_account(live.oak.clerk, account_id=live.oak.account("100003").id, on=date(2026, 9, 5))
        ask_to_move_in(live.oak.clerk, location_id=place, starts=DAY, new_customer=FAMILY)
    connected(live, date(2026, 9, 10))
    with scope(live.oak.utility.id), transaction.atomic():
        assert MoveIn.objects.get().state == "waiting"
    connected(live, DAY)
    with scope(live.oak.utility.id), transaction.atomic():
        done = MoveIn.objects.select_related("account").get()
        assert (done.state, done.account.pending) == ("done", False)
        assert "Fay Family has taken over" in Note.objects.filter(account=done.account).latest("id").text
