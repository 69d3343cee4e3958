"""Taxes and riders on screen: what each is in which table, and changing one in all of them."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

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
from core.web.views import checked, form, fresh_key, page, perform, shown
from rates.models import RateVersion
from rates.shared.operations import activate_together, change_shared_value
from rates.shared.queries import In, Shared, exempt_counts, shared_value, shared_values
from rates.shared.values import KINDS, Kind

EXEMPT = "/accounts/exempt/"


def _today(request: UtilityRequest) -> date:
    return clock.today(request.utility.tz)


def words_of(kind: Kind, value: Decimal | None, per: str = "") -> str:
    """A value as people read it: ``6.25 %``, ``0.0321 per 1000``."""
    if value is None:
        return "differs"
    return " ".join(part for part in (f"{value:f}", kind.unit, per) if part)


def _row(one: Shared, exempt: dict[str, int]) -> dict[str, Any]:
    kind = KINDS[one.kind]
    per = one.tables[0].held.per
    return {
        "shared": one,
        "value": words_of(kind, one.value, per) if one.value is not None else "",
        "values": _by_value(kind, one),
        "exempt": exempt.get(one.name, 0),
        "exempt_url": f"{EXEMPT}?{urlencode({'code': one.name})}",
        "change": f"{reverse('rates:shared_change')}?{urlencode({'kind': one.kind, 'name': one.name})}",
    }


def _by_value(kind: Kind, one: Shared) -> list[tuple[str, str]]:
    """The values of tables that differ, each with its tables."""
    found: dict[str, list[str]] = {}
    for table in one.tables:
        words = words_of(kind, table.held.value, table.held.per)
        found.setdefault("by its rows" if table.held.value is None else words, []).append(table.code)
    return [(words, ", ".join(codes)) for words, codes in found.items()]


@page("rates.view")
def shared(request: UtilityRequest) -> HttpResponseBase:
    """Every tax and rider of the tables in force, and the drafts that wait."""
    rows = shared_values(_today(request))
    exempt = exempt_counts()
    waiting = list(
        RateVersion.objects.filter(state="draft").select_related("table").order_by("starts", "table__code")
    )
    context = {
        "taxes": [_row(s, exempt) for s in rows if s.kind == "tax"],
        "riders": [_row(s, exempt) for s in rows if s.kind == "rider"],
        "waiting": [v for v in waiting if v.prepared_by != request.actor.ref],
        "own": [v for v in waiting if v.prepared_by == request.actor.ref],
        "may_edit": request.actor.may("rates.edit"),
        "may_activate": request.actor.may("rates.activate"),
        "refused": request.refused,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "rates/shared.html", context)


class SharedForm(forms.Form):
    """The new value, its first day, and the tables that take it."""

    value = forms.DecimalField(max_digits=16, decimal_places=8)
    starts = DayField(label="From", widget=DayInput, help_text="The first day it is charged.")
    rates = forms.MultipleChoiceField(label="Tables", widget=forms.CheckboxSelectMultiple)
    source = forms.CharField(
        label="Source",
        max_length=300,
        required=False,
        help_text="The resolution or notice it was taken from.",
    )

    def __init__(self, one: Shared, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = KINDS[one.kind]
        per = one.tables[0].held.per
        self.fields["value"].label = "Per cent" if kind.unit else f"Price {per}".strip()
        now = words_of(kind, one.value, per)
        self.fields["value"].help_text = f"Now {now}." if one.value is not None else "The tables differ now."
        self.fields["rates"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (t.code, _choice(kind, t)) for t in one.tables
        ]
        self.fields["rates"].initial = [t.code for t in one.tables if t.draft_id is None]


def _choice(kind: Kind, table: In) -> str:
    """A table with its value; one for which a draft waits says so."""
    waits = ", a draft waits" if table.draft_id is not None else ""
    value = words_of(kind, table.held.value, table.held.per)
    return f"{table.code}  {table.version.table.name}: {value}{waits}"


def _asked(request: UtilityRequest) -> Shared | None:
    """The tax or rider that the address names, if a table in force has it."""
    kind, name = request.GET.get("kind", ""), request.GET.get("name", "")
    return shared_value(kind, name, _today(request)) if name else None


@page("rates.edit")
def change(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new value; back to the list without one that is there."""
    one = _asked(request)
    if one is None:
        return redirect("rates:shared")
    context = {
        "title": f"Change {one.text}",
        "about": "From that day on, in each table ticked. A second person puts the versions in force.",
        "form": shown(request, lambda: SharedForm(one)),
        "submit": "Prepare the versions",
        "key": fresh_key(request),
        "back": reverse("rates:shared"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@change.posted("rates.edit")
def put(request: UtilityRequest) -> HttpResponseBase:
    """Prepare them."""
    with read_only():
        one = _asked(request)
    if one is None:
        raise Refused("No table in force has that tax or rider.", "Choose one from the list.")
    typed = dict(checked(request, SharedForm(one, request.POST)).cleaned_data)
    made = perform(request, change_shared_value, kind=one.kind, name=one.name, **typed)
    many = "1 version waits" if len(made) == 1 else f"{len(made)} versions wait"
    messages.success(request, f"{one.text}: {many} for a second person.")
    return redirect("rates:shared")


@form("rates.activate", again=shared)
def activate(request: UtilityRequest) -> HttpResponseBase:
    """Put the drafts that are ticked in force."""
    ids = [int(v) for v in request.POST.getlist("version_ids") if v.isdecimal()]
    done = perform(request, activate_together, version_ids=ids)
    messages.success(request, f"{len(done)} version{'' if len(done) == 1 else 's'} in force.")
    return redirect("rates:shared")
