"""Cancelling a bill on screen: said in numbers, with a reason."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.bills import bill_numbered, open_by_journal
from billing.cancelling import cancel_bill
from core import clock
from core.errors import NotFound
from core.money import ZERO
from core.reading import read_only
from core.ui.parts import Fact
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown


class CancelForm(forms.Form):
    """Why a bill is taken back."""

    why = forms.CharField(label="Why", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


@page("bills.cancel")
def cancelling(request: UtilityRequest, number: int) -> HttpResponseBase:
    """What cancelling will do, in numbers."""
    bill = bill_numbered(number)
    left = open_by_journal([bill.journal_id]).get(bill.journal_id, ZERO) if bill.journal_id else ZERO
    owed = max(bill.charges, ZERO)
    facts = [
        Fact("Bill", str(number)),
        Fact("Account", bill.account.number),
        Fact("Dated", day_text(bill.bill_on)),
        Fact("New charges", amount=bill.charges),
        Fact("Paid of them", amount=owed - left),
        Fact("Still open", amount=left),
    ]
    context = {
        "bill": bill,
        "form": shown(request, CancelForm),
        "facts": facts,
        "key": fresh_key(request),
        "back": reverse("billing:bill", args=[number]),
        "paid": owed - left,
        "why_not": "" if bill.is_live else "It was cancelled before.",
    }
    return TemplateResponse(request, "bills/cancel.html", context)


@cancelling.posted("bills.cancel")
def cancel(request: UtilityRequest, number: int) -> HttpResponseBase:
    """Take it back."""
    given = checked(request, CancelForm(request.POST)).cleaned_data
    with read_only():
        bill = bill_numbered(number)
    if bill is None:
        raise NotFound(f"There is no bill {number}.", "Find it in the list of bills.")
    perform(request, cancel_bill, bill_id=bill.id, why=given["why"], on=clock.today(request.utility.tz))
    messages.success(request, f"Bill {number} is cancelled. Its time is billed again by the next run.")
    return redirect("billing:bill", number=number)
