"""The forms of an account's file: its codes, its flags, and the other address its bills may go to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.ui.text_fields import fields_of, values_of
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.account_file import (
    MOST_UNITS,
    NOTE_LENGTH,
    alternate_values,
    change_account,
    put_alternate_address,
    set_flags,
)
from customers.models import Account
from customers.queries import FLAGS, account_called, alternate_address
from customers.texts import ACCOUNT_TEXTS, ALTERNATE_TEXTS


def _called(number: str) -> Account:
    with read_only():
        return account_called(number)


class AccountForm(forms.Form):
    """Codes and units of an account, who else pays, and what its bills say."""

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = fields_of(ACCOUNT_TEXTS, account)
        units = forms.IntegerField(
            label="Units",
            min_value=1,
            max_value=MOST_UNITS,
            help_text="Dwellings or equal units on it; usually 1.",
        )
        self.fields.update(
            {"category": made["category"], "demographics": made["demographics"], "units": units}
        )
        self.fields.update({"alternate_payer": made["alternate_payer"], "message": made["message"]})


@page("customers.edit")
def change(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form of an account's codes and units."""
    account = account_called(number)
    values = {**values_of(ACCOUNT_TEXTS, account), "units": account.units}
    context = {
        "title": f"Change {account.number} {account.customer.name}",
        "about": f"{account.location.address}, {account.location.city}. Posted bills stay as they are.",
        "form": shown(request, lambda: AccountForm(account, initial=values)),
        "key": fresh_key(request),
        "seen": seen_mark(request, values),
        "back": reverse("customers:account", args=[number]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@change.posted("customers.edit")
def put(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Change them."""
    with read_only():
        account = account_called(number)
        typed = dict(checked(request, AccountForm(account, request.POST)).cleaned_data)
    units = typed.pop("units")
    perform(
        request, change_account, account_id=account.id, fields=typed, units=units, seen=seen_sent(request)
    )
    messages.success(request, f"Account {number} is changed.")
    return redirect("customers:account", number=number)


class FlagsForm(forms.Form):
    """The flags of an account, each with what it does; no cut-off with its last day and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label, does in FLAGS:
            self.fields[code] = forms.BooleanField(label=label, help_text=does, required=False)
        self.fields["no_cutoff_until"] = DayField(
            label="No cut-off until", widget=DayInput, required=False,
            help_text="The first day it counts no more; empty: without an end.",
        )  # fmt: skip
        self.fields["no_cutoff_note"] = forms.CharField(
            label="Why no cut-off", required=False, help_text="Such as life support, and who certified it."
        )

    def clean_no_cutoff_note(self) -> str:
        """As long as it may be; a browser would cut it."""
        typed: str = self.cleaned_data["no_cutoff_note"]
        if len(typed) > NOTE_LENGTH:
            raise forms.ValidationError(f"It has {len(typed)} characters. Type {NOTE_LENGTH} at most.")
        return typed


@page("customers.edit")
def flags(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form of an account's flags."""
    found = account_called(number)
    names = [*(code for code, _, _ in FLAGS), "no_cutoff_until", "no_cutoff_note"]
    initial = {name: getattr(found, name) for name in names}
    context = {
        "account": found,
        "form": shown(request, lambda: FlagsForm(initial=initial)),
        "seen": seen_mark(request, initial),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "accounts/flags.html", context)


@flags.posted("customers.edit")
def put_flags(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Set them as ticked."""
    found = _called(number)
    typed = dict(checked(request, FlagsForm(request.POST)).cleaned_data)
    until, why = typed.pop("no_cutoff_until"), typed.pop("no_cutoff_note")
    perform(
        request, set_flags, account_id=found.id, flags=typed, no_cutoff_until=until, no_cutoff_note=why,
        seen=seen_sent(request),
    )  # fmt: skip
    messages.success(request, f"The flags of account {number} are set.")
    return redirect("customers:account", number=number)


class AlternateForm(forms.Form):
    """Another address for an account's bills, and whether they go there."""

    bills_go_there = forms.BooleanField(
        label="Bills go to this address", required=False, help_text="Otherwise to the customer’s own address."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(ALTERNATE_TEXTS))


@page("customers.edit")
def elsewhere(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form of the other address."""
    account = account_called(number)
    there = alternate_address(account)
    values = alternate_values(account, there)
    context = {
        "title": f"Alternate address of {account.number} {account.customer.name}",
        "about": "The next bill that is printed goes where this says.",
        "form": shown(request, lambda: AlternateForm(initial=values)),
        "key": fresh_key(request),
        "seen": seen_mark(request, values),
        "back": reverse("customers:account", args=[number]) + "?tab=people",
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@elsewhere.posted("customers.edit")
def put_elsewhere(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Keep it."""
    account = _called(number)
    typed = dict(checked(request, AlternateForm(request.POST)).cleaned_data)
    there = typed.pop("bills_go_there")
    perform(
        request,
        put_alternate_address,
        account_id=account.id,
        fields=typed,
        bills_go_there=there,
        seen=seen_sent(request),
    )
    went = "the alternate address" if there else "the customer’s address"
    messages.success(request, f"Bills of account {number} go to {went}.")
    return redirect(reverse("customers:account", args=[number]) + "?tab=people")
