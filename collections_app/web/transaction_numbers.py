"""What an account's transactions are called that came over the counter or from outside."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from collections_app.models import Payment
from core.ui.objects import Slot
from ledger.web.account_history import NUMBERS, Number


def receipts(request: HttpRequest, journals: Sequence[int]) -> Mapping[int, Number]:
    """The receipts whose payments these journals posted."""
    rows = Payment.objects.filter(journal__in=journals).values_list("journal_id", "receipt__number")
    return {
        journal: Number(f"Receipt {number}", reverse("collections:receipt", args=[number]))
        for journal, number in rows
    }


SLOTS = (Slot(NUMBERS, "tab", "receipts", 20, receipts),)
