"""What the API says when something is wrong, what it does with a repeated request, and its description."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from core.models import AuditEntry, PolicyValue
from core.reading import read_only
from core.tenancy import scope
from tests.conftest import World
from tests.integration.test_partner_keys import given

ONE = "/api/v1/policies/billing.hold_over/"
BOTH = ("core.policy.view", "core.policy.set")


def post(live: World, key: str, body: object, **headers: str) -> Any:
    return Client(HTTP_HOST=live.oak.host).post(
        ONE, json.dumps(body), "application/json", headers={"authorization": f"Bearer {key}", **headers}
    )


def values(live: World) -> int:
    with scope(live.oak.utility.id), read_only():
        return PolicyValue.objects.filter(code="billing.hold_over").count()


def holds_problem(answer: Any, status: int) -> dict[str, object]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, object] = json.loads(answer.content)
    assert body["status"] == status
    assert {"type", "title", "detail", "remedy", "errors"} <= set(body)
    return body


@pytest.mark.req("SYS-03")
def test_the_same_key_again_gets_the_same_answer_and_has_no_second_effect(live: World) -> None:
    key, before = given(live.oak, *BOTH), values(live)
    sent = {"value": "250.00", "starts": "2026-09-01"}
    answers = [post(live, key, sent, **{"idempotency-key": "one"}) for _ in range(3)]
    assert [a.status_code for a in answers] == [201] * 3
    assert len({a.content for a in answers}) == 1
    assert values(live) == before + 1


def test_the_same_key_with_another_content_is_refused_without_effect(live: World) -> None:
    key = given(live.oak, *BOTH)
    post(live, key, {"value": "1.00", "starts": "2026-09-01"}, **{"idempotency-key": "one"})
    before = values(live)
    answer = post(live, key, {"value": "2.00", "starts": "2026-09-01"}, **{"idempotency-key": "one"})
    assert holds_problem(answer, 409)["type"] == "urn:curbstop:problem:key-reused"
    assert values(live) == before


def test_missing_and_unreadable_fields_are_named_each(live: World) -> None:
    answer = post(live, given(live.oak, *BOTH), {"starts": "soon"})
    errors = holds_problem(answer, 400)["errors"]
    assert [e["field"] for e in errors] == ["value", "starts"]  # type: ignore[attr-defined]  # read from JSON


def test_what_an_operation_refuses_names_the_field_and_changes_nothing(live: World) -> None:
    before = values(live)
    body = holds_problem(post(live, given(live.oak, *BOTH), {"value": "x", "starts": "2026-09-01"}), 422)
    assert body["errors"][0]["field"] == "billing.hold_over"  # type: ignore[index]  # read from JSON
    assert values(live) == before


def test_a_body_that_is_no_json_is_a_problem_not_a_fault(live: World) -> None:
    key = given(live.oak, *BOTH)
    answer = Client(HTTP_HOST=live.oak.host).post(
        ONE, "{no", "application/json", headers={"authorization": f"Bearer {key}"}
    )
    holds_problem(answer, 400)


@pytest.mark.parametrize(("method", "status"), [("delete", 405), ("options", 405), ("put", 405)])
def test_a_method_that_is_not_offered_is_said_so(live: World, method: str, status: int) -> None:
    key = given(live.oak, *BOTH)
    ask = getattr(Client(HTTP_HOST=live.oak.host), method)
    holds_problem(ask(ONE, headers={"authorization": f"Bearer {key}"}), status)


def test_an_address_where_nothing_is_answers_as_a_problem(live: World) -> None:
    holds_problem(Client(HTTP_HOST=live.oak.host).get("/api/v1/nothing/"), 404)


def test_a_fault_of_ours_tells_nothing_of_itself(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(on: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("core.api.endpoints.policies_on", broken)
    key = given(live.oak, *BOTH)
    answer = Client(HTTP_HOST=live.oak.host).get(
        "/api/v1/policies/", headers={"authorization": f"Bearer {key}"}
    )
    assert "secret detail" not in json.dumps(holds_problem(answer, 500))


def test_pages_by_cursor_show_every_entry_once_while_more_are_added(live: World) -> None:
    key = given(live.oak, "core.audit.view")
    client, url, seen = Client(HTTP_HOST=live.oak.host), "/api/v1/audit/?limit=3", []
    with scope(live.oak.utility.id), read_only():
        there = set(AuditEntry.objects.values_list("number", flat=True))
    while url:
        page = client.get(url, headers={"authorization": f"Bearer {key}"}).json()
        seen += [row["number"] for row in page["results"]]
        url = page["next"]
        if len(seen) == 3:
            given(live.oak, "bills.view")
    assert sorted(seen) == sorted(there)


@pytest.mark.req("SYS-03")
def test_the_description_of_the_api_is_valid_and_without_warning() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", stdout=out)
    described = json.loads(out.getvalue())
    answers = described["paths"][ONE.replace("billing.hold_over", "{code}")]["post"]["responses"]
    assert {"201", "401", "403", "404", "409", "422"} <= set(answers)


def test_the_description_can_be_read_without_a_key(live: World) -> None:
    client = Client(HTTP_HOST=live.oak.host)
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content


@pytest.mark.parametrize(
    "rest", ["", "nothing", "reports/no such/", "reports/a%0Ab/", "%0A", "a//b/", "%FF/"]
)
def test_an_address_where_nothing_is_is_a_problem_whatever_is_written_in_it(live: World, rest: str) -> None:
    holds_problem(Client(HTTP_HOST=live.oak.host).get(f"/api/v1/{rest}"), 404)
