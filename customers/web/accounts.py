"""The account page, and the form of opening an account."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock, policies
from core.errors import Refused
from core.reading import read_only
from core.sealed import Typed
from core.ui.code_field import CodeField
from core.ui.fields import DayInput
from core.ui.sealed_field import SealedField
from core.web.object_pages import object_page
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from customers.earlier import LONGEST_REASON
from customers.models import Account, Customer
from customers.opening import NewCustomer, open_for
from customers.policies import NUMBER_PATTERN
from customers.queries import AccountShown, account_called, find_customers
from customers.sealed import LICENCE, SSN
from meters.models import Location
from meters.queries import find_locations


@page("customers.view")
def account(request: UtilityRequest, number: str) -> HttpResponseBase:
    """One account: who, where, what is owed, and everything else one key away."""
    subject = AccountShown(account_called(number), clock.today(request.utility.tz))
    return object_page(request, "account", subject, reverse("customers:account", args=[number]))


class OwedReason(forms.CharField):
    """Why somebody is taken although earlier bills are unpaid."""

    def __init__(self) -> None:
        super().__init__(
            label="Taken all the same because", max_length=LONGEST_REASON, required=False,
            help_text="Only when earlier bills are unpaid; it is kept as a pinned note.",
        )  # fmt: skip


class OpenForm(forms.Form):
    """A new account: where, who, from when."""

    location = forms.CharField(
        label="Location", max_length=120, help_text="Its code, or enough of its address to mean one.",
        widget=forms.TextInput(attrs={"list": "location-options", "autocomplete": "off"}),
    )  # fmt: skip
    starts = forms.DateField(
        label="From", widget=DayInput, help_text="The first day the customer answers for it."
    )
    category = CodeField("category", label="Category")
    number = forms.CharField(label="Account number", max_length=20, required=False)
    known = forms.CharField(
        label="Customer we have", max_length=120, required=False,
        help_text="Number or name. Leave empty for a new customer.",
        widget=forms.TextInput(attrs={"list": "customer-options", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(label="Name", max_length=80, required=False)
    phone = forms.CharField(label="Telephone", max_length=20, required=False)
    email = forms.EmailField(label="Mail", required=False)
    mail_line_1 = forms.CharField(
        label="Street or PO box",
        max_length=60,
        required=False,
        help_text="Empty: mail goes to the service address.",
    )
    mail_line_2 = forms.CharField(label="Second line", max_length=60, required=False)
    mail_city = forms.CharField(label="City", max_length=40, required=False)
    mail_state = forms.CharField(label="State", max_length=3, required=False)
    mail_zip = forms.CharField(label="ZIP", max_length=10, required=False)
    ssn = SealedField(label="Social security number", max_length=30, required=False)
    licence = SealedField(label="Driver licence", max_length=30, required=False)
    owed_reason = OwedReason()

    place: Location
    customer: Customer | None = None

    def clean_location(self) -> str:
        """One location; several that fit are named, so that the clerk can say which."""
        typed: str = self.cleaned_data["location"]
        found = find_locations(typed)
        if not found:
            raise forms.ValidationError(f"No location has “{typed}”. Type its code or part of its street.")
        if len(found) > 1:
            named = ", ".join(f"{x.code} ({x.address})" for x in found[:4])
            raise forms.ValidationError(
                f"{len(found)} locations have that: {named} … Type the code of the one meant."
            )
        self.place = found[0]
        return typed

    def clean_known(self) -> str:
        """One customer we have, or none."""
        typed: str = self.cleaned_data["known"]
        if not typed:
            return typed
        found = find_customers(typed)
        if len(found) != 1:
            named = ", ".join(f"{x.id} ({x.name})" for x in found[:4])
            told = (
                f"{len(found)} customers have that: {named}. Type the number."
                if found
                else "No customer has that."
            )
            raise forms.ValidationError(told)
        self.customer = found[0]
        return typed

    def clean(self) -> dict[str, Any]:
        """A customer, new or known; an address whole or not at all."""
        typed = super().clean() or {}
        if not typed.get("known") and not typed.get("name") and "known" not in self.errors:
            self.add_error("name", "Type the name of the new customer, or choose one we have.")
        if typed.get("mail_line_1"):
            for part in ("mail_city", "mail_state", "mail_zip"):
                if not typed.get(part):
                    self.add_error(part, "Fill this in; the mailing address is not whole.")
        return typed

    def new_customer(self) -> NewCustomer | None:
        """The customer to make, mail going to the service address unless another was typed."""
        if self.customer is not None:
            return None
        typed, at = self.cleaned_data, self.place
        own = bool(typed["mail_line_1"])
        return NewCustomer(
            name=typed["name"],
            mail_line_1=typed["mail_line_1"] or at.address,
            mail_line_2=typed["mail_line_2"],
            mail_city=typed["mail_city"] if own else at.city,
            mail_state=typed["mail_state"] if own else at.state,
            mail_zip=typed["mail_zip"] if own else at.zip_code,
            email=typed["email"],
            phone=typed["phone"],
        )


@page("customers.edit")
def opening(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new account."""
    today = clock.today(request.utility.tz)
    first = {"starts": today, "category": "residential", "location": request.GET.get("location", "")}
    first["known"] = request.GET.get("known", "")
    context = {
        "form": shown(request, lambda: OpenForm(initial=first)),
        "assigned": bool(policies.value_on(NUMBER_PATTERN, today)),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "accounts/open.html", context)


@opening.posted("customers.edit")
def open_posted(request: UtilityRequest) -> HttpResponseBase:
    """Open it and go to it."""
    with read_only():
        form = checked(request, OpenForm(request.POST))
    typed = form.cleaned_data
    try:
        made = perform(
            request,
            open_for,
            location_id=form.place.id,
            starts=typed["starts"],
            customer_id=form.customer.id if form.customer else None,
            new_customer=form.new_customer(),
            ssn=Typed(SSN, typed["ssn"]) if typed["ssn"] else None,
            licence=Typed(LICENCE, typed["licence"]) if typed["licence"] else None,
            owed_reason=typed["owed_reason"],
            number=typed["number"],
            category=typed["category"],
        )
    except Refused as refused:
        refused.field = {"customer_id": "known", "location_id": "location"}.get(refused.field, refused.field)
        raise
    with read_only():
        number = Account.objects.values_list("number", flat=True).get(id=made)
    messages.success(request, f"Account {number} is open from {typed['starts']:%b %-d, %Y}.")
    return redirect("customers:account", number=number)


@page("customers.view")
def customer_options(request: UtilityRequest) -> HttpResponseBase:
    """Customers for a field that is being typed in (``?known=``): options of a data list."""
    found = find_customers(request.GET.get("known", ""))
    options = [(str(c.id), f"{c.name}, {c.mail_line_1}") for c in found]
    return TemplateResponse(request, "meters/options.html", {"options": options})
