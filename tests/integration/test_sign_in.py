"""Who gets in, where, and with which rights."""

import re
import uuid
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.db import InternalError
from django.test import Client

from core import clock
from core.models import AuditEntry, Membership, Operator, Role
from core.reading import read_only
from core.tenancy import scope
from tests.conftest import World

POLICIES = "/policies/"


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4())}


def sign_in(client: Client, name: str, password: str) -> Any:
    return client.post("/sign-in/", {"login": name, "password": password})


def operator(login: str) -> Operator:
    return Operator.objects.get(login=login)


def test_a_page_asks_to_sign_in_and_leads_back(live: World) -> None:
    client = live.oak.client()
    assert client.get(POLICIES)["Location"] == "/sign-in/?next=/policies/"
    answer = client.post("/sign-in/?next=/policies/", {"login": "Admin@OAK", "password": live.password})
    assert answer["Location"] == POLICIES
    assert client.get(POLICIES).status_code == 200


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(live: World) -> None:
    answer = live.oak.client().get(POLICIES, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=/")


def test_signing_in_never_leads_to_another_site(live: World) -> None:
    body = {"login": "admin@oak", "password": live.password, "next": "https://elsewhere.example/"}
    assert live.oak.client().post("/sign-in/", body)["Location"] == "/"


@pytest.mark.req("SYS-02")
def test_six_wrong_passwords_lock_a_name_from_one_address_however_it_is_typed(live: World) -> None:
    tries = [sign_in(live.oak.client(), name, "wrong") for name in ("clerk@oak", "CLERK@oak") * 3]
    assert [t.status_code for t in tries] == [200] * 5 + [429]
    assert sign_in(live.oak.client(), "clerk@oak", live.password).status_code == 429
    assert b"Locked for a while" in tries[-1].content


def test_a_locked_name_locks_neither_a_colleague_nor_the_same_name_elsewhere(live: World) -> None:
    for _ in range(6):
        sign_in(live.oak.client(), "clerk@oak", "wrong")
    assert sign_in(live.oak.client(), "billing@oak", live.password).status_code == 302
    home = Client(HTTP_HOST=live.oak.host, REMOTE_ADDR="192.0.2.9")
    assert sign_in(home, "clerk@oak", live.password).status_code == 302


@pytest.mark.req("SYS-01")
def test_somebody_of_another_utility_is_told_so_and_not_signed_in(live: World) -> None:
    client = live.oak.client()
    answer = sign_in(client, "admin@elm", live.password)
    assert answer.status_code == 403
    assert b"has not added you" in answer.content
    assert client.get(POLICIES).status_code == 302


@pytest.mark.req("SYS-01")
def test_a_session_carried_to_another_host_is_nobodys(live: World) -> None:
    Membership.objects.create(
        operator=operator("admin@oak"), utility=live.elm.utility, role_code="administrator"
    )
    ours, theirs = live.oak.client(), live.elm.client()
    sign_in(ours, "admin@oak", live.password)
    theirs.cookies = ours.cookies
    assert (ours.get(POLICIES).status_code, theirs.get(POLICIES).status_code) == (200, 302)


def test_the_bare_host_names_a_utility_only_to_who_works_there(live: World) -> None:
    client = Client(HTTP_HOST="localhost")
    assert b"Oak Hollow" not in client.get("/").content
    sign_in(client, "clerk@oak", live.password)
    shown = client.get("/").content
    assert b"Oak Hollow" in shown
    assert b"Elm Ford" not in shown
    assert client.get(POLICIES).status_code == 404


def test_a_host_without_a_utility_is_not_found(live: World) -> None:
    assert Client(HTTP_HOST="ash.localhost").get("/sign-in/").status_code == 404


@pytest.mark.req("SYS-02")
def test_a_role_without_the_right_is_refused_in_the_rights_own_words(live: World) -> None:
    client = live.oak.client("clerk")
    answer = client.get("/settings/operators/")
    assert answer.status_code == 403
    assert "does not have the right “Add operators and give roles”".encode() in answer.content
    assert client.post("/settings/operators/", key()).status_code == 403


@pytest.mark.req("SYS-02")
def test_who_is_let_go_is_out_at_the_next_click(live: World) -> None:
    admin, clerk = live.oak.client("admin"), live.oak.client("billing")
    assert clerk.get(POLICIES).status_code == 200
    leave = f"/settings/operators/{operator('billing@oak').id}/leave/"
    assert admin.post(leave, key()).status_code == 302
    assert clerk.get(POLICIES).status_code == 404


@pytest.mark.req("SYS-02")
def test_nobody_changes_their_own_role(live: World) -> None:
    me = f"/settings/operators/{operator('admin@oak').id}/"
    answer = live.oak.client("admin").post(me, {"role_code": "clerk", **key()})
    assert answer.status_code == 403
    assert operator("admin@oak").memberships.get().role_code == "administrator"


def test_the_last_who_manages_operators_cannot_be_let_go(live: World) -> None:
    with scope(live.oak.utility.id):
        from core.operators import deactivate_operator

        with pytest.raises(Exception, match="last who may manage operators"):
            deactivate_operator(live.oak.system, operator_id=operator("admin@oak").id)


@pytest.mark.req("SYS-02")
def test_a_new_operator_sets_the_password_by_a_link_that_works_once(live: World) -> None:
    admin = live.oak.client("admin")
    body = {"login": "New.Clerk", "name": "Nora New", "role_code": "clerk", **key()}
    assert admin.post("/settings/operators/", body).status_code == 302
    new = operator("new.clerk")
    shown = admin.post(f"/settings/operators/{new.id}/invite/").content.decode()
    link = re.search(r"http://oak\.localhost(/welcome/[^<]+)", shown)
    assert link is not None
    fresh = live.oak.client()
    form = fresh.get(link[1])["Location"]
    chosen = {"new_password1": "three plain words", "new_password2": "three plain words"}
    assert fresh.post(form, chosen)["Location"] == "/sign-in/"
    assert b"no longer works" in live.oak.client().get(link[1]).content
    assert sign_in(live.oak.client(), "new.clerk", "three plain words").status_code == 302
    with scope(live.oak.utility.id), read_only():
        assert "three plain words" not in str(list(AuditEntry.objects.values_list("what", flat=True)))


def test_a_utility_cannot_reset_the_password_of_who_also_works_elsewhere(live: World) -> None:
    elsewhere = operator("clerk@elm")
    Membership.objects.create(operator=elsewhere, utility=live.oak.utility, role_code="clerk")
    answer = live.oak.client("admin").post(f"/settings/operators/{elsewhere.id}/invite/")
    assert answer.status_code == 403
    assert b"/welcome/" not in answer.content


def test_adding_twice_with_one_key_adds_once(live: World) -> None:
    admin = live.oak.client("admin")
    body = {"login": "twice", "name": "Tom Twice", "role_code": "viewer", **key()}
    places = {admin.post("/settings/operators/", body)["Location"] for _ in range(2)}
    assert len(places) == 1
    other = {**body, "login": "thrice"}
    assert admin.post("/settings/operators/", other).status_code == 409


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30)))


def test_the_second_step_is_asked_for_and_its_secret_is_kept_encrypted(live: World) -> None:
    secret = generate_totp_secret()
    TOTP.activate(operator("admin@oak"), secret)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    client = live.oak.client()
    assert sign_in(client, "admin@oak", live.password)["Location"] == "/sign-in/code/"
    assert client.get(POLICIES).status_code == 302
    assert client.post("/sign-in/code/", {"code": code_of(secret)})["Location"] == "/"
    assert client.get(POLICIES).status_code == 200


def test_a_recovery_code_opens_once(live: World) -> None:
    TOTP.activate(operator("admin@oak"), generate_totp_secret())
    code = RecoveryCodes.activate(operator("admin@oak")).get_unused_codes()[0]
    answers = []
    for _ in range(2):
        client = live.oak.client()
        sign_in(client, "admin@oak", live.password)
        answers.append(client.post("/sign-in/code/", {"code": code}).status_code)
    assert answers == [302, 200]


def test_wrong_codes_lock_like_wrong_passwords(live: World) -> None:
    TOTP.activate(operator("admin@oak"), generate_totp_secret())
    client = live.oak.client()
    sign_in(client, "admin@oak", live.password)
    answers = [client.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert sign_in(live.oak.client(), "admin@oak", live.password).status_code == 429


def test_a_form_without_its_token_is_refused(live: World) -> None:
    strict = Client(enforce_csrf_checks=True, HTTP_HOST=live.oak.host)
    answer = strict.post("/sign-in/", {"login": "admin@oak", "password": live.password})
    assert answer.status_code == 403
    assert b"can no longer be sent" in answer.content


def test_the_page_of_a_get_cannot_write(live: World) -> None:
    with scope(live.oak.utility.id), pytest.raises(InternalError, match="read-only"), read_only():
        Role.objects.create(code="sneaked", name="Sneaked")


def test_every_page_carries_the_security_headers(live: World) -> None:
    headers = live.oak.client("admin").get(POLICIES).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"


def test_the_cookie_of_the_session_is_closed_to_scripts_and_other_sites(live: World) -> None:
    client = live.oak.client()
    sign_in(client, "admin@oak", live.password)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
