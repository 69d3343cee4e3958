"""The API and its description agree: what is written there is what is answered."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trials
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import World
from tests.world.api_desk import Desk, Request, api_operations, parameters
from tests.world.bodies import Facts

KEPT = Path(settings.ROOT) / "docs" / "openapi.yaml"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CALLED = {
    "service_point_id": "point_id",
    "location_ids": "location_id",
    "to_route": "route_id",
    "bank_id": "code_id",
}
"""What bodies call otherwise than addresses do."""


def test_the_kept_description_is_that_of_the_addresses() -> None:
    out = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    made = out.getvalue()
    assert made == KEPT.read_text(), "Run: manage.py spectacular --file docs/openapi.yaml"


def described() -> Any:
    """The description as the site gives it, with every operation."""
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler())


def labels(schema: Any) -> set[str]:
    """Every operation of the description."""
    return {found.ok().label for found in schema.get_all_operations()}


def the_operation(schema: Any, label: str) -> Any:
    """The operation of that method and path."""
    method, path = label.split(" ")
    return schema[path][method]


def held_against(operation: Any, request: Request, key: str) -> Any:
    """The answer to a request, after it was held against the description."""
    sent: dict[str, Any] = {"path_parameters": request.path, "query": request.query}
    if request.body is not None and operation.body:
        sent |= {"body": request.body, "media_type": operation.body[0].media_type}
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())}
    return operation.Case(**sent).call_and_validate(headers=headers, checks=CHECKS)


def not_done(desk: Desk) -> dict[str, str]:
    """Ask every operation for what it is there for; those that did not do it as described, and why."""
    schema, wrong = described(), {}
    for label, route in api_operations().items():
        try:
            answer = held_against(the_operation(schema, label), desk.request(route), desk.partner.key)
        except (FailureGroup, AssertionError, LookupError) as failure:
            wrong[label] = f"{failure!r} {getattr(failure, 'exceptions', '')}"
            continue
        if answer.status_code >= 300:
            wrong[label] = f"{answer.status_code} {answer.text}"
    return wrong


def naming(case: Any, facts: Facts) -> Any:
    """The same request, with ids of what is there wherever its body names a thing."""
    known = {**facts, **{name: facts[fact] for name, fact in CALLED.items()}}

    def put(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {k: put(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [put(v, name) for v in value]
        return known.get(name, value) if name in CALLED or name.endswith("_id") else value

    case.body = put(case.body)
    return case


def answered_otherwise(desk: Desk, examples: int, *, derandomize: bool) -> list[str]:
    """Send so many made-up requests to each operation, half of them to what is there.

    Gives what was wrong with the answers.
    """
    schema, found = described(), []
    headers = {"Authorization": f"Bearer {desk.partner.key}"}
    for label, route in api_operations().items():
        operation = the_operation(schema, label)
        known = operation.as_strategy(path_parameters=parameters(route, desk.facts))
        requests = known.map(lambda case: naming(case, desk.facts)) | operation.as_strategy()

        @trials(
            max_examples=examples,
            derandomize=derandomize,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=requests)
        def one(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            one()
        except (FailureGroup, ExceptionGroup) as wrong:
            found.append(f"{label}: {wrong} {wrong.exceptions}")
    return found


@pytest.fixture(autouse=True)
def _calm() -> Iterator[None]:
    """Thousands of refusals are the purpose here, and not worth a line each."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.mark.req("SYS-03")
def test_every_operation_does_what_it_is_there_for_and_answers_as_described(live: World) -> None:
    assert labels(described()) == set(api_operations())
    wrong = not_done(Desk(live.oak))
    assert wrong == {}, "Say in tests/world/api_ready.py what it needs to be done."


@pytest.mark.req("SYS-03")
def test_made_up_requests_are_answered_as_the_description_says(live: World) -> None:
    assert answered_otherwise(Desk(live.oak), 2, derandomize=True) == []


@pytest.mark.trials
def test_many_made_up_requests_are_answered_as_the_description_says(live: World) -> None:
    desk = Desk(live.oak)
    assert not_done(desk) == {}
    assert answered_otherwise(desk, 100, derandomize=False) == []
