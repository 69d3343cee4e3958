"""The counter: scan, Enter, Enter takes a payment."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from collections_app import queries
from collections_app.models import Tender
from collections_app.operations import Tendered, ToAccount, post_payment
from core import clock, search
from core.actors import Actor
from core.barcodes import BarcodeRefused, read_bill_code, read_receipt_code
from core.money import ZERO, parse_amount
from core.reading import read_only
from core.ui.fields import AmountField, AmountInput
from core.ui.parts import Alert
from core.web.requests import UtilityRequest
from core.web.views import NotValid, checked, fresh_key, page, perform, shown
from customers.models import Account

OVERRIDE = "payments.override_cash_only"
CASH_LIKE = (Tender.Kind.CASH, Tender.Kind.MONEY_ORDER)
TAKEN = (Tender.Kind.CASH, Tender.Kind.CHECK, Tender.Kind.CARD, Tender.Kind.MONEY_ORDER)
QUICK_CASH = (20, 50, 100)
CENT = Decimal("0.01")


class PaymentForm(forms.Form):
    """A payment of one account by one tender."""

    account = forms.CharField(max_length=20, widget=forms.HiddenInput)
    amount = AmountField(label="Amount paid", least=CENT)
    kind = forms.ChoiceField(
        label="By", choices=[(k.value, k.label) for k in TAKEN], widget=forms.RadioSelect, initial="cash"
    )
    tender = AmountField(label="Handed over", least=CENT)
    reference = forms.CharField(label="Check or slip number", max_length=40, required=False)
    keep = forms.BooleanField(required=False, label="Keep what is too much as the account’s credit")

    def __init__(self, *args: Any, number: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = {
            "hx-get": f"{reverse('collections:counter_owed')}?{urlencode({'account': number})}",
            "hx-trigger": "input changed delay:150ms",
            "hx-target": "#owed",
            "hx-swap": "outerHTML",
        }
        self.fields["amount"].widget = AmountInput(asks)


def amount_typed(text: str) -> Decimal | None:
    """An amount while it is being typed; ``None`` as long as it is none."""
    try:
        return parse_amount(text)
    except ValueError:
        return None


def alerts_of(account: Account, actor: Actor) -> list[Alert]:
    """What must be known before money is taken."""
    found = []
    if account.cash_only:
        text = "You may take another tender." if actor.may(OVERRIDE) else "Take cash or a money order."
        found.append(Alert("CASH ONLY", text, "cash", "bad", pulse=True))
    if account.on_hold:
        found.append(Alert("On hold", "Its next bill waits for a look.", "flag", "hold"))
    if account.ends is not None:
        found.append(
            Alert("Closed", f"Since {account.ends:%b} {account.ends.day}, {account.ends.year}.", "lock")
        )
    return found


@page("payments.post")
def counter(request: UtilityRequest) -> HttpResponseBase:
    """The scan box; with an account, who it is, what is owed and the tender; after a payment, the change."""
    today = clock.today(request.utility.tz)
    number = request.POST.get("account") or request.GET.get("account", "")
    _tell_drawer(request)
    context: dict[str, Any] = {
        "mine": queries.receipts_of_day(request.actor.ref, today),
        "key": fresh_key(request),
    }
    if number:
        context.update(_account(request, number, today))
    elif request.GET.get("receipt", "").isdecimal():
        context["taken"] = queries.receipt_shown(int(request.GET["receipt"]))
    return TemplateResponse(request, "counter/counter.html", context)


def _tell_drawer(request: UtilityRequest) -> None:
    """The open drawer, for the bar at the top."""
    session = queries.open_session(request.actor.ref)
    if session is not None:
        drawer = {"label": session.drawer.name, "url": reverse("collections:counter")}
        request.drawer = drawer  # type: ignore[attr-defined]  # read by core.ui.context.shell


def _account(request: UtilityRequest, number: str, today: date) -> dict[str, Any]:
    typed = amount_typed(request.POST.get("amount") or request.GET.get("amount", ""))
    found = queries.counter_account(number, typed, today)
    if typed is None:
        typed = max(found.payoff, ZERO)
        found = queries.counter_account(number, typed, today)
    first = {"account": number, "amount": typed or "", "tender": typed or "", "kind": "cash"}
    form = shown(request, lambda: PaymentForm(initial=first, number=number))
    return {
        "found": found,
        "alerts": alerts_of(found.account, request.actor),
        "form": form,
        "asks_to_keep": bool(form.errors.get("keep")),
        "cash_only": found.account.cash_only and not request.actor.may(OVERRIDE),
        "cash_like": [str(k.value) for k in CASH_LIKE],
        "quick_cash": QUICK_CASH,
    }


@counter.posted("payments.post")
def take(request: UtilityRequest) -> HttpResponseBase:
    """Post the payment, once."""
    today = clock.today(request.utility.tz)
    form = PaymentForm(request.POST, number=request.POST.get("account", ""))
    given = checked(request, form).cleaned_data
    with read_only():
        found = queries.counter_account(given["account"], given["amount"], today)
        session = queries.open_session(request.actor.ref)
        asks = queries.must_be_confirmed(found.over, today) and not given["keep"]
    if asks:
        problem = (
            f"{found.over:,.2f} is more than is owed. Tick this to keep it as credit, or change the amount."
        )
        form.add_error("keep", problem)
        raise NotValid(form)
    receipt_id = perform(
        request,
        post_payment,
        tenders=[Tendered(given["kind"], given["tender"], given["reference"])],
        accounts=[ToAccount(found.account.id, given["amount"])],
        on=today,
        session_id=session.id if session else None,
    )
    with read_only():
        number = queries.receipts().get(id=receipt_id).number
    return redirect(f"{reverse('collections:counter')}?receipt={number}")


@page("payments.post")
def owed(request: UtilityRequest) -> HttpResponseBase:
    """What is owed, and how the amount being typed would be laid on it."""
    today = clock.today(request.utility.tz)
    paying = amount_typed(request.GET.get("amount", ""))
    found = queries.counter_account(request.GET.get("account", ""), paying, today)
    return TemplateResponse(request, "counter/owed.html", {"found": found})


def address_of_code(code: str) -> str:
    """Where a scanned code leads: a bill to its account and amount, a receipt to itself; else nothing."""
    try:
        number, cents = read_bill_code(code)
    except BarcodeRefused:
        return _address_of_receipt(code)
    if not Account.objects.filter(number=number).exists():
        return ""
    asked = {"account": number, **({"amount": f"{Decimal(cents) / 100:.2f}"} if cents else {})}
    return f"{reverse('collections:counter')}?{urlencode(asked)}"


def _address_of_receipt(code: str) -> str:
    try:
        number = read_receipt_code(code)
    except BarcodeRefused:
        return ""
    known = number.isdecimal() and queries.receipts().filter(number=int(number)).exists()
    return reverse("collections:receipt", args=[int(number)]) if known else ""


@page("payments.post")
def scan(request: UtilityRequest) -> HttpResponseBase:
    """Where a scanned code leads, for the script of the page."""
    code = request.GET.get("code", "").strip()
    exact = Account.objects.filter(number=code).exists() if code else False
    address = (
        f"{reverse('collections:counter')}?{urlencode({'account': code})}" if exact else address_of_code(code)
    )
    return JsonResponse({"url": address} if address else {})


@page("payments.post")
def find(request: UtilityRequest) -> HttpResponseBase:
    """What was typed into the scan box: one account is opened at once, of several one is chosen."""
    asked = request.GET.get("q", "").strip()
    if not asked:
        return redirect("collections:counter")
    address = address_of_code(asked)
    if address:
        return redirect(address)
    exact = Account.objects.filter(number=asked).values_list("number", flat=True).first()
    numbers = [exact] if exact else _numbers(asked)
    if len(numbers) == 1:
        return redirect(f"{reverse('collections:counter')}?{urlencode({'account': numbers[0]})}")
    rows = Account.objects.filter(number__in=numbers).select_related("customer", "location")
    by_number = {a.number: a for a in rows}
    _tell_drawer(request)
    today = clock.today(request.utility.tz)
    context = {
        "asked": asked,
        "choices": [by_number[n] for n in numbers],
        "mine": queries.receipts_of_day(request.actor.ref, today),
    }
    return TemplateResponse(request, "counter/counter.html", context)


def _numbers(asked: str) -> list[str]:
    refs = [ref for _, ref in search.find(asked, kinds=("account",), limit=12)]
    numbers = dict(Account.objects.filter(id__in=refs).values_list("id", "number"))
    return [numbers[ref] for ref in refs if ref in numbers]
