"""Periods on screen: the list, a new one, and closing one for good."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.acting import names_of
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from ledger.api.balances import trial_balance
from ledger.closing import look_before_closing
from ledger.models import FiscalPeriod, Journal
from ledger.periods import add_period, close_period

DAY = timedelta(days=1)
CLOSE = "ledger.period.close"


def last_day(row: FiscalPeriod) -> date:
    """The last day that is the period's own."""
    return row.ends - DAY


def _rows(request: HttpRequest) -> QuerySet[FiscalPeriod]:
    return FiscalPeriod.objects.all()


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may  # type: ignore[attr-defined]  # a UtilityRequest
    return [Verb("New period", reverse("ledger:period_new"), "plus", "n", main=True)] if may(CLOSE) else []


PERIODS = ListPage(
    name="periods",
    title="Periods",
    about="What lies in a closed period never changes; corrections are dated in an open one.",
    noun="periods",
    columns=(
        Column("starts", "First day", kind="date", sort="starts"),
        Column("last", "Last day", last_day, kind="date", sort="ends"),
        Column("state", "State", lambda row: "closed" if row.closed_at else "open", kind="status"),
        Column("closed_at", "Closed", kind="moment", sort="closed_at"),
    ),
    rows=_rows,
    filters=None,
    opens=lambda row: reverse("ledger:period", args=[row.pk]),
    order="-starts",
    verbs=_verbs,
    empty=Empty(
        "No periods yet", "A period is a month of the books that can be closed for good.", "calendar",
        Verb("New period", "/ledger/periods/new/", "plus"),
    ),
    template="ledger/list.html",
)  # fmt: skip

period_list = page("ledger.view")(list_view(PERIODS))


class PeriodForm(forms.Form):
    """First and last day."""

    starts = DayField(label="First day", widget=DayInput)
    ends = DayField(label="Last day", widget=DayInput)


def _next_month() -> dict[str, date]:
    """The month after the last period, or that of the first journal."""
    last = FiscalPeriod.objects.order_by("-ends").first()
    first = Journal.objects.order_by("on").first()
    if last is None and first is None:
        return {}
    starts = last.ends if last else first.on.replace(day=1) if first else date.min
    return {"starts": starts, "ends": (starts.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY}


@page(CLOSE)
def new_period(request: UtilityRequest) -> HttpResponseBase:
    """The form for a period."""
    context = {
        "title": "New period",
        "about": "Usually a month. It stays open until somebody closes it.",
        "form": shown(request, lambda: PeriodForm(initial=_next_month())),
        "submit": "Add the period",
        "back": reverse("ledger:periods"),
        "outcome_url": reverse("core:outcome"),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "form.html", context)


@new_period.posted(CLOSE)
def add(request: UtilityRequest) -> HttpResponseBase:
    """Add it."""
    given = checked(request, PeriodForm(request.POST)).cleaned_data
    made = perform(request, add_period, starts=given["starts"], ends=given["ends"] + DAY)
    return redirect("ledger:period", period_id=made)


@page("ledger.view")
def period(request: UtilityRequest, period_id: int) -> HttpResponseBase:
    """One period: what is not done yet, and the trial balance at its end."""
    found = FiscalPeriod.objects.get(id=period_id)
    looks = [] if found.closed_at else look_before_closing(found.starts, found.ends)
    blocked = any(looked.state == "blocked" for looked in looks)
    journals = Journal.objects.filter(on__gte=found.starts, on__lt=found.ends)
    context: dict[str, Any] = {
        "period": found,
        "last_day": last_day(found),
        "state": "closed" if found.closed_at else "open",
        "closed_by": names_of([found.closed_by]).get(found.closed_by, "") if found.closed_at else "",
        "looks": looks,
        "may_close": not found.closed_at and request.actor.may(CLOSE),
        "why_not": "Settle what blocks it first." if blocked else "",
        "journals": journals.count(),
        "balance": trial_balance(last_day(found)),
        "problem": request.refused,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/period.html", context)


@form(CLOSE, again=period)
def close(request: UtilityRequest, period_id: int) -> HttpResponseBase:
    """Close it for good."""
    perform(request, close_period, period_id=period_id)
    with read_only():
        found = FiscalPeriod.objects.get(id=period_id)
    messages.success(
        request, f"The period to {last_day(found):%b} {last_day(found).day} is closed. Nothing in it changes."
    )
    return redirect("ledger:period", period_id=period_id)
