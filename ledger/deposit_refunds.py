"""What is done with a deposit that is held: applied on demand, refunded by two persons, undone."""

from datetime import date
from decimal import Decimal

from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotFound, Refused
from core.money import ZERO, round_cents
from core.operations import emit, operation, under_way
from ledger.deposit_models import DepositMovement, DepositRefund
from ledger.deposits import apply_deposit, held_of, hold_again, refund_deposit
from ledger.models import Journal
from ledger.posting import reverse_all
from ledger.receivables import lock_accounts
from ledger.undoing import undo

LONGEST_REASON, LONGEST_REFERENCE, LONGEST_CHEQUE, LONGEST_WHY = 120, 40, 20, 200
USE = "ledger.deposit.use"
APPROVE = "ledger.deposit.approve"
State = DepositRefund.State


@operation("ledger.deposit.apply", permission=USE)
def apply_to_owed(
    by: Actor, *, deposit_id: int, on: date, amount: Decimal | None = None, reference: str = ""
) -> int:
    """Lay a deposit on what its account owes, at most ``amount`` of it; returns the movement's id.

    By the utility's priorities, like a payment.  Raises ``Conflict`` when nothing is held or owed,
    ``Refused`` for more than is held.
    """
    _check_reference(reference)
    deposit, left = held_of(deposit_id)
    if not left:
        raise Conflict("Nothing of that deposit is held any more.", "Choose another one.", field="deposit_id")
    if amount is not None:
        _check_amount(amount, left, "applied")
    _none_waits(deposit.id, amount or left, left)
    apply_deposit(deposit.id, on=on, key=_key(deposit.id), most=amount, reference=reference.strip())
    movement = DepositMovement.objects.filter(deposit=deposit).latest("id")
    emit("ledger.deposit.applied", deposit=deposit.id, movement=movement.id)
    return int(movement.id)


@operation("ledger.deposit.refund", permission=USE)
def propose_refund(
    by: Actor, *, deposit_id: int, amount: Decimal, reason: str, on: date, reference: str = ""
) -> int:
    """Propose to give a deposit, or a part of it, back to whoever gave it; returns the refund's id.

    Nothing is posted until somebody else approves.  Raises ``Refused`` for more than is held, ``Conflict``
    while another refund of the same deposit waits.
    """
    _check_reference(reference)
    deposit, left = held_of(deposit_id)
    if not left:
        raise Conflict("Nothing of that deposit is held any more.", "Choose another one.", field="deposit_id")
    _check_amount(amount, left, "refunded")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Refused(
            "A refund needs its reason.", f"Say why, in at most {LONGEST_REASON} letters.", field="reason"
        )
    if DepositRefund.objects.filter(deposit=deposit, state=State.WAITING).exists():
        raise Conflict("A refund of that deposit waits already.", "Approve, refuse or withdraw that one.")
    payee = deposit.landlord.name if deposit.landlord else deposit.account.customer.name
    refund = DepositRefund.objects.create(
        deposit=deposit,
        amount=amount,
        payee=payee[:80],
        reason=reason.strip(),
        reference=reference.strip(),
        on=on,
        maker=by.ref,
        maker_name=by.name,
        made_at=under_way().at,
    )
    emit("ledger.refund.proposed", refund=refund.id)
    return int(refund.id)


@operation("ledger.deposit.refund.approve", permission=APPROVE)
def approve_refund(
    by: Actor, *, refund_id: int, on: date, cheque: str = "", cheque_on: date | None = None
) -> int:
    """Post a proposed refund, dated ``on``: Dr deposits held, Cr refunds payable; returns its journal's id.

    ``cheque`` and its day, if it is written already; else ``record_cheque`` tells it later.  Raises
    ``NotAllowed`` for whoever proposed it, ``Conflict`` when less is held by now.
    """
    refund = _waiting(refund_id)
    require_other(by, refund.maker, on, "this refund")
    _check_cheque(cheque, cheque_on, required=False)
    _, left = held_of(refund.deposit_id)
    if refund.amount > left:
        raise Conflict(
            f"Only {left:,.2f} is held of that deposit by now, less than {refund.amount:,.2f}.",
            "Refuse it, and propose another one.",
        )
    movement = refund_deposit(
        refund.deposit_id, refund.amount, on=on, key=_key(refund.deposit_id), reference=refund.reference
    )
    refund.movement_id = movement
    refund.cheque, refund.cheque_on = cheque.strip(), cheque_on if cheque.strip() else None
    _decide(refund, by, State.APPROVED)
    emit("ledger.refund.approved", refund=refund.id)
    return int(DepositMovement.objects.values_list("journal_id", flat=True).get(id=movement))


@operation("ledger.deposit.refund.refuse", permission=APPROVE)
def refuse_refund(by: Actor, *, refund_id: int, why: str) -> int:
    """Refuse a proposed refund for a reason its maker reads; returns its id."""
    if not 0 < len(why.strip()) <= LONGEST_WHY:
        raise Refused("A refusal needs its reason.", "Say why, for whoever proposed it.", field="why")
    refund = _waiting(refund_id)
    _decide(refund, by, State.REFUSED, why.strip())
    return int(refund.id)


@operation("ledger.deposit.refund.withdraw", permission=USE)
def withdraw_refund(by: Actor, *, refund_id: int) -> int:
    """Take one's own proposal back before it is decided; returns its id.  Raises ``Conflict`` for others'."""
    refund = _waiting(refund_id)
    if refund.maker != by.ref:
        raise Conflict(f"{refund.maker_name} proposed it.", "Refuse it, or ask them to withdraw it.")
    _decide(refund, by, State.WITHDRAWN)
    return int(refund.id)


@operation("ledger.deposit.refund.cheque", permission=USE)
def record_cheque(by: Actor, *, refund_id: int, cheque: str, cheque_on: date) -> int:
    """Tell the cheque that an approved refund was paid with, once; returns the refund's id."""
    refund = _locked(refund_id)
    if refund.state != State.APPROVED:
        raise Conflict(
            f"The refund is {refund.get_state_display().lower()}.", "Only an approved one is paid."
        )
    if refund.cheque:
        raise Conflict(f"It was paid with cheque {refund.cheque}.", "Take the refund back if it came back.")
    _check_cheque(cheque, cheque_on, required=True)
    refund.cheque, refund.cheque_on = cheque.strip(), cheque_on
    refund.save(update_fields=["cheque", "cheque_on"])
    return int(refund.id)


@operation("ledger.deposit.undo", permission=APPROVE)
def undo_movement(by: Actor, *, movement_id: int, why: str, on: date) -> int:
    """Undo that a deposit was applied or refunded: it is held again; returns the new movement's id.

    What it paid is owed again.  By somebody else than who did it.  Raises ``Conflict`` for one that was
    undone before, that itself undoes another, or of a receipt that was voided.
    """
    movement = DepositMovement.objects.filter(id=movement_id).select_related("deposit").first()
    if movement is None:
        raise NotFound("There is no such movement.", "Choose one from the deposit’s list.")
    if not 0 < len(why.strip()) <= LONGEST_WHY:
        raise Refused("Undoing needs its reason.", "Say why, in at most 200 letters.", field="why")
    held_of(movement.deposit_id)
    _check_undoable(movement)
    require_other(by, movement.operator, on, "this movement")
    if movement.kind == DepositMovement.Kind.APPLIED:
        mirrors = undo([movement.journal_id], on=on, why="deposit held again", what="This movement")
    else:
        mirrors = reverse_all([movement.journal_id], on=on, why="refund taken back")
        _take_back(movement)
    hold_again([movement], mirrors, on, why.strip())
    made = DepositMovement.objects.get(undoes=movement)
    emit("ledger.deposit.undone", deposit=movement.deposit_id, movement=made.id)
    return int(made.id)


def _take_back(movement: DepositMovement) -> None:
    refund = DepositRefund.objects.select_for_update(of=("self",)).filter(movement=movement).first()
    if refund is not None:
        refund.state = State.REVERSED
        refund.save(update_fields=["state"])


def _check_undoable(movement: DepositMovement) -> None:
    if movement.amount < 0 or movement.kind == DepositMovement.Kind.TAKEN_BACK:
        raise Conflict("That cannot be undone.", "Only what was applied or refunded is.")
    if Journal.objects.filter(reverses=movement.journal_id).exists():
        raise Conflict("It was undone before.", "Look at the deposit’s movements.")


def _key(deposit_id: int) -> str:
    """A key of its own for the next thing done with a deposit, whose account is locked."""
    return f"deposit {deposit_id}:movement {DepositMovement.objects.filter(deposit=deposit_id).count() + 1}"


def _none_waits(deposit_id: int, amount: Decimal, left: Decimal) -> None:
    """What a refund waits for is not applied meanwhile."""
    refund = DepositRefund.objects.filter(deposit=deposit_id, state=State.WAITING).first()
    if refund is not None and amount > left - refund.amount:
        raise Conflict(
            f"A refund of {refund.amount:,.2f} of that deposit waits for approval.",
            "Refuse or withdraw it first, or apply less.",
        )


def _locked(refund_id: int) -> DepositRefund:
    account = DepositRefund.objects.filter(id=refund_id).values_list("deposit__account_id", flat=True).first()
    if account is None:
        raise NotFound("There is no such refund.", "Choose one from the list.")
    lock_accounts([account])  # before the refund, as everywhere
    return DepositRefund.objects.select_for_update().get(id=refund_id)


def _waiting(refund_id: int) -> DepositRefund:
    found = _locked(refund_id)
    if found.state != State.WAITING:
        raise Conflict(
            f"The refund was decided by {found.checker_name}: {found.get_state_display().lower()}."
        )
    return found


def _decide(refund: DepositRefund, by: Actor, state: State, why: str = "") -> None:
    refund.state, refund.checked_at, refund.checked_why = state, under_way().at, why
    refund.checker, refund.checker_name = by.ref, by.name
    refund.save(
        update_fields=[
            *("state", "checked_at", "checked_why", "checker", "checker_name"),
            *("movement", "cheque", "cheque_on"),
        ]
    )


def _check_amount(amount: Decimal, left: Decimal, what: str) -> None:
    if not amount.is_finite() or amount <= ZERO or amount != round_cents(amount):
        raise Refused(f"{amount} is no amount.", "Type dollars and cents above zero.", field="amount")
    if amount > left:
        raise Refused(
            f"{amount:,.2f} cannot be {what}: {left:,.2f} is held.", "Take at most that.", field="amount"
        )


def _check_reference(reference: str) -> None:
    if len(reference.strip()) > LONGEST_REFERENCE:
        raise Refused(
            f"The reference has {len(reference.strip())} characters.",
            f"Type {LONGEST_REFERENCE} at most.",
            field="reference",
        )


def _check_cheque(cheque: str, cheque_on: date | None, *, required: bool) -> None:
    number = cheque.strip()
    if required and not number:
        raise Refused("The cheque has no number.", "Type it as printed on the cheque.", field="cheque")
    if len(number) > LONGEST_CHEQUE:
        raise Refused(
            f"The number has {len(number)} characters.", f"Type {LONGEST_CHEQUE} at most.", field="cheque"
        )
    if bool(number) != (cheque_on is not None):
        raise Refused(
            "A cheque has both a number and a day.", "Fill in both, or leave both empty.",
            field="cheque_on" if number else "cheque",
        )  # fmt: skip
