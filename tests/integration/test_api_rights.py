"""Partner keys and rights: each operation names the right that it needs, and answers to nothing less."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction

from collections_app.drawers import CLOSE_OTHERS
from collections_app.operations import OVERRIDE_SPLIT
from core.models import PartnerKey
from core.permissions import all_permissions
from core.tenancy import scope
from core.web.route_table import Route
from tests.conftest import World
from tests.world.api_desk import Desk, api_operations
from tests.world.api_ready import a_made_file
from tests.world.bodies import Facts
from tests.world.partners import Partner
from tests.world.routes import Asker, address, body
from tests.world.towns import Town

LACKING = "urn:curbstop:problem:not-allowed"
BESIDES = {
    **dict.fromkeys(
        ("api:report", "api:report_rows", "api:report_file", "api:report_made_file"), "ledger.view"
    ),
    "api:imports": "readings.import",
    "api:import_approve": "readings.approve readings.import",
    "api:job_retry": "billing.run.print",
    "api:payments": OVERRIDE_SPLIT,
    "api:drawer_close": CLOSE_OTHERS,
}
"""What an operation takes besides for what it is asked here: the right to what a report tells of, to the kind
of file, to the job's own work; laying a payment by hand, closing a drawer that somebody else has open."""


class Keyed:
    """One partner key of a town whose rights change from question to question.

    ``own`` is what one operation, by its name, is asked about in place of the facts of all.
    """

    def __init__(self, town: Town, facts: Facts, own: Mapping[str, Facts] | None = None) -> None:
        self.town, self.facts, self.own = town, facts, own or {}
        self.partner = Partner(town, name="One right")
        with scope(town.utility.id), transaction.atomic():
            self.key_id = PartnerKey.objects.latest("id").id

    def may(self, rights: Iterable[str]) -> None:
        """From now on the key has exactly these rights."""
        with scope(self.town.utility.id), transaction.atomic():
            PartnerKey.objects.filter(id=self.key_id).update(permissions=list(rights))

    def refused(self, route: Route) -> bool:
        """Whether the operation was refused for want of a right, as the description says."""
        asker = Asker(self.partner.client, self.partner.key)
        facts = self.facts | self.own.get(route.name, {})
        status = asker.ask(route, address(route, facts), body(route, facts))
        assert status < 500, (route.path, asker.answer.content)
        if status != 403:
            return False
        told = asker.answer.json()
        assert asker.answer["Content-Type"] == "application/problem+json"
        assert told["remedy"]
        self.lacked = str(told["detail"])
        return bool(told["type"] == LACKING)


def needs(route: Route) -> set[str]:
    """The rights that an operation takes."""
    reading = route.method == "GET" and not route.name.startswith("api:report")
    besides = set() if reading else set(BESIDES.get(route.name, "").split())
    return besides | ({route.permission} if route.permission else set())


def test_the_description_names_the_right_of_every_operation() -> None:
    schema: Any = schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler())
    told = {found.ok().label: found.ok().definition.raw["x-right"] for found in schema.get_all_operations()}
    assert told == {label: route.permission for label, route in api_operations().items()}
    assert set(told.values()) - {""} <= set(all_permissions())


@pytest.mark.req("SYS-02", "SYS-03")
def test_a_key_without_the_right_is_refused_and_one_with_it_alone_is_not(live: World) -> None:
    keyed = Keyed(live.oak, Desk(live.oak).facts)
    wrong = []
    for label, route in api_operations().items():
        if not needs(route):
            continue
        keyed.may(set(all_permissions()) - {route.permission})
        wrong += [] if keyed.refused(route) else [f"{label} did not ask for {route.permission}"]
        keyed.may(needs(route))
        wrong += [f"{label} asked for more: {keyed.lacked}"] if keyed.refused(route) else []
    assert wrong == []


@pytest.mark.trials
def test_each_right_opens_what_needs_it_and_nothing_else(live: World) -> None:
    desk = Desk(live.oak)
    keyed = Keyed(live.oak, desk.facts, {"api:report_made_file": a_made_file(desk)})
    wrong = []
    for right in all_permissions():
        keyed.may([right])
        for label, route in api_operations().items():
            if keyed.refused(route) == (needs(route) <= {right}):
                wrong.append(f"{label} with {right} alone")
    assert wrong == []
