"""What the bank sends back: owed again, with a fee, once.  Figures worked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.db.models import Sum

from billing.cancelling import cancel_bill
from billing.models import Bill
from collections_app.drawers import open_drawer
from collections_app.models import Drawer, Payment, PaymentReturn
from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from collections_app.returns import Returned, return_batch, return_payment
from core.errors import Conflict, NotAllowed, Refused
from core.tenancy import scope
from ledger.models import Charge, Posting, RevenueCode
from ledger.receivables import payoff
from tests.conftest import World
from tests.world.proof import broken

PAID = date(2026, 9, 10)
BACK = date(2026, 9, 15)


def pay(
    live: World, amount: str, number: str = "100001", kind: str = "check", source: str = "by mail"
) -> int:
    """A payment's id."""
    account = live.oak.account(number)
    receipt = post_payment(
        live.oak.clerk,
        tenders=[Tendered(kind, Decimal(amount))],
        accounts=[ToAccount(account.id, Decimal(amount))],
        on=PAID,
        source=source,
    )
    with transaction.atomic():
        return int(Payment.objects.get(receipt=receipt).id)


def owed(live: World, number: str = "100001") -> Decimal:
    account = live.oak.account(number).id
    with transaction.atomic():
        return payoff([account])[account]


def held(role: str) -> Decimal:
    """Debits less credits of a chart account."""
    with transaction.atomic():
        sums = Posting.objects.filter(chart_account__role=role).aggregate(d=Sum("debit"), c=Sum("credit"))
    return (sums["d"] or Decimal(0)) - (sums["c"] or Decimal(0))


@pytest.mark.req("HIS-07")
def test_what_a_returned_check_paid_is_owed_again_with_a_fee(live: World) -> None:
    with scope(live.oak.utility.id):
        before = owed(live)
        payment = pay(live, "30.00")
        return_payment(
            live.oak.supervisor, payment_id=payment, reason="Not sufficient funds", on=BACK, fee=Decimal("25")
        )
        assert owed(live) == before + 25
        with transaction.atomic():
            fee = Charge.objects.get(revenue_code="RETURNFEE")
            back = PaymentReturn.objects.get()
        assert (fee.amount, fee.text, back.fee_id) == (Decimal("25.00"), "Returned payment fee", fee.id)
    assert broken(live) == []


def test_the_bank_gives_the_money_back_not_the_drawer(live: World) -> None:
    with scope(live.oak.utility.id):
        with transaction.atomic():
            drawer = Drawer.objects.earliest("id").id
        open_drawer(live.oak.clerk, drawer_id=drawer, opening=Decimal(0), on=PAID)
        payment = pay(live, "30.00", source="counter")
        return_payment(live.oak.supervisor, payment_id=payment, reason="Account closed", on=BACK)
        assert (held("drawer"), held("bank")) == (Decimal("30.00"), Decimal("-30.00"))


def test_an_overpayment_that_comes_back_leaves_no_credit(live: World) -> None:
    with scope(live.oak.utility.id):
        before = owed(live)
        payment = pay(live, str(before + 40))
        return_payment(live.oak.supervisor, payment_id=payment, reason="Payment stopped", on=BACK)
        assert owed(live) == before
        assert held("customer_credit") == 0
    assert broken(live) == []


def test_what_the_account_has_in_credit_pays_the_fee(live: World) -> None:
    with scope(live.oak.utility.id):
        first, before = pay(live, "10.00"), owed(live)
        pay(live, str(before + 40))
        return_payment(
            live.oak.supervisor, payment_id=first, reason="Refer to maker", on=BACK, fee=Decimal("25.00")
        )
        assert owed(live) == Decimal("-5.00")
        assert held("customer_credit") == Decimal("-15.00")
    assert broken(live) == []


def test_a_payment_comes_back_once_and_not_after_a_void(live: World) -> None:
    with scope(live.oak.utility.id):
        payment, voided = pay(live, "30.00"), pay(live, "20.00")
        by, why = live.oak.supervisor, "Not sufficient funds"
        return_payment(by, payment_id=payment, reason=why, on=BACK)
        with pytest.raises(Conflict, match="came back on Sep 15, 2026 already"):
            return_payment(by, payment_id=payment, reason=why, on=BACK)
        with transaction.atomic():
            receipt, other = (
                Payment.objects.get(id=payment).receipt_id,
                Payment.objects.get(id=voided).receipt_id,
            )
        with pytest.raises(Conflict, match="before"):
            void_receipt(live.oak.supervisor, receipt_id=receipt, why="twice", on=BACK)
        void_receipt(live.oak.supervisor, receipt_id=other, why="wrong account", on=BACK)
        with pytest.raises(Conflict, match="was voided"):
            return_payment(by, payment_id=voided, reason=why, on=BACK)


def test_cash_does_not_come_back(live: World) -> None:
    with scope(live.oak.utility.id), pytest.raises(Refused, match="paid in cash.*void the receipt"):
        return_payment(
            live.oak.supervisor, payment_id=pay(live, "5.00", kind="cash"), reason="No such account", on=BACK
        )


def test_a_clerk_does_not_enter_returns(live: World) -> None:
    with scope(live.oak.utility.id), pytest.raises(NotAllowed, match="payments.return"):
        return_payment(live.oak.clerk, payment_id=1, reason="Account closed", on=BACK)


def test_many_come_back_at_once_or_none(live: World) -> None:
    with scope(live.oak.utility.id):
        numbers = ["100001", "100002", "100003"]
        before = {n: owed(live, n) for n in numbers}
        back = [Returned(pay(live, "15.00", n), "Not sufficient funds", Decimal("20.00")) for n in numbers]
        with pytest.raises(Refused, match="There is no such payment"):
            return_batch(live.oak.system, returns=[*back, Returned(10**9, "x")], on=BACK)
        assert return_batch(live.oak.system, returns=back, on=BACK) == 3
        assert {n: owed(live, n) for n in numbers} == {n: before[n] + 20 for n in numbers}
    assert broken(live) == []


def test_a_fee_finds_its_income_where_no_revenue_code_is_mapped(live: World) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM ledger_revenuecode WHERE code = 'RETURNFEE'")
    with scope(live.oak.utility.id):
        return_payment(
            live.oak.supervisor,
            payment_id=pay(live, "30.00"),
            reason="Account closed",
            on=BACK,
            fee=Decimal("25.00"),
        )
        assert held("return_fees") == Decimal("-25.00")
        with transaction.atomic():
            assert not RevenueCode.objects.filter(code="RETURNFEE").exists()


@pytest.mark.req("HIS-07")
def test_a_payment_comes_back_after_the_bill_it_paid_was_cancelled(live: World) -> None:
    with scope(live.oak.utility.id):
        with transaction.atomic():
            bill = Bill.objects.get(account=live.oak.account())
        before, payment = owed(live), pay(live, "30.00")
        cancel_bill(live.oak.supervisor, bill_id=bill.id, why="wrong rate", on=BACK)
        assert owed(live) == before - 30 - bill.charges
        return_payment(live.oak.supervisor, payment_id=payment, reason="Account closed", on=BACK)
        assert owed(live) == before - bill.charges
        assert held("customer_credit") == 0
    assert broken(live) == []
