"""Security deposits: taken, applied to what is owed, refunded; each its own transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q

from core.errors import Conflict, NotFound, Refused
from core.money import ZERO
from customers.models import Account
from ledger.chart import Chart, read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.models import Application, Credit, Deposit, DepositLeft, DepositMovement, Journal
from ledger.policy import Laid, OpenCharge, distribute
from ledger.posting import post
from ledger.receivables import (
    NewCredit,
    add_credits,
    lock_accounts,
    lower_open,
    open_charges,
    record_applications,
)


def take_deposit(
    account_id: int, amount: Decimal, *, on: date, into_account_id: int, key: str, reference: str = ""
) -> int:
    """Dr the drawer or bank, Cr deposits held; returns the deposit's id.  Raises ``Refused`` for ≤ 0."""
    if amount <= 0:
        raise Refused("A deposit must be above zero.", "Type dollars and cents.", field="amount")
    lock_accounts([account_id])
    held = read_chart().role("deposits_held")
    legs = (
        Leg(into_account_id, debit=amount, account_id=account_id),
        Leg(held, credit=amount, account_id=account_id),
    )
    journal = post(JournalDraft(key, on, "deposit", legs))
    deposit = Deposit.objects.create(
        journal_id=journal, account_id=account_id, amount=amount, on=on, reference=reference
    )
    DepositLeft.objects.create(deposit=deposit, amount=amount, open=amount)
    return int(deposit.id)


def apply_deposit(deposit_id: int, *, on: date, key: str) -> Decimal:
    """Lay what is held on the account's open charges: Dr deposits held, Cr receivable; returns the dollars.

    Raises ``Conflict`` when nothing is held or nothing is owed.
    """
    deposit, left = _held(deposit_id)
    owed = open_charges([deposit.account_id])[deposit.account_id]
    laid, rest = distribute(left, owed)
    amount = left - rest
    if not amount:
        raise Conflict("Nothing is owed that the deposit could pay.", "Refund it instead.")
    journal = post(_draft(deposit, amount, key, on, read_chart()))
    _lay(journal, deposit.account_id, amount, laid, on)
    _move(deposit, journal, "applied", amount, on)
    return amount


def apply_deposits(account_ids: Sequence[int], *, on: date, event: str) -> dict[int, Decimal]:
    """Lay all that is held for these accounts on their open charges, the oldest deposit first.

    The accounts are locked by the caller.  One journal a deposit, keyed by ``event``; what nothing is owed
    for stays held.  Returns the dollars laid per account.
    """
    held = DepositLeft.objects.filter(deposit__account__in=account_ids, open__gt=0).order_by("deposit_id")
    lefts = list(held.select_for_update(of=("self",)).select_related("deposit"))
    owed, chart = open_charges({d.deposit.account_id for d in lefts}), read_chart()
    paid: dict[int, Decimal] = {}
    for left in lefts:
        deposit = left.deposit
        laid, rest = distribute(left.open, owed[deposit.account_id])
        amount = left.open - rest
        if not amount:
            continue
        journal = post(_draft(deposit, amount, _key(deposit.id, event), on, chart))
        _lay(journal, deposit.account_id, amount, laid, on)
        _move(deposit, journal, "applied", amount, on)
        owed[deposit.account_id] = _remaining(owed[deposit.account_id], laid)
        paid[deposit.account_id] = paid.get(deposit.account_id, ZERO) + amount
    return paid


def applied_to(journal_id: int, account_id: int, event: str) -> list[DepositMovement]:
    """Deposits of the account that still pay charges of this journal, or were applied under ``event``."""
    undone = Application.objects.exclude(undoes=None).values("undoes")
    standing = Application.objects.filter(charge__journal=journal_id, undoes=None).exclude(id__in=undone)
    paying = Credit.objects.filter(id__in=standing.values("credit")).values("journal")
    deposits = Deposit.objects.filter(account=account_id).values_list("id", flat=True)
    keys = [_key(deposit, event) for deposit in deposits]
    moved = DepositMovement.objects.filter(
        Q(journal__in=paying) | Q(journal__key__in=keys), kind="applied", amount__gt=0
    )
    mirrored = Journal.objects.filter(reverses__in=moved.values("journal")).values("reverses")
    return list(moved.exclude(journal__in=mirrored).order_by("id"))


def _key(deposit_id: int, event: str) -> str:
    return f"deposit {deposit_id}:{event}"


def hold_again(moved: Sequence[DepositMovement], mirrors: Mapping[int, int], on: date) -> None:
    """Deposits whose application was undone are held again; ``mirrors`` as ``ledger.undoing.undo`` gives."""
    for movement in moved:
        DepositLeft.objects.filter(deposit=movement.deposit_id).update(open=F("open") + movement.amount)
        DepositMovement.objects.create(
            deposit_id=movement.deposit_id,
            journal_id=mirrors[movement.journal_id],
            kind="applied",
            amount=-movement.amount,
            on=on,
        )


def refund_deposit(deposit_id: int, amount: Decimal, *, on: date, key: str) -> int:
    """Dr deposits held, Cr refunds payable; returns the movement's id.  ``Refused`` beyond what is held."""
    deposit, left = _held(deposit_id)
    if not ZERO < amount <= left:
        raise Refused(f"{amount} cannot be refunded of {left} held.", "Refund at most that.", field="amount")
    chart = read_chart()
    legs = (
        Leg(chart.role("deposits_held"), debit=amount, account_id=deposit.account_id),
        Leg(chart.role("refunds_payable"), credit=amount, account_id=deposit.account_id),
    )
    journal = post(JournalDraft(key, on, "deposit refunded", legs))
    return _move(deposit, journal, "refunded", amount, on)


def _draft(deposit: Deposit, amount: Decimal, key: str, on: date, chart: Chart) -> JournalDraft:
    legs = (
        Leg(chart.role("deposits_held"), debit=amount, account_id=deposit.account_id),
        Leg(chart.role("receivable"), credit=amount, account_id=deposit.account_id),
    )
    return JournalDraft(key, on, "deposit applied", legs)


def _remaining(owed: Sequence[OpenCharge], laid: Sequence[Laid]) -> list[OpenCharge]:
    paid = {part.charge_id: part.amount for part in laid}
    return [c._replace(open=c.open - paid.get(c.id, ZERO)) for c in owed if c.open > paid.get(c.id, ZERO)]


def _held(deposit_id: int) -> tuple[Deposit, Decimal]:
    deposit = Deposit.objects.filter(id=deposit_id).first()
    if deposit is None:
        raise NotFound("There is no such deposit.", "Choose one from the account's list.")
    lock_accounts([deposit.account_id])
    return deposit, DepositLeft.objects.select_for_update().get(deposit=deposit).open


def _lay(journal: int, account_id: int, amount: Decimal, laid: Sequence[Laid], on: date) -> None:
    (credit,) = add_credits([NewCredit(journal, account_id, "Deposit applied", amount, on, ZERO)])
    lower_open(laid)
    record_applications([(journal, part.charge_id, credit, part.amount) for part in laid], on)


def _move(deposit: Deposit, journal: int, kind: str, amount: Decimal, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_depositleft SET open = open - %s WHERE deposit_id = %s AND open >= %s",
            [amount, deposit.id, amount],
        )
        if cursor.rowcount != 1:
            raise Conflict("Less is held than was to be moved.", "Look again and repeat.")
    movement = DepositMovement.objects.create(
        deposit=deposit, journal_id=journal, kind=kind, amount=amount, on=on
    )
    return int(movement.id)


def deposits_held(account: Account) -> list[DepositLeft]:
    """The deposits of an account of which something is held, the oldest first."""
    rows = DepositLeft.objects.filter(deposit__account=account, open__gt=0)
    return list(rows.select_related("deposit").order_by("deposit__on", "id"))
