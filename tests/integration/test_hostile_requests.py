"""Requests made to break in or to break down: forged, misled, overlong, with characters nobody types."""

import re
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlencode

import django_filters
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from pytest_django import DjangoDbBlocker

from core.models import Utility
from core.permissions import all_permissions
from core.web.route_table import all_routes
from tests.conftest import World
from tests.world.bodies import Facts
from tests.world.databases import Databases
from tests.world.partners import Partner
from tests.world.routes import Asker, address, body, prepared
from tests.world.towns import ELM, OAK, PASSWORD, Town, meet

ROUTES = all_routes()
KEY = "a-key-of-this-form"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    r"/\evil.example/",
    r"\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "http://elm.localhost/",
    "/\t/evil.example/",
    "https://oak.localhost@evil.example/",
)
NAMES = (
    "../../../etc/passwd",
    r"..\..\boot.ini",
    "/etc/shadow",
    'reads.csv"; filename="evil.html',
    "reads.csv\r\nSet-Cookie: a=b",
    "reads\u202efdp.exe",
    "x" * 500 + ".csv",
)
MAD = (
    "\x00",
    "9" * 30,
    "-1",
    "'\"><script>",
    "%",
    "9999-99-99",
    "\N{UNICORN FACE}" * 300,
)


def dealt(*values: object) -> pytest.MarkDecorator:
    """Here the values go round, each case getting the next; in the trials every case gets every value."""
    each = [
        pytest.param(cycle([value]), id=str(n), marks=pytest.mark.trials) for n, value in enumerate(values)
    ]
    return pytest.mark.parametrize("hand", [pytest.param(cycle(values), id="in turn"), *each])


@pytest.fixture(scope="module")
def ours(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Town, Facts]]:
    """Oak with one of everything, for what changes nothing."""
    with django_db_blocker.unblock():
        databases.create("hostile", "template")
        databases.use("hostile")
        oak = meet(OAK, Utility.objects.get(slug=OAK.slug))
        yield oak, prepared(oak, "OAK-", 0)
        connections.close_all()
        databases.drop("hostile")


def test_no_form_is_taken_from_another_site(ours: tuple[Town, Facts]) -> None:
    oak, facts = ours
    browser = oak.client("admin")
    browser.handler.enforce_csrf_checks = True
    forms = [route for route in ROUTES if route.method != "GET" and not route.is_api and not route.public]
    assert len(forms) > 30
    for route in forms:
        answer = browser.post(address(route, facts), body(route, facts))
        assert answer.status_code == 403, route.path


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(live: World, target: str) -> None:
    browser = live.oak.client()
    typed = {"login": "clerk@oak", "password": PASSWORD, "next": target}
    answer = browser.post(f"/sign-in/?{urlencode({'next': target})}", typed)
    assert answer.status_code == 302
    assert re.fullmatch(r"/[^/\\].*|/", answer["Location"])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_s_name_leads_nowhere(live: World, name: str) -> None:
    before = set(settings.VAULT_DIR.parent.iterdir())
    file = SimpleUploadedFile("x", b"no reads at all")
    file._name = name  # type: ignore[attr-defined]  # past the check that Django makes of its own files
    client = live.oak.client("billing")
    sent = client.post("/imports/new/", {"feed": "meter_reads", "file": file, "idempotency_key": KEY})
    assert sent.status_code == 302
    for part in ("source", "report"):
        told = client.get(f"{sent['Location']}{part}/")
        shown = told["Content-Disposition"]
        told.close()
        assert not set(shown) & set("\r\n\u202e")
        assert "Set-Cookie" not in told.headers
        assert not re.search(r'filename="?[^";]*[/\\]', shown.replace('\\"', ""))
        assert len(shown) < 1000
    assert set(settings.VAULT_DIR.parent.iterdir()) == before


def filters() -> set[str]:
    """The names that any list can be asked by, and those of every list."""
    found, left = (
        {"q", "sort", "page", "columns", "export", "cursor", "limit", "on", "account", "known"},
        [django_filters.FilterSet],
    )
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        found |= set(getattr(kind, "base_filters", {}))
    return found


@dealt(*MAD)
def test_no_page_breaks_down_over_what_it_is_asked(ours: tuple[Town, Facts], hand: Iterator[str]) -> None:
    oak, facts = ours
    browser, partner = Asker(oak.client("admin")), Asker(Client(HTTP_HOST=oak.host), facts["partner"].key)
    names = sorted(filters())
    broken = []
    for route in ROUTES:
        if route.method == "GET":
            path = address(route, facts).partition("?")[0]
            asked = urlencode(dict.fromkeys(names, next(hand)))
            status = (partner if route.is_api else browser).ask(route, f"{path}?{asked}")
            broken += [f"{route.path} {status}"] * (status >= 500)
    assert broken == []


@dealt("9" * 30, "0", "%00", "%0d%0a", "..%2f..%2fetc", "%F0%9F%A6%84" * 50)
def test_no_address_breaks_down_over_its_parameters(ours: tuple[Town, Facts], hand: Iterator[str]) -> None:
    oak, facts = ours
    browser, partner = Asker(oak.client("admin")), Asker(Client(HTTP_HOST=oak.host), facts["partner"].key)
    names = [name for name in facts if name not in ("partner", "mark")]
    broken = []
    for route in ROUTES:
        if "<" in route.path and "logout" not in route.name:
            mad = dict.fromkeys(names, next(hand))
            asker = partner if route.is_api else browser
            status = asker.ask(route, address(route, mad), body(route, facts))
            broken += [f"{route.method} {route.path} {status}"] * (status >= 500)
    assert broken == []


@dealt(None, [], {}, "\x00", 10**30, -1, "", "NaN", True, [{}], {"a": [1] * 50})
def test_no_endpoint_breaks_down_over_its_body(ours: tuple[Town, Facts], hand: Iterator[object]) -> None:
    oak, facts = ours
    partner = Asker(Client(HTTP_HOST=oak.host), facts["partner"].key)
    broken = []
    for route in ROUTES:
        sent = (body(route, facts) if route.is_api else None) or {}
        for spoilt in () if "file" in sent else sent:
            status = partner.ask(route, address(route, facts), {**sent, spoilt: next(hand)})
            broken += [f"{route.method} {route.path} {spoilt} {status}"] * (status >= 500)
    assert broken == []


@dealt(b"", b"[]", b"null", b"{", b'{"a":' * 5000, b"\xff\xfe", b'"x"', b"1e999")
def test_no_endpoint_breaks_down_over_what_is_no_body(
    ours: tuple[Town, Facts], hand: Iterator[bytes]
) -> None:
    oak, facts = ours
    headers = {"authorization": f"Bearer {facts['partner'].key}", "idempotency-key": "x" * 20}
    client = Client(HTTP_HOST=oak.host, raise_request_exception=False)
    for route in ROUTES:
        if route.is_api and route.method != "GET":
            path = address(route, facts)
            answer = client.generic(route.method, path, next(hand), "application/json", headers=headers)
            assert answer.status_code < 500, route.path


@dealt("\x00", "9" * 30, "-1", "x" * 10_000, "9999-12-31", "NaN", "1e400")
def test_no_form_breaks_down_over_a_field(ours: tuple[Town, Facts], hand: Iterator[str]) -> None:
    oak, facts = ours
    browser = Asker(oak.client("admin"))
    broken = []
    for route in ROUTES:
        typed = body(route, facts) if not route.is_api and not route.public and not route.own_page else None
        for spoilt in typed or ():
            if spoilt != "file":
                status = browser.ask(route, address(route, facts), {**(typed or {}), spoilt: next(hand)})
                broken += [f"{route.path} {spoilt} {status}"] * (status >= 500)
    assert broken == []


@pytest.mark.parametrize(
    "host", ["evil.example", "oak.localhost.evil.example", "oak.localhost:80@evil", "127.0.0.1.evil"]
)
def test_no_other_host_is_answered_for(live: World, host: str) -> None:
    assert live.oak.client("clerk").get("/", headers={"host": host}).status_code in (400, 404)


def test_the_word_of_a_proxy_is_not_taken_from_anybody(live: World) -> None:
    browser = live.oak.client("clerk")
    answer = browser.get("/accounts/", headers={"x-forwarded-host": "elm.localhost"})
    assert b"Elm Ford" not in answer.content


def test_nobody_gives_themself_a_right(live: World) -> None:
    before = live.oak.client("supervisor")
    for path in ("/settings/operators/", f"/settings/operators/{live.oak.supervisor.id}/", "/settings/keys/"):
        typed = {
            "role_code": "administrator",
            "login": "me2",
            "name": "Me",
            "permissions": sorted(all_permissions()),
        }
        assert before.post(path, {**typed, "idempotency_key": KEY}).status_code == 403


def test_an_actor_is_of_one_utility_however_the_request_names_another(live: World) -> None:
    partner = Partner(live.oak)
    for headers in ({"x-tenant-id": str(live.elm.utility.id)}, {"x-utility": "elm"}):
        answer = partner.client.get(
            "/api/v1/me/?utility=elm", headers={**headers, "authorization": f"Bearer {partner.key}"}
        )
        assert answer.json()["utility"] == "oak"
    assert ELM.slug == "elm"
