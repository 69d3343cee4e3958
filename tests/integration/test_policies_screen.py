"""The policies: what holds, what held, setting one, and what is refused at its field."""

import uuid
from datetime import date

import pytest

from core import policies
from core.reading import read_only
from core.tenancy import scope
from tests.conftest import World

HOLD = "/policies/billing.hold_over/"


def body(value: str, starts: str = "2026-09-01", **more: str) -> dict[str, str]:
    return {"value": value, "starts": starts, "idempotency_key": str(uuid.uuid4()), **more}


def held(live: World, on: date) -> object:
    with scope(live.oak.utility.id), read_only():
        return policies.value_on("billing.hold_over", on)


@pytest.mark.req("SYS-04")
def test_a_policy_is_set_from_a_day_on_and_the_days_before_keep_theirs(live: World) -> None:
    client = live.oak.client("supervisor")
    before = held(live, date(2026, 8, 31))
    assert client.post(HOLD, body("1,234.50"))["Location"] == HOLD
    assert (held(live, date(2026, 8, 31)), held(live, date(2026, 9, 1))) == (before, "1234.50")
    shown = client.get(HOLD).content
    assert b"Susan Supervisor" in shown
    assert b"1234.50" in shown


@pytest.mark.parametrize("value", ["12.345", "lots", "1.2.3", "NaN"])
def test_a_value_that_is_no_amount_is_refused_at_its_field_and_kept_as_typed(live: World, value: str) -> None:
    before = held(live, date(2026, 9, 1))
    answer = live.oak.client("supervisor").post(HOLD, body(value))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "field-wrong" in text
    assert f'value="{value}"' in text
    assert held(live, date(2026, 9, 1)) == before


def test_unset_is_said_and_is_not_zero(live: World) -> None:
    client = live.oak.client("supervisor")
    assert client.post(HOLD, body("", unset="on")).status_code == 302
    assert held(live, date(2026, 9, 1)) is None
    assert b"Not set" in client.get(HOLD).content


def test_a_form_with_neither_value_nor_unset_is_asked_again_under_the_same_key(live: World) -> None:
    sent = body("")
    answer = live.oak.client("supervisor").post(HOLD, sent)
    assert answer.status_code == 422
    assert sent["idempotency_key"] in answer.content.decode()


def test_a_form_without_its_key_sets_nothing(live: World) -> None:
    before = held(live, date(2026, 9, 1))
    sent = body("99.00")
    del sent["idempotency_key"]
    assert live.oak.client("supervisor").post(HOLD, sent).status_code == 422
    assert held(live, date(2026, 9, 1)) == before


@pytest.mark.req("SYS-02")
def test_who_may_see_policies_may_not_thereby_set_them(live: World) -> None:
    client = live.oak.client("billing")
    assert client.get(HOLD).status_code == 200
    assert client.post(HOLD, body("1.00")).status_code == 403


def test_a_policy_of_one_utility_is_not_the_others(live: World) -> None:
    live.oak.client("supervisor").post(HOLD, body("77.77"))
    assert b"77.77" not in live.elm.client("supervisor").get(HOLD).content


def test_no_such_policy_is_not_found(live: World) -> None:
    assert live.oak.client("supervisor").get("/policies/nothing.such/").status_code == 404


def test_every_setting_stands_in_the_audit_with_its_actor(live: World) -> None:
    client = live.oak.client("supervisor")
    client.post(HOLD, body("55.00"))
    shown = client.get("/audit/?operation=core.policy.set&actor_name=susan").content
    assert b"billing.hold_over" in shown
    assert b"55.00" in shown
