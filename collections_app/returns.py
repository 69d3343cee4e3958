"""Payments that the bank sent back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from collections_app.models import Payment, PaymentReturn, ReceiptVoid, Tender
from core.actors import Actor
from core.bulk import Same, insert_columns, take_ids
from core.errors import Conflict, NotFound, Refused
from core.money import round_cents, total
from core.operations import emit, note, operation, under_way
from customers.models import Standing
from customers.standing import raise_counters
from ledger.charging import SingleCharge, charge_all
from ledger.chart import read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.models import Posting
from ledger.posting import post_all
from ledger.receivables import lock_accounts
from ledger.undoing import undo

REASONS = (
    "Not sufficient funds",
    "Account closed",
    "No such account",
    "Payment stopped",
    "Not authorised",
    "Card disputed",
)
"""What banks usually say; any other words are taken too."""

FEE_CODE = "RETURNFEE"
LONGEST_REASON = 60


@dataclass(frozen=True, slots=True)
class Returned:
    """A payment the bank sent back, why, and the fee for it, if any."""

    payment_id: int
    reason: str
    fee: Decimal | None = None


@operation("payments.return", permission="payments.return")
def return_payment(by: Actor, *, payment_id: int, reason: str, on: date, fee: Decimal | None = None) -> int:
    """Take a payment back that the bank did not honour; returns the return's id.

    Its journal is mirrored, what it paid is owed again from ``on``.  Money that had gone into a drawer is
    given back by the bank account, so the drawer stays as it was counted.  ``fee`` is charged once, to the
    same account, and the return counts on its payment record.  Raises ``Conflict`` when the payment was
    returned or voided before, ``Refused`` for cash and for a day before the payment.
    """
    return _take_back(by, [Returned(payment_id, reason, fee)], on)[0]


@operation("payments.return_batch", permission="payments.return", quiet=frozenset({"returns"}))
def return_batch(by: Actor, *, returns: Sequence[Returned], on: date) -> int:
    """``return_payment`` for many, in a fixed number of statements; returns how many.

    All or nothing: one that cannot be returned refuses the whole batch and is named.
    """
    note(returns=len(returns), fees=total(r.fee for r in returns if r.fee))
    return len(_take_back(by, returns, on))


def _take_back(by: Actor, returns: Sequence[Returned], on: date) -> list[int]:
    _check_words(returns)
    payments = _payments(returns)
    lock_accounts(p.account_id for p in payments)
    _check_standing(payments, on)
    mirrors = undo([p.journal_id for p in payments], on=on, why="return", what="One of these payments")
    _give_back_by_bank(payments, mirrors, on)
    fees = _charge_fees(returns, payments, on)
    ids = take_ids(PaymentReturn, len(returns))
    insert_columns(
        PaymentReturn,
        {
            "id": ids,
            "payment_id": [r.payment_id for r in returns],
            "reason": [r.reason.strip() for r in returns],
            "on": Same(on),
            "fee_id": [fees.get(r.payment_id) for r in returns],
            "operator": Same(by.ref),
            "at": Same(under_way().at),
        },
    )
    raise_counters(Standing.Kind.RETURNED, on, [p.account_id for p in payments])
    emit("payments.returned", returns=ids)
    return ids


def returned_payments() -> QuerySet[PaymentReturn]:
    """Payments that came back, with receipts, accounts, customers and fees."""
    return PaymentReturn.objects.select_related("payment__receipt", "payment__account__customer", "fee")


def _check_words(returns: Sequence[Returned]) -> None:
    for one in returns:
        if not 0 < len(one.reason.strip()) <= LONGEST_REASON:
            raise Refused(
                "A return needs its reason, in at most 60 letters.", "Say what the bank said.", field="reason"
            )
        if one.fee is not None and not (
            one.fee.is_finite() and one.fee > 0 and one.fee == round_cents(one.fee)
        ):
            raise Refused(
                f"{one.fee} is no fee.", "Type dollars and cents above zero, or leave it empty.", field="fee"
            )
    if len({r.payment_id for r in returns}) != len(returns):
        raise Conflict("A payment is named twice.", "Name each payment once.")


def _payments(returns: Sequence[Returned]) -> list[Payment]:
    """The payments in the order of the returns."""
    rows = Payment.objects.filter(id__in=[r.payment_id for r in returns]).select_related("receipt")
    found = {p.id: p for p in rows}
    for one in returns:
        if one.payment_id not in found:
            raise NotFound("There is no such payment.", "Find its receipt by number.", field="payment_id")
    return [found[r.payment_id] for r in returns]


def _check_standing(payments: Sequence[Payment], on: date) -> None:
    receipts = {p.receipt_id for p in payments}
    voided = set(ReceiptVoid.objects.filter(receipt__in=receipts).values_list("receipt_id", flat=True))
    earlier = PaymentReturn.objects.filter(payment__in=payments)
    returned = dict(earlier.values_list("payment_id", "on"))
    by_bank = set(
        Tender.objects.filter(receipt__in=receipts)
        .exclude(kind=Tender.Kind.CASH)
        .values_list("receipt_id", flat=True)
    )
    for payment in payments:
        number = payment.receipt.number
        if payment.receipt_id in voided:
            raise Conflict(f"Receipt {number} was voided.", "What it paid is owed already.")
        if payment.id in returned:
            raise Conflict(f"Receipt {number} came back on {returned[payment.id]:%b %-d, %Y} already.")
        if payment.receipt_id not in by_bank:
            raise Refused(f"Receipt {number} was paid in cash.", "Cash does not come back: void the receipt.")
        if on < payment.receipt.on:
            raise Refused(
                f"Receipt {number} was taken on {payment.receipt.on:%b %-d, %Y}, after {on:%b %-d, %Y}.",
                "A payment comes back on its day or later.",
                field="on",
            )


def _give_back_by_bank(payments: Sequence[Payment], mirrors: dict[int, int], on: date) -> None:
    """Dr drawer, Cr bank where a mirror took the money out of a drawer: it is the bank that gives it back."""
    bank = read_chart().role("bank")
    lines = Posting.objects.filter(journal__in=mirrors.values(), n=1)
    tills = dict(lines.values_list("journal_id", "chart_account_id"))
    drafts = []
    for payment in payments:
        till = tills[mirrors[payment.journal_id]]
        if till != bank:
            legs = (
                Leg(till, debit=payment.amount, account_id=payment.account_id),
                Leg(bank, credit=payment.amount, account_id=payment.account_id),
            )
            drafts.append(JournalDraft(f"return:payment {payment.id}:bank", on, "returned by the bank", legs))
    post_all(drafts)


def _charge_fees(returns: Sequence[Returned], payments: Sequence[Payment], on: date) -> dict[int, int]:
    """The charges of the fees, by payment."""
    wanted = [(p, r.fee) for p, r in zip(payments, returns, strict=True) if r.fee]
    charges = [
        SingleCharge(
            key=f"return:payment {payment.id}:fee",
            account_id=payment.account_id,
            amount=fee,
            revenue_code=FEE_CODE,
            text="Returned payment fee",
            why="return fee",
            role="return_fees",
        )
        for payment, fee in wanted
    ]
    return dict(zip((p.id for p, _ in wanted), charge_all(charges, on=on), strict=True))
