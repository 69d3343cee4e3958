"""Every address × who asks: nobody, a stranger, somebody without the right, somebody with it."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from core.models import Membership, Role, Utility
from core.permissions import all_permissions
from core.tenancy import scope
from core.web.route_table import Route, all_routes
from tests.world.bodies import NAMES_OTHERS, Facts
from tests.world.databases import Databases
from tests.world.routes import Asker, address, body, give_rights, parameters, prepared
from tests.world.tables import DOMAIN, table_hash
from tests.world.towns import ELM, OAK, Town, meet

ROUTES = all_routes()
OWNED = [route for route in ROUTES if not route.public]
KEPT = (*DOMAIN, "interchange_", "core_")
"""Everything but sessions and what the sign-in library keeps."""
NOT_NOW = {
    "billing:run_approve": 409,
    "billing:run_post": 409,
    "billing:run_cancel": 409,
    "billing:bill_cancelled": 404,
    "rates:edit": 409,
    "reports:file": 404,
    "api:report_made_file": 404,
}
"""Steps that are not the next ones of a run that is printed; papers and files that there are none of; a
version in force, which is not edited."""
TWO_RIGHTS = dict.fromkeys(
    ("reports:report", "api:report", "api:report_rows", "api:report_file"), "ledger.view"
)
"""A report also takes the right to see what it reports."""


class Site:
    """Both towns with one of everything, and those who ask."""

    def __init__(self, oak: Town, elm: Town) -> None:
        self.oak, self.elm = oak, elm
        self.ours, self.theirs = prepared(oak, "OAK-", 0), prepared(elm, "ELM-", 1000)
        trial = get_user_model().objects.create_user("trial@oak", name="Theo Trial")
        Membership.objects.create(operator=trial, utility=oak.utility, role_code="trial")
        with scope(oak.utility.id), transaction.atomic():
            Role.objects.create(code="trial", name="Trial", permissions=[])

    def member(self, role: str = "trial") -> Asker:
        return Asker(self.oak.client(role))

    def stranger(self) -> Asker:
        """Somebody of Elm with a session at Oak's door."""
        client = Client(HTTP_HOST=self.oak.host)
        client.force_login(
            get_user_model().objects.get(login="admin@elm"), "django.contrib.auth.backends.ModelBackend"
        )
        return Asker(client)

    def partner(self, facts: Facts) -> Asker:
        return Asker(Client(HTTP_HOST=self.oak.host), facts["partner"].key)


@pytest.fixture(scope="module")
def site(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with django_db_blocker.unblock():
        databases.create("site", "template")
        databases.use("site")
        yield Site(*(meet(plan, Utility.objects.get(slug=plan.slug)) for plan in (OAK, ELM)))
        connections.close_all()
        databases.drop("site")


def wrong(
    routes: list[Route], ask: Callable[[Route], int], right: Callable[[Route, int], bool]
) -> dict[str, int]:
    """The answers that are not right, by route."""
    answers = {f"{r.method} {r.path}": (r, ask(r)) for r in routes}
    return {name: status for name, (route, status) in answers.items() if not right(route, status)}


def test_every_address_says_who_may_ask_it() -> None:
    assert [route.path for route in ROUTES if not route.declared] == []
    rights = {route.permission for route in ROUTES if route.permission}
    assert rights <= set(all_permissions())
    assert len(ROUTES) > 150


def test_what_is_public_is_reviewed() -> None:
    assert {route.path for route in ROUTES if route.public} == {
        "/sign-in/",
        "/sign-in/code/",
        "/sign-in/inactive/",
        "/sign-out/",
        "/welcome/<str:uidb64>/<str:token>/",
        "/health/",
        "/api/v1/schema/",
        "/api/v1/docs/",
        "/api/v1/<anything:rest>",
    }


@pytest.mark.req("SYS-01", "SYS-02")
def test_nobody_is_let_in(site: Site) -> None:
    before, nobody = table_hash(*KEPT), Asker(Client(HTTP_HOST=site.oak.host))

    def right(route: Route, status: int) -> bool:
        if route.is_api:
            return status == 401
        return status == 302 and nobody.answer["Location"].startswith("/sign-in/?next=")

    answers: dict[str, int] = {}
    for route in OWNED:
        status = nobody.ask(route, address(route, site.ours), body(route, site.ours))
        if not right(route, status):
            answers[f"{route.method} {route.path}"] = status
    assert answers == {}
    assert table_hash(*KEPT) == before


def test_what_is_public_never_fails(site: Site) -> None:
    nobody = Asker(Client(HTTP_HOST=site.oak.host))
    found = wrong(
        [route for route in ROUTES if route.public],
        lambda r: nobody.ask(r, address(r, site.ours), body(r, site.ours)),
        lambda _, status: status < 500,
    )
    assert found == {}


@pytest.mark.req("SYS-01")
def test_to_who_works_elsewhere_nothing_exists(site: Site) -> None:
    stranger, partner = site.stranger(), site.partner(site.theirs)
    before = table_hash(*KEPT)
    found = wrong(
        OWNED,
        lambda r: (partner if r.is_api else stranger).ask(r, address(r, site.ours), body(r, site.ours)),
        lambda _, status: status == 404,
    )
    assert found == {}
    assert table_hash(*KEPT) == before


@pytest.mark.req("SYS-01")
def test_what_is_another_utility_s_is_not_found(site: Site) -> None:
    give_rights(site.oak, site.ours, list(all_permissions()))
    member, partner = site.member(), site.partner(site.ours)
    named = [route for route in OWNED if any(parameters(route))]
    before = table_hash(*KEPT)
    found = wrong(
        named,
        lambda r: (partner if r.is_api else member).ask(r, address(r, site.theirs), body(r, site.ours)),
        lambda _, status: status == 404,
    )
    assert len(named) > 80
    assert found == {}
    assert table_hash(*KEPT) == before


@pytest.mark.req("SYS-01")
def test_what_is_another_utility_s_is_not_taken_from_a_body(site: Site) -> None:
    give_rights(site.oak, site.ours, list(all_permissions()))
    member, partner = site.member(), site.partner(site.ours)
    naming = [route for route in OWNED if route.method != "GET" and route.name in NAMES_OTHERS]
    before = table_hash(*KEPT)
    found = wrong(
        naming,
        lambda r: (partner if r.is_api else member).ask(r, address(r, site.ours), body(r, site.theirs)),
        lambda _, status: status in (400, 404, 409, 422),
    )
    assert {route.name for route in naming} == NAMES_OTHERS
    assert found == {}
    assert table_hash(*KEPT) == before


@pytest.mark.req("SYS-02")
def test_without_the_right_it_is_refused(site: Site) -> None:
    member, partner = site.member(), site.partner(site.ours)
    guarded = [route for route in OWNED if route.permission]
    before = table_hash(*DOMAIN, "interchange_")

    def ask(route: Route) -> int:
        give_rights(site.oak, site.ours, [p for p in all_permissions() if p != route.permission])
        asker = partner if route.is_api else member
        return asker.ask(route, address(route, site.ours), body(route, site.ours))

    assert wrong(guarded, ask, lambda _, status: status == 403) == {}
    after = table_hash(*DOMAIN, "interchange_")
    assert after == before


def test_a_page_is_shown_to_who_has_its_right_alone(site: Site) -> None:
    member, partner = site.member(), site.partner(site.ours)
    pages = [route for route in OWNED if route.method == "GET"]

    def ask(route: Route) -> int:
        rights = [route.permission, TWO_RIGHTS.get(route.name, "")]
        give_rights(site.oak, site.ours, [right for right in rights if right])
        return (partner if route.is_api else member).ask(route, address(route, site.ours))

    def right(route: Route, status: int) -> bool:
        return status in {200, 302, NOT_NOW.get(route.name)} or (route.own_page and status < 500)

    assert wrong(pages, ask, right) == {}


def test_what_was_posted_to_is_not_read_by_a_get(site: Site) -> None:
    give_rights(site.oak, site.ours, list(all_permissions()))
    member, partner = site.member(), site.partner(site.ours)
    gets = {route.path for route in OWNED if route.method == "GET"}
    only_posted = [route for route in OWNED if route.method != "GET" and route.path not in gets]
    for route in only_posted:
        client = (partner if route.is_api else member).client
        headers = {"authorization": f"Bearer {partner.bearer}"} if route.is_api else {}
        assert client.get(address(route, site.ours), headers=headers).status_code == 405, route.path


def test_what_is_sent_by_who_has_the_right_is_done_or_explained(site: Site) -> None:
    give_rights(site.oak, site.ours, list(all_permissions()))
    member, partner = site.member(), site.partner(site.ours)
    found = wrong(
        [route for route in OWNED if route.method != "GET"],
        lambda r: (partner if r.is_api else member).ask(r, address(r, site.ours), body(r, site.ours)),
        lambda r, status: status in (200, 201, 202, 302, 400, 409, 422) or (r.own_page and status < 500),
    )
    assert found == {}
