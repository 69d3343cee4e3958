"""What is done with money in an office.  Each act does one thing to the product and the same to the books.

An act gives what it did in words, or nothing when there was nothing to do it to.
"""

from collections.abc import Iterable
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from collections_app.models import Payment
from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from collections_app.returns import return_payment
from core.errors import Conflict, NotAllowed
from ledger.adjustments import (
    approve_adjustment,
    propose_adjustment,
    propose_reversal,
    refuse_adjustment,
    withdraw_adjustment,
)
from ledger.models import Adjustment
from tests.trials.books import CASH, NOTHING, Paid, Proposal
from tests.trials.office import CASHIERS, Desk

KINDS = (CASH, "check", "card", "money_order")


def dollars(chance: Random, most: int) -> Decimal:
    """A random amount up to so many dollars."""
    return Decimal(chance.randint(1, most * 100)) / 100


def someone(desk: Desk, chance: Random, among: Iterable[int] | None = None) -> int:
    """An account; mostly one of three, so that much happens to the same ones."""
    all_of_them = sorted(desk.books.owed)
    there = all_of_them if among is None else sorted(among)
    regulars = [account for account in there if account in all_of_them[:3]]
    return chance.choice(regulars if regulars and chance.random() < 0.7 else there)


def _amount(desk: Desk, chance: Random, account: int) -> Decimal:
    """What somebody pays: all, a part, too much."""
    owed = desk.books.owed[account]
    if owed <= 0:
        return dollars(chance, 40)
    habit = chance.random()
    if habit < 0.5:
        return owed
    return min(dollars(chance, 200), owed) if habit < 0.8 else owed + dollars(chance, 60)


def _take(desk: Desk, chance: Random, accounts: list[int], source: str) -> str:
    books, cashier = desk.books, chance.choice(CASHIERS)
    amounts = {account: _amount(desk, chance, account) for account in accounts}
    total = sum(amounts.values(), NOTHING)
    kind = chance.choice(KINDS)
    tenders = [Tendered(kind, total)]
    if kind == CASH and chance.random() < 0.5:
        tenders = [Tendered(CASH, total + dollars(chance, 20))]
    elif total > 10 and chance.random() < 0.4:
        tenders = [Tendered(CASH, Decimal(10)), Tendered(kind, total - 10)] if kind != CASH else tenders
    till = desk.till_of(cashier) if source == "counter" else None
    receipt = post_payment(
        getattr(desk.town, cashier),
        tenders=tenders,
        accounts=[ToAccount(account, amount) for account, amount in amounts.items()],
        on=books.today,
        source=source,
    )
    with transaction.atomic():
        made = {p.account_id: p.id for p in Payment.objects.filter(receipt=receipt)}
    for account, amount in amounts.items():
        books.owe(account, -amount)
        session = till.session if till else None
        books.paid.append(Paid(made[account], receipt, account, amount, tenders[-1].kind, session, cashier))
    books.tenders[receipt] = {}
    for tender in tenders:
        books.tenders[receipt][tender.kind] = books.tenders[receipt].get(tender.kind, NOTHING) + tender.amount
    change = sum((t.amount for t in tenders), NOTHING) - total
    if change:
        books.tenders[receipt][CASH] -= change
    if till:
        for kind, amount in books.tenders[receipt].items():
            till.put(kind, amount)
    return f"{cashier} takes {total} for {accounts} by {source}"


def pay(desk: Desk, chance: Random) -> str:
    """One account at the counter: whole, in part, too much; with change or two tenders."""
    return _take(desk, chance, [someone(desk, chance)], "counter")


def pay_for_several(desk: Desk, chance: Random) -> str:
    """One receipt for up to three accounts."""
    others = chance.sample(sorted(desk.books.owed), chance.randint(1, 2))
    accounts = sorted({someone(desk, chance), *others})
    return _take(desk, chance, accounts, "counter")


def pay_by_mail(desk: Desk, chance: Random) -> str:
    """Money that goes to the bank, not into a drawer."""
    return _take(desk, chance, [someone(desk, chance)], "by mail")


def void(desk: Desk, chance: Random) -> str:
    """A second person takes a receipt back; the one who took the money may not."""
    books = desk.books
    standing = [p for p in books.paid if p.stands]
    if not standing:
        return ""
    account = someone(desk, chance, {p.account for p in standing})
    receipt = chance.choice([p.receipt for p in standing if p.account == account])
    parts = [p for p in books.paid if p.receipt == receipt]
    maker, checker = getattr(desk.town, parts[0].cashier), desk.town.admin
    with pytest.raises(NotAllowed):
        void_receipt(maker, receipt_id=receipt, why="mine", on=books.today)
    if not all(p.stands for p in parts):
        with pytest.raises(Conflict):
            void_receipt(checker, receipt_id=receipt, why="a part came back", on=books.today)
        return f"receipt {receipt} cannot be voided: a part was returned"
    void_receipt(checker, receipt_id=receipt, why="wrong account", on=books.today)
    for part in parts:
        part.stands = False
        books.owe(part.account, part.amount)
    till = next((t for t in books.tills.values() if t.session == parts[0].session), None)
    if till:
        for kind, amount in books.tenders[receipt].items():
            till.put(kind, -amount)
    return f"receipt {receipt} voided"


def bring_back(desk: Desk, chance: Random) -> str:
    """The bank sends a payment back, with a fee or without; once."""
    books = desk.books
    candidates = [p for p in books.paid if p.stands and set(books.tenders[p.receipt]) != {CASH}]
    if not candidates:
        return ""
    account = someone(desk, chance, {p.account for p in candidates})
    paid = chance.choice([p for p in candidates if p.account == account])
    fee = Decimal("25.00") if chance.random() < 0.6 else None
    why, on = "Not sufficient funds", books.today
    return_payment(desk.town.supervisor, payment_id=paid.payment, reason=why, on=on, fee=fee)
    with pytest.raises(Conflict):
        return_payment(desk.town.supervisor, payment_id=paid.payment, reason=why, on=on)
    paid.stands = False
    books.owe(paid.account, paid.amount + (fee or NOTHING))
    return f"payment {paid.payment} of {paid.amount} comes back, fee {fee}"


def propose(desk: Desk, chance: Random) -> str:
    """An adjustment is proposed: nothing changes yet."""
    books, account = desk.books, someone(desk, chance)
    kind, amount, maker = chance.choice(("debit", "credit")), dollars(chance, 90), chance.choice(CASHIERS)
    made = propose_adjustment(
        getattr(desk.town, maker),
        account_id=account,
        kind=kind,
        amount=amount,
        revenue_code=chance.choice(("WATER", "OTHER", "TRASH")),
        reason="Courtesy",
        text="By telephone",
        on=books.today,
    )
    effect = amount if kind == "debit" else -amount
    books.proposals[made] = Proposal(made, account, effect, maker)
    return f"{maker} proposes {effect} for {account}"


def decide(desk: Desk, chance: Random) -> str:
    """A waiting adjustment is approved by a second person, refused or withdrawn."""
    books = desk.books
    waiting = [p for p in books.proposals.values() if p.state == "waiting"]
    if not waiting:
        return ""
    one, way = chance.choice(waiting), chance.random()
    if one.maker == "supervisor":
        with pytest.raises(NotAllowed):
            approve_adjustment(desk.town.supervisor, adjustment_id=one.id, on=books.today)
    if way < 0.7:
        approve_adjustment(desk.town.admin, adjustment_id=one.id, on=books.today)
        one.state = "posted"
        books.owe(one.account, one.effect)
        if one.reverses:
            books.proposals[one.reverses].state = "reversed"
    elif way < 0.85:
        refuse_adjustment(desk.town.admin, adjustment_id=one.id, why="No ground")
        one.state = "refused"
    else:
        withdraw_adjustment(getattr(desk.town, one.maker), adjustment_id=one.id)
        one.state = "withdrawn"
    with transaction.atomic():
        assert Adjustment.objects.get(id=one.id).state == one.state
    return f"adjustment {one.id} of {one.effect} is {one.state}"


def reverse(desk: Desk, chance: Random) -> str:
    """The reversal of a posted adjustment is proposed."""
    books = desk.books
    pending = {p.reverses for p in books.proposals.values() if p.state == "waiting"}
    posted = [
        p for p in books.proposals.values() if p.state == "posted" and not p.reverses and p.id not in pending
    ]
    if not posted:
        return ""
    first = chance.choice(posted)
    made = propose_reversal(desk.town.clerk, adjustment_id=first.id, text="Not so", on=books.today)
    books.proposals[made] = Proposal(made, first.account, -first.effect, "clerk", reverses=first.id)
    return f"the reversal of adjustment {first.id} is proposed"
