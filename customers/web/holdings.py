"""Which locations a landlord has: naming one, the landlord agreement, the end of it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.errors import Refused
from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.landlord_queries import holdings
from customers.landlords import change_holding, give_location, holding_values
from customers.models import Landlord
from customers.web.look_up import LookUpInput, one_of
from meters.models import Location
from meters.queries import find_locations

_ROUTE = "customers:landlord"


class AgreementForm(forms.Form):
    """The landlord agreement of a location."""

    reverts = forms.BooleanField(
        label="Landlord agreement", required=False,
        help_text="While nobody lives there, the landlord answers for it and gets the bills.",
    )  # fmt: skip
    agreed_on = DayField(label="Agreed on", widget=DayInput, required=False)


class HoldingForm(AgreementForm):
    """A location that a landlord has."""

    location = forms.CharField(
        label="Location", max_length=120, help_text="Its code, or enough of its address to mean one.",
        widget=LookUpInput("meters:location_options", {"autofocus": True}),
    )  # fmt: skip
    starts = DayField(label="From", widget=DayInput, help_text="The first day the landlord has it.")
    field_order = ("location", "starts", "reverts", "agreed_on")
    place: Location

    def clean_location(self) -> str:
        """One location."""
        typed: str = self.cleaned_data["location"]
        self.place = one_of(find_locations(typed), typed, "location", "code")
        return typed


class HoldingChangeForm(AgreementForm):
    """The agreement, and the end of having the location."""

    ends = DayField(
        label="Until", widget=DayInput, required=False,
        help_text="The first day on which the landlord has it no more; empty while it goes on.",
    )  # fmt: skip


@page("customers.edit")
def holding_new(request: UtilityRequest, landlord_id: int) -> HttpResponseBase:
    """The form of a location that a landlord has."""
    landlord = Landlord.objects.get(id=landlord_id)
    first = {
        "starts": clock.today(request.utility.tz),
        "location": request.GET.get("location", ""),
    }
    context = {
        "title": f"A location of {landlord.name}",
        "about": "The location, from which day on, and whether its bills revert between tenants.",
        "form": shown(request, lambda: HoldingForm(initial=first)),
        "submit": "Add the location",
        "key": fresh_key(request),
        "back": reverse(_ROUTE, args=[landlord_id]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@holding_new.posted("customers.edit")
def holding_add(request: UtilityRequest, landlord_id: int) -> HttpResponseBase:
    """Link the location to the landlord."""
    with read_only():
        form = checked(request, HoldingForm(request.POST))
    typed = form.cleaned_data
    try:
        perform(
            request,
            give_location,
            landlord_id=landlord_id,
            location_id=form.place.id,
            starts=typed["starts"],
            reverts=typed["reverts"],
            agreed_on=typed["agreed_on"],
        )
    except Refused as refused:
        refused.field = {"location_id": "location"}.get(refused.field, refused.field)
        raise
    messages.success(request, f"{form.place.address} is among the landlord’s locations.")
    return redirect(_ROUTE, landlord_id=landlord_id)


@page("customers.edit")
def holding(request: UtilityRequest, holding_id: int) -> HttpResponseBase:
    """The form of the agreement and the end."""
    row = holdings().get(id=holding_id)
    first = holding_values(row)
    context = {
        "title": f"{row.location.address}, {row.landlord.name}",
        "about": f"The landlord has it from {row.starts:%b %-d, %Y}.",
        "form": shown(request, lambda: HoldingChangeForm(initial=first)),
        "submit": "Save",
        "key": fresh_key(request),
        "seen": seen_mark(request, first),
        "back": reverse(_ROUTE, args=[row.landlord_id]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@holding.posted("customers.edit")
def holding_put(request: UtilityRequest, holding_id: int) -> HttpResponseBase:
    """Set the agreement and the end."""
    with read_only():
        landlord_id = holdings().get(id=holding_id).landlord_id
    typed = checked(request, HoldingChangeForm(request.POST)).cleaned_data
    perform(
        request,
        change_holding,
        holding_id=holding_id,
        reverts=typed["reverts"],
        agreed_on=typed["agreed_on"],
        ends=typed["ends"],
        seen=seen_sent(request),
    )
    messages.success(request, "The agreement is set.")
    return redirect(_ROUTE, landlord_id=landlord_id)
