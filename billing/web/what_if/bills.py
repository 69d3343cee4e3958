"""The bills of a what-if: a list, and one bill as it was and as it would be, side by side."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.what_if import telling
from billing.what_if.queries import rows_of, what_if_of
from billing.what_if.side_by_side import side_by_side
from billing.what_if_models import WhatIf, WhatIfBill
from core.errors import NotFound
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import page


class BillsFilter(django_filters.FilterSet):
    """By account, name, way, class, rate, use and whether it can be priced."""

    account = django_filters.CharFilter(
        label="Account", field_name="bill__account__number", lookup_expr="startswith"
    )
    name = django_filters.CharFilter(
        label="Name", field_name="bill__account__customer__name", lookup_expr="icontains"
    )
    way = django_filters.ChoiceFilter(
        label="Change",
        choices=(("up", "Pay more"), ("down", "Pay less"), ("same", "The same"), ("none", "Not priced")),
        empty_label="All bills",
        method="by_way",
    )
    category = django_filters.CharFilter(label="Class")
    rate = django_filters.CharFilter(label="Rate", field_name="rate_code")
    least = django_filters.NumberFilter(label="Change from", field_name="change", lookup_expr="gte")
    most = django_filters.NumberFilter(label="Change to", field_name="change", lookup_expr="lte")
    unit = django_filters.CharFilter(label="Unit")
    use_from = django_filters.NumberFilter(label="Use from", field_name="use", lookup_expr="gte")
    use_below = django_filters.NumberFilter(label="Use below", field_name="use", lookup_expr="lt")
    reason = django_filters.CharFilter(label="Not priced because")

    class Meta:
        model = WhatIfBill
        fields: tuple[str, ...] = ()

    def by_way(self, rows: QuerySet[WhatIfBill], name: str, value: str) -> QuerySet[WhatIfBill]:
        """Those that rise, fall, stay, or cannot be priced."""
        ways: dict[str, dict[str, Any]] = {
            "up": {"change__gt": 0},
            "down": {"change__lt": 0},
            "same": {"change": 0},
            "none": {"new__isnull": True},
        }
        return rows.filter(**ways[value])


def _rows(request: HttpRequest) -> QuerySet[WhatIfBill]:
    match = request.resolver_match
    assert match is not None
    found = what_if_of(match.kwargs["what_if_id"])
    return rows_of(found.id)


def _open(row: WhatIfBill) -> str:
    return reverse("what_if:bill", args=[row.what_if_id, row.bill.number])


def _again(row: WhatIfBill) -> str:
    """Where a posted bill is cancelled, so that it is billed again."""
    return reverse("billing:bill_cancel", args=[row.bill.number])


BILLS = ListPage(
    name="what-if-bills",
    title="Bills under the new tables",
    noun="bills",
    columns=(
        Column("account", "Account", "bill.account.number", kind="code", sort="bill__account__number"),
        Column("customer", "Name", "bill.account.customer.name", sort="bill__account__customer__name"),
        Column("bill", "Bill", "bill.number", kind="code", sort="bill__number", chosen=False),
        Column("bill_on", "Dated", "bill.bill_on", kind="date", sort="bill__bill_on", chosen=False),
        Column("category", "Class", lambda row: telling.class_name(row.category), sort="category"),
        Column("rate", "Rate", "rate_code", kind="code", sort="rate_code"),
        Column("use", "Use", lambda row: None if row.use is None else row.use.normalize() + 0,
               kind="number", sort="use"),
        Column("unit", "Unit", lambda row: telling.unit_name(row.unit), sort="unit", chosen=False),
        Column("old", "Billed", kind="amount", sort="old", may_credit=True),
        Column("new", "Would be", kind="amount", sort="new", may_credit=True, href=_open, calculation=True),
        Column("change", "Change", kind="number", sort="change"),
        Column("detail", "Not priced because", sort="detail", chosen=False),
        Column("again", "To bill again", lambda row: "Cancel the bill" if row.change else "", href=_again,
               chosen=False),
    ),
    rows=_rows,
    filters=BillsFilter,
    opens=_open,
    order="-change",
    empty=Empty("No such bill", "Take a filter out, or wait until all bills are worked out.", "file-text"),
)  # fmt: skip


def _applied(found: WhatIf) -> bool:
    """Whether its version is in force, so that its bills may be made again."""
    return found.version is not None and found.version.state == "active"


def _list(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    found = what_if_of(what_if_id)
    back = reverse("what_if:what_if", args=[what_if_id])

    def verbs(_: HttpRequest) -> list[Verb]:
        return [Verb("The what-if", back, "scale", "u")]

    columns = BILLS.columns if _applied(found) else tuple(c for c in BILLS.columns if c.name != "again")
    declared = replace(BILLS, title=found.name, about=found.basis_text, verbs=verbs, columns=columns)
    shown: Callable[[HttpRequest], HttpResponseBase] = list_view(declared)
    return shown(request)


bill_list = page("bills.view")(_list)


@page("bills.view")
def bill(request: UtilityRequest, what_if_id: int, number: int) -> HttpResponseBase:
    """One bill, each service as it was billed and as it would be."""
    found = what_if_of(what_if_id)
    row = (
        rows_of(what_if_id)
        .select_related("bill__account__location", "bill__prepared", "bill__run")
        .filter(bill__number=number)
        .first()
    )
    if row is None:
        raise NotFound(f"Bill {number} is no part of it.", "Choose one from the list.")
    verbs = [
        Verb("Bill", reverse("billing:bill", args=[number]), "file-text", "v"),
        Verb("Account", reverse("customers:account", args=[row.bill.account.number]), "user", "a"),
    ]
    if _applied(found) and row.change and request.actor.may("bills.cancel"):
        why_not = "" if row.bill.is_live else "It was cancelled before."
        url = reverse("billing:bill_cancel", args=[number])
        verbs.append(Verb("Cancel, to bill again", url, "ban", danger=True, why_not=why_not))
    context = {
        "what_if": found,
        "row": row,
        "account": row.bill.account,
        "change": "" if row.change is None else telling.signed(row.change),
        "services": side_by_side(found, row),
        "verbs": verbs,
    }
    return TemplateResponse(request, "what_if/bill.html", context)
