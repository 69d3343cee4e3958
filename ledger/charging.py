"""Single charges outside of a bill: a fee, an adjustment."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from core.policies import value_on
from ledger.applying import apply_credits
from ledger.chart import read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.policies import CHARGE_DUE_DAYS
from ledger.policy import OpenCharge
from ledger.posting import post_all
from ledger.receivables import NewCharge, add_charges, lock_accounts


class SingleCharge(NamedTuple):
    """So many dollars to be owed, under a key that names the source event.

    ``role`` is the chart role of the income where no revenue code of that name is mapped.
    """

    key: str
    account_id: int
    amount: Decimal
    revenue_code: str
    text: str
    why: str
    role: str = ""


def due_on(on: date) -> date:
    """When a single charge of that day is due, by the policy."""
    return on + timedelta(days=value_on(CHARGE_DUE_DAYS, on) or 0)


def charge_all(charges: Sequence[SingleCharge], *, on: date, due: date | None = None) -> list[int]:
    """Post each charge, Dr receivable, Cr the revenue code's account; returns their ids in order.

    What the account has in credit pays it at once, as it would pay a bill.  ``due`` is the policy's day
    unless it is given.  Raises ``Refused`` for a revenue code that the chart does not know.
    """
    if not charges:
        return []
    lock_accounts(c.account_id for c in charges)
    chart, due_day = read_chart(), due or due_on(on)
    receivable = chart.role("receivable")
    drafts = []
    for charge in charges:
        income = chart.revenue.get(charge.revenue_code) if charge.role else None
        if income is None:
            income = chart.role(charge.role) if charge.role else chart.revenue_account(charge.revenue_code)
        legs = (
            Leg(receivable, debit=charge.amount, account_id=charge.account_id),
            Leg(income, credit=charge.amount, account_id=charge.account_id),
        )
        drafts.append(JournalDraft(charge.key, on, charge.why, legs))
    rows = [
        NewCharge(
            journal_id=journal,
            account_id=c.account_id,
            text=c.text,
            amount=c.amount,
            revenue_code=c.revenue_code,
            on=on,
            due_on=due_day,
            priority=chart.priority.get(c.revenue_code, 20),
        )
        for c, journal in zip(charges, post_all(drafts), strict=True)
    ]
    ids = add_charges(rows)
    owed: dict[int, list[OpenCharge]] = {}
    for charge_id, row in zip(ids, rows, strict=True):
        owed.setdefault(row.account_id, []).append(
            OpenCharge(charge_id, row.amount, row.priority, row.due_on)
        )
    apply_credits(list(owed.items()), on, charges[0].key, chart)
    return ids
