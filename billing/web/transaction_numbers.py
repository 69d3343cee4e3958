"""What an account's transactions are called that billing posted."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from billing.models import Bill
from core.ui.objects import Slot
from ledger.web.account_history import NUMBERS, Number


def bills(request: HttpRequest, journals: Sequence[int]) -> Mapping[int, Number]:
    """The bills that these journals posted."""
    rows = Bill.objects.filter(journal__in=journals).values_list("journal_id", "number")
    return {
        journal: Number(f"Bill {number}", reverse("billing:bill", args=[number]))
        for journal, number in rows
        if journal is not None
    }


SLOTS = (Slot(NUMBERS, "tab", "bills", 10, bills, permission="bills.view"),)
