"""Management companies: the list, one company, adding and changing one."""

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
from core.ui.parts import Empty, Fact, SealedAt, Verb
from core.ui.sealed_field import SealedField, typed_number
from core.ui.text_fields import fields_of
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.landlord_queries import companies, find_companies, having_words, landlords
from customers.landlord_texts import COMPANY_TEXTS, NUMBER_TYPED
from customers.landlords import add_company, change_company, company_values, masked
from customers.models import ManagementCompany
from customers.queries import phone_words
from customers.sealed import COMPANY_TAX_ID

_ROUTE = "customers:company"


class CompanyFilter(django_filters.FilterSet):
    """By words of number, name, address or telephone."""

    find = django_filters.CharFilter(label="Number, name, address or telephone", method="by_words")
    city = django_filters.CharFilter(label="City", lookup_expr="istartswith")

    class Meta:
        model = ManagementCompany
        fields: tuple[str, ...] = ()

    def by_words(
        self, rows: QuerySet[ManagementCompany], name: str, typed: str
    ) -> QuerySet[ManagementCompany]:
        """Each word in one of them."""
        return having_words(rows, typed, "number", "name", "line_1", "work_phone", "emergency_phone")


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    return [Verb("New company", reverse("customers:company_new"), "plus", "n", main=True)] if may else []


COMPANIES = ListPage(
    name="companies",
    title="Management companies",
    about="Companies that look after landlords’ property.",
    noun="companies",
    columns=(
        Column("number", "No.", kind="code", sort="number"),
        Column("name", "Name", sort="name"),
        Column("line_1", "Address", sort="line_1"),
        Column("city", "City", sort="city"),
        Column("work_phone", "Telephone", lambda row: phone_words(row.work_phone), kind="code"),
        Column("emergency_phone", "In an emergency", lambda row: phone_words(row.emergency_phone),
               kind="code"),
        Column("fax", "Fax", lambda row: phone_words(row.fax), kind="code", chosen=False),
        Column("landlords", "Landlords", kind="number", sort="landlords"),
    ),
    rows=lambda request: companies(),
    filters=CompanyFilter,
    opens=lambda row: reverse(_ROUTE, args=[row.id]),
    order="name",
    verbs=_verbs,
    empty=Empty(
        "No management companies yet", "A company is linked to the landlords it manages for.", "building",
        Verb("New company", "/companies/new/", "plus"),
    ),
    template="accounts/list.html",
)  # fmt: skip

company_list = page("customers.view")(list_view(COMPANIES))


def sealed_field(label: str, last4: str) -> SealedField:
    """A field for a number that is kept sealed: empty leaves it, a dash takes it away."""
    return SealedField(label=label, max_length=NUMBER_TYPED, required=False, kept=masked(last4))


class CompanyForm(forms.Form):
    """Every field of the company file."""

    def __init__(self, row: ManagementCompany | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(COMPANY_TEXTS, row))
        last4 = row.federal_tax_id_last4 if row else ""
        self.fields["federal_tax_id"] = sealed_field("Federal tax id", last4)
        self.fields["number"].widget.attrs["autofocus"] = True

    def texts(self) -> dict[str, str]:
        """The texts typed."""
        return {one.name: self.cleaned_data[one.name] for one in COMPANY_TEXTS}


def _form_page(request: UtilityRequest, row: ManagementCompany | None) -> HttpResponseBase:
    first = company_values(row) if row else {}
    context = {
        "title": f"Change {row.name}" if row else "New management company",
        "about": "" if row else "A company that looks after landlords’ property.",
        "form": shown(request, lambda: CompanyForm(row, initial=first)),
        "submit": "Save" if row else "Add the company",
        "key": fresh_key(request),
        "seen": seen_mark(request, first) if row else "",
        "back": reverse(_ROUTE, args=[row.id]) if row else reverse("customers:companies"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@page("customers.edit")
def company_new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new company."""
    return _form_page(request, None)


@company_new.posted("customers.edit")
def company_add(request: UtilityRequest) -> HttpResponseBase:
    """Add it and go to it."""
    with read_only():
        form = checked(request, CompanyForm(None, request.POST))
    number = typed_number(COMPANY_TAX_ID, form.cleaned_data["federal_tax_id"])
    made = perform(request, add_company, texts=form.texts(), federal_tax_id=number)
    messages.success(request, f"{form.cleaned_data['name']} is in the file.")
    return redirect(_ROUTE, company_id=made)


@page("customers.edit")
def company_change(request: UtilityRequest, company_id: int) -> HttpResponseBase:
    """The form of a company."""
    return _form_page(request, ManagementCompany.objects.get(id=company_id))


@company_change.posted("customers.edit")
def company_put(request: UtilityRequest, company_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        row = ManagementCompany.objects.get(id=company_id)
        form = checked(request, CompanyForm(row, request.POST))
    number = typed_number(COMPANY_TAX_ID, form.cleaned_data["federal_tax_id"])
    perform(
        request,
        change_company,
        company_id=company_id,
        texts=form.texts(),
        federal_tax_id=number,
        seen=seen_sent(request),
    )
    messages.success(request, f"{form.cleaned_data['name']} is changed.")
    return redirect(_ROUTE, company_id=company_id)


@page("customers.view")
def company(request: UtilityRequest, company_id: int) -> HttpResponseBase:
    """One company: how to reach it, its numbers, and the landlords it manages for."""
    row = ManagementCompany.objects.get(id=company_id)
    change = reverse("customers:company_change", args=[company_id])
    context = {
        "company": row,
        "mailing": [row.line_1, row.line_2, f"{row.city} {row.state}  {row.zip_code}"],
        "reach": [
            Fact("Number", row.number),
            Fact("Work telephone", phone_words(row.work_phone) or None),
            Fact("In an emergency", phone_words(row.emergency_phone) or None),
            Fact("Fax", phone_words(row.fax) or None),
            Fact("Carrier route", row.carrier_route or None),
        ],
        "numbers": [
            Fact(
                "Federal tax id",
                masked(row.federal_tax_id_last4) or None,
                sealed=SealedAt(COMPANY_TAX_ID.column, row.id, "1"),
            ),
            Fact("State tax id", row.state_tax_id or None),
            Fact("Privilege licence", row.privilege_licence or None),
            Fact("Real-estate licence", row.real_estate_licence or None),
        ],
        "rows": list(landlords().filter(company=row).order_by("name")),
        "verbs": [Verb("Change", change, "pencil", "e")] if request.actor.may("customers.edit") else [],
    }
    return TemplateResponse(request, "customers/company.html", context)


@page("customers.view")
def company_options(request: UtilityRequest) -> HttpResponseBase:
    """Companies for a field that is being typed in (``?company=``): options of a data list."""
    found = find_companies(request.GET.get("company", ""))
    options = [(one.number, f"{one.name}, {one.city}") for one in found]
    return TemplateResponse(request, "meters/options.html", {"options": options})
