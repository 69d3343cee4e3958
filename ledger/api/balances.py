"""The trial balance of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from core.money import ZERO, total
from ledger.models import ChartAccount, Posting


@dataclass(frozen=True, slots=True)
class Held:
    """What an account of the chart holds: on one side, the other is 0.00."""

    code: str
    name: str
    kind: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """What every account holds at the end of a day; both totals are equal."""

    through: date
    accounts: Sequence[Held]

    @property
    def debit(self) -> Decimal:
        """Σ of the debit side."""
        return total(a.debit for a in self.accounts)

    @property
    def credit(self) -> Decimal:
        """Σ of the credit side."""
        return total(a.credit for a in self.accounts)


def trial_balance(through: date) -> TrialBalance:
    """Accounts with any posting up to and including a day, by code; two queries."""
    sums = Posting.objects.filter(journal__on__lte=through).values("chart_account_id")
    held = {
        row["chart_account_id"]: row["debits"] - row["credits"]
        for row in sums.annotate(debits=Sum("debit"), credits=Sum("credit"))
    }
    rows = ChartAccount.objects.filter(id__in=list(held)).order_by("code")
    return TrialBalance(
        through,
        [Held(a.code, a.name, a.kind, max(held[a.id], ZERO), max(-held[a.id], ZERO)) for a in rows],
    )
