"""What an ended account owes is written off by two people; what comes in since is kept per charge."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.cancelling import cancel_bill
from billing.models import Bill
from collections_app.operations import Tendered, ToAccount, post_payment
from config.town.given_up import give_up
from core import clock
from core.errors import Conflict, NotAllowed, Refused
from core.money import round_cents
from core.sealed import Typed
from core.tenancy import scope
from customers.customer_file import change_customer
from customers.earlier import earlier_of
from customers.leaving import end_account
from customers.models import Account
from customers.sealed import SSN
from ledger.models import OpenItem, Posting
from ledger.receivables import payoff
from ledger.write_off_queries import given_up, write_offs
from ledger.write_offs import (
    approve_write_off,
    propose_write_off,
    record_recovery,
    refuse_write_off,
    take_back_recovery,
    take_back_write_off,
    withdraw_write_off,
)
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.proof import broken

LEFT, DAY, LATER = date(2026, 9, 3), date(2026, 9, 20), date(2026, 9, 25)
NUMBER = "078-05-1120"
OURS = "100005"


def owed(live: World) -> Decimal:
    account = live.oak.account(OURS).id
    with transaction.atomic():
        return payoff([account])[account]


def proposed(live: World, by: Any = None) -> int:
    """Account 100005 has ended, and its debt is proposed to be given up."""
    account = live.oak.account(OURS).id
    end_account(live.oak.clerk, account_id=account, on=LEFT)
    return propose_write_off(by or live.oak.clerk, account_id=account, reason="Moved away", on=DAY)


def written_off(live: World) -> int:
    made = proposed(live)
    approve_write_off(live.oak.supervisor, write_off_id=made, on=DAY)
    return made


def lines_of(journal: int) -> dict[str, Decimal]:
    with transaction.atomic():
        rows = Posting.objects.filter(journal=journal).select_related("chart_account")
        return {row.chart_account.role: row.debit - row.credit for row in rows}


def row_of(made: int) -> Any:
    with transaction.atomic():
        return write_offs().get(id=made)


@pytest.mark.req("CUS-07")
def test_what_is_given_up_is_bad_debt_and_owed_no_more(live: World) -> None:
    with scope(live.oak.utility.id):
        before, made = owed(live), proposed(live)
        assert owed(live) == before > 0
        journal = approve_write_off(live.oak.supervisor, write_off_id=made, on=DAY)
        assert lines_of(journal) == {"bad_debt": before, "receivable": -before}
        assert owed(live) == 0
        with transaction.atomic():
            assert not OpenItem.objects.filter(account__number=OURS, open__gt=0).exists()
            assert Account.objects.get(number=OURS).bad_debt
    assert broken(live) == []


def test_who_proposes_does_not_approve(live: World) -> None:
    with scope(live.oak.utility.id):
        made = proposed(live, by=live.oak.supervisor)
        with pytest.raises(NotAllowed, match="may not approve it too"):
            approve_write_off(live.oak.supervisor, write_off_id=made, on=DAY)
        with pytest.raises(NotAllowed, match="does not have the right"):
            approve_write_off(live.oak.clerk, write_off_id=made, on=DAY)


def test_only_an_ended_account_that_owes_is_written_off_and_once(live: World) -> None:
    with scope(live.oak.utility.id):
        open_one = live.oak.account("100006").id
        with pytest.raises(Refused, match="has not ended"):
            propose_write_off(live.oak.clerk, account_id=open_one, reason="x", on=DAY)
        proposed(live)
        with pytest.raises(Conflict, match="waits already"):
            propose_write_off(live.oak.clerk, account_id=live.oak.account(OURS).id, reason="x", on=DAY)


def test_what_was_paid_since_the_proposal_is_not_given_up(live: World) -> None:
    with scope(live.oak.utility.id):
        made = proposed(live)
        paid(live, "5.00")
        with pytest.raises(Conflict, match="Less is owed"):
            approve_write_off(live.oak.supervisor, write_off_id=made, on=LATER)
        refuse_write_off(live.oak.supervisor, write_off_id=made, why="Something was paid")
        assert row_of(made).state == "refused"
    assert broken(live) == []


def test_a_proposal_is_withdrawn_by_whoever_made_it(live: World) -> None:
    with scope(live.oak.utility.id):
        made = proposed(live)
        with pytest.raises(Conflict, match="proposed it"):
            withdraw_write_off(live.oak.supervisor, write_off_id=made)
        withdraw_write_off(live.oak.clerk, write_off_id=made)
        with pytest.raises(Conflict, match="withdrawn"):
            approve_write_off(live.oak.supervisor, write_off_id=made, on=DAY)


def test_what_comes_in_is_kept_per_charge_the_oldest_first(live: World) -> None:
    with scope(live.oak.utility.id):
        made = written_off(live)
        with transaction.atomic():
            first = given_up(made)[0].amount
        journal = record_recovery(
            live.oak.clerk, write_off_id=made, amount=first + 1, text="County agency", on=LATER
        )
        assert lines_of(journal) == {"bank": first + 1, "bad_debt": -first - 1}
        with transaction.atomic():
            assert [line.came for line in given_up(made)][:2] == [first, Decimal(1)]
        assert row_of(made).unrecovered == row_of(made).amount - first - 1
        with pytest.raises(Refused, match="still unrecovered"):
            record_recovery(live.oak.clerk, write_off_id=made, amount=row_of(made).amount, text="x", on=LATER)
    assert broken(live) == []


def paid(live: World, amount: str) -> None:
    """So much is paid on the account at the counter."""
    money, to = Decimal(amount), [ToAccount(live.oak.account(OURS).id, Decimal(amount))]
    post_payment(live.oak.clerk, tenders=[Tendered("check", money)], accounts=to, on=LATER, source="by mail")


def test_what_is_paid_on_the_account_later_is_recovered_from_its_credit(live: World) -> None:
    with scope(live.oak.utility.id):
        made = written_off(live)
        paid(live, "30.00")
        assert owed(live) == -30
        given: Any = {"write_off_id": made, "text": "Came in person", "on": LATER, "from_credit": True}
        with pytest.raises(Refused, match=r"30\.00 in credit"):
            record_recovery(live.oak.clerk, amount=Decimal(31), **given)
        journal = record_recovery(live.oak.clerk, amount=Decimal(25), **given)
        assert lines_of(journal) == {"receivable": Decimal(25), "bad_debt": Decimal(-25)}
        assert (owed(live), row_of(made).came) == (Decimal(-5), Decimal(25))
        assert broken(live) == []
        take_back_recovery(live.oak.supervisor, write_off_id=made, journal_id=journal, on=LATER)
        assert (owed(live), row_of(made).came) == (Decimal(-30), Decimal(0))
    assert broken(live) == []


def test_a_write_off_is_taken_back_once_nothing_of_it_came_in(live: World) -> None:
    with scope(live.oak.utility.id):
        before, made = owed(live), written_off(live)
        came = record_recovery(live.oak.clerk, write_off_id=made, amount=Decimal(7), text="x", on=LATER)
        with pytest.raises(Conflict, match=r"7\.00 of it was recovered"):
            take_back_write_off(live.oak.supervisor, write_off_id=made, why="Found", on=LATER)
        take_back_recovery(live.oak.supervisor, write_off_id=made, journal_id=came, on=LATER)
        with pytest.raises(Conflict, match="taken back before"):
            take_back_recovery(live.oak.supervisor, write_off_id=made, journal_id=came, on=LATER)
        take_back_write_off(live.oak.supervisor, write_off_id=made, why="Found", on=LATER)
        assert owed(live) == before
        with transaction.atomic():
            assert not Account.objects.get(number=OURS).bad_debt
    assert broken(live) == []


def test_a_bill_that_was_written_off_is_not_cancelled(live: World) -> None:
    with scope(live.oak.utility.id):
        made = written_off(live)
        with transaction.atomic():
            bill = Bill.objects.get(account__number=OURS).id
        with pytest.raises(Conflict, match="written off"):
            cancel_bill(live.oak.supervisor, bill_id=bill, why="Wrong reading", on=LATER)
        assert row_of(made).state == "posted"
    assert broken(live) == []


@pytest.mark.req("CUS-07")
def test_a_written_off_bill_is_told_with_what_is_unrecovered(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        before = owed(live)
        customer = live.oak.account(OURS).customer_id
        change_customer(oak.clerk, customer_id=customer, fields={}, ssn=Typed(SSN, NUMBER))
        record_recovery(oak.clerk, write_off_id=written_off(live), amount=Decimal(9), text="x", on=LATER)
        with transaction.atomic():
            (bill,) = earlier_of(ssn=NUMBER).bills
        assert (bill.account, bill.owed, bill.written_off) == (OURS, before - 9, DAY)
        assert (bill.closed, bill.bad_debt, bill.text) == (True, True, "Bill")


def test_the_whole_way_on_screen(live: World) -> None:
    clerk, boss = live.oak.client("clerk"), live.oak.client("supervisor")
    with scope(live.oak.utility.id):
        end_account(live.oak.clerk, account_id=live.oak.account(OURS).id, on=LEFT)
    assert b"write-off" in clerk.get(f"/accounts/{OURS}/").content
    sent = clerk.post(
        f"/accounts/{OURS}/write-off/", {"reason": "Moved away", "idempotency_key": "key-00000001"}
    )
    at = sent["Location"]
    assert b"Moved away" in boss.get("/").content
    boss.post(f"{at}approve/", {"idempotency_key": "key-00000002"})
    assert b"BAD DEBT" in clerk.get(f"/accounts/{OURS}/").content
    today = clock.today(live.oak.utility.tz).isoformat()
    came = {"amount": "5.00", "on": today, "text": "Agency", "idempotency_key": "key-00000003"}
    assert clerk.post(f"{at}recover/", came).status_code == 302
    shown = clerk.get(at).content.decode()
    assert "Agency" in shown
    assert "Written off" in shown
    assert "Agency" not in clerk.get("/ledger/write-offs/?came=none").content.decode()
    export = b"".join(clerk.get("/ledger/write-offs/?came=part&export=csv").streaming_content).decode()  # type: ignore[attr-defined]  # an export streams
    assert OURS in export


def test_the_same_through_the_interface(live: World) -> None:
    office, boss = Partner(live.oak), Partner(live.oak, name="Second")
    account, day = live.oak.account(OURS).id, DAY.isoformat()
    with scope(live.oak.utility.id):
        end_account(live.oak.clerk, account_id=account, on=LEFT)
    given = {"account_id": account, "reason": "Moved away", "on": day}
    made = office.post("write-offs/", given, key="key-00000001")
    assert (made["state"], made["unrecovered"]) == ("waiting", made["amount"])
    place = f"write-offs/{made['id']}/"
    assert office.ask("POST", f"{place}approve/", {"on": day}, "key-00000002").status_code == 403
    assert boss.post(f"{place}approve/", {"on": day}, key="key-00000003")["state"] == "posted"
    came = {"amount": "5.00", "text": "Agency", "on": LATER.isoformat()}
    assert office.post(f"{place}recoveries/", came, key="key-00000004")["recoveries"][0]["amount"] == "5.00"
    assert office.first("write-offs/", came="part")["id"] == made["id"]


def test_a_made_up_town_gives_up_what_those_who_left_still_owe(live: World) -> None:
    with scope(live.oak.utility.id):
        for number in ("100005", "100006", "100007", "100008"):
            end_account(live.oak.clerk, account_id=live.oak.account(number).id, on=LEFT)
    assert give_up(live.oak.utility, date(2026, 10, 1)) == 0
    assert give_up(live.oak.utility, date(2026, 11, 15)) == 3
    with scope(live.oak.utility.id), transaction.atomic():
        rows: Any = write_offs().order_by("id")
        assert [row.state for row in rows] == ["posted", "posted", "waiting"]
        assert rows[0].came == round_cents(rows[0].amount / 2)
    assert broken(live) == []
