"""The bank that an account's bills are to be drawn from: enrolled, changed, paused, ended."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.codes import put_code
from core.errors import Conflict, Refused
from core.models import AuditEntry, Change
from core.sealed import Typed
from core.tenancy import scope
from customers.bank_draft import enrol, follow_drafts, is_routing
from customers.models import Account, BankDraft
from customers.sealed import BANK_ACCOUNT
from tests.conftest import World
from tests.world.desk import key_of
from tests.world.fields import (
    Desk,
    Field,
    kept_by_api,
    kept_by_form,
    refused_by_api,
    refused_by_form,
)
from tests.world.partners import Partner

NUMBER = "000-4417 8823 901"
PLAIN = "00044178823901"
BODY = {
    "bank": "FIRST",
    "holder": "Una Holder",
    "routing": "021000021",
    "kind": "savings",
    "signed_on": "2026-09-01",
    "starts": "2026-09-10",
}
TODAY = date(2026, 9, 15)
NEW, FILE = "/accounts/100001/bank-draft/new/", "/accounts/100001/?tab=file"


@pytest.fixture
def banks(live: World) -> World:
    with scope(live.oak.utility.id):
        put_code(live.oak.admin, kind="bank", code="FIRST", name="First Bank of Oak")
        put_code(live.oak.admin, kind="bank", code="021000021", name="The Other Bank")
    return live


def enrolled(world: World, **other: Any) -> int:
    with scope(world.oak.utility.id):
        asked: dict[str, Any] = {
            "account_id": world.oak.account("100001").id,
            "fields": {"bank": "FIRST", "holder": "Una Holder", "routing": "021000021"},
            "number": Typed(BANK_ACCOUNT, NUMBER),
            "signed_on": date(2026, 9, 1),
            "starts": date(2026, 9, 10),
            "today": TODAY,
        }
        return enrol(world.oak.clerk, **{**asked, **other})


def draft(world: World) -> BankDraft:
    with scope(world.oak.utility.id), transaction.atomic():
        return BankDraft.objects.select_related("account").latest("id")


def pays(world: World) -> bool:
    return bool(draft(world).account.pays_by_draft)


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("021000021", True),
        ("011401533", True),
        ("091000019", True),
        ("021000022", False),
        ("000000000", False),
        ("991000019", False),
        ("02100002", False),
        ("٠٢١٠٠٠٠٢١", False),
    ],
)
def test_a_routing_number_proves_itself(number: str, right: bool) -> None:
    assert is_routing(number) is right


@pytest.mark.req("CUS-01", "SYS-06")
def test_a_bank_is_enrolled_by_form_and_stands_on_the_file_with_its_number_masked(banks: World) -> None:
    client = banks.oak.client("clerk")
    answer = client.post(NEW, {**BODY, "number": NUMBER, "idempotency_key": key_of(client.get(NEW))})
    assert (answer.status_code, answer.headers["Location"]) == (302, FILE)
    page = client.get(FILE).content.decode()
    assert "First Bank of Oak" in page
    assert "•••••3901" in page
    assert PLAIN not in page
    kept = draft(banks)
    with scope(banks.oak.utility.id):
        assert BANK_ACCOUNT.take(kept) == PLAIN
    assert (kept.holder, kept.routing, kept.kind) == ("Una Holder", "021000021", "savings")


@pytest.mark.req("CUS-01", "SYS-06")
def test_a_bank_is_enrolled_and_changed_through_the_interface(banks: World) -> None:
    partner, account = Partner(banks.oak), banks.oak.account("100001").id
    made = partner.post(f"accounts/{account}/bank-drafts/", {**BODY, "number": NUMBER})
    assert (made["bank_name"], made["number_last4"]) == ("First Bank of Oak", "3901")
    path = f"bank-drafts/{made['id']}/"
    changed = partner.ask("PATCH", path, {"ends": "2026-12-01", "version": made["version"]})
    assert (changed.status_code, changed.json()["ends"]) == (200, "2026-12-01")
    assert partner.ask("PATCH", path, {"paused": True, "version": made["version"]}).status_code == 409
    assert partner.get(f"accounts/{account}/bank-drafts/")["results"] == [changed.json()]
    assert PLAIN not in str(partner.get(path))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("bank", "NONE", "none of the banks"),
        ("holder", "", "required"),
        ("holder", "x" * 81, "80 characters"),
        ("routing", "021000022", "do not add up"),
        ("routing", "", "routing number is missing"),
        ("number", "123", "4 to 17"),
        ("number", "1" * 18, "4 to 17"),
        ("number", "", "required"),
        ("signed_on", "2099-01-01", "a day to come"),
        ("starts", "2026-08-31", "was signed on"),
        ("ends", "2026-09-09", "It starts on"),
        ("kind", "loan", "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(banks: World, field: str, typed: str, said: str) -> None:
    client = banks.oak.client("clerk")
    sent = {**BODY, "number": NUMBER, field: typed, "idempotency_key": "a-draft-refused"}
    answer = client.post(NEW, sent)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors.get(field))
    assert PLAIN not in answer.content.decode()
    assert not (typed and field == "number" and typed in answer.content.decode())


FIELDS = (
    (Field("bank", 12, "COUNTYCREDIT"), None),
    (Field("holder", 80), None),
    (Field("routing", 9, "011401533"), None),
    (Field("number", 17, "A0123456789012345", shown="•••••2345"), ("number_last4", "2345")),
)


@pytest.mark.req("CUS-01", "CUS-08")
@pytest.mark.parametrize(("one", "told"), FIELDS, ids=[one.name for one, _ in FIELDS])
def test_each_field_keeps_its_full_length(banks: World, one: Field, told: tuple[str, str] | None) -> None:
    with scope(banks.oak.utility.id):
        put_code(banks.oak.admin, kind="bank", code="COUNTYCREDIT", name="County Credit Union")
    made = enrolled(banks)
    desk = Desk(f"/bank-drafts/{made}/", f"bank-drafts/{made}/")
    clerk, partner = banks.oak.client("clerk"), Partner(banks.oak)
    refused_by_form(clerk, desk, one)
    refused_by_api(partner, desk, one)
    kept_by_form(clerk, desk, one)
    kept_by_api(partner, desk, one, told)


def test_a_bank_whose_code_is_its_routing_number_needs_no_other(banks: World) -> None:
    enrolled(banks, fields={"bank": "021000021", "holder": "Una", "routing": ""})
    assert draft(banks).routing == "021000021"


def test_an_account_has_one_bank_at_a_time(banks: World) -> None:
    first = enrolled(banks, ends=date(2026, 10, 1))
    with pytest.raises(Conflict, match="one at a time"):
        enrolled(banks, starts=date(2026, 9, 30))
    with pytest.raises(Conflict):
        enrolled(banks, starts=date(2026, 9, 5), ends=date(2026, 9, 11))
    assert enrolled(banks, starts=date(2026, 10, 1)) > first
    assert enrolled(banks, starts=date(2026, 9, 1), ends=date(2026, 9, 10))
    with scope(banks.oak.utility.id), pytest.raises(IntegrityError), transaction.atomic():
        BankDraft.objects.filter(id=first).update(ends=None)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, True),
        ({"starts": date(2026, 9, 16)}, False),
        ({"paused": True}, False),
        ({"ends": TODAY}, False),
        ({"ends": date(2026, 9, 16)}, True),
    ],
)
def test_the_account_pays_by_draft_while_one_is_in_force(
    banks: World, other: dict[str, Any], expected: bool
) -> None:
    enrolled(banks, **other)
    assert pays(banks) is expected


def test_the_day_it_starts_and_the_day_it_ends_come_by_themselves(banks: World) -> None:
    enrolled(banks, starts=date(2026, 10, 1), ends=date(2026, 11, 1))
    with scope(banks.oak.utility.id):
        with transaction.atomic():
            Account.objects.filter(number="100002").update(pays_by_draft=True)
        told = []
        for on in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)):
            told.append((follow_drafts(banks.oak.system, on=on), pays(banks)))
        assert told == [(0, False), (1, True), (0, True), (1, False)]
        with transaction.atomic():  # not on file, and left alone
            assert Account.objects.get(number="100002").pays_by_draft


def test_what_was_changed_is_kept_without_the_number(banks: World) -> None:
    made = enrolled(banks)
    client = banks.oak.client("clerk")
    page = f"/bank-drafts/{made}/"
    hidden = dict(
        re.findall(r'name="(idempotency_key|seen)" value="([^"]+)"', client.get(page).content.decode())
    )
    sent = {**BODY, **hidden, "holder": "Ulf Holder", "number": "9988776655"}
    assert client.post(page, sent).status_code == 302
    with scope(banks.oak.utility.id), transaction.atomic():
        change = Change.objects.filter(table="customers_bankdraft").latest("id")
        entry = AuditEntry.objects.filter(operation="customers.draft.change").latest("number")
    assert (change.before["holder"], (change.after or {})["holder"]) == ("Una Holder", "Ulf Holder")
    assert not {"number", "number_index"} & set(change.before)
    assert "9988776655" not in str(entry.what)


def test_a_draft_that_nobody_may_change_is_not_changed(banks: World) -> None:
    made = enrolled(banks)
    viewer = banks.oak.client("viewer")
    assert viewer.post(f"/bank-drafts/{made}/", {**BODY, "idempotency_key": "a-viewer-s"}).status_code == 403
    assert viewer.get(NEW).status_code == 403
    assert "First Bank of Oak" in viewer.get(FILE).content.decode()


def test_the_number_of_a_draft_that_is_over_can_still_be_revealed(banks: World) -> None:
    old = enrolled(banks, ends=date(2026, 9, 11))
    new = enrolled(banks, starts=date(2026, 9, 11))
    way = f'href="/reveal/{BANK_ACCOUNT.column}/{old}/"'
    assert way in banks.oak.client("supervisor").get(f"/bank-drafts/{new}/").content.decode()
    assert way not in banks.oak.client("clerk").get(f"/bank-drafts/{new}/").content.decode()
    shown = banks.oak.client("supervisor").post(
        f"/reveal/{BANK_ACCOUNT.column}/{old}/", {"reason": "A trial"}
    )
    assert PLAIN in shown.content.decode()


def test_a_signature_of_a_day_to_come_is_none(banks: World) -> None:
    with pytest.raises(Refused, match="day to come"):
        enrolled(banks, signed_on=date(2026, 9, 16), starts=date(2026, 9, 20))
