"""Overpayments pay new charges: liability down, receivable down (BIL-04)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.money import ZERO
from ledger.chart import Chart
from ledger.drafts import JournalDraft, Leg
from ledger.policy import Laid, OpenCharge, distribute
from ledger.posting import post_all
from ledger.receivables import credits_left, lower_credit_left, lower_open, record_applications


def apply_credits(
    owed: Sequence[tuple[int, list[OpenCharge]]], on: date, event: str, chart: Chart
) -> dict[int, Decimal]:
    """Lay each account's unapplied credits, oldest first, on these open charges; accounts are locked.

    One journal per credit, keyed by ``event``.  Returns the dollars applied per account.
    """
    left = credits_left([account_id for account_id, _ in owed])
    plans = []
    for account_id, charges in owed:
        remaining = {c.id: c for c in charges}
        for credit_id, amount in left.get(account_id, ()):
            laid, _ = distribute(amount, list(remaining.values()))
            for part in laid:
                was = remaining.pop(part.charge_id)
                if was.open > part.amount:
                    remaining[was.id] = OpenCharge(was.id, was.open - part.amount, was.priority, was.due_on)
            if laid:
                plans.append((account_id, credit_id, laid, sum((p.amount for p in laid), ZERO)))
    if not plans:
        return {}
    journals = post_all(
        [
            JournalDraft(
                f"apply:credit {credit_id}:{event}",
                on,
                "credit applied",
                (
                    Leg(chart.role("customer_credit"), debit=total, account_id=account_id),
                    Leg(chart.role("receivable"), credit=total, account_id=account_id),
                ),
            )
            for account_id, credit_id, _, total in plans
        ]
    )
    parts: dict[int, Decimal] = {}
    for _, _, laid, _ in plans:
        for part in laid:
            parts[part.charge_id] = parts.get(part.charge_id, ZERO) + part.amount
    lower_credit_left({credit_id: total for _, credit_id, _, total in plans})
    lower_open([Laid(charge_id, amount) for charge_id, amount in parts.items()])
    record_applications(
        [
            (journal, part.charge_id, credit_id, part.amount)
            for journal, (_, credit_id, laid, _) in zip(journals, plans, strict=True)
            for part in laid
        ],
        on,
    )
    applied: dict[int, Decimal] = {}
    for account_id, _, _, total in plans:
        applied[account_id] = applied.get(account_id, ZERO) + total
    return applied
