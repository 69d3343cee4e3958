"""The drawers of a utility: the list that is set up, and the form of one."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from collections_app.drawer_setup import add_drawer, change_drawer
from collections_app.models import Drawer, DrawerSession
from core.reading import read_only
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from ledger.models import ChartAccount

EDIT = "payments.drawer.edit"


class DrawerFilter(django_filters.FilterSet):
    """By code or name."""

    code = django_filters.CharFilter(label="Code", lookup_expr="istartswith")
    name = django_filters.CharFilter(label="Name", lookup_expr="icontains")

    class Meta:
        model = Drawer
        fields: tuple[str, ...] = ()


def _rows(request: HttpRequest) -> QuerySet[Drawer]:
    sessions = DrawerSession.objects.filter(drawer=OuterRef("pk")).order_by("-id")
    return Drawer.objects.select_related("chart_account").annotate(
        opened_by=Subquery(sessions.filter(closed_at=None).values("operator_name")[:1]),
        used=Subquery(sessions.values("opened_at")[:1]),
    )


DRAWERS = ListPage(
    name="drawers",
    title="Cash drawers",
    about="Where cashiers keep what they take. One drawer is opened by one cashier at a time.",
    noun="drawers",
    columns=(
        Column("code", "Code", kind="code", sort="code"),
        Column("name", "Name", sort="name"),
        Column("chart_account", "Chart account", lambda row: str(row.chart_account)),
        Column("opened_by", "Open with", sort="opened_by"),
        Column("used", "Last opened", kind="moment", sort="used"),
    ),
    rows=_rows,
    filters=DrawerFilter,
    opens=lambda row: reverse("collections:drawer_setting", args=[row.pk]),
    order="code",
    verbs=lambda request: [
        Verb("New drawer", reverse("collections:drawer_setting_new"), "plus", "n", main=True)
    ],
    empty=Empty(
        "No drawers yet", "Cashiers open a drawer before they take money.", "cash-register",
        Verb("New drawer", "/settings/drawers/new/", "plus"),
    ),
)  # fmt: skip

drawer_list = page(EDIT)(list_view(DRAWERS))


class DrawerForm(forms.Form):
    """A drawer."""

    code = forms.CharField(label="Code", max_length=12, help_text="Short, as on the drawer itself.")
    name = forms.CharField(label="Name", max_length=60)
    chart_account_id = forms.TypedChoiceField(label="Chart account", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ChartAccount.objects.filter(kind=ChartAccount.Kind.ASSET).exclude(
            role__in=("receivable", "bank")
        )
        self.fields["chart_account_id"] = forms.TypedChoiceField(
            label="Chart account", coerce=int, choices=[(r.id, str(r)) for r in rows.order_by("code")]
        )


def _page(request: UtilityRequest, form: DrawerForm, title: str) -> HttpResponseBase:
    context = {
        "title": title, "about": "", "form": form, "key": fresh_key(request),
        "back": reverse("collections:drawer_settings"), "outcome_url": reverse("core:outcome"),
    }  # fmt: skip
    return TemplateResponse(request, "form.html", context)


@page(EDIT)
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new drawer."""
    return _page(request, shown(request, DrawerForm), "New drawer")


@new.posted(EDIT)
def make(request: UtilityRequest) -> HttpResponseBase:
    """Make it."""
    with read_only():
        typed = checked(request, DrawerForm(request.POST)).cleaned_data
    perform(request, add_drawer, **typed)
    messages.success(request, f"Drawer {typed['code']} is there.")
    return redirect("collections:drawer_settings")


@page(EDIT)
def drawer(request: UtilityRequest, drawer_id: int) -> HttpResponseBase:
    """The form of a drawer."""
    found = Drawer.objects.get(id=drawer_id)
    first = {"code": found.code, "name": found.name, "chart_account_id": found.chart_account_id}
    return _page(request, shown(request, lambda: DrawerForm(initial=first)), f"Drawer {found.code}")


@drawer.posted(EDIT)
def put(request: UtilityRequest, drawer_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        typed = checked(request, DrawerForm(request.POST)).cleaned_data
    perform(request, change_drawer, drawer_id=drawer_id, **typed)
    messages.success(request, f"Drawer {typed['code']} is changed.")
    return redirect("collections:drawer_settings")
