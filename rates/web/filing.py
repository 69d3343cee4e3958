"""A rate table taken away as a file, and one brought in."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from rates.filing import bring_in, read_file, table_as_file
from rates.models import RateVersion
from rates.queries import table_called


@page("rates.view")
def taken_away(request: UtilityRequest, code: str) -> HttpResponseBase:
    """The table with all of its versions, as a file."""
    table = table_called(code)
    text = json.dumps(table_as_file(table), indent=2, ensure_ascii=False) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rate-{table.id}.json"'
    return response


class FileForm(forms.Form):
    """A file, and what it does not say itself."""

    file = forms.FileField(
        label="File", help_text="As it was taken away here, or one table as JSON. It becomes drafts."
    )
    code = forms.CharField(
        label="Code", max_length=20, required=False, help_text="Empty: the code that the file names."
    )
    starts = DayField(
        label="From",
        widget=DayInput,
        required=False,
        help_text="Only for one table without versions: the first day from which it is to hold.",
    )


@page("rates.edit")
def new_file(request: UtilityRequest) -> HttpResponseBase:
    """The form that takes a file."""
    context: dict[str, Any] = {
        "title": "Bring in a rate table",
        "about": "Each version of the file becomes a draft. A second person puts it in force.",
        "form": shown(request, FileForm),
        "submit": "Bring it in",
        "key": fresh_key(request),
        "back": reverse("rates:rates"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@new_file.posted("rates.edit")
def take_file(request: UtilityRequest) -> HttpResponseBase:
    """Make the drafts."""
    typed = checked(request, FileForm(request.POST, request.FILES)).cleaned_data
    content = read_file(typed["file"].read())
    made = perform(request, bring_in, content=content, code=typed["code"], starts=typed["starts"])
    with read_only():
        code = RateVersion.objects.select_related("table").get(id=made[0]).table.code
    many = "1 draft" if len(made) == 1 else f"{len(made)} drafts"
    messages.success(request, f"Rate {code}: {many} brought in.")
    return redirect("rates:table", code=code)
