"""Where a scanned code, or what is typed into the scan box, leads."""

from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from collections_app import queries
from collections_app.web.till import MOST, nth
from core import clock, search
from core.barcodes import BarcodeRefused, read_bill_code, read_receipt_code
from core.web.requests import UtilityRequest
from core.web.views import page
from customers.models import Account

Asked = dict[str, str]


def account_of_code(code: str) -> Asked:
    """The account of a scanned bill and the amount it asks; empty when the code is of no bill here."""
    try:
        number, cents = read_bill_code(code)
    except BarcodeRefused:
        number, cents = code, 0
    if not code or not Account.objects.filter(number=number).exists():
        return {}
    return {"account": number, **({"amount": f"{Decimal(cents) / 100:.2f}"} if cents else {})}


def _address_of_receipt(code: str) -> str:
    try:
        number = read_receipt_code(code)
    except BarcodeRefused:
        return ""
    known = number.isdecimal() and queries.receipts().filter(number=int(number)).exists()
    return reverse("collections:receipt", args=[int(number)]) if known else ""


def till_address(asked: Asked, kept: QueryDict | None = None) -> str:
    """The counter with that account: alone, or added to those of the receipt being made."""
    sent = {k: v for k, v in (kept.items() if kept else ()) if k != "q"}
    taken = [n for n in range(1, MOST + 1) if sent.get(nth("account", n))]
    if asked["account"] not in (sent[nth("account", n)] for n in taken):
        n = max(taken, default=0) + 1
        sent |= {nth(name, n): value for name, value in asked.items()}
        sent["focus"] = nth("amount", n)
    if not taken:
        sent.pop("focus", None)
    return f"{reverse('collections:counter')}?{urlencode(sent)}"


@page("payments.post")
def scan(request: UtilityRequest) -> HttpResponseBase:
    """Where a scanned code leads, for the script of the page; of a bill also its account and amount."""
    code = request.GET.get("code", "").strip()
    asked = account_of_code(code)
    if asked:
        return JsonResponse({"url": till_address(asked), **asked})
    address = _address_of_receipt(code)
    return JsonResponse({"url": address} if address else {})


@page("payments.post")
def find(request: UtilityRequest) -> HttpResponseBase:
    """What was typed into the scan box: one account is opened at once, of several one is chosen.

    The rest of the address is the receipt being made, to which the account is added.
    """
    text = request.GET.get("q", "").strip()
    if not text:
        return redirect("collections:counter")
    asked = account_of_code(text)
    address = till_address(asked, request.GET) if asked else _address_of_receipt(text)
    if address:
        return redirect(address)
    numbers = _numbers(text)
    if len(numbers) == 1:
        return redirect(till_address({"account": numbers[0]}, request.GET))
    rows = Account.objects.filter(number__in=numbers).select_related("customer", "location")
    by_number = {a.number: a for a in rows}
    choices = [by_number[n] for n in numbers]
    context = {
        "asked": text,
        "choices": [(one, till_address({"account": one.number}, request.GET)) for one in choices],
        "session": queries.open_session(request.actor.ref),
        "mine": queries.receipts_of_day(request.actor.ref, clock.today(request.utility.tz)),
    }
    return TemplateResponse(request, "counter/counter.html", context)


def _numbers(asked: str) -> list[str]:
    refs = [ref for _, ref in search.find(asked, kinds=("account",), limit=12)]
    numbers = dict(Account.objects.filter(id__in=refs).values_list("id", "number"))
    return [numbers[ref] for ref in refs if ref in numbers]
