"""Adjustments: proposed by one person, approved by another, only then in the ledger."""

from datetime import date
from decimal import Decimal

from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotFound, Refused
from core.money import ZERO, round_cents
from core.operations import emit, operation, under_way
from core.policies import value_on
from customers.models import Account
from ledger.charging import SingleCharge, charge_all
from ledger.chart import Chart, read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.models import Adjustment, Charge, OpenItem
from ledger.policies import ADJUSTMENT_REASONS, USUAL_REASONS
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
from ledger.undoing import undo

LONGEST_TEXT = 120
State = Adjustment.State


def reasons_on(day: date) -> tuple[str, ...]:
    """What an adjustment may be for on a day: the utility's own list, or the usual ones."""
    own = value_on(ADJUSTMENT_REASONS, day)
    return tuple(part.strip() for part in str(own).split(";") if part.strip()) if own else USUAL_REASONS


@operation("ledger.adjust", permission="ledger.adjust")
def propose_adjustment(
    by: Actor,
    *,
    account_id: int,
    kind: str,
    amount: Decimal,
    revenue_code: str,
    reason: str,
    text: str,
    on: date,
    charge_id: int | None = None,
) -> int:
    """Propose to raise (``debit``) or lower (``credit``) what an account owes; returns the adjustment's id.

    Nothing is posted until somebody else approves.  ``text`` is what the customer reads.  A credit may
    name the ``charge_id`` it is laid on, and may then not be more than is open of it; without one it is
    laid by the utility's priorities and the rest is kept as credit.  Raises ``Refused`` at the field.
    """
    if not Account.objects.filter(id=account_id).exists():
        raise NotFound("There is no such account.", "Find it by its number.", field="account_id")
    if kind not in Adjustment.Kind.values:
        raise Refused(f"“{kind}” is no adjustment.", "Use “debit” or “credit”.", field="kind")
    _check_amount(amount)
    _check_words(reason, text, on)
    read_chart().revenue_account(revenue_code)
    if charge_id is not None:
        _check_charge(charge_id, account_id, kind, amount)
    adjustment = Adjustment.objects.create(
        account_id=account_id,
        kind=kind,
        amount=amount,
        revenue_code=revenue_code,
        reason=reason.strip(),
        text=text.strip(),
        charge_id=charge_id,
        on=on,
        maker=by.ref,
        maker_name=by.name,
        made_at=under_way().at,
    )
    emit("ledger.adjustment.proposed", adjustment=adjustment.id)
    return int(adjustment.id)


@operation("ledger.adjust.reverse", permission="ledger.adjust")
def propose_reversal(by: Actor, *, adjustment_id: int, text: str, on: date) -> int:
    """Propose to take a posted adjustment back, as an adjustment of its own; returns that one's id.

    Raises ``Conflict`` when it is not posted or its reversal was proposed before.
    """
    first = _locked(adjustment_id)
    if first.state != State.POSTED:
        raise Conflict(
            f"The adjustment is {first.get_state_display().lower()}.", "Only a posted one is reversed."
        )
    if first.reverses_id:
        raise Conflict("A reversal is not reversed.", "Propose the adjustment again.")
    if Adjustment.objects.filter(reverses=first, state=State.WAITING).exists():
        raise Conflict("Its reversal was proposed before.", "Approve or refuse that one.")
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise Refused("A reversal needs its reason.", "Say why, in at most 120 letters.", field="text")
    kind = Adjustment.Kind.DEBIT if first.kind == Adjustment.Kind.CREDIT else Adjustment.Kind.CREDIT
    reversal = Adjustment.objects.create(
        account_id=first.account_id,
        kind=kind,
        amount=first.amount,
        revenue_code=first.revenue_code,
        reason=first.reason,
        text=text.strip(),
        reverses=first,
        on=on,
        maker=by.ref,
        maker_name=by.name,
        made_at=under_way().at,
    )
    emit("ledger.adjustment.proposed", adjustment=reversal.id)
    return int(reversal.id)


@operation("ledger.adjust.approve", permission="ledger.adjust.approve")
def approve_adjustment(by: Actor, *, adjustment_id: int, on: date) -> int:
    """Post a proposed adjustment, dated ``on``; returns its journal's id.

    Debit: Dr receivable, Cr revenue, and a charge.  Credit: Dr revenue, Cr receivable for what it is laid
    on, the rest Cr customer credit.  A reversal mirrors the first one's journal and frees what was laid.
    Raises ``NotAllowed`` for whoever proposed it, ``Conflict`` when it was decided before or the charge it
    corrects has less open by now.
    """
    adjustment = _waiting(adjustment_id)
    require_other(by, adjustment.maker, on, "this adjustment")
    lock_accounts([adjustment.account_id])
    if adjustment.reverses_id:
        first = _locked(adjustment.reverses_id)
        if first.state != State.POSTED or first.journal_id is None:
            raise Conflict("What it reverses is not posted.", "Refuse this one.")
        mirrors = undo([first.journal_id], on=on, why="adjustment reversed", what="The adjustment")
        first.state = State.REVERSED
        first.save(update_fields=["state"])
        journal = mirrors[first.journal_id]
    elif adjustment.kind == Adjustment.Kind.DEBIT:
        journal = _post_debit(adjustment, on)
    else:
        journal = _post_credit(adjustment, on)
    _decide(adjustment, by, State.POSTED, journal=journal)
    emit("ledger.adjustment.posted", adjustment=adjustment.id)
    return journal


@operation("ledger.adjust.refuse", permission="ledger.adjust.approve")
def refuse_adjustment(by: Actor, *, adjustment_id: int, why: str) -> int:
    """Refuse a proposed adjustment for a reason its maker reads; returns its id."""
    if not why.strip():
        raise Refused("A refusal needs its reason.", "Say why, for whoever proposed it.", field="why")
    adjustment = _waiting(adjustment_id)
    _decide(adjustment, by, State.REFUSED, why=why.strip()[:200])
    emit("ledger.adjustment.refused", adjustment=adjustment.id)
    return int(adjustment.id)


@operation("ledger.adjust.withdraw", permission="ledger.adjust")
def withdraw_adjustment(by: Actor, *, adjustment_id: int) -> int:
    """Take one's own proposal back before it is decided; returns its id.  Raises ``Conflict`` for others'."""
    adjustment = _waiting(adjustment_id)
    if adjustment.maker != by.ref:
        raise Conflict(f"{adjustment.maker_name} proposed it.", "Refuse it, or ask them to withdraw it.")
    _decide(adjustment, by, State.WITHDRAWN)
    return int(adjustment.id)


def _post_debit(adjustment: Adjustment, on: date) -> int:
    charge = SingleCharge(
        key=f"adjustment:{adjustment.id}",
        account_id=adjustment.account_id,
        amount=adjustment.amount,
        revenue_code=adjustment.revenue_code,
        text=adjustment.text,
        why="adjustment",
    )
    (charge_id,) = charge_all([charge], on=on)
    return int(Charge.objects.values_list("journal_id", flat=True).get(id=charge_id))


def _post_credit(adjustment: Adjustment, on: date) -> int:
    """Dr revenue, Cr receivable for what is laid on charges, the rest Cr customer credit."""
    account, amount, chart = adjustment.account_id, adjustment.amount, read_chart()
    laid, left = _laid(adjustment)
    journal = post(_credit_draft(adjustment, laid, left, on, chart))
    (credit,) = add_credits([NewCredit(journal, account, adjustment.text, amount, on, left)])
    lower_open(laid)
    record_applications([(journal, part.charge_id, credit, part.amount) for part in laid], on)
    return journal


def _laid(adjustment: Adjustment) -> tuple[tuple[Laid, ...], Decimal]:
    owed = open_charges([adjustment.account_id])[adjustment.account_id]
    if adjustment.charge_id is None:
        return distribute(adjustment.amount, owed)
    still = next((c.open for c in owed if c.id == adjustment.charge_id), ZERO)
    if still < adjustment.amount:
        raise Conflict(
            f"Only {still:,.2f} is open of that charge by now, less than {adjustment.amount:,.2f}.",
            "Refuse it; a new one may go to the account instead.",
        )
    return distribute(adjustment.amount, owed, {adjustment.charge_id: adjustment.amount})


def _credit_draft(
    adjustment: Adjustment, laid: tuple[Laid, ...], left: Decimal, on: date, chart: Chart
) -> JournalDraft:
    account, amount = adjustment.account_id, adjustment.amount
    legs = [Leg(chart.revenue_account(adjustment.revenue_code), debit=amount, account_id=account)]
    if amount > left:
        legs.append(Leg(chart.role("receivable"), credit=amount - left, account_id=account))
    if left:
        legs.append(Leg(chart.role("customer_credit"), credit=left, account_id=account))
    return JournalDraft(f"adjustment:{adjustment.id}", on, "adjustment", tuple(legs))


def _decide(
    adjustment: Adjustment, by: Actor, state: str, *, journal: int | None = None, why: str = ""
) -> None:
    adjustment.state, adjustment.journal_id = state, journal
    adjustment.checker, adjustment.checker_name, adjustment.checked_why = by.ref, by.name, why
    adjustment.checked_at = under_way().at
    adjustment.save(
        update_fields=["state", "journal", "checker", "checker_name", "checked_why", "checked_at"]
    )


def _locked(adjustment_id: int) -> Adjustment:
    found = Adjustment.objects.select_for_update().filter(id=adjustment_id).first()
    if found is None:
        raise NotFound("There is no such adjustment.", "Choose one from the list.")
    return found


def _waiting(adjustment_id: int) -> Adjustment:
    found = _locked(adjustment_id)
    if found.state != State.WAITING:
        raise Conflict(
            f"The adjustment was decided by {found.checker_name}: {found.get_state_display().lower()}."
        )
    return found


def _check_amount(amount: Decimal) -> None:
    if not amount.is_finite() or amount <= 0 or amount != round_cents(amount):
        raise Refused(
            f"{amount} is no amount to adjust.", "Type dollars and cents above zero.", field="amount"
        )


def _check_words(reason: str, text: str, on: date) -> None:
    if reason.strip() not in reasons_on(on):
        raise Refused(
            f"“{reason}” is no reason of {on:%b %-d, %Y}.", "Choose one from the list.", field="reason"
        )
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise Refused(
            "The text for the customer is missing or too long.", "Use at most 120 letters.", field="text"
        )


def _check_charge(charge_id: int, account_id: int, kind: str, amount: Decimal) -> None:
    item = OpenItem.objects.filter(charge=charge_id, account=account_id).first()
    if item is None:
        raise NotFound("The account has no such charge.", "Choose one of its open items.", field="charge_id")
    if kind == Adjustment.Kind.CREDIT and amount > item.open:
        raise Refused(
            f"{amount:,.2f} is more than the {item.open:,.2f} that is open of that charge.",
            "Lower it, or give it to the account as a whole.",
            field="amount",
        )
