"""Keys of partner systems: whose utility they open, with which rights, and that they stay secret."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from core.errors import NotAllowed
from core.models import Answer, AuditEntry, Change, PartnerKey, PartnerKeyIndex
from core.partner_keys import add_key, make_key, revoke_key
from core.reading import read_only
from core.tenancy import scope
from tests.conftest import World
from tests.world.towns import Town

LIST = "/api/v1/policies/"


def given(town: Town, *rights: str) -> str:
    """A new key of the town, as text."""
    made = make_key()
    with scope(town.utility.id):
        add_key(town.system, name="Meters", permissions=list(rights), prefix=made.prefix, digest=made.digest)
    return made.text


def ask(host: str, key: str, path: str = LIST) -> Any:
    return Client(HTTP_HOST=host).get(path, headers={"authorization": f"Bearer {key}"})


@pytest.mark.req("SYS-03", "SYS-01")
def test_a_key_opens_its_own_utility_by_its_host_or_the_bare_one(live: World) -> None:
    key = given(live.elm, "core.policy.view")
    for host in (live.elm.host, "localhost"):
        assert ask(host, key, "/api/v1/me/").json()["utility"] == "elm"


@pytest.mark.req("SYS-01")
def test_a_key_of_another_utility_finds_nothing_here(live: World) -> None:
    answer = ask(live.oak.host, given(live.elm, "core.policy.view"))
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_key_without_the_right_is_told_which(live: World) -> None:
    answer = ask(live.oak.host, given(live.oak, "bills.view"))
    assert answer.status_code == 403
    assert "“See the policies”" in answer.json()["detail"]


@pytest.mark.parametrize(
    "spoil",
    [lambda k: k[:-1], lambda k: k + "x", lambda k: "cs_0_0", lambda k: "🔑".encode().decode("latin-1")],
)
def test_a_key_that_is_not_whole_is_no_key(live: World, spoil) -> None:  # type: ignore[no-untyped-def]  # a lambda
    answer = ask(live.oak.host, spoil(given(live.oak, "core.policy.view")))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_session_of_the_site_opens_nothing_in_the_api(live: World) -> None:
    assert live.oak.client("admin").get(LIST).status_code == 401


def test_a_revoked_key_opens_nothing(live: World) -> None:
    key = given(live.oak, "core.policy.view")
    with scope(live.oak.utility.id):
        with read_only():
            kept = PartnerKey.objects.get()
        revoke_key(live.oak.system, key_id=kept.id)
    assert ask(live.oak.host, key).status_code == 401


@pytest.mark.req("SYS-03")
def test_the_screen_shows_a_key_once_and_it_is_kept_nowhere(live: World) -> None:
    admin = live.oak.client("admin")
    body = {
        "name": "Meter platform",
        "permissions": ["core.policy.view"],
        "idempotency_key": str(uuid.uuid4()),
    }
    answer = admin.post("/settings/keys/", body)
    found = re.search(r"cs_[0-9a-f]+_[\w-]+", answer.content.decode())
    assert found is not None
    assert answer["Cache-Control"] == "no-store"
    assert ask(live.oak.host, found[0]).status_code == 200
    assert found[0].encode() not in admin.get("/settings/keys/").content
    secret = found[0].split("_", 2)[2]
    with scope(live.oak.utility.id), read_only():
        for model in (PartnerKey, PartnerKeyIndex, AuditEntry, Change, Answer):
            assert secret not in str(list(model._default_manager.values()))


def test_nobody_gives_a_key_rights_they_lack(live: World) -> None:
    made = make_key()
    from dataclasses import replace

    half = replace(live.oak.admin, permissions=frozenset({"core.key.manage"}))
    with scope(live.oak.utility.id), pytest.raises(NotAllowed, match="payments.post"):
        add_key(half, name="Till", permissions=["payments.post"], prefix=made.prefix, digest=made.digest)
