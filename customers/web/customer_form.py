"""The form of a customer, new or changed, and of who vouches for one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.reading import read_only
from core.sealed import Sealed, Typed
from core.ui.sealed_field import SealedField, typed_number
from core.ui.text_fields import fields_of, values_of
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, form, fresh_key, page, perform, shown
from customers.customer_file import (
    add_customer,
    change_customer,
    put_guarantor,
    release_guarantor,
    shown_values,
)
from customers.models import Customer, Guarantor
from customers.sealed import LICENCE, SSN
from customers.texts import CUSTOMER_TEXTS, GUARANTOR_TEXTS
from customers.web.accounts import OwedReason

GROUPS = (
    ("Who", "user", ("name", "phone", "work_phone", "email", "employer")),
    (
        "Main billing address",
        "mail",
        (
            "mail_line_1", "mail_line_2", "mail_city", "mail_state", "mail_zip", "mail_country",
            "mail_postal_code", "carrier_route", "delivery_point",
        ),
    ),
    ("Proof of who they are", "lock", ("ssn", "no_ssn", "licence", "no_licence")),
)  # fmt: skip
"""The cards of the form: title, icon, fields."""


class CustomerForm(forms.Form):
    """Everything of a customer's file; the sealed numbers are typed anew or left as they are."""

    def __init__(self, customer: Customer | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(CUSTOMER_TEXTS, customer))
        self._sealed(
            "ssn",
            "Social security number",
            f"•••-••-{customer.ssn_last4}" if customer and customer.ssn_last4 else "",
        )
        self._sealed(
            "licence",
            "Driver licence",
            f"••••{customer.licence_last4}" if customer and customer.licence else "",
        )
        self.fields["owed_reason"] = OwedReason()

    def _sealed(self, name: str, label: str, masked: str) -> None:
        self.fields[name] = SealedField(label=label, required=False, kept=masked)
        self.fields[name].help_text = (
            f"Kept: {masked}. Type it anew to change it." if masked else "Kept sealed; only its end is shown."
        )
        if masked:
            self.fields[f"no_{name}"] = forms.BooleanField(
                label=f"Take the {label.lower()} out", required=False
            )

    def texts(self) -> dict[str, str]:
        """What is not sealed."""
        return {one.name: self.cleaned_data[one.name] for one in CUSTOMER_TEXTS}

    def number(self, column: Sealed) -> Typed | None:
        """The sealed number as typed; empty when it is to be taken out, ``None`` when it stays."""
        typed = typed_number(column, self.cleaned_data[column.field])
        if typed:
            return typed
        return Typed(column, "") if self.cleaned_data.get(f"no_{column.field}") else None

    def cards(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The fields on their cards."""
        return [(title, icon, [self[n] for n in names if n in self.fields]) for title, icon, names in GROUPS]


@page("customers.edit")
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new customer."""
    made = shown(request, lambda: CustomerForm(None, initial={"mail_country": "US"}))
    context = {"form": made, "cards": made.cards(), "key": fresh_key(request), "customer": None}
    return TemplateResponse(request, "customers/change.html", context)


@new.posted("customers.edit")
def add(request: UtilityRequest) -> HttpResponseBase:
    """Add the customer and go to their page."""
    typed = checked(request, CustomerForm(None, request.POST))
    made = perform(
        request,
        add_customer,
        ssn=typed.number(SSN),
        licence=typed.number(LICENCE),
        owed_reason=typed.cleaned_data["owed_reason"],
        **typed.texts(),
    )
    messages.success(request, f"{typed.cleaned_data['name']} is customer {made}.")
    return redirect("customers:customer", customer_id=made)


@page("customers.edit")
def change(request: UtilityRequest, customer_id: int) -> HttpResponseBase:
    """The form of a customer's file."""
    customer = Customer.objects.get(id=customer_id)
    values = values_of(CUSTOMER_TEXTS, customer)
    made = shown(request, lambda: CustomerForm(customer, initial=values))
    context = {
        "form": made,
        "cards": made.cards(),
        "key": fresh_key(request),
        "customer": customer,
        "seen": seen_mark(request, shown_values(customer)),
    }
    return TemplateResponse(request, "customers/change.html", context)


@change.posted("customers.edit")
def put(request: UtilityRequest, customer_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        customer = Customer.objects.get(id=customer_id)
    typed = checked(request, CustomerForm(customer, request.POST))
    perform(
        request,
        change_customer,
        customer_id=customer_id,
        fields=typed.texts(),
        ssn=typed.number(SSN),
        licence=typed.number(LICENCE),
        owed_reason=typed.cleaned_data["owed_reason"],
        seen=seen_sent(request),
    )
    messages.success(request, f"The file of {typed.cleaned_data['name']} is changed.")
    return redirect("customers:customer", customer_id=customer_id)


class GuarantorForm(forms.Form):
    """Who vouches for a customer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(GUARANTOR_TEXTS))


@page("customers.edit")
def guarantor(request: UtilityRequest, customer_id: int) -> HttpResponseBase:
    """The form of a customer's guarantor."""
    customer = Customer.objects.select_related("guarantor").get(id=customer_id)
    there = customer.guarantor
    values = values_of(GUARANTOR_TEXTS, there or Guarantor())
    context = {
        "title": f"Guarantor of {customer.name}",
        "about": "Who vouches for this customer: a reference with an address.",
        "form": shown(request, lambda: GuarantorForm(initial=values)),
        "key": fresh_key(request),
        "seen": seen_mark(request, values),
        "back": reverse("customers:customer", args=[customer_id]),
        "outcome_url": reverse("core:outcome"),
        "release": reverse("customers:guarantor_release", args=[customer_id]) if there else "",
    }
    return TemplateResponse(request, "customers/guarantor.html", context)


@guarantor.posted("customers.edit")
def vouch(request: UtilityRequest, customer_id: int) -> HttpResponseBase:
    """Keep who vouches."""
    typed = checked(request, GuarantorForm(request.POST)).cleaned_data
    perform(request, put_guarantor, customer_id=customer_id, fields=typed, seen=seen_sent(request))
    messages.success(request, f"{typed['name']} vouches for this customer.")
    return redirect("customers:customer", customer_id=customer_id)


@form("customers.edit", again=guarantor)
def release(request: UtilityRequest, customer_id: int) -> HttpResponseBase:
    """Nobody vouches any more."""
    perform(request, release_guarantor, customer_id=customer_id)
    messages.success(request, "Nobody vouches for this customer now.")
    return redirect("customers:customer", customer_id=customer_id)
