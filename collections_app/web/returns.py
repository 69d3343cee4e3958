"""A payment that the bank sent back, entered on the page of its receipt."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from collections_app import queries
from collections_app.models import PaymentReturn, Tender
from collections_app.policies import RETURN_FEE
from collections_app.returns import LONGEST_REASON, REASONS, Returned, return_batch
from core import clock
from core.errors import Conflict
from core.policies import value_on
from core.reading import read_only
from core.ui.fields import AmountField
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown

RIGHT = "payments.return"
CENT = Decimal("0.01")


class ReturnForm(forms.Form):
    """Which payments of the receipt came back, why, and the fee."""

    payments = forms.TypedMultipleChoiceField(
        label="Came back", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="What the bank said", max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"list": "return-reasons"}),
    )  # fmt: skip
    fee = AmountField(label="Fee", least=CENT, required=False)

    def __init__(self, *args: Any, payments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["payments"].choices = payments


def returns_of(found: queries.ReceiptShown) -> list[PaymentReturn]:
    """What of the receipt came back, with its payments and accounts."""
    rows = PaymentReturn.objects.filter(payment__in=found.payments).select_related("payment__account")
    return list(rows.order_by("id"))


def standing_payments(found: queries.ReceiptShown) -> list[tuple[int, str]]:
    """The receipt's payments that did not come back before, each as it is chosen."""
    back = {one.payment_id for one in returns_of(found)}
    return [
        (p.id, f"{p.amount:,.2f} of account {p.account.number} {p.account.customer.name}")
        for p in found.payments
        if p.id not in back
    ]


def why_not_back(found: queries.ReceiptShown) -> str:
    """Why nothing of the receipt can come back from a bank."""
    if found.void:
        return "The receipt was voided: what it paid is owed already."
    if not found.payments:
        return "It was taken as a deposit. Void the receipt instead."
    if not standing_payments(found):
        return "All of it came back already."
    if all(t.kind == Tender.Kind.CASH for t in found.tenders):
        return "It was paid in cash, which does not come back. Void the receipt instead."
    return ""


def _form(found: queries.ReceiptShown, today: Any, *args: Any) -> ReturnForm:
    payments, fee = standing_payments(found), value_on(RETURN_FEE, today)
    first = {"payments": [p for p, _ in payments], "fee": Decimal(fee) if fee else None}
    return ReturnForm(*args, payments=payments, initial=first)


@page(RIGHT)
def returning(request: UtilityRequest, number: int) -> HttpResponseBase:
    """The form on which a return is entered."""
    found, today = queries.receipt_shown(number), clock.today(request.utility.tz)
    why_not = why_not_back(found)
    if why_not:
        raise Conflict(why_not, f"See receipt {number}.")
    context = {
        "shown": found,
        "receipt": found.receipt,
        "form": shown(request, lambda: _form(found, today)),
        "reasons": REASONS,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "receipts/return.html", context)


@returning.posted(RIGHT)
def return_it(request: UtilityRequest, number: int) -> HttpResponseBase:
    """Enter it: the fee is charged once, to the first of the accounts."""
    today = clock.today(request.utility.tz)
    with read_only():
        filled = _form(queries.receipt_shown(number), today, request.POST)
    given = checked(request, filled).cleaned_data
    returns = [
        Returned(payment, given["reason"], given["fee"] if n == 0 else None)
        for n, payment in enumerate(given["payments"])
    ]
    perform(request, return_batch, returns=returns, on=today)
    messages.success(request, "Entered. What the payment had paid is owed again.")
    return redirect("collections:receipt", number=number)
