"""Changing a move-in that waits: another day, other services."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.models import MoveIn
from customers.move_in import Wished, change_move_in, move_in_values
from customers.web.move_in import ServicesWished, move_ins, rates_wished


class ChangeForm(forms.Form):
    """The day they come, and what they want."""

    starts = DayField(label="Moves in", widget=DayInput({"autofocus": True}))

    def __init__(self, *args: Any, rates: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"] = ServicesWished(rates)


@page("customers.edit")
def change(request: UtilityRequest, move_in_id: int) -> HttpResponseBase:
    """The form of another day or other services."""
    row = move_ins().get(id=move_in_id)
    account, values = row.account, move_in_values(row)
    context = {
        "title": f"Change when {account.customer.name} moves in",
        "about": f"{account.location.address}, {account.location.city}. The account takes over by itself on"
        " the day; a deposit stays with it.",
        "form": shown(request, lambda: ChangeForm(initial=values, rates=rates_wished(request))),
        "submit": "Save",
        "key": fresh_key(request),
        "seen": seen_mark(request, values),
        "back": reverse("customers:account", args=[account.number]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@change.posted("customers.edit")
def put(request: UtilityRequest, move_in_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        row: MoveIn = move_ins().get(id=move_in_id)
        typed = checked(request, ChangeForm(request.POST, rates=rates_wished(request))).cleaned_data
    kept = set(typed["services"]) == set(move_in_values(row)["services"])
    perform(
        request,
        change_move_in,
        move_in_id=move_in_id,
        starts=typed["starts"],
        services=None if kept else [Wished(int(rate)) for rate in typed["services"]],
        seen=seen_sent(request),
    )
    messages.success(request, f"{row.account.customer.name} comes on {typed['starts']:%b %-d, %Y}.")
    return redirect("customers:account", number=row.account.number)
