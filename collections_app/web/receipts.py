"""Receipts: the list, one with what it paid, its paper, and taking it back."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.statements import brand_of
from collections_app import queries
from collections_app.documents import print_receipt
from collections_app.models import DepositTaken, Payment, Receipt
from collections_app.operations import void_receipt
from collections_app.web.returns import returns_of, why_not_back
from core import clock
from core.acting import names_of
from core.duties import SINGLE_OPERATOR
from core.errors import NotFound
from core.permissions import all_permissions
from core.policies import flag
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from ledger.history_queries import purges_of

FORMS = ("roll", "letter")
WHY_NOT_PURGED = "It was purged with old history; correct the account by an adjustment."


class ReceiptFilter(django_filters.FilterSet):
    """By number, operator, day and account."""

    number = django_filters.NumberFilter(label="Receipt")
    account = django_filters.CharFilter(label="Account", method="of_account")
    operator_name = django_filters.CharFilter(label="Taken by", lookup_expr="icontains")
    since = django_filters.DateFilter(label="From", field_name="on", lookup_expr="gte", widget=DayInput)
    until = django_filters.DateFilter(label="To", field_name="on", lookup_expr="lte", widget=DayInput)

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = ()

    def of_account(self, rows: QuerySet[Receipt], name: str, number: str) -> QuerySet[Receipt]:
        """Those that paid something for the account, or took a deposit of it."""
        paid = Payment.objects.filter(account__number=number).values("receipt")
        held = DepositTaken.objects.filter(account__number=number).values("receipt")
        return rows.filter(Q(id__in=paid) | Q(id__in=held))


RECEIPTS = ListPage(
    name="receipts",
    title="Receipts",
    about="Money taken, numbered without a gap. Nothing is changed; a second person takes one back.",
    noun="receipts",
    columns=(
        Column("number", "Receipt", kind="code", sort="number"),
        Column("on", "Day", kind="date", sort="on"),
        Column("at", "Taken", kind="moment", sort="at"),
        Column("operator_name", "Taken by", sort="operator_name"),
        Column("source", "Source", sort="source"),
        Column("total", "Paid", kind="amount", sort="total"),
        Column("tendered", "Handed over", kind="amount", sort="tendered", chosen=False),
        Column("change", "Change", kind="amount", sort="change"),
        Column(
            "state", "State", lambda row: "void" if row.voided else "posted", kind="status", sort="voided"
        ),
    ),
    rows=lambda request: queries.receipts(),
    filters=ReceiptFilter,
    opens=lambda row: reverse("collections:receipt", args=[row.number]),
    order="-number",
    empty=Empty(
        "No money was taken yet",
        "Each payment at the counter makes a receipt.",
        "receipt",
        Verb("To the counter", "/counter/", "cash-register", "n"),
    ),
)

receipt_list = page("payments.view")(list_view(RECEIPTS))


class VoidForm(forms.Form):
    """Why a receipt is taken back."""

    why = forms.CharField(label="Why", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


@page("payments.view")
def receipt(request: UtilityRequest, number: int) -> HttpResponseBase:
    """One receipt."""
    found = queries.receipt_shown(number)
    today = clock.today(request.utility.tz)
    purged = purges_of([p.journal_id for p in found.payments])
    context = {
        "shown": found,
        "receipt": found.receipt,
        "void_by": names_of([found.void.operator]).get(found.void.operator, "") if found.void else "",
        "form": shown(request, VoidForm),
        "why_not": WHY_NOT_PURGED if purged else _why_not_void(request, found, flag(SINGLE_OPERATOR, today)),
        "returns": returns_of(found),
        "purged": purged,
        "may_return": request.actor.may("payments.return") and not why_not_back(found) and not purged,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "receipts/receipt.html", context)


def _why_not_void(request: UtilityRequest, found: queries.ReceiptShown, single_operator: bool) -> str:
    """Why this operator may not take it back, before they try."""
    if not request.actor.may("payments.void"):
        return f"It takes the right “{all_permissions()['payments.void'].label}”."
    if returns_of(found):
        return "A part of it came back from the bank, so it can no longer be voided."
    if request.actor.ref == found.receipt.operator and not single_operator:
        return "You took this money, so a second person takes it back."
    return ""


@form("payments.void", again=receipt)
def void(request: UtilityRequest, number: int) -> HttpResponseBase:
    """Take it back."""
    given = checked(request, VoidForm(request.POST)).cleaned_data
    with read_only():
        found = queries.receipts().filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no receipt {number}.", "Find it in the list of receipts.")
    perform(request, void_receipt, receipt_id=found.id, why=given["why"], on=clock.today(request.utility.tz))
    messages.success(request, f"Receipt {number} is taken back; what it paid is owed again.")
    return redirect("collections:receipt", number=number)


@page("payments.view")
def pdf(request: UtilityRequest, number: int, form: Any) -> HttpResponseBase:
    """The receipt on paper: ``roll`` of 80 mm, or a ``letter`` sheet."""
    if form not in FORMS:
        raise Http404(f"A receipt has no form “{form}”.")
    found = queries.receipt_shown(number)
    document = queries.receipt_document(found)
    content = print_receipt(document, brand_of(request.utility, found.receipt.on), form)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="receipt-{number}.pdf"'
    return response
