"""Unapplied credits pay new charges: liability down, receivable down."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.money import ZERO
from ledger.chart import Chart
from ledger.drafts import JournalDraft, Leg
from ledger.policy import Laid, OpenCharge, distribute
from ledger.posting import post_all
from ledger.receivables import credits_left, lower_credit_left, lower_open, record_applications


class _Plan(NamedTuple):
    """One credit laid on charges of its account."""

    account_id: int
    credit_id: int
    laid: tuple[Laid, ...]

    @property
    def total(self) -> Decimal:
        """Dollars of the credit that are used."""
        return sum((part.amount for part in self.laid), ZERO)


def apply_credits(
    owed: Sequence[tuple[int, list[OpenCharge]]], on: date, event: str, chart: Chart
) -> dict[int, Decimal]:
    """Lay each account's unapplied credits, oldest first, on these open charges; accounts are locked.

    One journal per credit, keyed by ``event``.  Returns the dollars applied per account.
    """
    plans = _plans(owed)
    if not plans:
        return {}
    journals = post_all([_draft(plan, on, event, chart) for plan in plans])
    parts: dict[int, Decimal] = {}
    for plan in plans:
        for part in plan.laid:
            parts[part.charge_id] = parts.get(part.charge_id, ZERO) + part.amount
    lower_credit_left({plan.credit_id: plan.total for plan in plans})
    lower_open([Laid(charge_id, amount) for charge_id, amount in parts.items()])
    record_applications(
        [
            (journal, part.charge_id, plan.credit_id, part.amount)
            for journal, plan in zip(journals, plans, strict=True)
            for part in plan.laid
        ],
        on,
    )
    applied: dict[int, Decimal] = {}
    for plan in plans:
        applied[plan.account_id] = applied.get(plan.account_id, ZERO) + plan.total
    return applied


def _plans(owed: Sequence[tuple[int, list[OpenCharge]]]) -> list[_Plan]:
    """Which credit pays how much of which charge."""
    left = credits_left([account_id for account_id, _ in owed])
    plans = []
    for account_id, charges in owed:
        remaining = {c.id: c for c in charges}
        for credit_id, amount in left.get(account_id, ()):
            laid, _ = distribute(amount, list(remaining.values()))
            for part in laid:
                was = remaining.pop(part.charge_id)
                if was.open > part.amount:
                    remaining[was.id] = was._replace(open=was.open - part.amount)
            if laid:
                plans.append(_Plan(account_id, credit_id, laid))
    return plans


def _draft(plan: _Plan, on: date, event: str, chart: Chart) -> JournalDraft:
    legs = (
        Leg(chart.role("customer_credit"), debit=plan.total, account_id=plan.account_id),
        Leg(chart.role("receivable"), credit=plan.total, account_id=plan.account_id),
    )
    return JournalDraft(f"apply:credit {plan.credit_id}:{event}", on, "credit applied", legs)
