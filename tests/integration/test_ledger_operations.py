"""Money taken, applied, taken back, held as deposits; periods closed.  Figures worked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from billing.models import Bill
from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from core.actors import Actor
from core.errors import Conflict, Refused
from core.operations import operation
from core.tenancy import scope
from customers.models import Account
from ledger.chart import read_chart
from ledger.deposit_models import DepositLeft
from ledger.deposits import apply_deposit, refund_deposit, take_deposit
from ledger.models import Application, Charge, CreditLeft, Journal, OpenItem, Posting
from ledger.periods import add_period, close_period
from ledger.receivables import payoff
from tests.conftest import World

DAY = date(2026, 9, 20)


def pay(live: World, amount: str, account: Account, kind: str = "cash") -> int:
    return post_payment(
        live.oak.clerk,
        tenders=[Tendered(kind, Decimal(amount))],
        accounts=[ToAccount(account.id, Decimal(amount))],
        on=DAY,
        source="bank",
    )


def balance(role: str) -> Decimal:
    """Debits less credits of a chart account."""
    sums = Posting.objects.filter(chart_account__role=role).aggregate(d=Sum("debit"), c=Sum("credit"))
    return (sums["d"] or Decimal(0)) - (sums["c"] or Decimal(0))


@pytest.mark.req("COL-06")
def test_an_overpayment_becomes_a_liability_not_a_negative_receivable(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        with transaction.atomic():
            owed = payoff([account.id])[account.id]
        pay(live, str(owed + 25), account)
        with transaction.atomic():
            assert OpenItem.objects.filter(account=account).aggregate(x=Sum("open"))["x"] == 0
            assert balance("customer_credit") == Decimal("-25.00")
            assert payoff([account.id])[account.id] == Decimal("-25.00")


@pytest.mark.req("COL-03")
def test_a_partial_payment_goes_to_the_lowest_priority_number_first(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        pay(live, "10.00", account)
        with transaction.atomic():
            paid = Application.objects.select_related("charge").get(charge__account=account)
            lowest = Charge.objects.filter(account=account, amount__gt=0).order_by("priority", "id").first()
    assert (paid.charge_id, paid.amount) == (lowest and lowest.id, Decimal("10.00"))


@pytest.mark.req("COL-10")
def test_a_void_mirrors_the_journal_and_opens_again_what_was_paid(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        with transaction.atomic():
            before = payoff([account.id])[account.id]
        receipt = pay(live, "30.00", account)
        void_receipt(live.oak.supervisor, receipt_id=receipt, why="wrong account", on=DAY)
        with transaction.atomic():
            mirror = Journal.objects.get(reverses__isnull=False)
            assert payoff([account.id])[account.id] == before
            assert mirror.total == Decimal("30.00")
            assert CreditLeft.objects.aggregate(x=Sum("open"))["x"] == 0
        with pytest.raises(Conflict, match="before"):
            void_receipt(live.oak.supervisor, receipt_id=receipt, why="again", on=DAY)


def test_change_is_given_from_cash_only(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id), pytest.raises(Refused, match="more than the cash of 0"):
        post_payment(
            live.oak.clerk,
            tenders=[Tendered("check", Decimal("50.00"))],
            accounts=[ToAccount(account.id, Decimal("20.00"))],
            on=DAY,
            source="bank",
        )


@operation("test.deposit", permission="payments.post")
def take_apply_refund(by: Actor, *, account_id: int) -> tuple[Decimal, int]:
    into = read_chart().role("drawer")
    taken = take_deposit(account_id, Decimal("150.00"), on=DAY, into_account_id=into, key="deposit:1")
    applied = apply_deposit(taken, on=DAY, key="deposit:1:applied")
    refund_deposit(taken, Decimal("150.00") - applied, on=DAY, key="deposit:1:refunded")
    return applied, taken


def test_a_deposit_is_held_then_applied_then_the_rest_refunded(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        with transaction.atomic():
            owed = payoff([account.id])[account.id]
        applied, deposit = take_apply_refund(live.oak.clerk, account_id=account.id)
        with transaction.atomic():
            assert applied == min(owed, Decimal("150.00"))
            assert DepositLeft.objects.get(deposit=deposit).open == 0
            assert balance("deposits_held") == 0
            assert balance("refunds_payable") == applied - Decimal("150.00")


def test_a_closed_period_takes_no_payment_and_stays_closed(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        period = add_period(live.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
        close_period(live.oak.supervisor, period_id=period)
        with pytest.raises(Refused, match=r"Sep 20, 2026 lies in a closed period.*open period"):
            pay(live, "10.00", account)
        with pytest.raises(Conflict, match="was closed on"):
            close_period(live.oak.supervisor, period_id=period)


@pytest.mark.req("BIL-04")
def test_an_overpayment_pays_the_next_bill_liability_down_receivable_down(live: World) -> None:
    from config.town.month import bill_month, record_month
    from tests.world.towns import FIRST

    account = live.oak.account()
    with scope(live.oak.utility.id):
        with transaction.atomic():
            owed = payoff([account.id])[account.id]
        pay(live, str(owed + 25), account)
        record_month(live.oak.system, live.oak.plan, live.oak.houses, FIRST, 1)
    bill_month(live.oak.billing, live.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account=account, starts=date(2026, 9, 1))
        assert balance("customer_credit") == 0
        assert (bill.credit_applied, bill.previous_balance) == (Decimal("25.00"), Decimal("-25.00"))
        assert bill.total_due == bill.charges - 25
