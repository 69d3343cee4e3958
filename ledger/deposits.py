"""Security deposits: taken, applied to what is owed, refunded; each its own transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q

from core.errors import Conflict, NotFound, Refused
from core.money import ZERO, round_cents
from core.operations import under_way
from customers.models import Landlord
from ledger.chart import Chart, read_chart
from ledger.deposit_models import Deposit, DepositLeft, DepositMovement, DepositRefund, DepositService
from ledger.drafts import JournalDraft, Leg
from ledger.models import Application, Credit, Journal
from ledger.policy import Laid, OpenCharge, distribute
from ledger.posting import post, reverse_all
from ledger.receivables import (
    NewCredit,
    add_credits,
    lock_accounts,
    lower_open,
    open_charges,
    record_applications,
)


def take_deposit(
    account_id: int,
    amount: Decimal,
    *,
    on: date,
    into_account_id: int,
    key: str,
    reference: str = "",
    for_service: str = DepositService.ALL,
    landlord_id: int | None = None,
) -> int:
    """Dr the drawer or bank, Cr deposits held; returns the deposit's id.

    The customer gave it, or the landlord who is named.  Raises ``Refused`` for ≤ 0 or parts of a cent and for
    a service that is none, ``NotFound`` for no such landlord.
    """
    if not amount.is_finite() or amount <= 0 or amount != round_cents(amount):
        raise Refused("A deposit must be above zero.", "Type dollars and cents.", field="amount")
    if for_service not in DepositService.values:
        known = ", ".join(DepositService.values)
        raise Refused(f"“{for_service}” is no service.", f"Use one of {known}.", field="for_service")
    if landlord_id is not None and not Landlord.objects.filter(id=landlord_id).exists():
        raise NotFound("There is no such landlord.", "Find the landlord by name.", field="landlord_id")
    lock_accounts([account_id])
    held = read_chart().role("deposits_held")
    legs = (
        Leg(into_account_id, debit=amount, account_id=account_id),
        Leg(held, credit=amount, account_id=account_id),
    )
    journal = post(JournalDraft(key, on, "deposit", legs))
    by = under_way().by
    deposit = Deposit.objects.create(
        journal_id=journal,
        account_id=account_id,
        amount=amount,
        on=on,
        reference=reference,
        for_service=for_service,
        payer=Deposit.Payer.CUSTOMER if landlord_id is None else Deposit.Payer.LANDLORD,
        landlord_id=landlord_id,
        operator=by.ref,
        operator_name=by.name,
    )
    DepositLeft.objects.create(deposit=deposit, amount=amount, open=amount)
    return int(deposit.id)


def take_back_deposits(deposit_ids: Sequence[int], *, on: date) -> None:
    """Undo that deposits were taken, by the mirrors of their journals: the money goes back.

    Their accounts are locked by the caller.  Raises ``Conflict`` when one was applied or refunded in part, or
    a refund of it waits.
    """
    lefts = DepositLeft.objects.filter(deposit__in=deposit_ids).order_by("deposit_id")
    rows = list(lefts.select_for_update(of=("self",)).select_related("deposit"))
    for left in rows:
        if left.open != left.amount:
            raise Conflict(
                f"{left.amount - left.open:,.2f} of the deposit of {left.amount:,.2f} is no longer held.",
                "Undo first what was done with it, on the account’s deposits.",
            )
    waiting = DepositRefund.objects.filter(deposit__in=deposit_ids, state="waiting").first()
    if waiting is not None:
        raise Conflict("A refund of the deposit waits for approval.", f"Refuse refund {waiting.id} first.")
    mirrors = reverse_all([left.deposit.journal_id for left in rows], on=on, why="deposit taken back")
    for left in rows:
        deposit = left.deposit
        _move(deposit, mirrors[deposit.journal_id], "taken_back", deposit.amount, on, deposit.reference)


def apply_deposit(
    deposit_id: int, *, on: date, key: str, most: Decimal | None = None, reference: str = ""
) -> Decimal:
    """Lay what is held on the account's open charges: Dr deposits held, Cr receivable; returns the dollars.

    ``most`` bounds it.  Raises ``Conflict`` when nothing is held or nothing is owed.
    """
    deposit, left = held_of(deposit_id)
    left = left if most is None else min(left, most)
    owed = open_charges([deposit.account_id])[deposit.account_id]
    laid, rest = distribute(left, owed)
    amount = left - rest
    if not amount:
        raise Conflict("Nothing is owed that the deposit could pay.", "Refund it instead.")
    journal = post(_draft(deposit, amount, key, on, read_chart()))
    _lay(journal, deposit.account_id, amount, laid, on)
    _move(deposit, journal, "applied", amount, on, reference)
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
        _move(deposit, journal, "applied", amount, on, event.replace(":", " "))
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


def hold_again(moved: Sequence[DepositMovement], mirrors: Mapping[int, int], on: date, why: str = "") -> None:
    """Deposits of which a movement was undone are held again; ``mirrors`` as of ``ledger.undoing.undo``."""
    by = under_way().by
    for movement in moved:
        DepositLeft.objects.filter(deposit=movement.deposit_id).update(open=F("open") + movement.amount)
        DepositMovement.objects.create(
            deposit_id=movement.deposit_id,
            journal_id=mirrors[movement.journal_id],
            kind=movement.kind,
            amount=-movement.amount,
            on=on,
            reference=movement.reference,
            operator=by.ref,
            operator_name=by.name,
            why=why,
            undoes=movement,
        )


def refund_deposit(deposit_id: int, amount: Decimal, *, on: date, key: str, reference: str = "") -> int:
    """Dr deposits held, Cr refunds payable; returns the movement's id.  ``Refused`` beyond what is held."""
    deposit, left = held_of(deposit_id)
    if not ZERO < amount <= left:
        raise Refused(f"{amount} cannot be refunded of {left} held.", "Refund at most that.", field="amount")
    chart = read_chart()
    legs = (
        Leg(chart.role("deposits_held"), debit=amount, account_id=deposit.account_id),
        Leg(chart.role("refunds_payable"), credit=amount, account_id=deposit.account_id),
    )
    journal = post(JournalDraft(key, on, "deposit refunded", legs))
    return _move(deposit, journal, "refunded", amount, on, reference)


def _draft(deposit: Deposit, amount: Decimal, key: str, on: date, chart: Chart) -> JournalDraft:
    legs = (
        Leg(chart.role("deposits_held"), debit=amount, account_id=deposit.account_id),
        Leg(chart.role("receivable"), credit=amount, account_id=deposit.account_id),
    )
    return JournalDraft(key, on, "deposit applied", legs)


def _remaining(owed: Sequence[OpenCharge], laid: Sequence[Laid]) -> list[OpenCharge]:
    paid = {part.charge_id: part.amount for part in laid}
    return [c._replace(open=c.open - paid.get(c.id, ZERO)) for c in owed if c.open > paid.get(c.id, ZERO)]


def held_of(deposit_id: int) -> tuple[Deposit, Decimal]:
    """A deposit and what is held of it, with its account locked; raises ``NotFound``."""
    deposit = Deposit.objects.select_related("account__customer", "landlord").filter(id=deposit_id).first()
    if deposit is None:
        raise NotFound("There is no such deposit.", "Choose one from the account's list.", field="deposit_id")
    lock_accounts([deposit.account_id])
    return deposit, DepositLeft.objects.select_for_update().get(deposit=deposit).open


def _lay(journal: int, account_id: int, amount: Decimal, laid: Sequence[Laid], on: date) -> None:
    (credit,) = add_credits([NewCredit(journal, account_id, "Deposit applied", amount, on, ZERO)])
    lower_open(laid)
    record_applications([(journal, part.charge_id, credit, part.amount) for part in laid], on)


def _move(deposit: Deposit, journal: int, kind: str, amount: Decimal, on: date, reference: str = "") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_depositleft SET open = open - %s WHERE deposit_id = %s AND open >= %s",
            [amount, deposit.id, amount],
        )
        if cursor.rowcount != 1:
            raise Conflict("Less is held than was to be moved.", "Look again and repeat.")
    by = under_way().by
    movement = DepositMovement.objects.create(
        deposit=deposit,
        journal_id=journal,
        kind=kind,
        amount=amount,
        on=on,
        reference=reference,
        operator=by.ref,
        operator_name=by.name,
    )
    return int(movement.id)
