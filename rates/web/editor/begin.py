"""A new draft: with what it begins, from when it is to hold.  A draft withdrawn, a version taken away."""

import json
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from core import clock
from core.errors import Refused
from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from rates.drafts import withdraw_draft
from rates.filing import read_file
from rates.models import RateTable, RateVersion
from rates.operations import draft_version
from rates.queries import table_called, version_of, versions_of
from rates.web.editor.beginnings import beginnings_for
from rates.web.reading import arranged
from rates.web.version_page import version as version_page

COPY, FILE = "copy", "file"


class BeginForm(forms.Form):
    """From when, and with what a draft begins."""

    starts = DayField(label="In force from", widget=DayInput, help_text="The first day it is to price.")
    source = forms.CharField(
        label="Source", max_length=300, required=False, help_text="The ordinance or page it is taken from."
    )
    begin = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect)
    file = forms.FileField(
        label="A file", required=False, help_text="A table as JSON; only to begin with it."
    )

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["begin"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """The content of the file, where the draft begins with one."""
        typed = super().clean() or {}
        if typed.get("begin") == FILE:
            typed["content"] = self._content_of(typed.get("file"))
        return typed

    def _content_of(self, file: Any) -> dict[str, Any] | None:
        if file is None:
            self.add_error("file", "Choose the file.")
            return None
        try:
            found = read_file(file.read())
        except Refused as refused:
            self.add_error("file", str(refused))
            return None
        # The file of a whole table: what its last version says.
        versions = found.get("versions")
        last = versions[-1] if isinstance(versions, list) and versions else {}
        inside = last.get("table") if isinstance(last, dict) else None
        return inside if isinstance(inside, dict) else found


def _copied(request: UtilityRequest, table: RateTable) -> RateVersion | None:
    """What a new version most likely follows: the one asked for, that in force, or the newest standing."""
    today = clock.today(request.utility.tz)
    every = versions_of(table)
    asked = next((v for v in every if str(v.id) == request.GET.get("from")), None)
    if asked is not None:
        return asked
    standing = [v for v in every if v.state != "withdrawn"]
    return next(
        (v for v in standing if v.state == "active" and v.starts <= today), next(iter(standing), None)
    )


def _choices(table: RateTable, last: RateVersion | None) -> list[tuple[str, str]]:
    copied = [(COPY, f"A copy of the version of {last.starts:%b %-d, %Y}")] if last else []
    usual = [(one.code, f"{one.name}: {one.about}") for one in beginnings_for(table.service_type)]
    return [*copied, *usual, (FILE, "A file: a table that was taken away as JSON")]


def _next_month(today: date) -> date:
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


@page("rates.edit")
def begin(request: UtilityRequest, code: str) -> HttpResponseBase:
    """With what a new version begins."""
    table = table_called(code)
    today = clock.today(request.utility.tz)
    choices = _choices(table, _copied(request, table))
    first = {"starts": _next_month(today), "begin": choices[0][0]}
    context = {
        "table": table,
        "form": shown(request, lambda: BeginForm(choices, initial=first)),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "rates/editor/begin.html", context)


@begin.posted("rates.edit")
def begun(request: UtilityRequest, code: str) -> HttpResponseBase:
    """Make the draft and open it in the editor."""
    with read_only():
        table = table_called(code)
        last = _copied(request, table)
    choices = _choices(table, last)
    typed = checked(request, BeginForm(choices, request.POST, request.FILES)).cleaned_data
    content = typed.get("content")
    if typed["begin"] == COPY and last is not None:
        content = last.content
    elif typed["begin"] != FILE:
        chosen = next(one for one in beginnings_for(table.service_type) if one.code == typed["begin"])
        content = chosen.content(table.name, table.service_type)
    days = {"starts": typed["starts"], "source": typed["source"]}
    try:
        made = perform(request, draft_version, table_id=table.id, content=content, **days)
    except Refused as refused:
        if refused.field not in days:
            refused.field = "file" if typed["begin"] == FILE else "begin"
        raise
    return redirect("rates:edit", code=code, version_id=made)


@form("rates.edit", again=version_page)
def withdraw(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """Take a draft back."""
    with read_only():
        found = version_of(code, version_id)
    perform(request, withdraw_draft, version_id=found.id)
    messages.success(
        request, "The draft is withdrawn. It can still be read, and a new one may begin with it."
    )
    return redirect("rates:table", code=code)


@page("rates.view")
def taken_away(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """One version as a file: its content, as the engine reads it."""
    found = version_of(code, version_id)
    text = json.dumps(arranged(found.content), indent=2, ensure_ascii=False) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.table.code}-{found.starts}.json"'
    return response
