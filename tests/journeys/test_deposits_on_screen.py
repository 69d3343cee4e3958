"""A deposit on screen: taken at the counter, applied, refunded by two people, undone, voided."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from collections_app.models import Receipt
from core.tenancy import scope
from customers.landlords import add_landlord, give_location
from ledger.deposit_models import Deposit, DepositLeft, DepositMovement, DepositRefund
from tests.conftest import World
from tests.integration.test_account_screens import MOST_QUERIES, queries_of
from tests.integration.test_deposits import DAY, LANDLORD
from tests.world.desk import file_of, key_of, open_till, send, text_of
from tests.world.proof import broken

ACCOUNT = "/accounts/100001/"
TAKE = f"{ACCOUNT}deposit/"


def taken(live: World, **fields: Any) -> Any:
    sent = {"amount_2": "150.00", "kind": "cash", "tender": "160.00", "code": "D-1", **fields}
    return send(live.oak.client("clerk"), TAKE, **sent)


def the(live: World, model: Any) -> Any:
    """The newest row."""
    with scope(live.oak.utility.id), transaction.atomic():
        return model.objects.latest("id")


def held(live: World) -> Decimal:
    with scope(live.oak.utility.id), transaction.atomic():
        return sum(DepositLeft.objects.values_list("open", flat=True), Decimal(0))


def owned(live: World) -> int:
    """The location of 100001 belongs to a landlord; whose id."""
    with scope(live.oak.utility.id):
        landlord = add_landlord(live.oak.clerk, texts=LANDLORD)
        where = live.oak.account().location_id
        give_location(live.oak.clerk, landlord_id=landlord, location_id=where, starts=DAY)
    return landlord


@pytest.mark.req("DEP-01", "DEP-04")
def test_a_deposit_goes_from_the_counter_to_the_refund_by_two_people(live: World) -> None:
    open_till(live.oak)
    clerk, supervisor = live.oak.client("clerk"), live.oak.client("supervisor")
    done = taken(live, amount_3="100.00", tender="260.00", payer=str(owned(live)))
    page = text_of(clerk.get(done["Location"]))
    assert "10.00" in page
    assert "held as a deposit for 100001" in page
    tab = text_of(clerk.get(f"{ACCOUNT}?tab=deposits"))
    assert "250.00 held" in tab
    for words in ("Water and sewer", "Electric", "Lena Landlord", "D-1", "Receipt 1"):
        assert words in tab
    deposit = the(live, Deposit).id
    first = {"deposit": str(deposit), "amount": "20.00"}
    assert send(clerk, f"{ACCOUNT}deposits/apply/", **first, reference="A-2").status_code == 302
    refund = send(clerk, f"{ACCOUNT}deposits/refund/", **first, reason="Good credit")["Location"]
    assert "a second person approves it" in text_of(clerk.get(refund)) or "may approve" in text_of(
        clerk.get(refund)
    )
    assert held(live) == Decimal("230.00")
    cheque = {"cheque": "4711", "cheque_on": "2026-09-22"}
    assert send(supervisor, f"{refund}approve/", opened=refund, **cheque).status_code == 302
    assert held(live) == Decimal("210.00")
    tab = text_of(clerk.get(f"{ACCOUNT}?tab=deposits"))
    for words in ("Applied", "A-2", "Refunded", "check 4711", "210.00 held"):
        assert words in tab
    assert broken(live) == []


@pytest.mark.req("DEP-04")
def test_what_was_applied_is_undone_by_somebody_else_with_a_reason(live: World) -> None:
    open_till(live.oak)
    taken(live)
    clerk, supervisor = live.oak.client("clerk"), live.oak.client("supervisor")
    deposit = the(live, Deposit).id
    send(clerk, f"{ACCOUNT}deposits/apply/", deposit=str(deposit), amount="20.00")
    page, undo = f"/ledger/deposits/{deposit}/", the(live, DepositMovement).id
    assert "Undo applied" not in text_of(clerk.get(page))
    refused = send(supervisor, f"{page}undo/{undo}/", opened=page, why="")
    assert refused.status_code == 422
    assert send(supervisor, f"{page}undo/{undo}/", opened=page, why="Too early").status_code == 302
    shown = text_of(supervisor.get(page))
    assert "Application undone" in shown
    assert "Too early" in shown
    assert held(live) == Decimal("150.00")


def test_a_double_click_takes_it_once_and_a_void_gives_it_back(live: World) -> None:
    open_till(live.oak)
    clerk, supervisor = live.oak.client("clerk"), live.oak.client("supervisor")
    sent = {"amount": "80.00", "kind": "cash", "tender": "80.00"}
    sent["idempotency_key"] = key_of(clerk.get(TAKE))
    assert {clerk.post(TAKE, sent)["Location"] for _ in range(2)} == {"/counter/?receipt=1"}
    assert held(live) == Decimal("80.00")
    receipt = f"/receipts/{the(live, Receipt).number}/"
    assert "1 receipt" in text_of(clerk.get("/receipts/?account=100001"))
    assert "Held as a deposit" in text_of(clerk.get(receipt))
    assert clerk.get(f"{receipt}roll.pdf").status_code == 200
    assert send(supervisor, f"{receipt}void/", opened=receipt, why="Wrong house").status_code == 302
    assert held(live) == 0
    assert "Receipt voided" in text_of(clerk.get(f"{ACCOUNT}?tab=deposits"))
    assert broken(live) == []


def test_what_is_typed_wrong_is_told_at_its_field(live: World) -> None:
    open_till(live.oak)
    for fields, said in (
        ({"amount_2": ""}, "Type an amount for at least one service"),
        ({"tender": "149.99"}, "was tendered for"),
        ({"amount_2": "0"}, "at least 0.01"),
        ({"payer": "999"}, "Select a valid choice"),
    ):
        answer = taken(live, **fields)
        assert answer.status_code == 422, fields
        assert said in text_of(answer), fields
    assert held(live) == 0


def test_the_lists_filter_and_export(live: World) -> None:
    open_till(live.oak)
    taken(live)
    viewer, clerk = live.oak.client("viewer"), live.oak.client("clerk")
    assert "D-1" in text_of(viewer.get("/ledger/deposits/?for_service=water&payer=customer&held=yes"))
    assert "D-1" not in text_of(viewer.get("/ledger/deposits/?payer=landlord"))
    assert "D-1" not in text_of(viewer.get("/ledger/deposits/?held=no"))
    assert b"150.00" in file_of(viewer.get("/ledger/deposits/?export=csv"))
    what = {"deposit": str(the(live, Deposit).id), "amount": "5.00", "reason": "Good credit"}
    send(clerk, f"{ACCOUNT}deposits/refund/", **what)
    assert "Good credit" in text_of(viewer.get("/ledger/refunds/?state=waiting"))
    assert "Good credit" in text_of(live.oak.client("supervisor").get("/"))
    withdrawn = f"/ledger/refunds/{the(live, DepositRefund).id}/"
    assert send(clerk, f"{withdrawn}withdraw/", opened=withdrawn).status_code == 302
    assert "Withdrawn" in text_of(viewer.get(withdrawn))


def test_the_tab_asks_the_database_fifteen_times_at_most(live: World) -> None:
    open_till(live.oak)
    taken(live)
    clerk, deposit = live.oak.client("clerk"), the(live, Deposit).id
    send(clerk, f"{ACCOUNT}deposits/apply/", deposit=str(deposit), amount="20.00")
    assert len(queries_of(live.oak.client("admin"), f"{ACCOUNT}?tab=deposits")) <= MOST_QUERIES


@pytest.mark.req("CUS-01")
def test_the_file_of_the_account_shows_its_deposits(live: World) -> None:
    open_till(live.oak)
    taken(live)
    file = text_of(live.oak.client("viewer").get(f"{ACCOUNT}?tab=file"))
    assert "Water and sewer" in file
    assert "held of 150.00" in file
