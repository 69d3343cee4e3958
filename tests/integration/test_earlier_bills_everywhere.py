"""Wherever a customer is entered, who has the number and owes is told, and a reason asked (CUS-07)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.errors import Refused
from core.models import AuditEntry
from core.sealed import Typed
from core.tenancy import scope
from customers.customer_file import add_customer, change_customer
from customers.models import Account, Note
from customers.opening import NewCustomer, open_for
from customers.sealed import LICENCE, SSN
from tests.conftest import World
from tests.integration.test_write_offs import OURS, written_off
from tests.world.partners import Partner

DAY = date(2026, 12, 1)
NUMBER = "078-05-1120"
WHY = "Pays in two parts"
FAMILY: dict[str, Any] = {
    "name": "Fay Family", "mail_line_1": "PO Box 7", "mail_city": "Oak Hollow", "mail_state": "IA",
    "mail_zip": "51501",
}  # fmt: skip


def known(world: World) -> Account:
    """The customer of 100005, who owes for August, has the numbers on file."""
    account = Account.objects.select_related("customer").get(number=OURS)
    numbers: Any = {"ssn": Typed(SSN, NUMBER), "licence": Typed(LICENCE, "D1234567")}
    change_customer(world.oak.clerk, customer_id=account.customer_id, fields={}, **numbers)
    return account


def known_live(live: World) -> None:
    with scope(live.oak.utility.id):
        customer = live.oak.account(OURS).customer_id
        change_customer(live.oak.clerk, customer_id=customer, fields={}, ssn=Typed(SSN, NUMBER))


def opened(world: World, **more: Any) -> Account:
    place = Account.objects.get(number="100006").location_id
    made = open_for(world.oak.clerk, location_id=place, starts=DAY, **more)
    return Account.objects.select_related("customer").get(id=made)


@pytest.mark.req("CUS-07")
@pytest.mark.parametrize(
    "numbers", [{"ssn": Typed(SSN, "078051120")}, {"licence": Typed(LICENCE, "d-123 4567")}]
)
def test_opening_an_account_for_a_newcomer_catches_either_number(world: World, numbers: Any) -> None:
    owes = known(world)
    with pytest.raises(Refused, match=f"{owes.number}, {owes.customer.name}") as refused:
        opened(world, new_customer=NewCustomer(**FAMILY), **numbers)
    assert refused.value.field == "owed_reason"
    made = opened(world, new_customer=NewCustomer(**FAMILY), owed_reason=WHY, **numbers)
    note = Note.objects.get(account=made)
    assert note.pinned
    assert owes.number in note.text
    assert WHY in note.text


@pytest.mark.req("CUS-07")
def test_a_customer_we_have_is_asked_for_what_they_and_their_like_owe(world: World) -> None:
    owes = known(world)
    with pytest.raises(Refused, match=owes.number):
        opened(world, customer_id=owes.customer_id)
    relative = add_customer(world.oak.clerk, ssn=Typed(SSN, NUMBER), owed_reason=WHY, **FAMILY)
    with pytest.raises(Refused, match=owes.number):
        opened(world, customer_id=relative)
    assert opened(world, customer_id=relative, owed_reason=WHY).customer_id == relative


def test_numbers_typed_for_a_customer_we_have_go_on_their_file_unless_they_differ(world: World) -> None:
    owes = known(world)
    other = Account.objects.get(number="100007").customer_id
    typed: Any = {"ssn": Typed(SSN, "219-09-9999"), "owed_reason": WHY}
    assert opened(world, customer_id=other, **typed).customer.ssn_last4 == "9999"
    with pytest.raises(Refused, match="another number on file"):
        opened(world, customer_id=owes.customer_id, **typed)


@pytest.mark.req("CUS-07")
def test_a_number_typed_later_pins_what_its_owner_owes_to_the_accounts(world: World) -> None:
    owes, other = known(world), Account.objects.get(number="100007")
    later: Any = {"customer_id": other.customer_id, "fields": {}, "ssn": Typed(SSN, NUMBER)}
    with pytest.raises(Refused, match=owes.number):
        change_customer(world.oak.clerk, **later)
    change_customer(world.oak.clerk, **later, owed_reason=WHY)
    assert WHY in Note.objects.get(account=other, pinned=True).text
    change_customer(world.oak.clerk, **later)  # typed once more it says nothing new


def test_a_new_customer_without_an_account_has_the_reason_in_the_audit(live: World) -> None:
    known_live(live)
    with scope(live.oak.utility.id):
        add_customer(live.oak.clerk, ssn=Typed(SSN, NUMBER), owed_reason=WHY, **FAMILY)
        with transaction.atomic():
            told = AuditEntry.objects.filter(operation="customers.customer.add").latest("number")
        assert WHY in str(told.what)


@pytest.mark.req("CUS-07")
def test_the_forms_ask_and_a_written_off_bill_is_marked(live: World) -> None:
    known_live(live)
    with scope(live.oak.utility.id):
        written_off(live)
    client = live.oak.client("clerk")
    told = client.post("/move-ins/earlier/", {"ssn": NUMBER}).content.decode()
    assert "Written off" in told
    assert "Sep 20, 2026" in told
    typed = {"location": "L100006", "starts": "2026-12-01", "category": "residential", "name": "Fay"}
    sent = {**typed, "ssn": NUMBER, "idempotency_key": "opens-0001"}
    answer = client.post("/accounts/new/", sent)
    assert answer.status_code == 422
    assert "Have it paid first" in answer.content.decode()
    answer = client.post("/accounts/new/", {**sent, "owed_reason": WHY, "idempotency_key": "opens-0002"})
    assert WHY in client.get(answer["Location"]).content.decode()
    customer = {**FAMILY, "mail_country": "US", "ssn": NUMBER, "idempotency_key": "adds-00001"}
    assert client.post("/customers/new/", customer).status_code == 422
    again = {**customer, "owed_reason": WHY, "idempotency_key": "adds-00002"}
    assert client.post("/customers/new/", again).status_code == 302


@pytest.mark.req("CUS-07")
def test_the_interface_asks_the_same(live: World) -> None:
    known_live(live)
    partner = Partner(live.oak)
    place = live.oak.account("100006").location_id
    wish = {"location_id": place, "starts": "2026-12-01", "new_customer": FAMILY, "ssn": NUMBER}
    refused = partner.ask("POST", "accounts/", wish, "opens-0001")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "owed_reason")
    made = partner.post("accounts/", {**wish, "owed_reason": WHY}, key="opens-0002")
    assert made["account"]["customer"] == "Fay Family"
    assert partner.ask("POST", "customers/", {**FAMILY, "ssn": NUMBER}, "adds-00001").status_code == 422
    other = live.oak.account("100007").customer_id
    change = partner.ask("PATCH", f"customers/{other}/", {"ssn": NUMBER}, "changes-01")
    assert change.status_code == 422
    change = partner.ask("PATCH", f"customers/{other}/", {"ssn": NUMBER, "owed_reason": WHY}, "changes-02")
    assert change.json()["ssn_last4"] == "1120"
    bills = {b["account"]: b for b in partner.post("earlier-bills/", {"ssn": NUMBER})["bills"]}
    assert set(bills) == {OURS, "100007"}
    assert (bills[OURS]["written_off"], Decimal(bills[OURS]["owed"]) > 0) == (None, True)
