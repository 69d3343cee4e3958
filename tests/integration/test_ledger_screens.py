"""Adjustments, returned payments and periods as people work with them on screen, and partners by key."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from collections_app.models import Payment, PaymentReturn
from collections_app.operations import Tendered, ToAccount, post_payment
from core import clock
from core.tenancy import scope
from ledger.models import Adjustment, FiscalPeriod, Journal
from ledger.receivables import payoff
from tests.conftest import World
from tests.world.desk import prepared_september, send, text_of
from tests.world.partners import Partner
from tests.world.proof import broken

GIVEN = {
    "kind": "credit",
    "amount": "7.50",
    "charge": "",
    "reason": "Courtesy",
    "revenue_code": "OTHER",
    "text": "As agreed by telephone",
}


def proposed(live: World) -> str:
    """The address of an adjustment that the clerk proposed."""
    return str(send(live.oak.client("clerk"), "/accounts/100001/adjust/", **GIVEN)["Location"])


def state(live: World) -> str:
    with scope(live.oak.utility.id), transaction.atomic():
        return str(Adjustment.objects.latest("id").state)


def owed(live: World) -> Decimal:
    account = live.oak.account().id
    with scope(live.oak.utility.id), transaction.atomic():
        return payoff([account])[account]


@pytest.mark.req("HIS-03")
def test_an_adjustment_goes_from_the_account_to_the_ledger_through_two_hands(live: World) -> None:
    before, address = owed(live), proposed(live)
    supervisor = live.oak.client("supervisor")
    assert "As agreed by telephone" in text_of(supervisor.get("/"))
    assert f"{before - Decimal('7.50'):,.2f}" in text_of(supervisor.get(address))
    assert send(supervisor, f"{address}approve/", opened=address).status_code == 302
    assert (state(live), owed(live)) == ("posted", before - Decimal("7.50"))
    assert "As agreed by telephone" in text_of(supervisor.get("/accounts/100001/?tab=transactions"))


def test_who_proposed_sees_why_they_cannot_approve(live: World) -> None:
    supervisor = live.oak.client("supervisor")
    address = send(supervisor, "/accounts/100001/adjust/", **GIVEN)["Location"]
    shown = text_of(supervisor.get(address))
    assert "a second person approves it" in shown
    assert "Approve and post" not in shown
    refused = send(supervisor, f"{address}approve/", opened=address)
    assert (refused.status_code, state(live)) == (403, "waiting")


def test_a_refusal_says_why_and_a_proposal_can_be_withdrawn(live: World) -> None:
    address = proposed(live)
    supervisor = live.oak.client("supervisor")
    assert send(supervisor, f"{address}refuse/", opened=address, why="").status_code == 422
    send(supervisor, f"{address}refuse/", opened=address, why="No ground")
    assert (state(live), "No ground" in text_of(supervisor.get(address))) == ("refused", True)
    other = proposed(live)
    send(live.oak.client("clerk"), f"{other}withdraw/", opened=other)
    assert state(live) == "withdrawn"


def test_the_form_says_at_the_field_what_is_wrong(live: World) -> None:
    clerk = live.oak.client("clerk")
    answer = send(clerk, "/accounts/100001/adjust/", **{**GIVEN, "amount": "0"})
    assert (answer.status_code, "at least 0.01" in text_of(answer)) == (422, True)
    assert live.oak.client("viewer").get("/accounts/100001/adjust/").status_code == 403


def test_a_posted_adjustment_is_reversed_from_its_page(live: World) -> None:
    before, address = owed(live), proposed(live)
    supervisor, clerk = live.oak.client("supervisor"), live.oak.client("clerk")
    send(supervisor, f"{address}approve/", opened=address)
    reversal = send(clerk, f"{address}reverse/", opened=address, text="Wrong house")["Location"]
    send(supervisor, f"{reversal}approve/", opened=reversal)
    assert owed(live) == before
    assert "took it back" in text_of(supervisor.get(address))
    assert broken(live, "A1", "A2", "A3", "L5") == []


def checked_in(live: World, kind: str = "check") -> int:
    """The number of a receipt by mail."""
    with scope(live.oak.utility.id):
        paid = Decimal("30.00")
        post_payment(
            live.oak.clerk,
            tenders=[Tendered(kind, paid)],
            accounts=[ToAccount(live.oak.account().id, paid)],
            on=date(2026, 9, 10),
            source="by mail",
        )
    return 1


@pytest.mark.req("HIS-07")
def test_a_check_that_came_back_is_entered_on_its_receipt(live: World) -> None:
    before, number = owed(live), checked_in(live)
    supervisor, address = live.oak.client("supervisor"), f"/receipts/{number}/return/"
    with scope(live.oak.utility.id), transaction.atomic():
        payment = Payment.objects.get().id
    entered = send(supervisor, address, payments=[payment], reason="Not sufficient funds", fee="25")
    assert entered.status_code == 302
    shown = text_of(supervisor.get(f"/receipts/{number}/"))
    assert "came back on" in shown
    assert "no longer be voided" in shown
    assert owed(live) == before + 25
    assert supervisor.get(address).status_code == 409


def test_cash_offers_no_return(live: World) -> None:
    number = checked_in(live, "cash")
    supervisor = live.oak.client("supervisor")
    assert "/return/" not in supervisor.get(f"/receipts/{number}/").content.decode()
    assert "does not come back" in text_of(supervisor.get(f"/receipts/{number}/return/"))


def test_a_period_is_added_looked_at_and_closed(live: World) -> None:
    supervisor = live.oak.client("supervisor")
    address = send(supervisor, "/ledger/periods/new/", starts="2026-08-01", ends="2026-08-31")["Location"]
    shown = text_of(supervisor.get(address))
    assert "Runs are posted or cancelled" in shown
    assert send(supervisor, f"{address}close/", opened=address).status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        period = FiscalPeriod.objects.get()
        assert (period.ends, period.closed_at is not None) == (date(2026, 9, 1), True)
    assert "Close the period" not in text_of(supervisor.get(address))


def test_a_run_that_is_not_posted_keeps_its_period_open(live: World) -> None:
    run = prepared_september(live.oak)
    supervisor = live.oak.client("supervisor")
    for first, last in (("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31")):
        address = send(supervisor, "/ledger/periods/new/", starts=first, ends=last)["Location"]
        if first.startswith("2026-09"):
            send(supervisor, f"{address}close/", opened=address)
    shown = supervisor.get(address)
    assert run in shown.content.decode()
    answer = send(supervisor, f"{address}close/", opened=address)
    assert (answer.status_code, "is not posted" in text_of(answer)) == (409, True)


@pytest.mark.req("HIS-03")
def test_a_partner_proposes_and_people_decide(live: World) -> None:
    partner = Partner(live.oak, "ledger.view", "ledger.adjust")
    given = {**GIVEN, "account_id": live.oak.account().id, "on": "2026-09-20"}
    del given["charge"]
    made = partner.post("adjustments/", given, key="proposal-1")
    assert made["state"] == "waiting"
    decide = partner.ask("POST", f"adjustments/{made['id']}/approve/", {"on": "2026-09-20"}, "approval-1")
    assert decide.status_code == 403
    with scope(live.oak.utility.id), transaction.atomic():
        assert not Journal.objects.filter(why="adjustment").exists()


@pytest.mark.req("HIS-07")
def test_a_partner_enters_what_the_bank_sent_back(live: World) -> None:
    checked_in(live)
    partner = Partner(live.oak, "payments.return")
    with scope(live.oak.utility.id), transaction.atomic():
        payment = Payment.objects.get().id
    made = partner.post(
        f"payments/{payment}/return/",
        {"reason": "Account closed", "on": str(clock.today(live.oak.utility.tz)), "fee": "25.00"},
        key="return-1",
    )
    assert made["payment_id"] == payment
    with scope(live.oak.utility.id), transaction.atomic():
        assert PaymentReturn.objects.count() == 1
