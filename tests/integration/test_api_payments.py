"""Money by the API: once, to the cent, under an idempotency key; and taken back."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from core import clock
from core.tenancy import scope
from ledger.models import FiscalPeriod
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.tables import table_hash


def paid(partner: Partner, amount: str, number: str = "100001", **more: object) -> dict[str, Any]:
    """The body of a payment of so much in cash for one account."""
    account = partner.first("accounts/", number=number)["id"]
    return {
        "on": "2026-09-15",
        "tenders": [{"kind": "cash", "amount": amount}],
        "accounts": [{"account_id": account, "amount": amount}],
        **more,
    }


def owed(partner: Partner, number: str = "100001") -> Decimal:
    """What settles the account today."""
    return Decimal(partner.first("accounts/", number=number)["payoff"])


@pytest.mark.req("SYS-03")
def test_a_payment_lowers_what_is_owed_and_has_a_receipt(live: World) -> None:
    partner = Partner(live.oak, name="Lock box")
    before = owed(partner)
    made = partner.post("payments/", paid(partner, "10.00", reference="LB-1"), key="one")
    assert owed(partner) == before - 10
    (part,) = made["payments"]
    assert (part["balance_before"], part["balance_after"]) == (str(before), str(before - 10))
    assert partner.get(f"receipts/{made['receipt']['id']}/") == made
    assert partner.first("receipts/", reference="LB-1")["source"] == "Lock box"
    assert partner.first("payments/", number="100001")["amount"] == "10.00"


def test_a_payment_repeated_is_answered_alike_and_taken_once(live: World) -> None:
    partner = Partner(live.oak)
    before, body = owed(partner), paid(partner, "10.00")
    answers = [partner.ask("POST", "payments/", body, key="one") for _ in range(3)]
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert owed(partner) == before - 10


def test_the_same_key_for_another_amount_is_refused_without_effect(live: World) -> None:
    partner = Partner(live.oak)
    partner.post("payments/", paid(partner, "10.00"), key="one")
    before = table_hash("ledger", "collections_app_", "core_counter")
    answer = partner.ask("POST", "payments/", paid(partner, "11.00"), key="one")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:curbstop:problem:key-reused")
    assert table_hash("ledger", "collections_app_", "core_counter") == before


def test_the_same_key_of_another_partner_is_another_payment(live: World) -> None:
    one, other = Partner(live.oak, name="One"), Partner(live.oak, name="Other")
    first, second = (p.post("payments/", paid(p, "1.00"), key="same")["receipt"] for p in (one, other))
    assert second["number"] == first["number"] + 1


def test_a_payment_without_a_key_is_not_taken(live: World) -> None:
    partner = Partner(live.oak)
    answer = partner.ask("POST", "payments/", paid(partner, "10.00"))
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:curbstop:problem:key-needed")
    assert partner.get("receipts/")["results"] == []


def test_a_reference_that_was_posted_is_refused_under_a_new_key(live: World) -> None:
    partner = Partner(live.oak)
    partner.post("payments/", paid(partner, "10.00", reference="LB-1"), key="one")
    before = table_hash("ledger", "collections_app_", "core_counter")
    for amount in ("10.00", "11.00"):
        answer = partner.ask("POST", "payments/", paid(partner, amount, reference="LB-1"), key=amount)
        assert answer.status_code == 409
        assert answer.json()["remedy"]
    assert table_hash("ledger", "collections_app_", "core_counter") == before


def test_change_is_given_and_the_rest_is_laid_as_the_partner_splits_it(live: World) -> None:
    partner = Partner(live.oak)
    account = partner.get(f"accounts/{partner.first('accounts/', number='100001')['id']}/")
    last = account["balance"]["open_charges"][-1]
    part = {"charge_id": last["charge_id"], "amount": "1.00"}
    body = paid(partner, "1.00") | {"tenders": [{"kind": "cash", "amount": "5.00"}]}
    body["accounts"][0]["split"] = [part]
    assert partner.post("payments/", body, key="one")["receipt"]["change"] == "4.00"
    after = partner.get(f"accounts/{account['account']['id']}/")["balance"]["open_charges"]
    left = next(c for c in after if c["charge_id"] == last["charge_id"])
    assert Decimal(left["open"]) == Decimal(last["open"]) - 1
    body["accounts"][0]["split"] = [part, part]
    assert partner.ask("POST", "payments/", body, key="two").status_code == 400


@pytest.mark.parametrize(
    "amount", ["0.00", "-1.00", "1.005", "NaN", "Infinity", "1e400", "123456789.00", "", 1.5, 1, True, None]
)
def test_what_is_no_amount_is_refused_at_its_place(live: World, amount: object) -> None:
    partner = Partner(live.oak)
    body = paid(partner, "1.00") | {"tenders": [{"kind": "cash", "amount": amount}]}
    answer = partner.ask("POST", "payments/", body, key="one")
    assert answer.status_code == 400
    assert [e["field"] for e in answer.json()["errors"]] == ["tenders.0.amount"]


def test_what_the_counter_refuses_is_refused_here_too(live: World) -> None:
    partner = Partner(live.oak)
    body = paid(partner, "10.00") | {"tenders": [{"kind": "check", "amount": "12.00"}]}
    answer = partner.ask("POST", "payments/", body, key="one").json()
    assert (answer["status"], answer["errors"][0]["field"]) == (422, "tender")
    twice = paid(partner, "10.00")
    twice["accounts"] *= 2
    twice["tenders"] *= 2
    assert partner.ask("POST", "payments/", twice, key="two").status_code == 422


def test_a_receipt_is_taken_back_by_another_than_took_the_money(live: World) -> None:
    till, office = Partner(live.oak, name="Till"), Partner(live.oak, name="Office")
    before = owed(till)
    receipt = till.post("payments/", paid(till, "10.00"), key="one")["receipt"]["id"]
    body = {"why": "Wrong account", "on": "2026-09-16"}
    assert till.ask("POST", f"receipts/{receipt}/void/", body, key="v").status_code == 403
    assert office.ask("POST", f"receipts/{receipt}/void/", body).status_code == 400
    voided = office.post(f"receipts/{receipt}/void/", body, key="v")
    assert voided["void"]["reason"] == "Wrong account"
    assert office.post(f"receipts/{receipt}/void/", body, key="v") == voided
    assert office.ask("POST", f"receipts/{receipt}/void/", body, key="w").status_code == 409
    assert owed(till) == before
    assert till.get("receipts/", voided="true")["results"][0]["id"] == receipt
    mirror = office.get(f"journals/{voided['payments'][0]['journal_id']}/")["reversed_by"]
    assert office.get(f"journals/{mirror}/")["journal"]["why"] == "void"


def test_money_is_taken_by_who_may_alone(live: World) -> None:
    reader = Partner(live.oak, "customers.view", "ledger.view")
    assert reader.ask("POST", "payments/", paid(reader, "1.00"), key="one").status_code == 403
    assert (
        reader.ask("POST", "receipts/1/void/", {"why": "x", "on": "2026-09-16"}, key="x").status_code == 403
    )


def test_a_payment_into_a_closed_period_is_refused_with_the_remedy(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        FiscalPeriod.objects.create(starts="2026-09-01", ends="2026-10-01", closed_at=clock.now())
    partner = Partner(live.oak)
    answer = partner.ask("POST", "payments/", paid(partner, "10.00"), key="one")
    assert answer.status_code == 422
    assert "closed period" in answer.json()["detail"]
    assert answer.json()["remedy"]


def test_everything_holds_after_payments_and_voids_by_the_api(
    live: World, settings: Any, tmp_path: Path
) -> None:
    settings.STATE_DIR = tmp_path
    till, office = Partner(live.oak, name="Till"), Partner(live.oak, name="Office")
    for n, number in enumerate(("100001", "100002", "100001")):
        receipt = till.post("payments/", paid(till, "500.00", number), key=f"p{n}")["receipt"]["id"]
    office.post(f"receipts/{receipt}/void/", {"why": "Twice", "on": "2026-09-20"}, key="v")
    call_command("prove", utility="oak", verbosity=0)
