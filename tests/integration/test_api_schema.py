"""The API and its description agree: what is written there is what is answered."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from tests.world.partners import Partner

KEPT = Path(settings.ROOT) / "docs" / "openapi.yaml"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_the_kept_description_is_that_of_the_addresses() -> None:
    out = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    made = out.getvalue()
    assert made == KEPT.read_text(), "Run: manage.py spectacular --file docs/openapi.yaml"


def there(partner: Partner) -> dict[str, Any]:
    """An id of the partner's own utility for each name in addresses and bodies."""
    rate = partner.first("rates/")["id"]
    account = partner.get(f"accounts/{partner.first('accounts/')['id']}/")
    location = partner.get(f"locations/{partner.first('locations/')['id']}/")
    return {
        "account_id": account["account"]["id"],
        "adjustment_id": 1,
        "bill_id": partner.first("bills/")["id"],
        "charge_id": account["balance"]["open_charges"][0]["charge_id"],
        "code": "billing.hold_over",
        "cycle_id": partner.first("cycles/")["id"],
        "customer_id": partner.first("customers/")["id"],
        "import_id": 1,
        "job_id": partner.first("jobs/")["id"],
        "journal_id": partner.first("journals/")["id"],
        "location_id": partner.first("locations/")["id"],
        "meter_id": partner.first("meters/")["id"],
        "payment_id": 1,
        "rate_id": rate,
        "receipt_id": 1,
        "register_id": partner.first("registers/")["id"],
        "rest": "nothing",
        "run_id": partner.first("runs/")["id"],
        "service_point_id": location["service_points"][0]["id"],
        "session_id": 1,
        "version_id": partner.first(f"rates/{rate}/versions/")["id"],
    }


def naming(case: Any, ids: dict[str, Any]) -> Any:
    """The same request, with ids of what is there wherever its body names a thing."""

    def put(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {k: put(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [put(v, name) for v in value]
        return ids.get(name, value)

    case.body = put(case.body)
    return case


def operations(schema: Any) -> Iterator[Any]:
    """Every operation of the description."""
    for found in schema.get_all_operations():
        yield found.ok()


def tried(live: World, examples: int, *, derandomize: bool) -> tuple[list[str], set[str]]:
    """Send so many made-up requests to each operation, half of them to what is there.

    Gives what was wrong with the answers, and the operations that did what was asked at least once.
    """
    partner = Partner(live.oak)
    ids, headers = there(partner), {"Authorization": f"Bearer {partner.key}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler())
    found: list[str] = []
    done: set[str] = set()
    for operation in operations(schema):
        names = [p.name for p in operation.path_parameters]
        known = operation.as_strategy(path_parameters={name: ids[name] for name in names})
        requests = known.map(lambda case: naming(case, ids)) | operation.as_strategy()

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
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            if answer.status_code < 300:
                done.add(case.operation.label)

        try:
            one()
        except (FailureGroup, ExceptionGroup) as wrong:
            found.append(f"{operation.label}: {wrong} {wrong.exceptions}")
    return found, done


@pytest.fixture(autouse=True)
def _calm() -> Iterator[None]:
    """Thousands of refusals are the purpose here, and not worth a line each."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.mark.req("SYS-03")
def test_made_up_requests_are_answered_as_the_description_says(live: World) -> None:
    wrong, done = tried(live, 6, derandomize=True)
    assert wrong == []
    assert len(done) > 40, sorted(done)


@pytest.mark.trials
def test_many_made_up_requests_are_answered_as_the_description_says(live: World) -> None:
    wrong, done = tried(live, 400, derandomize=False)
    assert wrong == []
    assert len(done) > 50, sorted(done)
