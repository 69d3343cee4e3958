"""Exempt from tax on screen: the list of accounts, and the form of one."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.reading import read_only
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.models import Account
from customers.queries import account_called
from customers.tax_exempt import exempt_accounts, set_tax_exemptions, tax_codes
from meters.queries import having_text


class ExemptFilter(django_filters.FilterSet):
    """By account, customer or address, tax code, and whether the account is open."""

    find = django_filters.CharFilter(label="Name, number or address", method="by_words")
    code = django_filters.CharFilter(label="Tax code", method="by_code")
    state = django_filters.ChoiceFilter(
        label="Accounts", choices=(("open", "Open"), ("ended", "Ended")), empty_label="All accounts",
        method="by_state",
    )  # fmt: skip

    class Meta:
        model = Account
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Any], name: str, typed: str) -> QuerySet[Any]:
        """Each word in the number, the name or the address."""
        return having_text(
            rows, typed, "number", "customer__name", "location__street_number", "location__street_name"
        )

    def by_code(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        """Exempt from exactly that tax."""
        return rows.filter(tax_exempt_codes__contains=[code])

    def by_state(self, rows: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        """Open, or ended."""
        return rows.filter(ends__isnull=state == "open")


def _rows(request: HttpRequest) -> QuerySet[Account]:
    return exempt_accounts()


EXEMPT = ListPage(
    name="exempt",
    title="Exempt from tax",
    about="Accounts whose bills leave out a tax. It is set on the account.",
    noun="accounts",
    columns=(
        Column("number", "Account", kind="code", sort="number"),
        Column("customer", "Customer", lambda row: row.customer.name, sort="customer__name"),
        Column("address", "Address", lambda row: row.location.address, sort="location__street_name"),
        Column("category", "Category", sort="category"),
        Column("codes", "Exempt from", lambda row: ", ".join(row.tax_exempt_codes)),
        Column("ends", "Ended", kind="date", sort="ends"),
    ),
    rows=_rows,
    filters=ExemptFilter,
    opens=lambda row: reverse("customers:tax_exempt", args=[row.number]),
    order="number",
    empty=Empty(
        "Nobody is exempt",
        "Open an account, and under its file the taxes that it does not pay.",
        "receipt-tax",
    ),
)

exempt_list = page("customers.view")(list_view(EXEMPT))


class TaxForm(forms.Form):
    """The taxes that an account does not pay."""

    codes = forms.MultipleChoiceField(
        label="Exempt from",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The next bill leaves them out. Posted bills stay as they are.",
    )

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(code, f"{code}  {words}") for code, words in choices]
        self.fields["codes"].choices = listed  # type: ignore[attr-defined]  # a field of choices


def _choices(request: UtilityRequest, account: Account) -> list[tuple[str, str]]:
    return tax_codes(clock.today(request.utility.tz), account.tax_exempt_codes)


@page("customers.edit")
def exempt(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form of an account's exemptions."""
    account = account_called(number)
    values = {"codes": list(account.tax_exempt_codes)}
    choices = _choices(request, account)
    context = {
        "title": f"Taxes of {account.number} {account.customer.name}",
        "about": "Taxes of the rates in force. The certificate’s number may go on the note pad."
        if choices
        else "No rate in force has a tax.",
        "form": shown(request, lambda: TaxForm(choices, initial=values)),
        "key": fresh_key(request),
        "seen": seen_mark(request, values),
        "back": reverse("customers:account", args=[number]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@exempt.posted("customers.edit")
def put_exempt(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Set them as ticked."""
    with read_only():
        account = account_called(number)
        choices = _choices(request, account)
    typed = checked(request, TaxForm(choices, request.POST)).cleaned_data
    perform(
        request,
        set_tax_exemptions,
        account_id=account.id,
        codes=typed["codes"],
        today=clock.today(request.utility.tz),
        seen=seen_sent(request),
    )
    messages.success(request, f"The taxes of account {number} are set.")
    return redirect("customers:account", number=number)
