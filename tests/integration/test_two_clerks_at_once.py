"""Two clerks have the same form open: the second is told what changed and loses nothing."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from core.tenancy import scope
from customers.account_file import put_alternate_address
from customers.customer_file import put_guarantor
from customers.models import Account
from meters.containers import add_container
from meters.models import Meter
from tests.conftest import World
from tests.world.comings import comings
from tests.world.fields import on_form

FLAGS = "/accounts/100003/flags/"


def opened(client: Client, path: str = FLAGS) -> dict[str, str]:
    """The hidden fields of a form as it was opened."""
    page = client.get(path).content.decode()
    return dict(re.findall(r'type="hidden" name="(idempotency_key|seen)" value="([^"]+)"', page))


def flags_of(world: World) -> dict[str, Any]:
    with scope(world.oak.utility.id), transaction.atomic():
        return dict(Account.objects.values("cash_only", "on_hold", "no_bill").get(number="100003"))


def test_the_second_clerk_is_told_who_changed_what_and_nothing_is_saved(live: World) -> None:
    first, second = live.oak.client("supervisor"), live.oak.client("clerk")
    mine, theirs = opened(first), opened(second)
    assert first.post(FLAGS, {**mine, "cash_only": "on"}).status_code == 302
    answer = second.post(FLAGS, {**theirs, "on_hold": "on"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert live.oak.supervisor.name in page
    assert "it is now ticked" in page
    assert flags_of(live) == {"cash_only": True, "on_hold": False, "no_bill": False}


def test_sent_again_the_second_clerk_s_work_joins_the_first_one_s(live: World) -> None:
    first, second = live.oak.client("supervisor"), live.oak.client("clerk")
    mine, theirs = opened(first), opened(second)
    first.post(FLAGS, {**mine, "cash_only": "on"})
    page = second.post(FLAGS, {**theirs, "on_hold": "on"}).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(idempotency_key|seen)" value="([^"]+)"', page))
    ticked = re.findall(r'<input type="checkbox" name="(\w+)"[^>]*checked', page)
    assert sorted(ticked) == ["cash_only", "on_hold"]
    assert second.post(FLAGS, {**hidden, **dict.fromkeys(ticked, "on")}).status_code == 302
    assert flags_of(live) == {"cash_only": True, "on_hold": True, "no_bill": False}


def test_a_form_that_comes_back_for_another_reason_still_knows_what_it_showed(live: World) -> None:
    first, second = live.oak.client("supervisor"), live.oak.client("clerk")
    place = {"kind": "connect", "location": "L100003", "due_on": "2026-09-10"}
    made = first.post("/orders/new/", {**place, "idempotency_key": "two-clerks-order"})
    path = f"{made.headers['Location']}change/"
    theirs, mine = opened(second, path), opened(first, path)
    first.post(path, {**mine, "due_on": "2026-09-11", "what": "Gate code 5"})
    wrong = second.post(path, {**theirs, "due_on": "not a day", "what": "Dog"}).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(idempotency_key|seen)" value="([^"]+)"', wrong))
    assert hidden["seen"] == theirs["seen"]
    told = second.post(path, {**hidden, "due_on": "2026-09-10", "what": "Dog"})
    page = told.content.decode()
    assert told.status_code == 409
    assert "Gate code 5" in page
    assert "Dog" in page
    assert 'value="2026-09-11"' in page


@pytest.mark.parametrize("seen", ["", "cash_only.000000000000", "nonsense"])
def test_a_mark_that_nobody_gave_does_no_harm(live: World, seen: str) -> None:
    client = live.oak.client("clerk")
    answer = client.post(FLAGS, {"cash_only": "on", "seen": seen, "idempotency_key": "a-mark-of-nobody"})
    assert answer.status_code in (302, 409)


PLACE = {"line_1": "1 Elm St", "city": "Oak Hollow", "state": "IA", "zip_code": "51501"}
SHUT = {"signed_on": "2026-09-01", "starts": "2026-09-01"}
SIGNED = {"bank": "FIRST", "holder": "Holder", "routing": "021000021", "kind": "checking", **SHUT}
GAUGE = {"unit": "GAL", "dials": "6", "dead_zeros": "0", "multiplier": "1"}
BOX = {"serial": "C1", "kind": "garbage", "owner": "municipal", "received_on": "2026-09-01"}


@dataclass(frozen=True)
class Form:
    """A form that two clerks open: its address, what stands in it, what each of them changes."""

    path: str
    whole: dict[str, str]
    first: tuple[str, str]
    second: tuple[str, str]


FORMS = {
    "alternate address": Form(
        "/accounts/100001/alternate-address/", PLACE, ("city", "Elm"), ("line_1", "9 Oak")
    ),
    "no address yet": Form(
        "/accounts/100002/alternate-address/", PLACE, ("city", "Elm"), ("line_1", "9 Oak")
    ),
    "guarantor": Form(
        "/customers/{customer_id}/guarantor/",
        {**PLACE, "name": "Gus"},
        ("phone", "555 0100"),
        ("name", "Gil"),
    ),
    "customer's number": Form(
        "/customers/{customer_id}/change/",
        {
            "name": "Nora",
            **{f"mail_{k}": v for k, v in PLACE.items() if k != "zip_code"},
            "mail_zip": "51501",
        },
        ("ssn", "219-09-9999"),
        ("employer", "Mill"),
    ),
    "landlord": Form(
        "/landlords/{landlord_id}/change/", {**PLACE, "name": "Lodge"}, ("employer", "Mill"), ("name", "Hall")
    ),
    "landlord's licence": Form(
        "/landlords/{landlord_id}/change/",
        {**PLACE, "name": "Lodge"},
        ("licence", "D12345678"),
        ("name", "Hall"),
    ),
    "company": Form(
        "/companies/{company_id}/change/", {**PLACE, "name": "Homes"}, ("fax", "555 0100"), ("name", "Flats")
    ),
    "container": Form("/containers/{container_id}/change/", BOX, ("owner", "rent"), ("serial", "C9")),
    "meter": Form(
        "/meters/{meter_id}/change/", {**GAUGE, "number": "M9"}, ("dials", "7"), ("brand", "Neptune")
    ),
    "bank draft": Form("/bank-drafts/{draft_id}/", SIGNED, ("paused", "on"), ("holder", "Una")),
    "bank draft's number": Form(
        "/bank-drafts/{draft_id}/", SIGNED, ("number", "11223344"), ("holder", "Una")
    ),
}


@pytest.fixture
def rows(live: World) -> dict[str, Any]:
    """One of everything in Oak, by the names of the addresses."""
    with scope(live.oak.utility.id):
        made = comings(live.oak, "OAK-")
        account = live.oak.account("100001")
        put_alternate_address(live.oak.clerk, account_id=account.id, fields=PLACE)
        put_guarantor(live.oak.clerk, customer_id=account.customer_id, fields={**PLACE, "name": "Gus"})
        container = add_container(
            live.oak.supervisor,
            texts={"serial": "C1", "kind": "garbage"},
            owner="municipal",
            received_on=date(2026, 9, 1),
            location_id=account.location_id,
            today=date(2026, 9, 2),
        )
        with transaction.atomic():
            meter = Meter.objects.get(number="M100001").id
    return {**made, "container_id": container, "customer_id": account.customer_id, "meter_id": meter}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_a_file_tells_the_second_clerk(live: World, rows: dict[str, Any], form: Form) -> None:
    first, second = live.oak.client("supervisor"), live.oak.client("admin")
    path = form.path.format(**rows)
    mine, theirs = opened(first, path), opened(second, path)
    whole = {**on_form(first.get(path)), **form.whole}
    done = first.post(path, {**whole, **mine, form.first[0]: form.first[1]})
    assert done.status_code == 302, done.context["form"].errors
    answer = second.post(path, {**whole, **theirs, form.second[0]: form.second[1]})
    assert answer.status_code == 409
    errors = answer.context["form"].errors
    assert form.first[0] in errors
    assert on_form(answer)[form.second[0]] == form.second[1]
    hidden = dict(re.findall(r'name="(idempotency_key|seen)" value="([^"]+)"', answer.content.decode()))
    assert second.post(path, {**on_form(answer), **hidden}).status_code == 302
