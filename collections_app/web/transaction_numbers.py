"""What an account's transactions are called that came over the counter or from outside, or came back."""

from collections.abc import Mapping, Sequence

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from collections_app.models import Payment, PaymentReturn
from core.ui.objects import Slot
from ledger.models import Journal
from ledger.web.account_history import NUMBERS, Number


def receipts(request: HttpRequest, journals: Sequence[int]) -> Mapping[int, Number]:
    """The receipts whose payments these journals posted."""
    rows = Payment.objects.filter(journal__in=journals).values_list("journal_id", "receipt__number")
    return {journal: _receipt(number) for journal, number in rows}


def returns(request: HttpRequest, journals: Sequence[int]) -> Mapping[int, Number]:
    """The receipts whose payments these journals took back for the bank, with what it said."""
    mirrors = dict(
        Journal.objects.filter(id__in=journals, why="return", reverses__isnull=False).values_list(
            "reverses_id", "id"
        )
    )
    if not mirrors:
        return {}
    rows = PaymentReturn.objects.filter(payment__journal__in=list(mirrors)).values_list(
        "payment__journal_id", F("payment__receipt__number"), "reason"
    )
    return {mirrors[paid]: _receipt(number, reason) for paid, number, reason in rows}


def _receipt(number: int, note: str = "") -> Number:
    return Number(f"Receipt {number}", reverse("collections:receipt", args=[number]), note)


SLOTS = (
    Slot(NUMBERS, "tab", "receipts", 20, receipts),
    Slot(NUMBERS, "tab", "returns", 30, returns),
)
