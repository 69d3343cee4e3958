"""Security deposits: taken, applied to what is owed, refunded; each its own transaction."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from core.errors import Conflict, NotFound, Refused
from core.money import ZERO
from ledger.chart import read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.models import Deposit, DepositLeft, DepositMovement
from ledger.policy import Laid, distribute
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
    chart = read_chart()
    legs = (
        Leg(chart.role("deposits_held"), debit=amount, account_id=deposit.account_id),
        Leg(chart.role("receivable"), credit=amount, account_id=deposit.account_id),
    )
    journal = post(JournalDraft(key, on, "deposit applied", legs))
    _lay(journal, deposit.account_id, amount, laid, on)
    _move(deposit, journal, "applied", amount, on)
    return amount


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
