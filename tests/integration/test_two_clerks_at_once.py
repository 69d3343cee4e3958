"""Two clerks have the same form open: the second is told what changed and loses nothing."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from core.tenancy import scope
from customers.models import Account
from tests.conftest import World

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
