"""Changing a service: its rate first, then what that rate asks for, from when it counts, and its days."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.errors import NotFound, Refused
from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.models import Account, Service
from customers.queries import account_called
from customers.service_file import change_service, service_values, unbilled_from
from customers.web.services import AskedForm, content_on
from meters.models import ServiceType
from rates.models import RateTable
from rates.web.rate_field import RateField


class ChosenRateForm(forms.Form):
    """Another rate of the same kind of service."""

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rate"] = RateField(kind, help_text="Type the code or a part of the name.")


class ChangeServiceForm(AskedForm):
    """What a service says at one rate, and its days."""

    units = forms.DecimalField(
        label="Units", max_digits=10, decimal_places=3, min_value=Decimal(0),
        help_text="Dwellings or equal units behind it; usually 1.",
    )  # fmt: skip

    def __init__(self, service: Service, rate: RateTable, content: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service, self.rate = service, rate
        self.ask(content, service.attributes)
        first = day_text(unbilled_from(service))
        self.fields["since"] = DayField(
            label="The change counts from", widget=DayInput, required=False,
            help_text=f"Empty: from {first}, everything that is not billed yet.",
        )  # fmt: skip
        billed = unbilled_from(service) != service.starts or service.billed_to is not None
        stays = f" It is billed up to {first}, so this stays." if billed else ""
        self.fields["starts"] = DayField(
            label="First day", widget=DayInput, help_text=f"The first day it is charged.{stays}"
        )
        self.fields["ends"] = DayField(
            label="Ends", widget=DayInput, required=False,
            help_text="The first day it is not charged any more; empty: it goes on.",
        )  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """What the form says, as the operation takes it."""
        typed, attributes = self.cleaned_data, self.attributes()
        if self.rate.id == self.service.rate_id:
            # What the service says beside what its rate asks for stays.
            attributes = {**self.service.attributes, **attributes}
        return {
            "rate_id": self.rate.id,
            "units": typed["units"],
            "attributes": attributes,
            "starts": typed["starts"],
            "ends": typed["ends"],
        }


def _service(number: str, service_id: int) -> tuple[Account, Service]:
    account = account_called(number)
    rows = Service.objects.filter(account=account, id=service_id)
    service = rows.select_related("rate", "service_point", "account").first()
    if service is None:
        raise NotFound("There is no such service on this account.", "Choose it on the account’s page.")
    return account, service


def _rate(request: UtilityRequest, service: Service) -> tuple[ChosenRateForm, RateTable]:
    """The rate that the address names, else the one that the service has; and the form that chooses it."""
    named = request.GET.get("rate")
    data = {"rate": named} if named else None
    asked = ChosenRateForm(service.service_type, data, initial={"rate": service.rate.code})
    if data and not asked.is_valid():
        return asked, service.rate
    chosen: RateTable = asked.cleaned_data["rate"] if data else service.rate
    return ChosenRateForm(service.service_type, initial={"rate": chosen.code}), chosen


def _form(request: UtilityRequest, service: Service, rate: RateTable, data: Any = None) -> ChangeServiceForm:
    content = content_on(rate, clock.today(request.utility.tz))
    values = service_values(service)
    units = Decimal(format(service.units.normalize(), "f"))
    return ChangeServiceForm(service, rate, content, data, initial={**values, "units": units})


@page("customers.edit")
def change(request: UtilityRequest, number: str, service_id: int) -> HttpResponseBase:
    """The service as it is, at its rate or another one."""
    account, service = _service(number, service_id)
    asked, rate = _rate(request, service)
    today = clock.today(request.utility.tz)
    context = {
        "account": account,
        "service": service,
        "name": str(ServiceType(service.service_type).label),
        "asked": asked,
        "rate": rate,
        "other": rate.id != service.rate_id,
        "priced": bool(content_on(rate, today)),
        "first": unbilled_from(service),
        "over": service.ends is not None and service.ends <= unbilled_from(service),
        "form": shown(request, lambda: _form(request, service, rate)),
        "key": fresh_key(request),
        "seen": seen_mark(request, service_values(service)),
        "back": reverse("customers:account", args=[number]) + "?tab=services",
    }
    return TemplateResponse(request, "accounts/service_change.html", context)


@change.posted("customers.edit")
def put(request: UtilityRequest, number: str, service_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        _, service = _service(number, service_id)
        _, rate = _rate(request, service)
        form = checked(request, _form(request, service, rate, request.POST))
    try:
        perform(
            request, change_service, service_id=service.id, changes=form.changes(),
            since=form.cleaned_data["since"], seen=seen_sent(request),
        )  # fmt: skip
    except Refused as refused:
        refused.field = {"rate_id": "", "attributes": ""}.get(refused.field, refused.field)
        raise
    name = str(ServiceType(service.service_type).label)
    messages.success(request, f"The {name.lower()} service of account {number} is changed.")
    return redirect(reverse("customers:account", args=[number]) + "?tab=services")
