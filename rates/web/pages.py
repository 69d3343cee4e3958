"""Rate tables: the list, one table with its versions, one version to read, try, and put in force."""

import json
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from core import clock
from core.acting import names_of
from core.errors import Refused
from core.periods import Period
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest, is_htmx
from core.web.views import checked, fresh_key, page, perform, shown
from rates.models import RateTable, RateVersion
from rates.operations import create_table, draft_version
from rates.queries import holds_on, table_called, tables_on, versions_of
from rates.web.cards import cards_of, verbs_of
from rates.web.reading import arranged, read_out
from rates.web.trial import trial_of

SERVICES = (
    ("water", "Water"), ("sewer", "Sewer"), ("electric", "Electric"), ("gas", "Gas"), ("refuse", "Refuse"),
    ("drainage", "Drainage"), ("light", "Street light"), ("irrigation", "Irrigation"),
)  # fmt: skip


class RateFilter(django_filters.FilterSet):
    """By code or name, and service."""

    find = django_filters.CharFilter(label="Code or name", method="by_words")
    service_type = django_filters.ChoiceFilter(label="Service", choices=SERVICES, empty_label="All services")

    class Meta:
        model = RateTable
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[RateTable], name: str, typed: str) -> QuerySet[RateTable]:
        """Each word in the code or the name."""
        for word in typed.split():
            rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word))
        return rows


def _rows(request: HttpRequest) -> QuerySet[RateTable]:
    return tables_on(clock.today(request.utility.tz))  # type: ignore[attr-defined]  # a UtilityRequest


def _list_verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may  # type: ignore[attr-defined]  # a UtilityRequest
    new = [Verb("Taxes and riders", reverse("rates:shared"), "coins", "t")]
    if may("rates.edit"):
        new.append(Verb("Bring in", reverse("rates:bring_in"), "file-import", "i"))
        new.append(Verb("New rate table", reverse("rates:new"), "plus", "n", main=True))
    return [Verb("What if", reverse("what_if:what_ifs"), "scale", "w"), *new] if may("bills.view") else new


RATES = ListPage(
    name="rates",
    title="Rates",
    about="What is charged, by dated versions. One person prepares a version, another puts it in force.",
    noun="rate tables",
    columns=(
        Column("code", "Code", kind="code", sort="code"),
        Column("name", "Name", sort="name"),
        Column(
            "service",
            "Service",
            lambda row: dict(SERVICES).get(row.service_type, row.service_type),
            sort="service_type",
        ),
        Column("in_force", "In force since", kind="date", sort="in_force"),
        Column("until", "Until", kind="date", sort="until"),
        Column("drafts", "Drafts", kind="number", sort="drafts"),
        Column("versions", "Versions", kind="number", sort="versions"),
    ),
    rows=_rows,
    filters=RateFilter,
    opens=lambda row: reverse("rates:table", args=[row.code]),
    order="code",
    verbs=_list_verbs,
    empty=Empty(
        "No rate tables yet", "A rate table says what a service costs, in dated versions.", "receipt-tax"
    ),
)

rate_list = page("rates.view")(list_view(RATES))


class TableForm(forms.Form):
    """A new rate table."""

    code = forms.CharField(label="Code", max_length=20, help_text="Short, as on the ordinance: W-RES.")
    name = forms.CharField(label="Name", max_length=120)
    service_type = forms.ChoiceField(label="Service", choices=SERVICES)


class VersionForm(forms.Form):
    """A version: its days and its content."""

    starts = forms.DateField(label="From", widget=DayInput, help_text="The first day it prices.")
    ends = forms.DateField(
        label="Until",
        widget=DayInput,
        required=False,
        help_text="The first day after it. Empty: until further notice.",
    )
    source = forms.CharField(
        label="Source", max_length=300, required=False, help_text="The ordinance or page it was taken from."
    )
    content = forms.CharField(
        label="The table",
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false", "class": "code-input"}),
        help_text="As JSON. Numbers stand in quotes, so that no cent is lost.",
    )  # fmt: skip

    def clean_content(self) -> dict[str, Any]:
        """The content read as JSON; what it says is judged by the rate engine."""
        try:
            content = json.loads(self.cleaned_data["content"])
        except json.JSONDecodeError as wrong:
            raise forms.ValidationError(
                f"Line {wrong.lineno}, character {wrong.colno}: {wrong.msg}. Correct it there."
            ) from wrong
        if not isinstance(content, dict):
            raise forms.ValidationError("The table is an object. Write { … } around its entries.")
        return content


@page("rates.edit")
def new_table(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new rate table."""
    context = {
        "title": "New rate table",
        "about": "The table first; what it charges follows in its first version.",
        "form": shown(request, TableForm),
        "submit": "Make the table",
        "key": fresh_key(request),
        "back": reverse("rates:rates"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@new_table.posted("rates.edit")
def make_table(request: UtilityRequest) -> HttpResponseBase:
    """Make it, and go on to its first version."""
    typed = checked(request, TableForm(request.POST)).cleaned_data
    perform(request, create_table, **typed)
    return redirect("rates:begin", code=typed["code"])


def _worked(request: UtilityRequest, found: RateVersion, day: date) -> HttpResponseBase:
    """Only what the trial comes to, for a page that is open."""
    context = {"trial": trial_of(found.content, day, request.GET.dict())}
    response = TemplateResponse(request, "rates/trial_result.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@page("rates.view")
def table(request: UtilityRequest, code: str) -> HttpResponseBase:
    """One table: the version in force read out, and every version it had."""
    found = table_called(code)
    today = clock.today(request.utility.tz)
    versions = versions_of(found)
    current = next((v for v in versions if holds_on(v, today)), None)
    if is_htmx(request) and current:
        return _worked(request, current, today)
    names = names_of([v.prepared_by for v in versions] + [v.activated_by for v in versions])
    rows = [
        {
            "version": v,
            "period": Period(v.starts, v.ends),
            "state": "in_force" if v == current else v.state,
            "prepared": names.get(v.prepared_by, v.prepared_by),
            "activated": names.get(v.activated_by, ""),
        }
        for v in versions
    ]
    may = request.actor.may("rates.edit")
    verbs = [Verb("New version", reverse("rates:begin", args=[code]), "plus", "n", main=True)] if may else []
    file_verbs = [Verb("As a file", reverse("rates:table_file", args=[code]), "download")] if rows else []
    context = {
        "table": found,
        "service": dict(SERVICES).get(found.service_type, found.service_type),
        "rows": rows,
        "current": current,
        "shown": read_out(current.content) if current else None,
        "trial": trial_of(current.content, today, request.GET.dict()) if current else None,
        "verbs": [*verbs, *verbs_of(request, found), *file_verbs],
        "cards": cards_of(request, found),
    }
    return TemplateResponse(request, "rates/table.html", context)


def _version_form(request: UtilityRequest, found: RateTable) -> VersionForm:
    last = next((v for v in versions_of(found) if v.state != "withdrawn"), None)
    content = last.content if last else _empty_content(found)
    text = json.dumps(arranged(content), indent=2, ensure_ascii=False)
    return VersionForm(initial={"content": text, "source": last.source if last else ""})


def _empty_content(found: RateTable) -> dict[str, Any]:
    charge = {
        "id": "service",
        "kind": "fixed",
        "text": "Service charge",
        "revenue_code": "OTHER",
        "amount": "0.00",
    }
    return {"name": found.name, "service_type": found.service_type, "components": [charge]}


@page("rates.edit")
def new_version(request: UtilityRequest, code: str) -> HttpResponseBase:
    """The form of a new version, filled with the last one."""
    found = table_called(code)
    context = {
        "table": found,
        "form": shown(request, lambda: _version_form(request, found)),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "rates/new_version.html", context)


@new_version.posted("rates.edit")
def keep_version(request: UtilityRequest, code: str) -> HttpResponseBase:
    """Keep it as a draft; what the engine cannot read is shown at the table, naming the place in it."""
    with read_only():
        found = table_called(code)
    typed = checked(request, VersionForm(request.POST)).cleaned_data
    try:
        made = perform(request, draft_version, table_id=found.id, **typed)
    except Refused as refused:
        if refused.field not in ("starts", "ends", "source"):
            refused.field = "content"
        raise
    messages.success(request, "The version is kept as a draft. A second person puts it in force.")
    return redirect("rates:version", code=code, version_id=made)
