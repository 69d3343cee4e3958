"""Putting a service on an account: its rate first, then what that rate asks for."""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from core import clock
from core.errors import Refused
from core.reading import read_only
from core.ui.fields import DayInput
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from customers.models import Account, Service
from customers.operations import add_service
from customers.queries import account_called
from meters.queries import points_of
from rates.engine import TariffError, parse_tariff
from rates.models import RateTable
from rates.queries import holds_on, versions_of
from rates.web.rate_field import RateField
from rates.web.reading import choices_in, plain_name

KNOWN = frozenset({"bank_draft", "class", "location", "meter_size", "units"})
"""What a bill takes from the account, its place and its meter; a service need not say it."""

_ON_THE_METER = re.compile(r"([a-z0-9_]+_)?(kw|kva|kvarh|kwh)")
"""Figures that a bill reads on registers of these units; one kept with the service comes before them."""


class AskedForm(forms.Form):
    """A form that asks what a rate asks for: ``is_…`` for words, ``n_…`` for figures."""

    def ask(self, content: dict[str, Any], before: Mapping[str, Any] | None = None) -> None:
        """Add a field for everything that the rate asks for; ``before`` is what the service says already."""
        try:
            tariff = parse_tariff(content)
        except TariffError:
            return
        listed = choices_in(content)
        for name in sorted(set(tariff.attributes) - KNOWN):
            label, options = plain_name(name).capitalize(), listed.get(name)
            self.fields[f"is_{name}"] = (
                forms.ChoiceField(label=label, choices=_choices(options, name, before))
                if options
                else forms.CharField(label=label, max_length=40)
            )
        for name in sorted(set(tariff.numbers) - KNOWN):
            read = _ON_THE_METER.fullmatch(name) is not None
            self.fields[f"n_{name}"] = forms.CharField(
                label=plain_name(name).capitalize(), max_length=20, required=not read,
                help_text="Empty: as read on the meter." if read else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Figures are figures."""
        typed = super().clean() or {}
        for name in [n for n in typed if n.startswith("n_") and typed[n]]:
            try:
                Decimal(str(typed[name]).replace(",", ""))
            except InvalidOperation:
                self.add_error(name, "Type a number, such as 1 or 2,500.")
        return typed

    def attributes(self) -> dict[str, Any]:
        """What the rate asks for, as a service keeps it: words, and figures that stay exact."""
        typed = self.cleaned_data
        words = {n.removeprefix("is_"): v for n, v in typed.items() if n.startswith("is_")}
        counts = {n.removeprefix("n_"): _number(v) for n, v in typed.items() if n.startswith("n_") and v}
        return {**words, **counts}


def _choices(options: list[str], name: str, before: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What the rate knows; on a change also what the service says, and nothing when it says nothing."""
    if before is None:
        return [(v, v) for v in options]
    said = before.get(name)
    if said is None:
        return [("", "Choose …"), *((v, v) for v in options)]
    return [(v, v) for v in (options if said in options else [*options, str(said)])]


class ServiceForm(AskedForm):
    """A service of one rate."""

    starts = forms.DateField(label="From", widget=DayInput, help_text="The first day it is charged.")
    point = forms.TypedChoiceField(label="Service point", coerce=int, required=False, empty_value=None)
    units = forms.DecimalField(
        label="Units", max_digits=10, decimal_places=3, min_value=Decimal(0), initial=Decimal(1),
        help_text="Dwellings or equal units behind it; usually 1.",
    )  # fmt: skip

    def __init__(
        self, account: Account, rate: RateTable, content: dict[str, Any], *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        points = [p for p in points_of(account.location) if p.service_type == rate.service_type]
        self.fields["point"] = forms.TypedChoiceField(
            label="Service point", coerce=int, required=False, empty_value=None,
            choices=[("", "None: a flat charge"), *((p.id, p.code) for p in points)],
            help_text="Where its meter sits; none for what is not measured.",
        )  # fmt: skip
        if len(points) == 1:
            self.fields["point"].initial = points[0].id
        self.ask(content)


def _number(typed: str) -> Any:
    """The figure as JSON keeps it: just as it comes back from the database."""
    return json.loads(format(Decimal(typed.replace(",", "")).normalize(), "f"))


class RateForm(forms.Form):
    """Which rate: typed by code or name."""

    rate = RateField(help_text="Type the code or a part of the name.")


def content_on(rate: RateTable, day: date) -> dict[str, Any]:
    """The table of that day, empty when no version is in force."""
    version = next((v for v in versions_of(rate) if holds_on(v, day)), None)
    return version.content if version else {}


def _rate(request: UtilityRequest) -> tuple[RateForm, RateTable | None, dict[str, Any]]:
    """The rate that the address names (with its form), and its table of today."""
    asked = RateForm(request.GET if request.GET.get("rate") else None)
    rate = asked.cleaned_data["rate"] if asked.is_bound and asked.is_valid() else None
    asked = RateForm(initial={"rate": rate.code}) if rate else asked
    return asked, rate, content_on(rate, clock.today(request.utility.tz)) if rate else {}


@page("customers.edit")
def new(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Choose the rate, then say what it asks for."""
    account, today = account_called(number), clock.today(request.utility.tz)
    asked, rate, content = _rate(request)
    form = (
        shown(request, lambda: ServiceForm(account, rate, content, initial={"starts": today}))
        if rate
        else None
    )
    twice = rate is not None and Service.objects.filter(account=account, ends=None, rate=rate).exists()
    context = {
        "account": account,
        "rate": rate,
        "priced": bool(content),
        "asked": asked,
        "twice": twice,
        "form": form,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "accounts/service_new.html", context)


@new.posted("customers.edit")
def put_on(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Put it on the account."""
    with read_only():
        account = account_called(number)
        _, rate, content = _rate(request)
        if rate is None:
            raise Refused("No rate is chosen.", "Choose one from the list.")
        form = checked(request, ServiceForm(account, rate, content, request.POST))
    typed = form.cleaned_data
    try:
        perform(
            request,
            add_service,
            account_id=account.id,
            rate_id=rate.id,
            starts=typed["starts"],
            service_point_id=typed["point"],
            units=typed["units"],
            attributes=form.attributes(),
        )
    except Refused as refused:
        refused.field = {"service_point_id": "point"}.get(refused.field, refused.field)
        raise
    messages.success(request, f"{rate.name} is charged from {typed['starts']:%b %-d, %Y}.")
    return redirect(f"/accounts/{number}/?tab=services")
