"""Money received for accounts: posting it and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.errors import Refused
from core.money import ZERO
from ledger.chart import Chart, read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.models import Credit
from ledger.policy import Laid, distribute
from ledger.posting import post_all
from ledger.receivables import (
    NewCredit,
    add_credits,
    lock_accounts,
    lower_open,
    open_charges,
    payoff,
    record_applications,
)
from ledger.undoing import undo


@dataclass(frozen=True, slots=True)
class Received:
    """So many dollars for one account, under a key that names the source event."""

    key: str
    account_id: int
    amount: Decimal
    text: str
    split: Mapping[int, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class PostedPayment:
    """What a receipt of money became."""

    account_id: int
    journal_id: int
    credit_id: int
    laid: tuple[Laid, ...]
    left: Decimal
    balance_before: Decimal
    balance_after: Decimal


def receive(received: Sequence[Received], *, on: date, into_account_id: int) -> list[PostedPayment]:
    """Post money received: Dr the drawer or bank, Cr receivable for what is applied, Cr credit for the rest.

    Applied by the priority schedule, or by the operator's split.  Several amounts for one account in
    one call are refused.  ``into_account_id`` is the chart account the money went to.
    """
    ids = [r.account_id for r in received]
    if len(set(ids)) != len(ids):
        raise Refused("The same account is named twice in one receipt.", "Enter one amount for each account.")
    lock_accounts(ids)
    chart, owed, before = read_chart(), open_charges(ids), payoff(ids)
    plans = []
    for item in received:
        try:
            laid, left = distribute(item.amount, owed[item.account_id], item.split)
        except ValueError as problem:
            raise Refused(str(problem), "Correct the split.", field="split") from problem
        plans.append((item, laid, left))
    journals = post_all([_draft(item, laid, left, on, into_account_id, chart) for item, laid, left in plans])
    credits = add_credits(
        [
            NewCredit(journal, item.account_id, item.text, item.amount, on, left)
            for journal, (item, _, left) in zip(journals, plans, strict=True)
        ]
    )
    posted = [
        PostedPayment(i.account_id, j, c, laid, left, before[i.account_id], before[i.account_id] - i.amount)
        for j, c, (i, laid, left) in zip(journals, credits, plans, strict=True)
    ]
    lower_open([part for p in posted for part in p.laid])
    record_applications(
        [(p.journal_id, part.charge_id, p.credit_id, part.amount) for p in posted for part in p.laid], on
    )
    return posted


def _draft(
    item: Received, laid: Sequence[Laid], left: Decimal, on: date, into: int, chart: Chart
) -> JournalDraft:
    applied = sum((part.amount for part in laid), ZERO)
    legs = [Leg(into, debit=item.amount, account_id=item.account_id)]
    if applied:
        legs.append(Leg(chart.role("receivable"), credit=applied, account_id=item.account_id))
    if left:
        legs.append(Leg(chart.role("customer_credit"), credit=left, account_id=item.account_id))
    return JournalDraft(item.key, on, "payment", tuple(legs))


def take_back(credit_ids: Sequence[int], *, on: date, why: str) -> list[int]:
    """Undo payments: mirror their journals, take them off what they were laid on later, and reopen that.

    Returns the mirror journals' ids.  Raises ``Conflict`` when a payment was taken back before.
    """
    journals = list(Credit.objects.filter(id__in=credit_ids).values_list("journal_id", flat=True))
    return list(undo(journals, on=on, why=why, what="This payment").values())
