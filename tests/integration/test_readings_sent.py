"""Readings that another system sends are judged one by one; what is not taken waits for a person (MTR-07)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.errors import Conflict, Refused
from core.tenancy import scope
from meters.models import HeldReading, Reading, Register
from meters.taking import drop_held, take_held
from tests.conftest import World
from tests.world.desk import send, text_of
from tests.world.fields import wrong_on
from tests.world.partners import Partner

TODAY = date(2026, 10, 2)


def register_of(live: World, number: str = "M100001") -> tuple[int, Decimal]:
    """A register and what it showed last."""
    with scope(live.oak.utility.id), transaction.atomic():
        register = Register.objects.get(meter__number=number)
        last = Reading.objects.filter(register=register, is_live=True).latest("on")
        return register.id, last.dial


def post(live: World, *rows: dict[str, Any], key: str, **more: Any) -> Any:
    return Partner(live.oak).ask("POST", "readings/", {"readings": list(rows), **more}, key=key)


def live_on(live: World, register: int, on: str) -> list[Reading]:
    with scope(live.oak.utility.id), transaction.atomic():
        return list(Reading.objects.filter(register=register, on=on, is_live=True))


def stands_still(live: World, key: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """A reading without use, which stands out: the register and the answer."""
    register, last = register_of(live)
    found = post(live, {"register_id": register, "on": "2026-10-01", "dial": str(last)}, key=key, **more)
    return register, found.json()


@pytest.mark.req("MTR-07", "SYS-03")
def test_what_is_right_is_taken_and_what_stands_out_is_held_with_its_reason(live: World) -> None:
    still, last = register_of(live)
    good, before = register_of(live, "M100002")
    answer = post(
        live,
        {"register_id": still, "on": "2026-10-01", "dial": str(last)},
        {"register_id": good, "on": "2026-10-01", "dial": str(before + 1)},
        key="mixed",
    ).json()
    assert (answer["recorded"], answer["held"]) == (1, 1)
    assert [one["state"] for one in answer["readings"]] == ["asks", "taken"]
    assert answer["readings"][0]["remarks"][0]["code"] == "zero_use"
    assert live_on(live, still, "2026-10-01") == []
    assert Partner(live.oak).get("readings/held/", state="waiting")["results"][0]["meter"] == "M100001"


@pytest.mark.req("MTR-07")
def test_what_stands_out_is_overridden_with_a_reason_only(live: World) -> None:
    register, last = register_of(live)
    row = {"register_id": register, "on": "2026-10-01", "dial": str(last), "sure": ["zero_use"]}
    refused = post(live, row, key="no-reason")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "why"
    assert post(live, row, key="reason", why="House is empty").json()["recorded"] == 1
    (kept,) = live_on(live, register, "2026-10-01")
    assert kept.why == "Kept after a look: no use. House is empty"


def test_sent_again_with_its_key_or_without_nothing_is_stored_twice(live: World) -> None:
    register, last = register_of(live)
    sent = {"readings": [{"register_id": register, "on": "2026-10-01", "dial": str(last + 1)}]}
    partner = Partner(live.oak)
    first, again, other = (partner.post("readings/", sent, key=key) for key in ("one", "one", "two"))
    assert first == again
    assert (other["recorded"], other["readings"][0]["state"]) == (0, "there")
    assert len(live_on(live, register, "2026-10-01")) == 1


def test_a_held_reading_that_comes_again_is_held_once(live: World) -> None:
    _, first = stands_still(live, "a")
    _, second = stands_still(live, "b")
    assert first["readings"][0]["held_id"] == second["readings"][0]["held_id"]


def test_a_held_reading_is_settled_by_itself_when_the_right_one_comes(live: World) -> None:
    register, first = stands_still(live, "a")
    dial = Decimal(first["readings"][0]["dial"]) + 1
    post(live, {"register_id": register, "on": "2026-10-01", "dial": str(dial)}, key="b")
    with scope(live.oak.utility.id), transaction.atomic():
        held = HeldReading.objects.get(register=register)
    assert (held.state, held.reading_id) == ("taken", live_on(live, register, "2026-10-01")[0].id)


@pytest.mark.req("MTR-07")
def test_a_biller_takes_a_held_reading_on_screen_with_a_reason(live: World) -> None:
    register, answer = stands_still(live, "a")
    biller, page = live.oak.client("billing"), f"/readings/held/{answer['readings'][0]['held_id']}/"
    assert "There was no use" in text_of(biller.get(page))
    none = send(biller, page, decision="take", why="")
    assert "why" in wrong_on(none)
    assert send(biller, page, decision="take", why="Looked; nobody lives there").status_code == 302
    (kept,) = live_on(live, register, "2026-10-01")
    assert kept.why.endswith("Looked; nobody lives there")


def test_a_held_reading_that_cannot_be_is_dropped_and_not_taken(live: World) -> None:
    register, _ = register_of(live)
    sent = {"register_id": register, "on": "2026-10-01", "dial": "9999999999"}
    held = post(live, sent, key="a").json()["readings"][0]
    assert (held["state"], held["remarks"][0]["code"]) == ("wrong", "too_many_digits")
    with scope(live.oak.utility.id):
        with pytest.raises(Refused, match="does not fit"):
            take_held(live.oak.billing, held_id=held["held_id"], why="Sure", today=TODAY)
        drop_held(live.oak.billing, held_id=held["held_id"], why="Radio fault")
        with pytest.raises(Conflict, match="decided already"):
            drop_held(live.oak.billing, held_id=held["held_id"], why="Again")
    assert live_on(live, register, "2026-10-01") == []


def test_a_clerk_sees_what_is_held_and_does_not_decide(live: World) -> None:
    _, answer = stands_still(live, "a")
    page = f"/readings/held/{answer['readings'][0]['held_id']}/"
    clerk = live.oak.client("clerk")
    assert "Decide" not in text_of(clerk.get(page))
    refused = clerk.post(page, {"decision": "drop", "why": "x", "idempotency_key": "held-by-clerk"})
    assert refused.status_code == 403


def test_a_dial_that_plausibly_passed_zero_is_taken_as_one_that_did(live: World) -> None:
    register, _ = register_of(live)
    with scope(live.oak.utility.id), transaction.atomic():
        limit = Register.objects.get(id=register).dial.limit
        Reading.objects.filter(register=register).update(is_live=False)
        Reading.objects.create(register_id=register, on=date(2026, 9, 1), dial=limit - 5, source="A")
    answer = post(live, {"register_id": register, "on": "2026-10-01", "dial": "3"}, key="a").json()
    assert (answer["readings"][0]["rolled_over"], Decimal(answer["readings"][0]["use"]) > 0) == (True, True)
