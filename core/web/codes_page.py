"""The utility's own codes: the list by kind, and the form of one."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.codes import CODE_LENGTH, NAME_LENGTH, CodeKind, code_kinds, put_code
from core.models import Code
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import EitherSelect
from core.ui.lists import ListPage, list_view
from core.ui.parts import Alert, Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown


def kind_choices() -> list[tuple[str, str]]:
    """The kinds with their names, in their order."""
    return [(one.kind, one.label) for one in code_kinds().values()]


class CodeFilter(django_filters.FilterSet):
    """By kind, by the beginning of code or any part of the description, and whether it is taken."""

    kind = django_filters.ChoiceFilter(label="Kind", choices=(), empty_label="All kinds")
    code = django_filters.CharFilter(label="Code", lookup_expr="istartswith")
    name = django_filters.CharFilter(label="Description", lookup_expr="icontains")
    is_live = django_filters.BooleanFilter(
        label="State", widget=EitherSelect("In use and retired", "In use", "Retired")
    )

    class Meta:
        model = Code
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.filters["kind"]
        kind.extra["choices"] = kind_choices()  # a list: the tabs of the page walk it too
        # The description of the interface makes the field of the class itself, before there are kinds.
        vars(kind).pop("_field", None)


class CodeForm(forms.Form):
    """A code's description, and whether it is taken for new entries."""

    name = forms.CharField(
        label="Description", max_length=NAME_LENGTH, help_text="Stands beside the code everywhere."
    )
    is_live = forms.BooleanField(
        label="In use",
        required=False,
        help_text="A retired code stays on what has it and is taken for nothing new.",
    )


class NewCodeForm(forms.Form):
    """A new code."""

    kind = forms.ChoiceField(label="Kind")
    code = forms.CharField(label="Code", max_length=CODE_LENGTH, help_text="Short; it is what is typed.")
    name = forms.CharField(
        label="Description", max_length=NAME_LENGTH, help_text="Stands beside the code everywhere."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label="Kind", choices=kind_choices)


def _kind_asked(request: HttpRequest) -> CodeKind | None:
    return code_kinds().get(request.GET.get("kind", ""))


def _new_url(request: HttpRequest) -> str:
    kind = _kind_asked(request)
    return reverse("core:code_new") + (f"?kind={kind.kind}" if kind else "")


def _verbs(request: Any) -> list[Verb]:
    if not request.actor.may("core.code.edit"):
        return []
    return [Verb("Add a code", _new_url(request), "plus", "n", main=True)]


def _notices(request: HttpRequest) -> list[Alert]:
    """What a kind is for, and the codes that count while it has none of its own."""
    kind = _kind_asked(request)
    if kind is None:
        return []
    told = [Alert(kind.label, kind.about, "info-circle", "info")]
    if kind.first and not Code.objects.filter(kind=kind.kind).exists():
        listed = ", ".join(f"{code} ({words})" for code, words in kind.first)
        told.append(
            Alert(
                "None of your own yet",
                f"Until you add one, these count: {listed}. They are kept then.",
                "list-check",
                "quiet",
            )
        )
    return told


def _kind_name(row: Any) -> str:
    known = code_kinds().get(row.kind)
    return known.label if known else row.kind


CODES = ListPage(
    name="codes",
    title="Codes",
    about="Short codes with their descriptions, chosen wherever one is asked for.",
    noun="codes",
    columns=(
        Column("kind", "Kind", _kind_name, sort="kind"),
        Column("code", "Code", kind="code", sort="code"),
        Column("name", "Description", sort="name"),
        Column("state", "State", lambda row: "In use" if row.is_live else "Retired", sort="is_live"),
    ),
    rows=lambda request: Code.objects.all(),
    filters=CodeFilter,
    opens=lambda row: reverse("core:code", args=[row.id]),
    order="kind",
    verbs=_verbs,
    notices=_notices,
    empty=Empty(
        "No codes yet",
        "Categories, zones, demographics and the like are short codes that you choose yourself.",
        "list-check", Verb("Add a code", "/settings/codes/new/", "plus"),
    ),
    template="settings/codes.html",
)  # fmt: skip

code_list = page("core.code.view")(list_view(CODES))


def _form_page(
    request: UtilityRequest, form: forms.Form, title: str, about: str, kind: str
) -> TemplateResponse:
    context = {
        "title": title,
        "about": about,
        "form": form,
        "key": fresh_key(request),
        "back": reverse("core:codes") + (f"?kind={kind}" if kind else ""),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@page("core.code.edit")
def new_code(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new code; ``?kind=`` chooses the kind."""
    kind = _kind_asked(request)
    form = shown(request, lambda: NewCodeForm(initial={"kind": kind.kind if kind else ""}))
    return _form_page(request, form, "Add a code", "It can be chosen at once.", kind.kind if kind else "")


@new_code.posted("core.code.edit")
def add_code(request: UtilityRequest) -> HttpResponseBase:
    """Add it."""
    typed = checked(request, NewCodeForm(request.POST)).cleaned_data
    perform(request, put_code, new=True, **typed)
    messages.success(request, f"Code {typed['code']} is there.")
    return redirect(f"{reverse('core:codes')}?kind={typed['kind']}")


@page("core.code.edit")
def code(request: UtilityRequest, code_id: int) -> HttpResponseBase:
    """The form of a code's description, and of retiring it."""
    found = Code.objects.get(id=code_id)
    form = shown(request, lambda: CodeForm(initial={"name": found.name, "is_live": found.is_live}))
    return _form_page(request, form, f"{_kind_name(found)}: {found.code}", found.name, found.kind)


@code.posted("core.code.edit")
def change_code(request: UtilityRequest, code_id: int) -> HttpResponseBase:
    """Name it anew, retire it or take it back."""
    with read_only():
        found = Code.objects.get(id=code_id)
    typed = checked(request, CodeForm(request.POST)).cleaned_data
    perform(request, put_code, kind=found.kind, code=found.code, **typed)
    messages.success(request, f"Code {found.code} is {'in use' if typed['is_live'] else 'retired'}.")
    return redirect(f"{reverse('core:codes')}?kind={found.kind}")
