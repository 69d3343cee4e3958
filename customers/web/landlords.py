"""Landlords: the list, one landlord with the locations, adding and changing one."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.codes import code_name
from core.periods import Period
from core.reading import read_only
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact, SealedAt, Verb
from core.ui.sealed_field import typed_number
from core.ui.text_fields import fields_of
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.landlord_queries import (
    find_companies,
    find_landlords,
    having_words,
    holdings,
    landlords,
)
from customers.landlord_texts import LANDLORD_TEXTS
from customers.landlords import add_landlord, change_landlord, landlord_values, masked
from customers.models import Landlord, ManagementCompany
from customers.queries import find_customers, phone_words
from customers.sealed import LANDLORD_LICENCE, LANDLORD_SSN
from customers.web.companies import sealed_field
from customers.web.look_up import LookUpInput, one_of

_ROUTE = "customers:landlord"


def _companies(request: Any) -> QuerySet[ManagementCompany]:
    return ManagementCompany.objects.order_by("name")


class LandlordFilter(django_filters.FilterSet):
    """By words of number, name, address or telephone; by company."""

    find = django_filters.CharFilter(label="Number, name, address or telephone", method="by_words")
    company = django_filters.ModelChoiceFilter(
        label="Company", queryset=_companies, empty_label="Any company"
    )

    class Meta:
        model = Landlord
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Landlord], name: str, typed: str) -> QuerySet[Landlord]:
        """Each word in one of them."""
        return having_words(rows, typed, "number", "name", "line_1", "home_phone", "work_phone")


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    return [Verb("New landlord", reverse("customers:landlord_new"), "plus", "n", main=True)] if may else []


LANDLORDS = ListPage(
    name="landlords",
    title="Landlords",
    about="Owners of what is let. While nobody lives there, bills may go to them.",
    noun="landlords",
    columns=(
        Column("number", "No.", kind="code", sort="number"),
        Column("name", "Name", sort="name"),
        Column("line_1", "Address", sort="line_1"),
        Column("city", "City", sort="city"),
        Column("home_phone", "At home", lambda row: phone_words(row.home_phone), kind="code"),
        Column("work_phone", "At work", lambda row: phone_words(row.work_phone), kind="code"),
        Column("company", "Company", "company.name", sort="company__name"),
        Column("customer_type", "Type", kind="code", sort="customer_type", chosen=False),
        Column("locations", "Locations", kind="number", sort="locations"),
    ),
    rows=lambda request: landlords(),
    filters=LandlordFilter,
    opens=lambda row: reverse(_ROUTE, args=[row.id]),
    order="name",
    verbs=_verbs,
    empty=Empty(
        "No landlords yet",
        "A landlord is linked to locations; with a landlord agreement the days between tenants are theirs.",
        "key",
        Verb("New landlord", "/landlords/new/", "plus"),
    ),
    template="accounts/list.html",
)

landlord_list = page("customers.view")(list_view(LANDLORDS))


class LandlordForm(forms.Form):
    """Every field of the landlord file."""

    def __init__(self, row: Landlord | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(LANDLORD_TEXTS, row))
        self.fields["ssn"] = sealed_field("Social security number", row.ssn_last4 if row else "")
        self.fields["licence"] = sealed_field("Driver licence", row.licence_last4 if row else "")
        self.fields["company"] = forms.CharField(
            label="Management company", max_length=80, required=False,
            help_text="Its number or name; empty for none.",
            widget=LookUpInput("customers:company_options"),
        )  # fmt: skip
        self.fields["known"] = forms.CharField(
            label="Customer", max_length=120, required=False,
            help_text="Who answers for the days between tenants: number or name of a customer.",
            widget=LookUpInput("customers:customer_options"),
        )  # fmt: skip
        self.fields["number"].widget.attrs["autofocus"] = True
        self.company_id: int | None = None
        self.customer_id: int | None = None

    def clean_company(self) -> str:
        """One company, or none."""
        typed: str = self.cleaned_data["company"]
        if typed:
            self.company_id = one_of(find_companies(typed), typed, "company", "number").id
        return typed

    def clean_known(self) -> str:
        """One customer, or none."""
        typed: str = self.cleaned_data["known"]
        if typed:
            self.customer_id = one_of(find_customers(typed), typed, "customer", "id").id
        return typed

    def texts(self) -> dict[str, str]:
        """The texts typed."""
        return {one.name: self.cleaned_data[one.name] for one in LANDLORD_TEXTS}


def _form_page(request: UtilityRequest, row: Landlord | None) -> HttpResponseBase:
    first = landlord_values(row) if row else {}
    context = {
        "title": f"Change {row.name}" if row else "New landlord",
        "about": "" if row else "An owner of what is let. The locations are named on the landlord’s page.",
        "form": shown(request, lambda: LandlordForm(row, initial=first)),
        "submit": "Save" if row else "Add the landlord",
        "key": fresh_key(request),
        "seen": seen_mark(request, first) if row else "",
        "back": reverse(_ROUTE, args=[row.id]) if row else reverse("customers:landlords"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@page("customers.edit")
def landlord_new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new landlord."""
    return _form_page(request, None)


@landlord_new.posted("customers.edit")
def landlord_add(request: UtilityRequest) -> HttpResponseBase:
    """Add the landlord and go to the page."""
    with read_only():
        form = checked(request, LandlordForm(None, request.POST))
    made = perform(
        request,
        add_landlord,
        texts=form.texts(),
        ssn=typed_number(LANDLORD_SSN, form.cleaned_data["ssn"]),
        licence=typed_number(LANDLORD_LICENCE, form.cleaned_data["licence"]),
        company_id=form.company_id,
        customer_id=form.customer_id,
    )
    messages.success(request, f"{form.cleaned_data['name']} is in the file. Name the locations next.")
    return redirect(_ROUTE, landlord_id=made)


@page("customers.edit")
def landlord_change(request: UtilityRequest, landlord_id: int) -> HttpResponseBase:
    """The form of a landlord."""
    return _form_page(request, landlords().get(id=landlord_id))


@landlord_change.posted("customers.edit")
def landlord_put(request: UtilityRequest, landlord_id: int) -> HttpResponseBase:
    """Change the landlord."""
    with read_only():
        form = checked(request, LandlordForm(landlords().get(id=landlord_id), request.POST))
    perform(
        request,
        change_landlord,
        landlord_id=landlord_id,
        texts=form.texts(),
        ssn=typed_number(LANDLORD_SSN, form.cleaned_data["ssn"]),
        licence=typed_number(LANDLORD_LICENCE, form.cleaned_data["licence"]),
        links={"company_id": form.company_id, "customer_id": form.customer_id},
        seen=seen_sent(request),
    )
    messages.success(request, f"{form.cleaned_data['name']} is changed.")
    return redirect(_ROUTE, landlord_id=landlord_id)


@page("customers.view")
def landlord(request: UtilityRequest, landlord_id: int) -> HttpResponseBase:
    """One landlord: how to reach them, their numbers, and the locations they have and had."""
    row = landlords().get(id=landlord_id)
    context = {
        "landlord": row,
        "mailing": [row.line_1, row.line_2, f"{row.city} {row.state}  {row.zip_code}"],
        "facts": _facts(row),
        "numbers": [
            Fact(
                "Social security number",
                masked(row.ssn_last4) or None,
                sealed=SealedAt(LANDLORD_SSN.column, row.id, "1"),
            ),
            Fact(
                "Driver licence",
                masked(row.licence_last4) or None,
                sealed=SealedAt(LANDLORD_LICENCE.column, row.id, "2"),
            ),
        ],
        "rows": [
            (one, Period(one.starts, one.ends))
            for one in holdings().filter(landlord=row).order_by("ends", "-starts")
        ],
        "verbs": _page_verbs(request, landlord_id),
    }
    return TemplateResponse(request, "customers/landlord.html", context)


def _page_verbs(request: UtilityRequest, landlord_id: int) -> list[Verb]:
    if not request.actor.may("customers.edit"):
        return []
    return [
        Verb("Add a location", reverse("customers:holding_new", args=[landlord_id]), "map-pin", "n", True),
        Verb("Change", reverse("customers:landlord_change", args=[landlord_id]), "pencil", "e"),
    ]


def _facts(row: Landlord) -> list[Fact]:
    company = Fact("Company", None)
    if row.company:
        company = Fact("Company", row.company.name, url=reverse("customers:company", args=[row.company.id]))
    customer = Fact("Between tenants", None)
    if row.customer:
        url = reverse("customers:customer", args=[row.customer.id])
        customer = Fact("Between tenants", row.customer.name, url=url)
    return [
        Fact("Number", row.number),
        Fact("Home telephone", phone_words(row.home_phone) or None),
        Fact("Work telephone", phone_words(row.work_phone) or None),
        Fact("Employer", row.employer or None),
        Fact("Type", code_name("customer_type", row.customer_type) or None),
        Fact("Carrier route", row.carrier_route or None),
        company,
        customer,
    ]


@page("customers.view")
def landlord_options(request: UtilityRequest) -> HttpResponseBase:
    """Landlords for a field that is being typed in (``?landlord=``): options of a data list."""
    options = [
        (one.number, f"{one.name}, {one.line_1}") for one in find_landlords(request.GET.get("landlord", ""))
    ]
    return TemplateResponse(request, "meters/options.html", {"options": options})
