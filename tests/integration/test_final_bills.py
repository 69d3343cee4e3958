"""The last bill of an account: marked as final, and the deposits held pay what is still owed (BIL-04)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from billing.cancelling import cancel_bill
from billing.models import Bill
from billing.statements import statements_of
from config.town.month import bill_month
from core.actors import Actor
from core.operations import operation, under_way
from core.tenancy import scope
from customers.models import Account, Service
from ledger.chart import read_chart
from ledger.deposit_models import DepositLeft
from ledger.deposits import take_deposit
from ledger.models import Posting
from tests.conftest import World
from tests.integration.test_cancelled_bills import owed, pay, proved
from tests.world.desk import readings_of_september

BILLED_ON = date(2026, 10, 1)


@operation("test.deposit", permission="ledger.view")
def deposit(by: Actor, *, account_id: int, amount: Decimal) -> int:
    bank = read_chart().role("bank")
    key = f"test deposit {under_way().id}"
    return take_deposit(account_id, amount, on=date(2026, 8, 1), into_account_id=bank, key=key)


@pytest.fixture
def account(live: World) -> Iterator[Account]:
    """Account 100001, which moves out at the end of September; in Oak's scope."""
    found = live.oak.account()
    with scope(live.oak.utility.id):
        with transaction.atomic():
            Account.objects.filter(id=found.id).update(ends=BILLED_ON)
            Service.objects.filter(account=found).update(ends=BILLED_ON)
        yield found


def bill_september(live: World) -> None:
    readings_of_september(live.oak)
    bill_month(live.oak.billing, live.oak.supervisor, starts=date(2026, 9, 1), ends=BILLED_ON)


def last_bill(account: Account) -> Bill:
    with transaction.atomic():
        return Bill.objects.filter(account=account).order_by("-number")[0]


def held(account: Account) -> Decimal:
    with transaction.atomic():
        return sum((d.open for d in DepositLeft.objects.filter(deposit__account=account)), Decimal(0))


@pytest.mark.req("BIL-04")
def test_a_deposit_pays_what_the_final_bill_leaves_open(live: World, account: Account) -> None:
    before = owed(account)
    deposit(live.oak.supervisor, account_id=account.id, amount=Decimal("20.00"))
    bill_september(live)
    bill = last_bill(account)
    assert (bill.final, bill.deposit_applied) == (True, Decimal("20.00"))
    assert bill.total_due == before + bill.charges - Decimal("20.00") == owed(account)
    assert held(account) == 0
    assert proved(live) == []


@pytest.mark.req("BIL-04")
def test_a_deposit_is_applied_by_debiting_deposits_and_crediting_receivable(
    live: World, account: Account
) -> None:
    deposit(live.oak.supervisor, account_id=account.id, amount=Decimal("20.00"))
    bill_september(live)
    with transaction.atomic():
        lines = Posting.objects.filter(journal__why="deposit applied").order_by("n")
        said = [(p.chart_account.role, p.debit, p.credit, p.account_id) for p in lines]
    twenty, none = Decimal("20.00"), Decimal("0.00")
    assert said == [
        ("deposits_held", twenty, none, account.id),
        ("receivable", none, twenty, account.id),
    ]


@pytest.mark.req("BIL-04")
def test_what_a_deposit_does_not_pay_stays_held_for_the_refund(live: World, account: Account) -> None:
    for amount in ("30.00", "1000.00"):
        deposit(live.oak.supervisor, account_id=account.id, amount=Decimal(amount))
    bill_september(live)
    bill = last_bill(account)
    assert (bill.total_due, owed(account)) == (Decimal("0.00"), Decimal("0.00"))
    assert held(account) == Decimal("1030.00") - bill.deposit_applied > 0
    assert proved(live) == []


def test_overpayments_go_before_deposits(live: World, account: Account) -> None:
    pay(live, account, owed(account) + 15)
    deposit(live.oak.supervisor, account_id=account.id, amount=Decimal("500.00"))
    bill_september(live)
    bill = last_bill(account)
    assert (bill.credit_applied, bill.deposit_applied) == (Decimal("15.00"), bill.charges - 15)


def test_an_account_that_goes_on_keeps_its_deposit(live: World, account: Account) -> None:
    other = live.oak.account("100002")
    deposit(live.oak.supervisor, account_id=other.id, amount=Decimal("40.00"))
    bill_september(live)
    assert (last_bill(other).final, held(other)) == (False, Decimal("40.00"))


def test_an_account_with_a_service_left_to_bill_gets_no_final_bill(live: World, account: Account) -> None:
    with transaction.atomic():
        Service.objects.filter(account=account, service_type="refuse").update(ends=date(2026, 10, 15))
    bill_september(live)
    assert not last_bill(account).final


@pytest.mark.req("BIL-04", "BIL-05")
def test_the_final_bill_says_so_and_shows_the_deposit(live: World, account: Account) -> None:
    deposit(live.oak.supervisor, account_id=account.id, amount=Decimal("20.00"))
    bill_september(live)
    with transaction.atomic():
        (statement,) = statements_of([last_bill(account).id])
    assert (statement.marked, statement.deposit) == ("Final bill", Decimal("20.00"))


@pytest.mark.req("BIL-11")
def test_a_cancelled_final_bill_gives_its_deposit_back(live: World, account: Account) -> None:
    before = owed(account)
    deposit(live.oak.supervisor, account_id=account.id, amount=Decimal("20.00"))
    bill_september(live)
    cancel_bill(live.oak.supervisor, bill_id=last_bill(account).id, why="Moves later", on=BILLED_ON)
    assert (held(account), owed(account)) == (Decimal("20.00"), before)
    assert proved(live) == []
