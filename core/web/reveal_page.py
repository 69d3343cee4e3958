"""Revealing a masked number, and the list of who looked at numbers."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from core.models import AuditEntry
from core.reading import read_only
from core.sealed import Sealed, all_sealed
from core.secrets.reveal import LONG_NUMBER, LONGEST_REASON, OPERATION, SHORTEST_REASON, reveal, there
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty
from core.web.audit_page import AuditFilter
from core.web.requests import UtilityRequest
from core.web.views import checked, page, shown


class ReasonInput(forms.TextInput):
    """A text field; a reason with a long number in it is not said again."""

    def format_value(self, value: Any) -> str | None:
        """What was typed, or nothing."""
        return None if LONG_NUMBER.search(str(value or "")) else super().format_value(value)


class ReasonForm(forms.Form):
    """Why a number must be seen."""

    reason = forms.CharField(
        label="Why must it be seen?",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text="A few words. It is kept in the audit with your name; write no number into it.",
        widget=ReasonInput,
        error_messages={"min_length": "Say it in a few words: this is too short."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"].widget.attrs
        field.pop("maxlength", None)
        field.pop("minlength", None)
        field.update({"autocomplete": "off", "spellcheck": "false"})


def _page(request: UtilityRequest, column: str, ref: int, plain: str = "") -> TemplateResponse:
    sealed, row = there(column, ref)
    context = {
        "label": sealed.label or column,
        "whose": str(row),
        "plain": plain,
        "form": None if plain else shown(request, ReasonForm),
        "back": reverse(sealed.page, args=[ref]) if sealed.page else "/",
    }
    answer = TemplateResponse(request, "settings/reveal.html", context)
    # Neither the browser nor anything between keeps what is shown.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page("core.secret.reveal")
def ask(request: UtilityRequest, column: str, ref: int) -> HttpResponseBase:
    """Asks for the reason."""
    return _page(request, column, ref)


@ask.posted("core.secret.reveal")
def show(request: UtilityRequest, column: str, ref: int) -> HttpResponseBase:
    """The number, once; loading the page again asks again."""
    reason = checked(request, ReasonForm(request.POST)).cleaned_data["reason"]
    plain = reveal(request.actor, column=column, ref=ref, reason=reason)
    with read_only():
        return _page(request, column, ref, plain).render()


class RevealFilter(AuditFilter):
    """Who, which kind of number, a word of the reason, from day to day."""

    operation = None
    column = django_filters.ChoiceFilter(
        label="Number",
        field_name="what__column",
        choices=lambda: [(one.column, one.label) for one in all_sealed()],
        empty_label="Any number",
    )
    reason = django_filters.CharFilter(label="Reason", field_name="what__reason", lookup_expr="icontains")


def reveals(request: HttpRequest) -> QuerySet[AuditEntry]:
    """Every time somebody looked at a number."""
    return AuditEntry.objects.filter(operation=OPERATION)


def _sealed_of(entry: AuditEntry) -> Sealed | None:
    return next((one for one in all_sealed() if one.column == entry.what.get("column")), None)


def _where(entry: AuditEntry) -> str:
    """The page of what the number belongs to."""
    sealed = _sealed_of(entry)
    return reverse(sealed.page, args=[entry.what["ref"]]) if sealed and sealed.page else ""


REVEALS = ListPage(
    name="reveals",
    title="Who looked at numbers",
    about="Each time a number that is kept sealed was shown to somebody, and why. The number is not here.",
    noun="times",
    columns=(
        Column("number", "No.", kind="code", sort="number"),
        Column("at", "When", kind="moment", sort="at"),
        Column("actor_name", "Who", sort="actor_name"),
        Column("label", "Number", lambda entry: entry.what.get("label", "")),
        Column("ref", "Of", lambda entry: str(entry.what.get("ref", "")), kind="code", href=_where),
        Column("reason", "Reason", lambda entry: entry.what.get("reason", ""), breaks=True),
        Column("actor", "Reference", kind="code", chosen=False),
    ),
    rows=reveals,
    filters=RevealFilter,
    order="-number",
    empty=Empty("Nobody looked at a number", "Each look appears here with its reason.", "eye-off"),
)

reveal_list = page("core.audit.view")(list_view(REVEALS))
