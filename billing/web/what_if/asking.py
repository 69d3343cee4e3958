"""Asking a what-if: which bills, and for each rate table what prices instead."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.what_if.bases import latest, months_offered, rates_used, run_text, runs_offered
from billing.what_if.operations import NewTable, ask_what_if
from billing.what_if_models import WhatIf
from core.reading import read_only
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from meters.models import ServiceType
from rates.models import RateTable, RateVersion

AS_BILLED, PERCENT, FILE = "", "percent", "file"
MOST_BYTES = 1_000_000
_BASES = (
    (WhatIf.Basis.LATEST, "The latest bills of all cycles"),
    (WhatIf.Basis.RUN, "The bills of one run"),
    (WhatIf.Basis.MONTH, "All bills of a month"),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A rate table and the versions that may price instead; ``bills`` of the latest have it.

    ``others`` are the newest versions of other tables for the same service.
    """

    table: RateTable
    versions: tuple[RateVersion, ...]
    others: tuple[RateVersion, ...]
    bills: int

    @property
    def service(self) -> str:
        """The service in words."""
        return str(dict(ServiceType.choices).get(self.table.service_type, self.table.service_type))

    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen for it."""
        named = [(f"v{v.id}", _version_text(v, "the")) for v in self.versions]
        named += [(f"v{v.id}", _version_text(v, f"{v.table.code},")) for v in self.others]
        return [
            (AS_BILLED, "as billed"),
            *named,
            (PERCENT, "all its prices by a per cent…"),
            (FILE, "a file…"),
        ]


def offered() -> list[Offered]:
    """Every rate table, those that the latest bills have first; three queries."""
    used = rates_used(latest().runs)
    versions: dict[int, list[RateVersion]] = {}
    kept = RateVersion.objects.exclude(state="withdrawn").select_related("table")
    for version in kept.order_by("table__code", "-starts", "-id"):
        versions.setdefault(version.table_id, []).append(version)
    newest = [listed[0] for listed in versions.values()]
    found = [
        Offered(
            table,
            tuple(versions.get(table.id, ())),
            tuple(v for v in newest if v.table_id != table.id and v.table.service_type == table.service_type),
            used.get(table.code, 0),
        )
        for table in RateTable.objects.order_by("service_type", "code")
    ]
    return sorted(found, key=lambda one: not one.bills)


def _version_text(version: RateVersion, whose: str) -> str:
    draft = " (draft)" if version.state == "draft" else ""
    return f"by {whose} version from {day_text(version.starts)}{draft}"


class AskForm(forms.Form):
    """The question.  Each rate table has a choice, a per cent and a file."""

    name = forms.CharField(
        label="Name", max_length=120, help_text="As the council will read it: Water 4 % up from January."
    )
    basis = forms.ChoiceField(label="Bills", choices=_BASES)
    run_id = forms.TypedChoiceField(label="Run", required=False, coerce=int, empty_value=None)
    month = forms.TypedChoiceField(label="Month", required=False, coerce=date.fromisoformat, empty_value=None)
    note_text = forms.CharField(
        label="Note", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    percent_all = forms.CharField(
        label="All prices by",
        required=False,
        max_length=10,
        help_text="Per cent, for every table below that is left as billed: 4, or -2.5.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, tables: Sequence[Offered], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tables = tables
        runs = [(str(run.id), run_text(run)) for run in runs_offered()]
        months = [(day.isoformat(), f"{day:%B %Y}") for day in months_offered()]
        self._choose("run_id", runs)
        self._choose("month", months)
        for one in tables:
            code = one.table.code
            self.fields[f"how_{one.table.id}"] = forms.ChoiceField(
                label=f"{code} is priced", choices=one.choices(), required=False
            )
            self.fields[f"percent_{one.table.id}"] = forms.CharField(
                label=f"{code} per cent",
                required=False,
                max_length=10,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
            )
            self.fields[f"file_{one.table.id}"] = forms.FileField(label=f"{code} file", required=False)

    def _choose(self, name: str, listed: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose…"), *listed]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The tables with their three fields, for the page."""
        return [
            {
                "of": one,
                "how": self[f"how_{one.table.id}"],
                "percent": self[f"percent_{one.table.id}"],
                "file": self[f"file_{one.table.id}"],
            }
            for one in self.tables
        ]

    @property
    def heads(self) -> list[forms.BoundField]:
        """The fields above the tables."""
        return [self[name] for name in ("name", "basis", "run_id", "month", "note_text", "percent_all")]

    def clean_percent_all(self) -> Decimal | None:
        """The per cent, or none."""
        return _percent(self.cleaned_data["percent_all"])

    def clean(self) -> dict[str, Any]:
        """The new tables, under ``tables``."""
        found = []
        for one in self.tables:
            new = self._new(one)
            if new is not None:
                found.append(new)
        self.cleaned_data["tables"] = found
        return self.cleaned_data

    def _new(self, one: Offered) -> NewTable | None:
        table_id = one.table.id
        how = self.cleaned_data.get(f"how_{table_id}") or AS_BILLED
        typed = self.cleaned_data.get(f"percent_{table_id}", "")
        file = self.cleaned_data.get(f"file_{table_id}")
        if how.startswith("v"):
            return NewTable(table_id, version_id=int(how[1:]))
        if how == FILE or (how == AS_BILLED and file):
            content = self._content(f"file_{table_id}", file)
            return NewTable(table_id, content=content) if content is not None else None
        if how == PERCENT or (how == AS_BILLED and typed):
            try:
                percent = _percent(typed)
            except forms.ValidationError as wrong:
                self.add_error(f"percent_{table_id}", wrong)
                return None
            if percent is None:
                self.add_error(f"percent_{table_id}", "Type the per cent: 4, or -2.5.")
                return None
            return NewTable(table_id, percent=percent)
        everything = self.cleaned_data.get("percent_all")
        return NewTable(table_id, percent=everything) if everything is not None and one.versions else None

    def _content(self, name: str, file: Any) -> dict[str, Any] | None:
        if not file:
            self.add_error(name, "Choose the file of the table, as it is downloaded from a version.")
            return None
        if file.size > MOST_BYTES:
            self.add_error(name, "The file is too large for a rate table. Choose another.")
            return None
        try:
            content = json.loads(file.read().decode())
        except ValueError as wrong:
            self.add_error(name, f"The file cannot be read as JSON: {wrong}.")
            return None
        if not isinstance(content, dict):
            self.add_error(name, "The file is not one rate table. Choose a file that begins with {.")
            return None
        return content


def _percent(typed: str) -> Decimal | None:
    text = typed.replace("%", "").replace("+", "").replace(",", "").strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found.as_tuple().exponent < -3:  # type: ignore[operator]  # finite: a number
        raise forms.ValidationError("Type a per cent like 4 or -2.5.")
    return found


def _form(request: UtilityRequest) -> AskForm:
    asked = {f"how_{key[1:]}": f"v{value}" for key, value in request.GET.items() if key.startswith("t")}
    first = {"name": request.GET.get("name", ""), "basis": request.GET.get("basis", WhatIf.Basis.LATEST)}
    return AskForm(offered(), initial={**first, "run_id": request.GET.get("run", ""), **asked})


@page("rates.what_if")
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a question; the address may choose versions, as ``?t12=40`` for table 12."""
    context = {
        "form": shown(request, lambda: _form(request)),
        "key": fresh_key(request),
        "back": reverse("what_if:what_ifs"),
    }
    return TemplateResponse(request, "what_if/new.html", context)


@new.posted("rates.what_if")
def ask(request: UtilityRequest) -> HttpResponseBase:
    """Ask it; the work goes on as a job."""
    with read_only():
        made = AskForm(offered(), request.POST, request.FILES)
    given = checked(request, made).cleaned_data
    what_if_id = perform(
        request,
        ask_what_if,
        **{name: given[name] for name in ("name", "basis", "run_id", "month", "note_text", "tables")},
    )
    messages.success(request, "The bills are being worked out. You may leave the page; the work goes on.")
    return redirect("what_if:what_if", what_if_id=what_if_id)
