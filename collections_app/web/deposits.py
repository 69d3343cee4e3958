"""Taking deposits at the counter: the form of an account, and what their receipts are called."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from collections_app import queries
from collections_app.deposits import LONGEST_CODE, ToHold, take_deposits, usual_deposits
from collections_app.models import DepositTaken
from collections_app.operations import OVERRIDE_CASH_ONLY, Tendered
from collections_app.web.till import CASH_LIKE, CENT, CHOICES, alerts_of, nth
from core import clock
from core.money import total
from core.reading import read_only
from core.ui.fields import AmountField, AmountInput
from core.ui.objects import Slot
from core.ui.parts import Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from customers.landlord_queries import holdings
from customers.models import Account
from customers.queries import AccountShown, account_called
from ledger.deposit_models import DepositService
from ledger.web.account_history import Number
from ledger.web.deposits import TAKEN_BY, VERBS

QUICK_CASH = (50, 100, 200)
SERVICES = tuple(enumerate(DepositService.choices, start=1))
RIGHT = "payments.post"
CUSTOMER = "customer"


class TakeForm(forms.Form):
    """Who gives it, how much for each service, and what is handed over.

    The amounts are ``amount``, ``amount_2`` … in the order of the services, as the till's script counts them.
    """

    payer = forms.ChoiceField(label="Given by", initial=CUSTOMER, required=False, widget=forms.RadioSelect)
    code = forms.CharField(label="Reference code", max_length=LONGEST_CODE, required=False)
    kind = forms.ChoiceField(label="By", choices=CHOICES, widget=forms.RadioSelect)
    tender = AmountField(label="Handed over", least=CENT, widget=AmountInput())
    reference = forms.CharField(label="Check or slip number", max_length=40, required=False)
    cash_only_reason = forms.CharField(
        required=False, max_length=200, label="Why another tender (CASH ONLY)", help_text="It is audited."
    )

    def __init__(
        self, *args: Any, account: Account, landlords: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["payer"].choices = [(CUSTOMER, account.customer.name), *landlords]
        fields["payer"].required = bool(landlords)
        for n, (_, label) in SERVICES:
            fields[nth("amount", n)] = AmountField(label=str(label), least=CENT, required=False)

    def clean(self) -> dict[str, Any]:
        """With ``deposits`` and ``landlord``; at least one service has an amount."""
        given = super().clean() or {}
        named = [
            ToHold(str(code), given[nth("amount", n)])
            for n, (code, _) in SERVICES
            if given.get(nth("amount", n))
        ]
        if not named and not any(name.startswith("amount") for name in self.errors):
            self.add_error("amount", "Type an amount for at least one service.")
        payer = given.get("payer") or CUSTOMER
        return {**given, "deposits": named, "landlord": None if payer == CUSTOMER else int(payer)}


def _landlords(account: Account, request: UtilityRequest) -> list[tuple[int, str]]:
    """Who has the place now or will, as the form offers them."""
    today = clock.today(request.utility.tz)
    rows = holdings().filter(Q(ends=None) | Q(ends__gt=today), location=account.location_id)
    return list({h.landlord_id: (h.landlord_id, f"{h.landlord.name}, landlord") for h in rows}.values())


def _first(account: Account, request: UtilityRequest) -> dict[str, Any]:
    usual = usual_deposits(account, clock.today(request.utility.tz))
    amounts: dict[str, Any] = {nth("amount", n): usual.get(str(code)) for n, (code, _) in SERVICES}
    wanted: Decimal = total(usual.values())
    return {**amounts, "payer": CUSTOMER, "kind": "cash", "tender": wanted or None}


@page(RIGHT)
def taking(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form on which deposits are taken, with the usual amounts filled in."""
    account = account_called(number)
    landlords = _landlords(account, request)
    form = shown(
        request, lambda: TakeForm(account=account, landlords=landlords, initial=_first(account, request))
    )
    for n, (_, label) in SERVICES:
        attributes = form.fields[nth("amount", n)].widget.attrs
        attributes |= {"class": "form-control amount-input", "aria-label": f"Deposit for {label.lower()}"}
    filled = [name for name, first in form.initial.items() if name.startswith("amount") and first]
    form.fields[(filled or ["amount"])[0]].widget.attrs["autofocus"] = True
    may = request.actor.may(OVERRIDE_CASH_ONLY)
    context = {
        "account": account,
        "alerts": alerts_of(account, request.actor),
        "form": form,
        "amounts": [form[nth("amount", n)] for n, _ in SERVICES],
        "asks_who": bool(landlords),
        "cash_only": account.cash_only and not may,
        "asks_why": account.cash_only and may,
        "cash_like": [str(k.value) for k in CASH_LIKE],
        "quick_cash": QUICK_CASH,
        "session": queries.open_session(request.actor.ref),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "counter/deposit.html", context)


@taking.posted(RIGHT)
def take(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Take them, once."""
    with read_only():
        account = account_called(number)
        filled = TakeForm(request.POST, account=account, landlords=_landlords(account, request))
        given = checked(request, filled).cleaned_data
        session = queries.open_session(request.actor.ref)
    receipt_id = perform(
        request,
        take_deposits,
        account_id=account.id,
        deposits=given["deposits"],
        tenders=[Tendered(given["kind"], given["tender"], given["reference"])],
        landlord_id=given["landlord"],
        code=given["code"],
        on=clock.today(request.utility.tz),
        session_id=session.id if session else None,
        cash_only_reason=given["cash_only_reason"],
    )
    with read_only():
        receipt = queries.receipts().get(id=receipt_id).number
    return redirect(f"{reverse('collections:counter')}?receipt={receipt}")


def receipts(request: HttpRequest, journals: Sequence[int]) -> Mapping[int, Number]:
    """The receipts whose deposits these journals posted."""
    rows = DepositTaken.objects.filter(journal__in=journals).values_list("journal_id", "receipt__number")
    return {
        journal: Number(f"Receipt {number}", reverse("collections:receipt", args=[number]))
        for journal, number in rows
    }


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """To the form, for this account."""
    url = reverse("collections:deposit", args=[subject.number])
    return [Verb("Take deposit", url, "coins", "i", main=True)]


SLOTS = (
    Slot(TAKEN_BY, "tab", "receipts", 10, receipts),
    Slot(VERBS, "verb", "take", 10, verbs, permission=RIGHT),
)
