"""The chart's accounts and the revenue codes: lists of what is set up, and their forms."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.reading import read_only
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from ledger.chart_editing import (
    CREDITED,
    add_chart_account,
    add_revenue_code,
    change_revenue_code,
    rename_chart_account,
)
from ledger.models import ChartAccount, RevenueCode

EDIT = "ledger.chart.edit"


class RevenueFilter(django_filters.FilterSet):
    """By words of code or name, and chart account."""

    code = django_filters.CharFilter(label="Code", lookup_expr="icontains")
    name = django_filters.CharFilter(label="Name", lookup_expr="icontains")
    chart_account = django_filters.ModelChoiceFilter(
        label="Chart account", empty_label="All accounts",
        queryset=lambda request: ChartAccount.objects.order_by("code"),
    )  # fmt: skip

    class Meta:
        model = RevenueCode
        fields: tuple[str, ...] = ()


class ChartFilter(django_filters.FilterSet):
    """By number, name and kind."""

    code = django_filters.CharFilter(label="Number", lookup_expr="istartswith")
    name = django_filters.CharFilter(label="Name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=ChartAccount.Kind.choices, empty_label="All kinds"
    )

    class Meta:
        model = ChartAccount
        fields: tuple[str, ...] = ()


CHART = ListPage(
    name="chart-accounts",
    title="Chart of accounts",
    about="The accounts of the general ledger. They are added and renamed, never taken away; their balances"
    " are under Ledger.",
    noun="chart accounts",
    columns=(
        Column("code", "Number", kind="code", sort="code"),
        Column("name", "Name", sort="name"),
        Column("kind", "Kind", "get_kind_display", sort="kind"),
        Column("role", "The program uses it for", lambda row: row.role.replace("_", " "), sort="role"),
    ),
    rows=lambda request: ChartAccount.objects.all(),
    filters=ChartFilter,
    opens=lambda row: reverse("ledger:chart_account", args=[row.pk]),
    order="code",
    verbs=lambda request: [Verb("New account", reverse("ledger:chart_new"), "plus", "n", main=True)],
    empty=Empty("No chart yet", "A new utility gets a default chart.", "scale"),
)  # fmt: skip

chart_list = page(EDIT)(list_view(CHART))


def _revenue_rows(request: HttpRequest) -> "QuerySet[RevenueCode]":
    return RevenueCode.objects.select_related("chart_account")


REVENUE_CODES = ListPage(
    name="revenue",
    title="Revenue codes",
    about="What rate tables name. Each leads to an account of the chart, and says when its charges are paid:"
    " a payment goes to the lowest number first, and to the oldest charge of it.",
    noun="revenue codes",
    columns=(
        Column("priority", "Paid", kind="number", sort="priority"),
        Column("code", "Code", kind="code", sort="code"),
        Column("name", "Name", sort="name"),
        Column("chart_account", "Chart account", lambda row: str(row.chart_account),
               sort="chart_account__code"),
    ),
    rows=_revenue_rows,
    filters=RevenueFilter,
    opens=lambda row: reverse("ledger:revenue_code", args=[row.pk]),
    order="priority",
    verbs=lambda request: [Verb("New revenue code", reverse("ledger:revenue_new"), "plus", "n", main=True)],
    empty=Empty("No revenue codes yet", "A new utility gets a default set with its chart.", "coins"),
)  # fmt: skip

revenue_list = page(EDIT)(list_view(REVENUE_CODES))


class ChartForm(forms.Form):
    """An account of the chart."""

    code = forms.CharField(label="Number", max_length=20)
    name = forms.CharField(label="Name", max_length=80)
    kind = forms.ChoiceField(label="Kind", choices=ChartAccount.Kind.choices)

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["kind"]


class RevenueForm(forms.Form):
    """A revenue code."""

    code = forms.CharField(label="Code", max_length=30, help_text="As rate tables name it, such as WATER.")
    name = forms.CharField(label="Name", max_length=80)
    chart_account_id = forms.TypedChoiceField(label="Chart account", coerce=int)
    priority = forms.IntegerField(
        label="Paid", min_value=1, max_value=999, help_text="A payment goes to the lowest number first."
    )

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ChartAccount.objects.filter(kind__in=CREDITED).order_by("code")
        field = forms.TypedChoiceField(
            label="Chart account", coerce=int, choices=[(r.id, str(r)) for r in rows]
        )
        self.fields["chart_account_id"] = field
        if known:
            del self.fields["code"]


def _form_page(
    request: UtilityRequest, form: forms.Form, back: str, title: str, about: str
) -> HttpResponseBase:
    context = {
        "title": title, "about": about, "form": form, "key": fresh_key(request), "back": reverse(back),
        "outcome_url": reverse("core:outcome"),
    }  # fmt: skip
    return TemplateResponse(request, "form.html", context)


@page(EDIT)
def new_account(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new account of the chart."""
    form = shown(request, ChartForm)
    return _form_page(
        request, form, "ledger:chart_settings", "New chart account", "It can be renamed, never taken away."
    )


@new_account.posted(EDIT)
def make_account(request: UtilityRequest) -> HttpResponseBase:
    """Make it."""
    typed = checked(request, ChartForm(request.POST)).cleaned_data
    perform(request, add_chart_account, **typed)
    messages.success(request, f"Account {typed['code']} is in the chart.")
    return redirect("ledger:chart_settings")


@page(EDIT)
def account(request: UtilityRequest, chart_account_id: int) -> HttpResponseBase:
    """The form of an account's number and name."""
    found = ChartAccount.objects.get(id=chart_account_id)
    first = {"code": found.code, "name": found.name}
    form = shown(request, lambda: ChartForm(initial=first, known=True))
    about = f"Kind: {found.get_kind_display().lower()}; it stays, because postings lean on it."
    return _form_page(request, form, "ledger:chart_settings", f"Chart account {found.code}", about)


@account.posted(EDIT)
def put_account(request: UtilityRequest, chart_account_id: int) -> HttpResponseBase:
    """Rename it."""
    typed = checked(request, ChartForm(request.POST, known=True)).cleaned_data
    perform(request, rename_chart_account, chart_account_id=chart_account_id, **typed)
    messages.success(request, f"Account {typed['code']} is renamed.")
    return redirect("ledger:chart_settings")


@page(EDIT)
def new_code(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new revenue code."""
    form = shown(request, lambda: RevenueForm(initial={"priority": 50}))
    about = "From now on rate tables may name it."
    return _form_page(request, form, "ledger:revenue", "New revenue code", about)


@new_code.posted(EDIT)
def make_code(request: UtilityRequest) -> HttpResponseBase:
    """Make it."""
    with read_only():
        form = checked(request, RevenueForm(request.POST))
    perform(request, add_revenue_code, **form.cleaned_data)
    messages.success(request, f"Revenue code {form.cleaned_data['code'].upper()} is there.")
    return redirect("ledger:revenue")


@page(EDIT)
def code(request: UtilityRequest, revenue_code_id: int) -> HttpResponseBase:
    """The form of a revenue code's name, account and place in paying."""
    found = RevenueCode.objects.get(id=revenue_code_id)
    first = {"name": found.name, "chart_account_id": found.chart_account_id, "priority": found.priority}
    form = shown(request, lambda: RevenueForm(initial=first, known=True))
    about = "What was posted stays where it is; charges keep the place in paying they were posted with."
    return _form_page(request, form, "ledger:revenue", f"Revenue code {found.code}", about)


@code.posted(EDIT)
def put_code(request: UtilityRequest, revenue_code_id: int) -> HttpResponseBase:
    """Change it for what is posted from now on."""
    with read_only():
        form = checked(request, RevenueForm(request.POST, known=True))
    perform(request, change_revenue_code, revenue_code_id=revenue_code_id, **form.cleaned_data)
    messages.success(request, "The revenue code is changed for what is posted from now on.")
    return redirect("ledger:revenue")
