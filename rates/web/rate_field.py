"""A field for a rate table: its name stands beside the code while it is typed, on entry and on change."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.ui.code_field import means
from core.web.requests import UtilityRequest
from core.web.views import page
from rates.models import RateTable

MOST = 50


def find_rates(typed: str, kind: str = "") -> list[RateTable]:
    """Tables whose code or name has what was typed, those of a kind of service alone if one is named."""
    rows = RateTable.objects.order_by("service_type", "code")
    if kind:
        rows = rows.filter(service_type=kind)
    words = typed.strip().lower()
    return [one for one in rows if words in one.code.lower() or words in one.name.lower()][:MOST]


@page("rates.view")
def rate_options(request: UtilityRequest) -> HttpResponseBase:
    """Tables for a field that is being typed in: ``?of=`` names its parameter, ``kind`` the service."""
    typed, kind = request.GET.get(request.GET.get("of", "q"), ""), request.GET.get("kind", "")
    found = find_rates(typed, kind)
    meant = next((one.name for one in found if one.code.lower() == typed.strip().lower()), "")
    context = {
        "options": [(one.code, f"{one.code} {one.name}") for one in found],
        "at": request.GET.get("at", ""),
        "meant": meant,
    }
    return TemplateResponse(request, "settings/code_options.html", context)


class RateInput(forms.TextInput):
    """A text field with the tables, each with its name, and beside it the name of the one in it."""

    def __init__(self, kind: str = "", attrs: dict[str, Any] | None = None) -> None:
        self.kind = kind
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The field, its list of tables, and what the code in it is called."""
        place = str((attrs or {}).get("id", f"id_{name}"))
        asked = f"{reverse('rates:options')}?of={name}&at={place}&kind={self.kind}"
        live = {
            "list": f"{place}-codes", "hx-get": asked, "hx-trigger": "input changed delay:150ms, change",
            "hx-target": f"#{place}-codes", "hx-swap": "innerHTML", "hx-params": name,
        }  # fmt: skip
        field = super().render(name, value, {**(attrs or {}), **live}, renderer)
        listed = find_rates("", self.kind)
        options = format_html_join(
            "", '<option value="{}">{}</option>', [(one.code, f"{one.code} {one.name}") for one in listed]
        )
        said = means(place, next((one.name for one in listed if one.code == value), ""))
        return format_html('{}<datalist id="{}-codes">{}</datalist>{}', field, place, options, said)


class RateField(forms.CharField):
    """The code of a rate table, typed or chosen; cleaned to the table.  ``kind``: of that service alone."""

    def __init__(self, kind: str = "", **options: Any) -> None:
        self.kind = kind
        options.setdefault("label", "Rate")
        options.setdefault("widget", RateInput(kind))
        super().__init__(max_length=120, **options)
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> Any:
        """The table; raises ``ValidationError`` naming some that there are."""
        typed = str(super().clean(value) or "").strip()
        found = find_rates(typed, self.kind)
        same = [one for one in found if one.code.lower() == typed.lower()] or found
        if typed and len(same) == 1:
            return same[0]
        if not typed:
            return None
        several = ", ".join(one.code for one in (found or find_rates("", self.kind))[:8])
        problem = f"{len(found)} rates have “{typed}”" if found else f"No rate has “{typed}”"
        kind = f" of {self.kind}" if self.kind else ""
        raise ValidationError(f"{problem}. Type the code of one{kind}: {several}.", code="no_rate")
