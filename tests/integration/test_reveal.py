"""A masked number is shown in its place, to who may see it, for a reason, and never without a trace."""

import re
from typing import Any

import pytest
from django.db import transaction

from core.models import AuditEntry
from core.sealed import Typed, tail
from core.tenancy import scope
from customers.customer_file import change_customer
from customers.landlords import add_company, add_landlord
from customers.models import Customer
from customers.sealed import COMPANY_TAX_ID, LANDLORD_LICENCE, LANDLORD_SSN, LICENCE, SSN
from tests.conftest import World
from tests.world.comings import ADDRESS
from tests.world.partners import Partner

PLAIN, WHY = "078051120", {"reason": "Asked for by the collection agency"}


@pytest.fixture
def customer(live: World) -> int:
    with scope(live.oak.utility.id):
        found = live.oak.account("100001").customer_id
        change_customer(live.oak.clerk, customer_id=found, fields={}, ssn=Typed(SSN, PLAIN))
        return int(found)


def looks(world: World) -> list[Any]:
    with scope(world.oak.utility.id), transaction.atomic():
        rows = AuditEntry.objects.filter(operation="core.secret.reveal").order_by("number")
        return [(one.actor_name, one.what["label"], one.what["reason"]) for one in rows]


@pytest.mark.req("SYS-06")
def test_the_number_is_shown_once_and_kept_nowhere_on_its_way(live: World, customer: int) -> None:
    client = live.oak.client("supervisor")
    path = f"/reveal/{SSN.column}/{customer}/"
    assert PLAIN not in client.get(path).content.decode()
    answer = client.post(path, WHY)
    assert f'<output class="revealed">{PLAIN}</output>' in answer.content.decode()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert PLAIN not in client.get(path).content.decode()
    assert looks(live) == [(live.oak.supervisor.name, "Social security number", WHY["reason"])]


@pytest.mark.req("SYS-06")
@pytest.mark.parametrize("role", ["clerk", "billing", "viewer"])
def test_who_lacks_the_right_is_neither_offered_nor_shown_it(live: World, customer: int, role: str) -> None:
    client = live.oak.client(role)
    assert client.post(f"/reveal/{SSN.column}/{customer}/", WHY).status_code == 403
    assert "data-reveal" not in client.get(f"/customers/{customer}/").content.decode()
    assert looks(live) == []


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "required"),
        ("why", "too short"),
        ("x" * 201, "200 characters"),
        ("it is 078-05-1120, is it not", "Say it in words"),
    ],
)
def test_without_a_reason_nothing_is_shown(live: World, customer: int, reason: str, said: str) -> None:
    answer = live.oak.client("admin").post(f"/reveal/{SSN.column}/{customer}/", {"reason": reason})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'class="revealed"' not in page
    assert looks(live) == []


@pytest.mark.parametrize(
    "path", ["customers_customer.ssn/999999/", "customers_customer.licence/{0}/", "core_operator.password/1/"]
)
def test_where_no_number_is_there_is_no_page(live: World, customer: int, path: str) -> None:
    address = "/reveal/" + path.format(customer)
    client = live.oak.client("admin")
    assert (client.get(address).status_code, client.post(address, WHY).status_code) == (404, 404)


def test_another_utility_s_number_is_not_found(live: World, customer: int) -> None:
    assert live.elm.client("admin").post(f"/reveal/{SSN.column}/{customer}/", WHY).status_code == 404


@pytest.mark.req("SYS-06", "SYS-03")
def test_a_key_reveals_with_its_own_right_alone(live: World, customer: int) -> None:
    path = f"sealed/{SSN.column}/{customer}/reveal/"
    assert Partner(live.oak, "customers.view", "customers.edit").ask("POST", path, WHY).status_code == 403
    partner = Partner(live.oak, "core.secret.reveal", name="Agency")
    assert partner.ask("POST", path, {}).status_code == 400
    answer = partner.ask("POST", path, WHY, key="a-key-that-is-not-kept")
    assert answer.json() == {"column": SSN.column, "ref": customer, "value": PLAIN}
    assert answer.headers["Cache-Control"] == "no-store"
    assert [who for who, _, _ in looks(live)] == ["Agency"]


@pytest.mark.req("SYS-06")
def test_the_administrator_sees_who_looked_at_numbers(live: World, customer: int) -> None:
    live.oak.client("supervisor").post(f"/reveal/{SSN.column}/{customer}/", WHY)
    admin = live.oak.client("admin")
    page = admin.get("/audit/numbers/").content.decode()
    for told in (WHY["reason"], live.oak.supervisor.name, f"/customers/{customer}/"):
        assert told in page
    assert WHY["reason"] not in admin.get(f"/audit/numbers/?column={LICENCE.column}").content.decode()
    assert WHY["reason"] in admin.get("/audit/numbers/?reason=agency&export=csv").getvalue().decode()
    assert live.oak.client("clerk").get("/audit/numbers/").status_code == 403


def test_every_masked_number_has_its_reveal(live: World, customer: int) -> None:
    with scope(live.oak.utility.id):
        company = add_company(
            live.oak.clerk,
            texts={"name": "Homes", **ADDRESS},
            federal_tax_id=Typed(COMPANY_TAX_ID, "123456789"),
        )
        landlord = add_landlord(
            live.oak.clerk,
            texts={"name": "Lodge", **ADDRESS},
            ssn=Typed(LANDLORD_SSN, PLAIN),
            licence=Typed(LANDLORD_LICENCE, "D1234567"),
        )
    client = live.oak.client("admin")
    for page, ways in (
        (f"/customers/{customer}/", [f"{SSN.column}/{customer}"]),
        ("/accounts/100001/?tab=file", [f"{SSN.column}/{customer}"]),
        ("/accounts/100001/?tab=people", [f"{SSN.column}/{customer}"]),
        (f"/companies/{company}/", [f"{COMPANY_TAX_ID.column}/{company}"]),
        (f"/landlords/{landlord}/", [f"{c.column}/{landlord}" for c in (LANDLORD_SSN, LANDLORD_LICENCE)]),
    ):
        shown = client.get(page).content.decode()
        assert [w for w in ways if f'action="/reveal/{w}/"' not in shown] == []


@pytest.mark.parametrize(
    ("number", "shown"),
    [("", ""), ("A", ""), ("A1", "1"), ("A1234", "34"), ("12345678", "5678"), ("1" * 17, "1111")],
)
def test_of_a_short_number_never_more_than_half_is_shown(number: str, shown: str) -> None:
    assert tail(number) == shown


FORMS = {
    "/customers/new/": {"ssn": "07805112"},
    "/landlords/new/": {"ssn": "07805112", "licence": "D1234567890"},
    "/companies/new/": {"federal_tax_id": "07805112"},
}


@pytest.mark.req("SYS-06")
@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_comes_back_holds_no_number_and_loses_none(live: World, path: str) -> None:
    client = live.oak.client("clerk")
    page = client.post(path, {**FORMS[path], "idempotency_key": "comes-back-once"})
    assert page.status_code == 422
    for name, number in FORMS[path].items():
        assert number not in page.content.decode()
        assert re.search(rf'name="{name}"[^>]*autocomplete="off"', page.content.decode())
        body = {f"{name}_carried": carried(page, name), "idempotency_key": "comes-back-twice"}
        again = client.post(path, body)
        with scope(live.oak.utility.id):
            assert again.context["form"][name].value() == number


def carried(page: Any, name: str) -> str:
    return str(re.findall(f'name="{name}_carried" value="([^"]+)"', page.content.decode())[0])


def test_what_a_form_carries_opens_in_no_other_utility(live: World) -> None:
    page = live.oak.client("clerk").post("/customers/new/", {"ssn": "123", "idempotency_key": "carried-away"})
    body = {"ssn_carried": carried(page, "ssn"), "idempotency_key": "carried-away"}
    again = live.elm.client("clerk").post("/customers/new/", body)
    with scope(live.elm.utility.id):
        assert again.context["form"]["ssn"].value() == ""


def test_a_number_sent_back_as_it_was_shown_stays(live: World, customer: int) -> None:
    client = live.oak.client("clerk")
    path = f"/customers/{customer}/change/"
    with scope(live.oak.utility.id), transaction.atomic():
        row = Customer.objects.get(id=customer)
    body = {n: getattr(row, n) for n in ("name", "mail_line_1", "mail_city", "mail_state", "mail_zip")}
    sent = client.post(path, {**body, "ssn": "•••-••-1120", "idempotency_key": "as-it-was-shown"})
    assert sent.status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        assert SSN.take(Customer.objects.get(id=customer)) == PLAIN
