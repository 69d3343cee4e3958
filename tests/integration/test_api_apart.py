"""A key of one utility reaches nothing of another: every id of every operation, read from the description."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from drf_spectacular.generators import SchemaGenerator

from config.town.month import work_until_idle
from core.web.route_table import Route
from tests.conftest import World
from tests.world.api_desk import Desk, Request, api_operations, owned, parameters
from tests.world.api_ids import Place, fact_of, id_filters, id_places, with_id
from tests.world.bodies import Facts
from tests.world.towns import Town

NOT_REACHED = (403, 404, 409, 422)
"""409: a list that has it is not the one there is, or the session is not the asker's own."""


class Both:
    """Elm's partner, and what Oak has."""

    def __init__(self, live: World) -> None:
        self.oak_town = live.oak
        self.oak = Desk(live.oak)
        self.elm = Desk(live.elm, "ELM-", 1000)
        generator: Any = SchemaGenerator
        self.description: dict[str, Any] = generator().get_schema(request=None, public=True)

    def described(self, label: str) -> dict[str, Any]:
        """What the description says of an operation."""
        method, path = label.split(" ")
        operation: dict[str, Any] = self.description["paths"][path][method.lower()]
        return operation

    def asks(self, route: Route, request: Request) -> Any:
        """Elm's partner asks; the answer, with its status."""
        path = route.path.removeprefix("/api/v1/")
        for piece in path.split("/"):
            if piece.startswith("<"):
                path = path.replace(piece, str(request.path[piece.strip("<>").partition(":")[2]]))
        key = "" if route.method == "GET" else f"k{id(request)}"
        return self.elm.partner.ask(route.method, path, request.body, key, **request.query)


def rows_of(town: Town) -> dict[str, str]:
    """A hash of the rows that a utility has, by table."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id'"
            " AND table_schema = 'public' ORDER BY table_name"
        )
        asked = " UNION ALL ".join(
            f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            f" WHERE tenant_id = {int(town.utility.id)}"
            for (table,) in cursor.fetchall()
        )
        cursor.execute(asked)
        return dict(cursor.fetchall())


def foreign_paths(both: Both, route: Route, own: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Elm's address with one of Oak's ids in it, one after the other."""
    theirs = parameters(route, both.oak.facts)
    for name in owned(route):
        yield {**own, name: theirs[name]}


def foreign_bodies(both: Both, label: str, sent: Any, facts: Facts) -> Iterator[tuple[Place, Any]]:
    """Elm's own valid body with one of Oak's ids in it, one after the other."""
    for place in id_places(both.description, both.described(label)):
        yield place, with_id(sent, place, fact_of(place, facts))


@pytest.mark.req("SYS-01", "SYS-03")
def test_no_id_in_an_address_or_a_body_reaches_another_utility(live: World) -> None:
    both, asked, wrong = Both(live), 0, []
    work_until_idle()
    before = rows_of(live.oak)
    for label, route in api_operations().items():
        places = id_places(both.description, both.described(label))
        if not places and not owned(route):
            continue
        own = both.elm.request(route)
        for path in foreign_paths(both, route, own.path):
            answer = both.asks(route, Request(path, own.body, own.query))
            wrong += [] if answer.status_code == 404 else [f"{label} {path}: {answer.status_code}"]
            asked += 1
        for place, sent in foreign_bodies(both, label, own.body, both.oak.facts):
            name = f"{label} {'.'.join(place)}"
            if sent is None:
                wrong.append(f"{name}: send a body with it from tests/world/api_ready.py")
                continue
            answer = both.asks(route, Request(own.path, sent, own.query))
            if answer.status_code not in NOT_REACHED:
                wrong.append(f"{name}: {answer.status_code} {answer.content[:200]!r}")
            asked += 1
        # Its own is done: nothing but the foreign id was at fault.
        answer = both.asks(route, own)
        wrong += [] if answer.status_code < 300 else [f"{label}: {answer.content[:200]!r}"]
    assert wrong == []
    found = [t for t, h in rows_of(live.oak).items() if before[t] != h]
    assert found == []
    assert asked > 100


@pytest.mark.req("SYS-01")
def test_no_list_asked_for_by_another_utilitys_id_has_anything_in_it(live: World) -> None:
    both, found, asked = Both(live), [], 0
    for label, route in api_operations().items():
        if route.method != "GET":
            continue
        for name, value in id_filters(both.described(label), both.oak.facts).items():
            answer = both.asks(route, Request(parameters(route, both.elm.facts), None, {name: value}))
            told = answer.json() if answer.status_code == 200 else {"results": []}
            found += [f"{label}?{name}={value}"] if told.get("results") else []
            asked += 1
    assert found == []
    assert asked > 15
