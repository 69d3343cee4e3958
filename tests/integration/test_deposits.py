"""Deposits: taken into a drawer, applied, refunded by two persons, undone.  Figures worked by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from collections_app.deposits import ToHold, take_deposits, usual_deposits
from collections_app.models import DepositTaken, DrawerSession, Receipt
from collections_app.operations import Tendered, void_receipt
from collections_app.register import register_rows, register_totals
from collections_app.sessions import session_shown
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.policies import set_policy
from core.tenancy import scope
from customers.landlords import add_landlord
from customers.models import Account
from ledger.deposit_models import Deposit, DepositLeft, DepositMovement, DepositRefund
from ledger.deposit_queries import deposits_of, held_for, movements_of
from ledger.deposit_refunds import (
    apply_to_owed,
    approve_refund,
    propose_refund,
    record_cheque,
    refuse_refund,
    undo_movement,
    withdraw_refund,
)
from ledger.models import Journal
from ledger.periods import add_period, close_period
from ledger.receivables import payoff
from tests.conftest import World
from tests.integration.test_ledger_operations import balance
from tests.world.desk import open_till
from tests.world.proof import broken
from tests.world.towns import Town

DAY = date(2026, 9, 20)
LANDLORD = {"name": "Lena Landlord", "line_1": "9 Elm St", "city": "Town", "state": "IA", "zip_code": "51501"}


def take(
    live: World, amount: str = "150.00", service: str = "water", town: Town | None = None, **more: Any
) -> int:
    """A deposit of Oak's 100001, or of another town's, in cash at the counter; its id."""
    here = town or live.oak
    receipt = take_deposits(
        here.clerk,
        account_id=here.account().id,
        deposits=[ToHold(service, Decimal(amount))],
        tenders=[Tendered("cash", Decimal(amount))],
        on=DAY,
        **more,
    )
    with transaction.atomic():
        return int(DepositTaken.objects.get(receipt=receipt).deposit_id)


def refunded(live: World) -> int:
    """A deposit by mail of 50.00, of which 20.00 were refunded by two persons; the refund's id."""
    amount = Decimal("50.00")
    receipt = take_deposits(
        live.oak.clerk,
        account_id=live.oak.account().id,
        deposits=[ToHold("water", amount)],
        tenders=[Tendered("check", amount)],
        on=DAY,
        source="by mail",
    )
    with transaction.atomic():
        deposit = DepositTaken.objects.get(receipt=receipt).deposit_id
    refund = propose_refund(live.oak.clerk, deposit_id=deposit, amount=Decimal(20), reason="Leaves", on=DAY)
    approve_refund(live.oak.supervisor, refund_id=refund, on=DAY, cheque="4711", cheque_on=DAY)
    return refund


def held(deposit: int) -> Decimal:
    with transaction.atomic():
        return Decimal(DepositLeft.objects.get(deposit=deposit).open)


def owed(live: World) -> Decimal:
    account = live.oak.account().id
    with transaction.atomic():
        return payoff([account])[account]


@pytest.mark.req("DEP-01", "COL-08")
def test_several_deposits_by_service_and_giver_are_held_for_one_account(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        landlord = add_landlord(live.oak.clerk, texts=LANDLORD)
        take(live, "150.00", "water")
        take(live, "100.00", "electric", landlord_id=landlord, code="LEASE-7")
        with transaction.atomic():
            found = deposits_of(live.oak.account())
            sums = {(h.service, h.giver): h.amount for h in held_for(found)}
            assert balance("deposits_held") == Decimal("-250.00")
    assert sums == {
        ("Water and sewer", live.oak.account().customer.name): Decimal("150.00"),
        ("Electric", "Lena Landlord"): Decimal("100.00"),
    }
    assert broken(live) == []


@pytest.mark.req("DEP-04")
def test_every_movement_says_its_day_amount_reference_and_operator(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        deposit = take(live, "150.00", code="D-1")
        due = owed(live)
        applied = apply_to_owed(
            live.oak.clerk, deposit_id=deposit, on=DAY, amount=Decimal("10.00"), reference="A-2"
        )
        refund = propose_refund(
            live.oak.clerk, deposit_id=deposit, amount=Decimal("40.00"), reason="Good credit", on=DAY,
            reference="R-3",
        )  # fmt: skip
        approve_refund(live.oak.supervisor, refund_id=refund, on=DAY, cheque="4711", cheque_on=DAY)
        undo_movement(live.oak.supervisor, movement_id=applied, why="Too early", on=DAY)
        with transaction.atomic():
            told = movements_of(deposits_of(live.oak.account()))
    clerk, supervisor = live.oak.clerk.name, live.oak.supervisor.name
    assert [(m.words, m.effect, m.held, m.reference, m.operator) for m in reversed(told)] == [
        ("Taken", Decimal("150.00"), Decimal("150.00"), "D-1", clerk),
        ("Applied", Decimal("-10.00"), Decimal("140.00"), "A-2", clerk),
        ("Refunded", Decimal("-40.00"), Decimal("100.00"), "R-3", supervisor),
        ("Application undone", Decimal("10.00"), Decimal("110.00"), "A-2", supervisor),
    ]
    assert [m.cheque for m in told if m.cheque] == ["4711"]
    assert len({m.journal_id for m in told}) == 4
    with scope(live.oak.utility.id):
        assert owed(live) == due
    assert broken(live) == []


def test_the_drawer_its_register_and_its_close_hold_the_deposit(live: World) -> None:
    session = open_till(live.oak)
    with scope(live.oak.utility.id):
        take(live, "150.00")
        with transaction.atomic():
            shown = session_shown(session, live.oak.clerk, DAY)
            (row,) = register_rows(session_id=session)
            totals = register_totals([row])
    assert shown.expected == Decimal("250.00")
    assert (row.kind, row.account, row.amount) == ("deposit", "100001", Decimal("150.00"))
    assert totals.tenders == {"cash": Decimal("150.00")}
    assert broken(live, "P1", "P1d", "P2", "P3", "P3b", "P4") == []


def test_a_void_gives_the_deposit_back_while_it_is_whole(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        used, whole = take(live, "150.00"), take(live, "100.00")
        apply_to_owed(live.oak.clerk, deposit_id=used, on=DAY, amount=Decimal("5.00"))
        with transaction.atomic():
            receipts = {d.deposit_id: d.receipt_id for d in DepositTaken.objects.all()}
        with pytest.raises(Conflict, match=r"5\.00 of the deposit of 150\.00 is no longer held"):
            void_receipt(live.oak.supervisor, receipt_id=receipts[used], why="wrong", on=DAY)
        void_receipt(live.oak.supervisor, receipt_id=receipts[whole], why="wrong house", on=DAY)
        with pytest.raises(Conflict, match="voided before"):
            void_receipt(live.oak.supervisor, receipt_id=receipts[whole], why="again", on=DAY)
        assert (held(used), held(whole)) == (Decimal("145.00"), Decimal("0.00"))
        with transaction.atomic():
            assert balance("deposits_held") == Decimal("-145.00")
    assert broken(live) == []


def test_a_receipt_whose_refund_waits_is_not_voided(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        deposit = take(live)
        refund = propose_refund(
            live.oak.clerk, deposit_id=deposit, amount=Decimal(20), reason="Leaves", on=DAY
        )
        with transaction.atomic():
            receipt = DepositTaken.objects.get(deposit=deposit).receipt_id
        with pytest.raises(Conflict, match="waits for approval"):
            void_receipt(live.oak.supervisor, receipt_id=receipt, why="x", on=DAY)
        withdraw_refund(live.oak.clerk, refund_id=refund)
        void_receipt(live.oak.supervisor, receipt_id=receipt, why="x", on=DAY)
    assert broken(live) == []


def test_who_proposes_a_refund_does_not_approve_it(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        deposit = take(live)
        mine = propose_refund(
            live.oak.supervisor, deposit_id=deposit, amount=Decimal("20.00"), reason="Leaves", on=DAY
        )
        with pytest.raises(NotAllowed, match="may not approve it too"):
            approve_refund(live.oak.supervisor, refund_id=mine, on=DAY)
        with pytest.raises(NotAllowed, match="does not have the right"):
            approve_refund(live.oak.clerk, refund_id=mine, on=DAY)
        with pytest.raises(Conflict, match="waits already"):
            propose_refund(live.oak.clerk, deposit_id=deposit, amount=Decimal(1), reason="x", on=DAY)
        assert held(deposit) == Decimal("150.00")
        set_policy(live.oak.admin, code="office.single_operator", value="yes", starts=DAY)
        approve_refund(live.oak.supervisor, refund_id=mine, on=DAY)
        assert held(deposit) == Decimal("130.00")
        with transaction.atomic():
            assert balance("refunds_payable") == Decimal("-20.00")
    assert broken(live) == []


def test_the_cheque_of_a_refund_is_told_once_and_a_refund_taken_back(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        deposit = take(live)
        refund = propose_refund(
            live.oak.clerk, deposit_id=deposit, amount=Decimal("150.00"), reason="Leaves", on=DAY
        )
        with pytest.raises(Conflict, match="Only an approved one is paid"):
            record_cheque(live.oak.clerk, refund_id=refund, cheque="1", cheque_on=DAY)
        approve_refund(live.oak.supervisor, refund_id=refund, on=DAY)
        record_cheque(live.oak.clerk, refund_id=refund, cheque="4711", cheque_on=DAY)
        with pytest.raises(Conflict, match="cheque 4711"):
            record_cheque(live.oak.clerk, refund_id=refund, cheque="4712", cheque_on=DAY)
        with transaction.atomic():
            movement = DepositMovement.objects.get(kind="refunded").id
        with pytest.raises(NotAllowed, match="may not approve it too"):
            undo_movement(live.oak.supervisor, movement_id=movement, why="came back", on=DAY)
        undo_movement(live.oak.admin, movement_id=movement, why="came back", on=DAY)
        with pytest.raises(Conflict, match="undone before"):
            undo_movement(live.oak.admin, movement_id=movement, why="again", on=DAY)
        assert held(deposit) == Decimal("150.00")
        with transaction.atomic():
            assert DepositRefund.objects.get().state == "reversed"
            assert balance("refunds_payable") == 0
    assert broken(live) == []


def test_a_refused_refund_leaves_the_deposit_and_is_never_decided_again(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        deposit = take(live)
        refund = propose_refund(
            live.oak.clerk, deposit_id=deposit, amount=Decimal("20.00"), reason="Leaves", on=DAY
        )
        with pytest.raises(Refused, match="needs its reason"):
            refuse_refund(live.oak.supervisor, refund_id=refund, why=" ")
        refuse_refund(live.oak.supervisor, refund_id=refund, why="Still owes")
        with pytest.raises(Conflict, match="decided by"):
            approve_refund(live.oak.supervisor, refund_id=refund, on=DAY)
        assert held(deposit) == Decimal("150.00")


def test_a_refund_is_refused_that_would_leave_less_than_is_held(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        deposit = take(live, "30.00")
        with pytest.raises(Refused, match=r"30\.01 cannot be refunded: 30\.00 is held"):
            propose_refund(live.oak.clerk, deposit_id=deposit, amount=Decimal("30.01"), reason="x", on=DAY)
        propose_refund(live.oak.clerk, deposit_id=deposit, amount=Decimal("25.00"), reason="x", on=DAY)
        with pytest.raises(Conflict, match=r"refund of 25\.00 of that deposit waits"):
            apply_to_owed(live.oak.clerk, deposit_id=deposit, on=DAY, amount=Decimal("5.01"))
        apply_to_owed(live.oak.clerk, deposit_id=deposit, on=DAY, amount=Decimal("5.00"))
        assert held(deposit) == Decimal("25.00")
    assert broken(live) == []


def test_a_pending_account_gives_its_deposit_early(live: World) -> None:
    from customers.customer_file import add_customer
    from customers.move_in import ask_to_move_in

    open_till(live.oak)
    with scope(live.oak.utility.id):
        present = live.oak.account()
        customer = add_customer(live.oak.clerk, name="Fay Family", **_mail())
        ask_to_move_in(
            live.oak.clerk, location_id=present.location_id, customer_id=customer, starts=date(2026, 12, 1)
        )
        with transaction.atomic():
            pending = Account.objects.get(pending=True)
        take_deposits(
            live.oak.clerk,
            account_id=pending.id,
            deposits=[ToHold("all", Decimal("100.00"))],
            tenders=[Tendered("cash", Decimal("120.00"))],
            on=DAY,
        )
        with transaction.atomic():
            assert Receipt.objects.get().change == Decimal("20.00")
            assert DepositLeft.objects.get().open == Decimal("100.00")
    assert broken(live) == []


def _mail() -> Any:
    return {"mail_line_1": "1 Elm", "mail_city": "Town", "mail_state": "IA", "mail_zip": "51501"}


def test_a_closed_period_takes_no_deposit(live: World) -> None:
    session = open_till(live.oak)
    with scope(live.oak.utility.id):
        period = add_period(live.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
        close_period(live.oak.supervisor, period_id=period)
        with pytest.raises(Refused, match="closed period"):
            take(live)
        with transaction.atomic():
            assert not Deposit.objects.exists()
            assert DrawerSession.objects.get(id=session).closed_at is None


def test_without_a_drawer_nothing_is_taken(live: World) -> None:
    with scope(live.oak.utility.id):
        with pytest.raises(Conflict, match="no drawer open"):
            take(live)
        with transaction.atomic():
            assert not Journal.objects.filter(why="deposit").exists()


def test_what_is_asked_follows_the_policy_of_each_service(live: World) -> None:
    with scope(live.oak.utility.id):
        account = live.oak.account()
        with transaction.atomic():
            assert usual_deposits(account, DAY) == {}
        set_policy(live.oak.admin, code="ledger.usual_deposit", value="80.00", starts=DAY)
        with transaction.atomic():
            assert usual_deposits(account, DAY) == {"all": Decimal("80.00")}
        set_policy(live.oak.admin, code="ledger.usual_deposit_water", value="60.00", starts=DAY)
        set_policy(live.oak.admin, code="ledger.usual_deposit_gas", value="70.00", starts=DAY)
        with transaction.atomic():
            assert usual_deposits(account, DAY) == {"water": Decimal("60.00")}


def test_another_utility_s_deposit_account_and_landlord_are_not_found(live: World) -> None:
    for town in (live.oak, live.elm):
        open_till(town)
    with scope(live.elm.utility.id):
        strange = add_landlord(live.elm.clerk, texts=LANDLORD)
        theirs = live.elm.account().id
    with scope(live.oak.utility.id):
        deposit = take(live)
        with pytest.raises(NotFound, match="no such landlord"):
            take(live, landlord_id=strange)
        with pytest.raises(NotFound, match="no such account"):
            take_deposits(
                live.oak.clerk,
                account_id=theirs,
                deposits=[ToHold("all", Decimal(5))],
                tenders=[Tendered("cash", Decimal(5))],
                on=DAY,
            )
    with scope(live.elm.utility.id), pytest.raises(NotFound, match="no such deposit"):
        apply_to_owed(live.elm.clerk, deposit_id=deposit, on=DAY)
