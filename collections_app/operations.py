"""Taking money at the counter, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.batches import SERIES, Outside, store_batch
from collections_app.drawers import back_from_safe, hold_open, own_session
from collections_app.models import DepositTaken, DrawerSession, Payment, Receipt, ReceiptVoid, Tender
from core import failpoints
from core.actors import Actor
from core.counters import take_block
from core.duties import require_other
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.money import round_cents, total
from core.operations import emit, note, operation, under_way
from customers.models import Account
from ledger.chart import read_chart
from ledger.deposits import take_back_deposits
from ledger.models import OpenItem
from ledger.payments import PostedPayment, Received, receive, take_back
from ledger.receivables import lock_accounts

COUNTER = "counter"
OVERRIDE_SPLIT = "payments.override_split"
OVERRIDE_CASH_ONLY = "payments.override_cash_only"


@dataclass(frozen=True, slots=True)
class Tendered:
    """What was handed over: dollars, how, and a cheque or slip number."""

    kind: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ToAccount:
    """So much of it for one account; ``split`` (charge id → dollars) is the operator's own distribution."""

    account_id: int
    amount: Decimal
    split: Mapping[int, Decimal] | None = None


@operation("payments.post", permission="payments.post")
def post_payment(
    by: Actor,
    *,
    tenders: Sequence[Tendered],
    accounts: Sequence[ToAccount],
    on: date,
    session_id: int | None = None,
    source: str = COUNTER,
    reference: str = "",
    cash_only_reason: str = "",
) -> int:
    """Take money for one or more accounts; returns the receipt's id.

    What is tendered beyond the accounts' amounts is change, given from cash only.  What an account does
    not owe is kept as its credit.  At the counter the money goes into the operator's own open drawer,
    named or not.  ``reference`` is the payment's name at ``source``: the same one again is refused by the
    database.  ``cash_only_reason`` is why a CASH ONLY account may pay otherwise; it takes a right.
    Raises ``Refused`` at the field that is wrong.
    """
    wanted, tendered = check_money(tenders, accounts)
    refuse_repeated(source, reference)
    _may_split(accounts, by)
    check_cash_only(tenders, accounts, by, cash_only_reason)
    session = session_for(session_id, source, by)
    key = f"{source}:{reference}" if reference else f"receipt:{under_way().id}"
    posted = receive(
        [
            Received(f"{key}:account {a.account_id}", a.account_id, a.amount, "Payment", a.split)
            for a in accounts
        ],
        on=on,
        into_account_id=int(session.drawer.chart_account_id) if session else read_chart().role("bank"),
    )
    _all_laid(accounts, posted)
    if session:
        hold_open(session.id, by)
    receipt = write_receipt(by, tendered, wanted, session, on, source, reference)
    keep_tenders(receipt, tenders)
    Payment.objects.bulk_create(_payments(receipt, accounts, posted))
    emit("payments.posted", receipt=receipt.id)
    return int(receipt.id)


@operation("payments.post_batch", permission="payments.post", quiet=frozenset({"payments"}))
def post_batch(by: Actor, *, payments: Sequence[Outside], on: date, source: str, into: str = "bank") -> int:
    """Post payments taken elsewhere, a receipt each, in a fixed number of statements; returns how many.

    ``into`` is the role of the chart account the money is in.  One payment an account; the same
    reference of a source again is refused by the database, and nothing of the batch is posted then.
    """
    note(payments=len(payments), dollars=total(p.amount for p in payments))
    if not payments:
        return 0
    posted = receive(
        [Received(f"{source}:{p.reference}", p.account_id, p.amount, "Payment") for p in payments],
        on=on,
        into_account_id=read_chart().role(into),
    )
    first = take_block(f"receipt:{SERIES}", len(payments))
    failpoints.reached("numbers.taken")
    store_batch(by, payments, posted, first=first, on=on, source=source)
    return len(payments)


@operation("payments.void", permission="payments.void")
def void_receipt(by: Actor, *, receipt_id: int, why: str, on: date) -> int:
    """Take a receipt back: its journals are mirrored, what it paid is owed again; returns the void's id.

    The receipt keeps its number.  The money goes back out of the drawer it was taken into while that one
    is open, else out of the safe: a closed drawer never changes.  Raises ``NotAllowed`` for whoever took
    the money, ``Conflict`` when it was voided before.
    """
    receipt = Receipt.objects.filter(id=receipt_id).first()
    if receipt is None:
        raise NotFound("There is no such receipt.", "Find it by its number.")
    if not why.strip():
        raise Refused("A void needs a reason.", "Say why the money goes back.", field="why")
    require_other(by, receipt.operator, on, f"receipt {receipt.number}")
    _take_back(receipt, on)
    if ReceiptVoid.objects.filter(receipt=receipt).exists():
        raise Conflict(f"Receipt {receipt.number} was voided before.")
    void = ReceiptVoid.objects.create(
        receipt=receipt,
        operator=by.ref,
        reason=why,
        at=under_way().at,
        on=on,
        paid_from=_paid_back(receipt, on),
    )
    emit("payments.voided", receipt=receipt.id)
    return int(void.id)


def _take_back(receipt: Receipt, on: date) -> None:
    """Mirror what the receipt brought: payments, and deposits that are still held whole."""
    payments = list(Payment.objects.filter(receipt=receipt).order_by("account_id"))
    deposits = list(DepositTaken.objects.filter(receipt=receipt).order_by("id"))
    lock_accounts([p.account_id for p in payments] + [d.account_id for d in deposits])
    if payments:
        take_back([p.credit_id for p in payments], on=on, why="void")
    if deposits and not ReceiptVoid.objects.filter(receipt=receipt).exists():
        take_back_deposits([d.deposit_id for d in deposits], on=on)


def _paid_back(receipt: Receipt, on: date) -> ReceiptVoid.From:
    """Where the money of a void comes from; out of the safe it is posted."""
    if receipt.session_id is None:
        return ReceiptVoid.From.BANK
    session = DrawerSession.objects.select_for_update().select_related("drawer").get(id=receipt.session_id)
    if session.closed_at is None:
        return ReceiptVoid.From.DRAWER
    drawer = int(session.drawer.chart_account_id)
    back_from_safe(receipt.total, drawer_account_id=drawer, on=on, key=f"void:{receipt.id}:safe")
    return ReceiptVoid.From.SAFE


def refuse_repeated(source: str, reference: str) -> None:
    """Raise ``Conflict`` when that source has sent a payment of that name before."""
    earlier = Receipt.objects.filter(source=source, reference=reference).first() if reference else None
    if earlier:
        raise Conflict(
            f"{source} has sent “{reference}” before: receipt {earlier.number} of {earlier.on:%b %-d, %Y}.",
            "Nothing was posted. Give a new payment a reference of its own.",
            field="reference",
        )


def write_receipt(
    by: Actor,
    tendered: Decimal,
    wanted: Decimal,
    session: DrawerSession | None,
    on: date,
    source: str,
    reference: str,
) -> Receipt:
    """A receipt under the next number; taken last, as its lock is held until the end."""
    number = take_block(f"receipt:{SERIES}", 1)
    failpoints.reached("numbers.taken")
    return Receipt.objects.create(
        series=SERIES,
        number=number,
        session=session,
        operator=by.ref,
        operator_name=by.name,
        on=on,
        at=under_way().at,
        source=source,
        reference=reference,
        tendered=tendered,
        change=tendered - wanted,
        total=wanted,
    )


def keep_tenders(receipt: Receipt, tenders: Sequence[Tendered]) -> None:
    """What was handed over for a receipt, said once."""
    Tender.objects.bulk_create(
        [Tender(receipt=receipt, kind=t.kind, amount=t.amount, reference=t.reference) for t in tenders]
    )


def _payments(
    receipt: Receipt, accounts: Sequence[ToAccount], posted: Sequence[PostedPayment]
) -> list[Payment]:
    return [
        Payment(
            receipt=receipt,
            account_id=p.account_id,
            journal_id=p.journal_id,
            credit_id=p.credit_id,
            amount=a.amount,
            balance_before=p.balance_before,
            balance_after=p.balance_after,
        )
        for a, p in zip(accounts, posted, strict=True)
    ]


def check_money(tenders: Sequence[Tendered], accounts: Sequence[ToAccount]) -> tuple[Decimal, Decimal]:
    """What is wanted and what is tendered; raises ``Refused`` where they do not fit one another."""
    if not accounts:
        raise Refused("No account is named.", "Scan or find the account first.", field="account")
    for amount, place in [
        *((a.amount, "amount") for a in accounts),
        *((t.amount, "tender") for t in tenders),
    ]:
        if not amount.is_finite() or amount <= 0 or amount != round_cents(amount):
            raise Refused(
                f"{amount} is not an amount to pay.", "Type dollars and cents above zero.", field=place
            )
    kinds = set(Tender.Kind.values)
    for tender in tenders:
        if tender.kind not in kinds:
            raise Refused(
                f"“{tender.kind}” is no tender.", f"Use one of {', '.join(sorted(kinds))}.", field="tender"
            )
    wanted, tendered = total(a.amount for a in accounts), total(t.amount for t in tenders)
    if tendered < wanted:
        raise Refused(
            f"{tendered} was tendered for {wanted}.", f"{wanted - tendered} is missing.", field="tender"
        )
    cash = total(t.amount for t in tenders if t.kind == Tender.Kind.CASH)
    if tendered - wanted > cash:
        raise Refused(
            f"The change of {tendered - wanted} is more than the cash of {cash}.",
            "Change is given from cash only: raise the amount paid, or take a smaller cheque.",
            field="tender",
        )
    return wanted, tendered


def _may_split(accounts: Sequence[ToAccount], by: Actor) -> None:
    if by.may(OVERRIDE_SPLIT) or all(a.split is None for a in accounts):
        return
    raise NotAllowed(
        f"{by.name} may not lay a payment on charges by hand.",
        "Leave the split to the utility’s priorities, or ask a supervisor.",
    )


def _all_laid(accounts: Sequence[ToAccount], posted: Sequence[PostedPayment]) -> None:
    """A split by hand lays all of its amount, unless nothing is left to lay it on."""
    for given, done in zip(accounts, posted, strict=True):
        if given.split is None or not done.left:
            continue
        if OpenItem.objects.filter(account_id=given.account_id, open__gt=0).exists():
            raise Refused(
                f"The split lays {given.amount - done.left:,.2f} of the {given.amount:,.2f} paid.",
                f"Lay the other {done.left:,.2f} on a charge, or lower the amount.",
                field="split",
            )


def check_cash_only(
    tenders: Sequence[Tendered], accounts: Sequence[ToAccount], by: Actor, reason: str
) -> None:
    """Raise ``Refused`` where a CASH ONLY account would pay otherwise, without right and reason."""
    safe = {Tender.Kind.CASH, Tender.Kind.MONEY_ORDER}
    if all(t.kind in safe for t in tenders):
        return
    flagged = Account.objects.filter(id__in=[a.account_id for a in accounts], cash_only=True).first()
    if flagged is None:
        return
    if not by.may(OVERRIDE_CASH_ONLY):
        raise Refused(
            f"Account {flagged.number} is CASH ONLY.",
            "Take cash or a money order, or ask a supervisor to override.",
            field="tender",
        )
    if not reason.strip():
        raise Refused(
            f"Account {flagged.number} is CASH ONLY.",
            "Say why it may pay otherwise this time.",
            field="cash_only_reason",
        )


def session_for(session_id: int | None, source: str, by: Actor) -> DrawerSession | None:
    """The drawer that the money goes into, its own operator's; money taken elsewhere has none."""
    if session_id is None and source != COUNTER:
        return None
    mine = own_session(by)
    if mine is not None and session_id in (None, mine.id):
        return mine
    named = DrawerSession.objects.filter(id=session_id).first() if session_id else None
    if named is not None and named.closed_at is None:
        raise Conflict(f"The drawer is open under {named.operator_name}.", "Open your own drawer.")
    if named is not None:
        raise Conflict("That drawer session is closed.", "Open a drawer first.", code="NoDrawer")
    raise Conflict(
        "You have no drawer open.",
        "Open a drawer first: money taken at the counter goes into one.",
        code="NoDrawer",
    )
