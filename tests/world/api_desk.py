"""A town in which every operation of the API has something valid to act on, and what is sent to it.

Addresses are filled and bodies made as for every address (``routes``, ``bodies``).  What is here besides is
for operations that want a certain state: a job that waits, a run that is prepared, a meter in store.  An
operation that is not done when it is asked so fails its test by its name.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from core.web.route_table import Route, all_routes
from tests.world.api_ready import READY
from tests.world.bodies import Facts
from tests.world.partners import Partner
from tests.world.routes import MEANT, UNOWNED, body, prepared
from tests.world.towns import Town

_PARAMETER = re.compile(r"<\w+:(\w+)>")
IN_ORDER = (
    "POST api:run_cancel",
    "POST api:runs",
    "POST api:run_prepare",
    "GET api:run_bills",
    "POST api:run_bill_hold",
    "POST api:run_bill_release",
    "POST api:run_check_pass",
    "POST api:run_review",
    "POST api:run_approve",
    "POST api:run_post",
    "POST api:run_print",
    "GET api:run_pdf",
)
"""Steps of one run, each of which wants the one before."""
AT_THE_END = ("POST api:purge_approve", "POST api:purge_archive")
"""What closes the months that others act in."""
LAST = (
    "POST api:import_approve",
    "POST api:account_end",
    "POST api:bill_cancel",
    "POST api:drawer_close",
    "DELETE",
)
"""What takes away what others act on."""


def label(route: Route) -> str:
    """A route as the API's description names it: ``GET /api/v1/jobs/{job_id}/``."""
    path = _PARAMETER.sub(r"{\1}", route.path)
    return f"{route.method} {path}"


def api_operations() -> dict[str, Route]:
    """Every operation that takes a key, by its label, in an order in which each can be done."""
    routes = [route for route in all_routes() if route.is_api and not route.public]

    def turn(route: Route) -> tuple[int, int]:
        name = f"{route.method} {route.name}"
        if name in IN_ORDER:
            return 1, IN_ORDER.index(name)
        if name in AT_THE_END:
            return 3, AT_THE_END.index(name)
        return (2 if name.startswith(LAST) else 0), ("GET", "PATCH", "POST", "DELETE").index(route.method)

    return {label(route): route for route in sorted(routes, key=turn)}


@dataclass(frozen=True)
class Request:
    """What is sent: the address's parameters, the query, and the body, if there is one."""

    path: dict[str, Any]
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)


@dataclass
class Desk:
    """A prepared town with two partners: the first asks, the other does what wants a second pair of eyes."""

    town: Town
    mark: str = "OAK-"
    numbers_from: int = 0

    def __post_init__(self) -> None:
        self.facts = prepared(self.town, self.mark, self.numbers_from)
        self.partner: Partner = self.facts["partner"]
        self.other = Partner(self.town, name=f"{self.mark} Second")

    def request(self, route: Route) -> Request:
        """A valid request for the operation, after what it wants has been made ready."""
        ready = READY.get(f"{route.method} {route.name}")
        more = ready(self) if ready else {}
        facts = {**self.facts, **more}
        sent = more["body"] if "body" in more else body(route, facts)
        return Request(parameters(route, facts), sent, more.get("query", {}))

    def made(self, path: str, sent: object = None, by: Partner | None = None) -> Any:
        """Something new, made by the partner itself (or by another)."""
        return (by or self.partner).post(path, sent, key=uuid4().hex)


def parameters(route: Route, facts: Facts) -> dict[str, Any]:
    """What fills the address."""
    meant = next((MEANT[key] for key in sorted(MEANT, reverse=True) if route.name.startswith(key)), {})
    return {name: facts[meant.get(name, name)] for name in _PARAMETER.findall(route.path)}


def owned(route: Route) -> list[str]:
    """The parameters of the address that name something of a utility."""
    meant = next((MEANT[key] for key in sorted(MEANT, reverse=True) if route.name.startswith(key)), {})
    return [name for name in _PARAMETER.findall(route.path) if meant.get(name, name) not in UNOWNED]
