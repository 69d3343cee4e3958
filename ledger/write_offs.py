"""Write-offs: what an ended account owes is given up, proposed by one person and approved by another.

Given up is what is open of each of its charges: Dr bad debt, Cr receivable.  What comes in later is a
recovery, Dr bank, Cr bad debt, and is kept per charge; the account itself owes nothing any more.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotFound, Refused
from core.money import ZERO, round_cents, total
from core.operations import emit, operation, under_way
from customers.models import Account
from ledger.charging import SingleCharge, charge_all
from ledger.chart import read_chart
from ledger.deposit_models import DepositLeft
from ledger.drafts import JournalDraft, Leg
from ledger.models import Charge, OpenItem
from ledger.policy import Laid
from ledger.posting import post
from ledger.receivables import (
    NewCredit,
    add_credits,
    credits_left,
    lock_accounts,
    lower_open,
    open_charges,
    record_applications,
)
from ledger.undoing import undo
from ledger.write_off_models import Recovery, WriteOff, WriteOffLine

LONGEST_REASON = 120
State = WriteOff.State


@operation("ledger.write_off.propose", permission="ledger.write_off")
def propose_write_off(by: Actor, *, account_id: int, reason: str, on: date) -> int:
    """Propose to give up all that an ended account owes; returns the write-off's id.

    What is open of each charge now is what is given up; nothing is posted until somebody else approves.
    Raises ``Refused`` while the account has not ended or a deposit or credit of it is held, ``Conflict``
    when nothing is owed or one waits already.
    """
    lock_accounts([account_id])
    _check_words(reason, "reason", LONGEST_REASON)
    _check_account(account_id, on)
    owed = open_charges([account_id])[account_id]
    if not owed:
        raise Conflict("The account owes nothing.", "There is nothing to write off.")
    if WriteOff.objects.filter(account=account_id, state=State.WAITING).exists():
        raise Conflict("A write-off of the account waits already.", "Decide that one first.")
    made = WriteOff.objects.create(
        account_id=account_id,
        amount=total(charge.open for charge in owed),
        reason=reason.strip(),
        on=on,
        maker=by.ref,
        maker_name=by.name,
        made_at=under_way().at,
    )
    WriteOffLine.objects.bulk_create(
        WriteOffLine(write_off=made, charge_id=charge.id, amount=charge.open) for charge in owed
    )
    emit("ledger.write_off.proposed", write_off=made.id)
    return int(made.id)


@operation("ledger.write_off.approve", permission="ledger.write_off.approve")
def approve_write_off(by: Actor, *, write_off_id: int, on: date) -> int:
    """Give up what was proposed, dated ``on``: Dr bad debt, Cr receivable; returns the journal's id.

    The account is marked as bad debt.  Raises ``NotAllowed`` for whoever proposed it, ``Conflict`` when it
    was decided before, or when something of it was paid since.
    """
    found = _waiting(write_off_id)
    require_other(by, found.maker, on, "this write-off")
    lock_accounts([found.account_id])
    lines = list(WriteOffLine.objects.filter(write_off=found).order_by("charge_id"))
    _still_open(lines)
    journal = _post(found, lines, on)
    found.journal_id, found.posted_on = journal, on
    _decide(found, by, State.POSTED)
    _mark(found.account_id, bad_debt=True)
    emit("ledger.write_off.posted", write_off=found.id)
    return journal


@operation("ledger.write_off.refuse", permission="ledger.write_off.approve")
def refuse_write_off(by: Actor, *, write_off_id: int, why: str) -> int:
    """Refuse a proposed write-off for a reason its maker reads; returns its id."""
    _check_words(why, "why", 200)
    found = _waiting(write_off_id)
    _decide(found, by, State.REFUSED, why=why.strip())
    emit("ledger.write_off.refused", write_off=found.id)
    return int(found.id)


@operation("ledger.write_off.withdraw", permission="ledger.write_off")
def withdraw_write_off(by: Actor, *, write_off_id: int) -> int:
    """Take one's own proposal back before it is decided; returns its id.  Raises ``Conflict`` for others'."""
    found = _waiting(write_off_id)
    if found.maker != by.ref:
        raise Conflict(f"{found.maker_name} proposed it.", "Refuse it, or ask them to withdraw it.")
    _decide(found, by, State.WITHDRAWN)
    return int(found.id)


@operation("ledger.write_off.recover", permission="ledger.write_off")
def record_recovery(
    by: Actor, *, write_off_id: int, amount: Decimal, text: str, on: date, from_credit: bool = False
) -> int:
    """Record what came in for a write-off, Dr bank, Cr bad debt; returns the journal's id.

    With ``from_credit`` it was paid on the account and is held as its credit: that much is charged again and
    paid by the credit at once, so that Dr customer credit, Cr bad debt remains.  It is laid on the charges
    given up, the oldest first.  ``text`` says from whom.  Raises ``Refused`` at the amount when it is more
    than is still unrecovered, or than the credit.
    """
    found = _posted(write_off_id)
    lock_accounts([found.account_id])
    _check_words(text, "text", LONGEST_REASON)
    lines = list(WriteOffLine.objects.filter(write_off=found).order_by("charge_id"))
    came = recovered([line.id for line in lines])
    _check_amount(found, amount, total(line.amount - came.get(line.id, ZERO) for line in lines), from_credit)
    if found.posted_on and on < found.posted_on:
        raise Refused(
            f"It was written off only on {found.posted_on:%b %-d, %Y}.",
            "Date it on that day or later.", field="on",
        )  # fmt: skip
    journal = (_charge_again if from_credit else _post_recovery)(found, amount, on)
    left, rows = amount, []
    for line in lines:
        part = min(left, line.amount - came.get(line.id, ZERO))
        left -= part
        if part:
            rows.append(Recovery(line=line, journal_id=journal, amount=part, on=on, text=text.strip()))
    Recovery.objects.bulk_create(rows)
    emit("ledger.write_off.recovered", write_off=found.id, amount=amount)
    return journal


@operation("ledger.write_off.recovery.undo", permission="ledger.write_off.approve")
def take_back_recovery(by: Actor, *, write_off_id: int, journal_id: int, on: date) -> int:
    """A recovery did not come in after all: its journal is undone; returns the mirror's id.

    Raises ``Refused`` for a journal that is no recovery of this write-off, ``Conflict`` the second time.
    """
    found = _posted(write_off_id)
    lock_accounts([found.account_id])
    rows = list(Recovery.objects.filter(line__write_off=found, journal=journal_id, undoes=None))
    if not rows:
        raise Refused(
            "No recovery of this write-off has that journal.", "Choose one that came in.", field="journal_id"
        )
    if Recovery.objects.filter(undoes__in=rows).exists():
        raise Conflict("It was taken back before.", "Look at what came in.")
    mirror = undo([journal_id], on=on, why="recovery taken back", what="The recovery")[journal_id]
    Recovery.objects.bulk_create(
        Recovery(line_id=r.line_id, journal_id=mirror, amount=-r.amount, on=on, text=r.text, undoes=r)
        for r in rows
    )
    return mirror


@operation("ledger.write_off.reverse", permission="ledger.write_off.approve")
def take_back_write_off(by: Actor, *, write_off_id: int, why: str, on: date) -> int:
    """What was given up is owed again: the journal is mirrored, the charges are open; the mirror's id.

    The account's mark goes with its last write-off.  Raises ``Conflict`` when it is not posted, or while
    something of it is recovered.
    """
    _check_words(why, "why", 200)
    found = _posted(write_off_id)
    lock_accounts([found.account_id])
    came = total(recovered(list(_line_ids(found))).values())
    if came:
        raise Conflict(
            f"{came:,.2f} of it was recovered.", "Take that back first, or leave the write-off as it is."
        )
    journal = int(found.journal_id or 0)
    mirror = undo([journal], on=on, why="write-off taken back", what="The write-off")[journal]
    found.state, found.checked_why = State.REVERSED, why.strip()
    found.save(update_fields=["state", "checked_why"])
    if not WriteOff.objects.filter(account=found.account_id, state=State.POSTED).exists():
        _mark(found.account_id, bad_debt=False)
    emit("ledger.write_off.reversed", write_off=found.id)
    return mirror


def recovered(line_ids: Sequence[int]) -> Mapping[int, Decimal]:
    """What came in for given-up charges so far, by line; one query."""
    rows = Recovery.objects.filter(line__in=line_ids).values("line_id").annotate(came=Sum("amount"))
    return {row["line_id"]: row["came"] for row in rows.order_by()}


def _post(found: WriteOff, lines: Sequence[WriteOffLine], on: date) -> int:
    account, amount, chart = found.account_id, found.amount, read_chart()
    legs = (
        Leg(chart.role("bad_debt"), debit=amount, account_id=account),
        Leg(chart.role("receivable"), credit=amount, account_id=account),
    )
    journal = post(JournalDraft(f"write-off:{found.id}", on, "write-off", legs))
    (credit,) = add_credits(
        [NewCredit(journal, account, f"Written off: {found.reason}"[:120], amount, on, ZERO)]
    )
    lower_open([Laid(line.charge_id, line.amount) for line in lines])
    record_applications([(journal, line.charge_id, credit, line.amount) for line in lines], on)
    return journal


def _post_recovery(found: WriteOff, amount: Decimal, on: date) -> int:
    chart, account = read_chart(), found.account_id
    legs = (
        Leg(chart.role("bank"), debit=amount, account_id=account),
        Leg(chart.role("bad_debt"), credit=amount, account_id=account),
    )
    return post(JournalDraft(f"write-off:{found.id}:recovery {under_way().id}", on, "recovery", legs))


def _charge_again(found: WriteOff, amount: Decimal, on: date) -> int:
    """So much is owed again, against bad debt, and what the account has in credit pays it."""
    charge = SingleCharge(
        key=f"write-off:{found.id}:recovery {under_way().id}",
        account_id=found.account_id,
        amount=amount,
        revenue_code="BADDEBT",
        text="Paid of what was written off",
        why="recovery",
        role="bad_debt",
    )
    (charge_id,) = charge_all([charge], on=on)
    return int(Charge.objects.values_list("journal_id", flat=True).get(id=charge_id))


def credit_of(account_id: int) -> Decimal:
    """What an account has in credit."""
    return total(left for _, left in credits_left([account_id]).get(account_id, ()))


def _check_amount(found: WriteOff, amount: Decimal, unrecovered: Decimal, from_credit: bool) -> None:
    if not amount.is_finite() or amount <= 0 or amount != round_cents(amount):
        raise Refused(f"{amount} is no amount.", "Type dollars and cents above zero.", field="amount")
    if amount > unrecovered:
        raise Refused(
            f"{amount:,.2f} is more than the {unrecovered:,.2f} that is still unrecovered.",
            "Record at most that; the rest belongs to the customer.",
            field="amount",
        )
    if from_credit and amount > (credit := credit_of(found.account_id)):
        raise Refused(
            f"The account has {credit:,.2f} in credit.",
            "Record at most that, or take the payment at the counter first.",
            field="amount",
        )


def _still_open(lines: Sequence[WriteOffLine]) -> None:
    """Refuse when something was paid of it since it was proposed."""
    charges = [line.charge_id for line in lines]
    now = dict(OpenItem.objects.filter(charge__in=charges).values_list("charge_id", "open"))
    less = [line for line in lines if now.get(line.charge_id, ZERO) < line.amount]
    if less:
        raise Conflict(
            "Less is owed by now than was proposed to be given up.", "Refuse it, and have it proposed anew."
        )


def _mark(account_id: int, *, bad_debt: bool) -> None:
    account = Account.objects.get(id=account_id)
    account.bad_debt = bad_debt
    account.save(update_fields=["bad_debt"])


def _decide(found: WriteOff, by: Actor, state: str, *, why: str = "") -> None:
    found.state, found.checked_why = state, why
    found.checker, found.checker_name, found.checked_at = by.ref, by.name, under_way().at
    found.save(
        update_fields=[
            "state", "checker", "checker_name", "checked_why", "checked_at", "journal", "posted_on",
        ]
    )  # fmt: skip


def _locked(write_off_id: int) -> WriteOff:
    found = WriteOff.objects.select_for_update().filter(id=write_off_id).first()
    if found is None:
        raise NotFound("There is no such write-off.", "Choose one from the list.")
    return found


def _waiting(write_off_id: int) -> WriteOff:
    found = _locked(write_off_id)
    if found.state != State.WAITING:
        raise Conflict(
            f"{found.checker_name} has decided it: {found.get_state_display().lower()}.", "Look at it again."
        )
    return found


def _posted(write_off_id: int) -> WriteOff:
    found = _locked(write_off_id)
    if found.state != State.POSTED:
        raise Conflict(
            f"The write-off is {found.get_state_display().lower()}.", "Only one that is posted goes on."
        )
    return found


def _line_ids(found: WriteOff) -> Sequence[int]:
    return [int(one) for one in WriteOffLine.objects.filter(write_off=found).values_list("id", flat=True)]


def _check_words(words: str, field: str, longest: int) -> None:
    if not 0 < len(words.strip()) <= longest:
        raise Refused(
            "The words are missing or too long.", f"Say it in at most {longest} letters.", field=field
        )


def _check_account(account_id: int, on: date) -> None:
    account = Account.objects.get(id=account_id)
    if account.ends is None or account.ends > on:
        raise Refused(
            f"Account {account.number} has not ended.",
            "Only what an ended account owes is written off. End the account first.",
        )
    held = DepositLeft.objects.filter(deposit__account=account_id, open__gt=0).aggregate(x=Sum("open"))["x"]
    if held:
        raise Refused(f"A deposit of {held:,.2f} is still held.", "Apply it to what is owed first.")
    if left := credit_of(account_id):
        raise Refused(f"{left:,.2f} of the account’s money is not applied.", "Apply it first.")
