"""The banks of those who pay by draft in a simulated town."""

from datetime import timedelta

from core.actors import Actor
from core.operations import operation
from customers.models import Account, BankDraft
from customers.sealed import BANK_ACCOUNT

_BANKS = (("FNB", "099900014"), ("CCU", "309900021"))
"""Codes of ``config.town.files``, with routing numbers of their own."""
_IN_ONE_GO = 2000


@operation("town.drafts", permission="town.settle")
def enrol_payers(by: Actor) -> int:
    """Take down a bank for everybody who pays by draft; returns how many."""
    rows = Account.objects.filter(pays_by_draft=True).select_related("customer").order_by("id")
    made = []
    for n, account in enumerate(rows):
        bank, routing = _BANKS[n % len(_BANKS)]
        draft = BankDraft(
            account=account,
            bank=bank,
            holder=account.customer.name,
            routing=routing,
            kind=BankDraft.Kind.SAVINGS if n % 9 == 0 else BankDraft.Kind.CHECKING,
            signed_on=account.starts - timedelta(days=3 + n % 20),
            starts=account.starts,
        )
        BANK_ACCOUNT.put(draft, f"00{4_400_000_000 + 7919 * n}")
        made.append(draft)
    BankDraft.objects.bulk_create(made, batch_size=_IN_ONE_GO)
    return len(made)
