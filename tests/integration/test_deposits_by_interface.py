"""Deposits by the interface: taken once, applied, refunded by two keys; and the report of what is held."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.tenancy import scope
from ledger.deposit_models import DepositLeft
from ledger.deposit_refunds import apply_to_owed
from tests.conftest import World
from tests.integration.test_deposits import LANDLORD, take
from tests.integration.test_ledger_operations import balance
from tests.world.desk import open_till
from tests.world.listings import made
from tests.world.partners import Partner
from tests.world.proof import broken


def body(partner: Partner, **more: Any) -> dict[str, Any]:
    """A deposit of 150.00 for water and 100.00 for electric, by check."""
    return {
        "account_id": partner.first("accounts/", number="100001")["id"],
        "on": "2026-09-15",
        "deposits": [
            {"for_service": "water", "amount": "150.00"},
            {"for_service": "electric", "amount": "100.00"},
        ],
        "tenders": [{"kind": "check", "amount": "250.00", "reference": "881"}],
        **more,
    }


@pytest.mark.req("DEP-01", "SYS-03")
def test_deposits_are_taken_once_with_a_receipt_and_listed(live: World) -> None:
    partner = Partner(live.oak, name="Web")
    landlord = partner.post("landlords/", LANDLORD, key="landlord-1")["id"]
    sent = body(partner, landlord_id=landlord, code="LEASE-7", reference="W-1")
    answers = [partner.ask("POST", "deposits/", sent, key="deposit-1") for _ in range(3)]
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    taken = answers[0].json()
    assert taken["receipt"]["total"] == "250.00"
    assert [(d["for_service"], d["amount"], d["payer"], d["code"]) for d in taken["deposits"]] == [
        ("water", "150.00", "landlord", "LEASE-7"),
        ("electric", "100.00", "landlord", "LEASE-7"),
    ]
    listed = partner.get("deposits/", payer="landlord", held="yes")["results"]
    assert [(d["for_service"], d["held"], d["landlord_id"]) for d in listed] == [
        ("electric", "100.00", landlord),
        ("water", "150.00", landlord),
    ]
    assert partner.get("deposits/", for_service="gas")["results"] == []
    again = partner.ask("POST", "deposits/", sent, key="deposit-2")
    assert again.status_code == 409
    assert "has sent “W-1” before" in again.json()["detail"]
    assert broken(live) == []


@pytest.mark.req("DEP-04", "SYS-03")
def test_one_key_proposes_a_refund_another_approves_and_every_step_is_told(live: World) -> None:
    partner, second = Partner(live.oak, name="Web"), Partner(live.oak, name="Back office")
    water, _ = partner.post("deposits/", body(partner), key="deposit-1")["deposits"]
    path = f"deposits/{water['deposit_id']}/"
    applied = partner.post(
        f"{path}apply/", {"on": "2026-09-16", "amount": "10.00", "reference": "A-1"}, key="apply-one"
    )
    assert applied["deposit"]["held"] == "140.00"
    proposal = {"on": "2026-09-17", "amount": "40.00", "reason": "Good credit", "reference": "R-1"}
    refund = partner.post(f"{path}refund/", proposal, key="refund-one")
    mine = partner.ask("POST", f"refunds/{refund['id']}/approve/", {"on": "2026-09-18"}, key="approve-1")
    assert mine.status_code == 403
    assert mine.json()["type"].endswith("maker-is-checker")
    done = second.post(f"refunds/{refund['id']}/approve/", {"on": "2026-09-18"}, key="approve-2")
    assert (done["state"], done["journal_id"] is not None) == ("approved", True)
    cheque = {"cheque": "4711", "cheque_on": "2026-09-19"}
    assert partner.post(f"refunds/{refund['id']}/cheque/", cheque, key="cheque-one")["cheque"] == "4711"
    movement = applied["movements"][0]["movement_id"]
    undone = {"movement_id": movement, "why": "Too early", "on": "2026-09-20"}
    found = second.post("deposit-movements/undo/", undone, key="undo-one")
    assert [(m["words"], m["effect"], m["held"], m["operator"]) for m in found["movements"]] == [
        ("Application undone", "10.00", "110.00", "Back office"),
        ("Refunded", "-40.00", "100.00", "Back office"),
        ("Applied", "-10.00", "140.00", "Web"),
        ("Taken", "150.00", "150.00", "Web"),
    ]
    assert found["movements"][1]["cheque"] == "4711"
    assert partner.get(path) == found
    assert broken(live) == []


def test_what_is_wrong_is_told_at_its_field(live: World) -> None:
    partner = Partner(live.oak, name="Web")
    twice = [{"for_service": "water", "amount": "125.00"}] * 2
    for more, field in (
        ({"deposits": twice}, "deposits"),
        ({"deposits": [{"for_service": "steam", "amount": "250.00"}]}, "deposits"),
        ({"tenders": [{"kind": "check", "amount": "249.99"}]}, "tender"),
        ({"landlord_id": 999_999}, "landlord_id"),
        ({"code": "x" * 41}, "code"),
    ):
        answer = partner.ask(
            "POST", "deposits/", body(partner, **more), key=f"wrong-{field}-{len(str(more))}"
        )
        assert 400 <= answer.status_code < 500
        assert field in answer.content.decode()
    with scope(live.oak.utility.id), transaction.atomic():
        assert not DepositLeft.objects.exists()


@pytest.mark.req("REP-05")
def test_the_report_of_a_day_is_the_ledger_s_balance_of_that_day(live: World) -> None:
    open_till(live.oak)
    open_till(live.elm)
    with scope(live.elm.utility.id):
        take(live, "77.00", "gas", live.elm)
    with scope(live.oak.utility.id):
        first = take(live, "150.00", "water")
        take(live, "100.00", "electric")
        apply_to_owed(live.oak.clerk, deposit_id=first, on=date(2026, 9, 25), amount=Decimal("30.00"))
        with transaction.atomic():
            before, after = (made("deposits-held", as_of=day) for day in ("2026-09-24", "2026-09-25"))
            by_giver = made("deposits-held", as_of="2026-09-25", by="payer", which="all")
            assert after.total("held") == -balance("deposits_held")
    assert (before.total("held"), after.total("held")) == (Decimal("250.00"), Decimal("220.00"))
    assert after.rows("service", "applied", "held") == [
        ("Electric", Decimal("0.00"), Decimal("100.00")),
        ("Water and sewer", Decimal("30.00"), Decimal("120.00")),
    ]
    assert by_giver.column("held", "subtotal") == [Decimal("220.00")]
