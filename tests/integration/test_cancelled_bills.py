"""A posted bill taken back: its mirror, the money that had paid it, and the time free to be billed again."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.db import connections, transaction

from billing.cancelling import cancel_bill
from billing.models import Bill, BillCancellation, BilledPeriod, PreparedBill, RegisterUse
from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from config.town.month import bill_month
from core import clock
from core.errors import Conflict, NotAllowed, Refused
from core.prove import Asked, prove
from core.tenancy import scope
from customers.models import Account, Service
from ledger.models import Charge, OpenItem
from ledger.receivables import payoff
from tests.conftest import World
from tests.world.desk import readings_of_september, send, text_of

DAY = date(2026, 9, 20)
WRONG = "The meter was read at the house next door"


@pytest.fixture
def account(live: World) -> Iterator[Account]:
    """Account 100001, in Oak's scope."""
    found = live.oak.account()
    with scope(live.oak.utility.id):
        yield found


def bill_of(account: Account) -> Bill:
    with transaction.atomic():
        return Bill.objects.filter(account=account).order_by("-number")[0]


def owed(account: Account) -> Decimal:
    with transaction.atomic():
        return payoff([account.id])[account.id]


def pay(live: World, account: Account, amount: Decimal, on: date = DAY) -> int:
    return post_payment(
        live.oak.clerk,
        tenders=[Tendered("check", amount)],
        accounts=[ToAccount(account.id, amount)],
        on=on,
        source="lockbox",
        reference=f"{account.number} {amount}",
    )


def cancel(live: World, account: Account, on: date = DAY) -> int:
    return cancel_bill(live.oak.supervisor, bill_id=bill_of(account).id, why=WRONG, on=on)


def proved(live: World) -> list[Any]:
    return [
        (f.invariant.code, f.offences) for f in prove(Asked(live.oak.utility, clock.now())) if not f.holds
    ]


@pytest.mark.req("BIL-11")
def test_a_cancelled_bill_is_owed_no_more_and_both_documents_are_kept(live: World, account: Account) -> None:
    bill = bill_of(account)
    cancel(live, account)
    assert owed(account) == 0
    with transaction.atomic():
        kept = BillCancellation.objects.select_related("mirror").get()
        assert (kept.bill_id, kept.why, kept.mirror.reverses_id) == (bill.id, WRONG, bill.journal_id)
        assert not Bill.objects.get(id=bill.id).is_live
        assert PreparedBill.objects.get(account=account).state == "posted"


@pytest.mark.req("BIL-11")
def test_what_was_paid_on_a_cancelled_bill_becomes_the_accounts_credit(live: World, account: Account) -> None:
    pay(live, account, Decimal("10.00"))
    cancel(live, account)
    assert owed(account) == Decimal("-10.00")
    with transaction.atomic():
        assert not OpenItem.objects.filter(account=account, open__gt=0).exists()


@pytest.mark.req("BIL-11")
def test_the_proof_is_clean_after_a_cancellation_however_it_was_paid(live: World, account: Account) -> None:
    pay(live, account, owed(account) + 25)
    other = live.oak.account("100002")
    pay(live, other, Decimal("5.00"))
    cancel(live, account)
    cancel(live, other)
    assert proved(live) == []


def test_a_payment_of_a_cancelled_bill_can_still_be_taken_back(live: World, account: Account) -> None:
    receipt = pay(live, account, Decimal("10.00"))
    cancel(live, account)
    void_receipt(live.oak.supervisor, receipt_id=receipt, why="returned", on=DAY)
    assert owed(account) == 0
    assert proved(live) == []


@pytest.mark.req("BIL-11")
def test_the_time_of_a_cancelled_bill_can_be_billed_again(live: World, account: Account) -> None:
    bill = bill_of(account)
    cancel(live, account)
    with transaction.atomic():
        assert set(Service.objects.filter(account=account).values_list("billed_to", flat=True)) == {None}
        assert not BilledPeriod.objects.filter(bill=bill, is_live=True).exists()
        assert not RegisterUse.objects.filter(bill=bill, is_live=True).exists()


@pytest.mark.req("BIL-11")
def test_the_next_run_bills_both_months_only_after_a_look(live: World, account: Account) -> None:
    cancel(live, account)
    readings_of_september(live.oak)
    bill_month(live.oak.billing, live.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
    with transaction.atomic():
        row = PreparedBill.objects.get(account=account, run__starts=date(2026, 9, 1))
    assert (row.state, row.reason, row.starts) == ("held", "long_period", date(2026, 8, 1))
    assert proved(live) == []


def test_a_cancelled_second_bill_takes_its_credits_back_with_it(live: World, account: Account) -> None:
    pay(live, account, owed(account) + 30)
    readings_of_september(live.oak)
    bill_month(live.oak.billing, live.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
    assert bill_of(account).credit_applied == Decimal("30.00")
    cancel(live, account, date(2026, 10, 1))
    assert owed(account) == Decimal("-30.00")
    assert proved(live) == []


def test_only_the_latest_bill_is_cancelled(live: World, account: Account) -> None:
    first = bill_of(account)
    readings_of_september(live.oak)
    bill_month(live.oak.billing, live.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
    with pytest.raises(Conflict, match="Cancel the latest bill first"):
        cancel_bill(live.oak.supervisor, bill_id=first.id, why=WRONG, on=date(2026, 10, 2))


def test_a_bill_is_cancelled_once(live: World, account: Account) -> None:
    cancel(live, account)
    with pytest.raises(Conflict, match="was cancelled before"):
        cancel(live, account)


@pytest.mark.parametrize(("why", "on", "field"), [(" ", DAY, "why"), (WRONG, date(2026, 8, 31), "on")])
def test_a_cancellation_needs_a_reason_and_a_day(
    live: World, account: Account, why: str, on: date, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        cancel_bill(live.oak.supervisor, bill_id=bill_of(account).id, why=why, on=on)
    assert refused.value.field == field


def test_a_clerk_cannot_cancel_a_bill(live: World, account: Account) -> None:
    with pytest.raises(NotAllowed):
        cancel_bill(live.oak.clerk, bill_id=bill_of(account).id, why=WRONG, on=DAY)


def test_a_live_bill_whose_journal_was_mirrored_is_found_by_the_proof(live: World, account: Account) -> None:
    bill = bill_of(account)
    cancel(live, account)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE billing_bill SET is_live = true WHERE id = %s", [bill.id])
    assert "B2c" in dict(proved(live))


def test_every_line_of_a_cancelled_bill_is_still_a_charge(live: World, account: Account) -> None:
    bill = bill_of(account)
    cancel(live, account)
    with transaction.atomic():
        amounts = Charge.objects.filter(journal=bill.journal_id).values_list("amount", flat=True)
        assert sum(amounts) == bill.charges > 0


@pytest.mark.req("BIL-11")
def test_a_bill_is_cancelled_on_screen_with_a_reason_and_told_on_its_page(live: World) -> None:
    supervisor = live.oak.client("supervisor")
    assert send(supervisor, "/bills/1/cancel/", why=WRONG).status_code == 302
    page = text_of(supervisor.get("/bills/1/"))
    assert "by Susan Supervisor." in page
    assert WRONG in page


@pytest.mark.req("BIL-11")
def test_a_cancelled_bill_is_reprinted_as_it_was_sent_and_marked(live: World) -> None:
    supervisor = live.oak.client("supervisor")
    sent = supervisor.get("/bills/1/pdf/").content
    send(supervisor, "/bills/1/cancel/", why=WRONG)
    assert supervisor.get("/bills/1/pdf/").content == sent
    marked = pypdfium2.PdfDocument(supervisor.get("/bills/1/cancelled/").content)[0].get_textpage()
    said = marked.get_text_range()
    assert "Cancelled bill" in said
    assert "Do not pay" in said
    assert "A100001*" not in said


def test_a_bill_that_counts_has_no_cancelled_copy(live: World) -> None:
    assert live.oak.client("clerk").get("/bills/1/cancelled/").status_code == 404
