"""Working at the screens as a person does: a form sent with the key it was opened with."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.test import Client

from billing.models import Cycle
from collections_app.drawers import open_drawer
from collections_app.models import Drawer
from config.town.month import record_month, work_until_idle
from core.actors import Actor
from core.operations import operation
from core.tenancy import scope
from tests.world.towns import FIRST, Town

SEPTEMBER = {"starts": "2026-09-01", "ends": "2026-09-30", "bill_on": "2026-10-01", "message": ""}
BILLED_ON = date(2026, 10, 1)

_KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')


def key_of(page: Any) -> str:
    """The idempotency key in a page's form."""
    found = _KEY.search(page.content.decode())
    assert found is not None, "the page has no form with a key"
    return found[1]


def send(client: Client, address: str, opened: str = "", **fields: Any) -> Any:
    """Open the page, send its form; ``opened`` is the page when the form posts elsewhere."""
    key = key_of(client.get(opened or address))
    return client.post(address, {"idempotency_key": key, **fields})


def review(client: Client, run: str) -> Any:
    """Mark the run reviewed, as its page shows it: the form goes to the charges that are seen there."""
    steps = client.get(run).context["steps"]
    address = next(verb.url for step in steps for verb in step.verbs if verb.label == "Mark reviewed")
    return send(client, address, opened=run)


def file_of(response: Any) -> bytes:
    """The whole file of an answer."""
    return b"".join(response.streaming_content)


def text_of(response: Any) -> str:
    """What stands on a page, blanks run together."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def open_till(town: Town, role: str = "clerk", opening: str = "100.00") -> int:
    """A drawer opened by that operator on the town's first day; its session's id.

    The clerk has the front counter; each other role is given a drawer of its own.
    """
    with scope(town.utility.id):
        drawer = drawer_of(town.system, role=role)
        return open_drawer(getattr(town, role), drawer_id=drawer, opening=Decimal(opening), on=FIRST)


@operation("test.drawer", permission="test.drawer")
def drawer_of(by: Actor, *, role: str) -> int:
    """The drawer of a role, made when it is not there."""
    first = Drawer.objects.earliest("id")
    if role == "clerk":
        return int(first.id)
    made, _ = Drawer.objects.get_or_create(
        code=role, defaults={"name": f"Drawer of the {role}", "chart_account": first.chart_account}
    )
    return int(made.id)


def readings_of_september(town: Town, without: int = 0) -> None:
    """The readings that end September, for all houses but the last ``without``."""
    houses = town.houses[: len(town.houses) - without] if without else town.houses
    with scope(town.utility.id):
        record_month(town.system, town.plan, houses, FIRST, 1)


def cycle_of(town: Town) -> int:
    """The town's only cycle."""

    with scope(town.utility.id), transaction.atomic():
        return int(Cycle.objects.get().id)


def prepared_september(town: Town, without: int = 0) -> str:
    """A run of September, opened and prepared on screen by a biller; its address."""
    readings_of_september(town, without)
    biller = town.client("billing")
    run = send(biller, "/runs/new/", cycle_id=cycle_of(town), **SEPTEMBER)["Location"]
    assert send(biller, f"{run}prepare/", opened=run).status_code == 302
    work_until_idle()
    return str(run)
