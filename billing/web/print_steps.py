"""Printing a run on screen: the order is chosen, the PDFs are fetched, the page index is listed."""

import django_filters
from django import forms
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing import queries
from billing import runs as operations
from billing.models import Bill, BillPage, PrintBatch
from billing.policies import PRINT_ORDER
from billing.print_orders import DRAFT, GROUPS, ORDERS, USUAL
from billing.web.runs import run_of
from core import policies
from core.errors import NotFound
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact
from core.vault.web import download
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown


class OrderForm(forms.Form):
    """In which order the bills are printed."""

    order = forms.ChoiceField(label="Order", choices=tuple(ORDERS.items()), required=False)


@page("billing.run.print")
def printing(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """What will be printed, in numbers, and in which order."""
    run = run_of(run_id)
    bills = Bill.objects.filter(run=run, is_live=True)
    apart = bills.filter(account__pays_by_draft=True).count()
    usual = str(policies.value_on(PRINT_ORDER, run.bill_on) or USUAL)
    facts = [
        Fact(GROUPS["mail"], f"{bills.count() - apart:,}"),
        Fact(GROUPS[DRAFT], f"{apart:,}"),
    ]
    said = "The bills paid by bank draft come in a PDF of their own. " if apart else ""
    context = {
        "run": run,
        "title": f"Print cycle {run.cycle.code}, {run.starts:%B %Y}",
        "lead": f"One PDF with a page index. {said}The order cannot be changed afterwards.",
        "form": shown(request, lambda: OrderForm(initial={"order": usual})),
        "facts": facts,
        "submit": "Print the bills",
        "icon": "printer",
        "why_not": ""
        if run.state == "posted" and not run.print_job_id
        else "It is printed, or not yet posted.",
        "key": fresh_key(request),
        "back": reverse("billing:run", args=[run_id]),
    }
    return TemplateResponse(request, "runs/confirm.html", context)


@printing.posted("billing.run.print")
def print_bills(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """Begin printing."""
    given = checked(request, OrderForm(request.POST)).cleaned_data
    perform(request, operations.print_run, run_id=run_id, order=given["order"])
    return redirect("billing:run", run_id=run_id)


@page("billing.run.view")
def whole_pdf(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """All bills of a group of a printed run as one PDF; ``group`` is ``mail`` or ``draft``."""
    batches = PrintBatch.objects.select_related("file").filter(run=run_id, part=0)
    group = request.GET.get("group", "")
    batch = (batches.filter(group=group) if group else batches.order_by("-group")).first()
    if batch is None:
        raise NotFound("The run is not printed yet.", "Print it first.")
    return download(batch.file, inline=True)


class PageFilter(django_filters.FilterSet):
    """By PDF, account, bill."""

    group = django_filters.ChoiceFilter(
        label="PDF", field_name="batch__group", choices=tuple(GROUPS.items()), empty_label="All"
    )
    account = django_filters.CharFilter(
        label="Account", field_name="bill__account__number", lookup_expr="startswith"
    )
    number = django_filters.NumberFilter(label="Bill number", field_name="bill__number")

    class Meta:
        model = BillPage
        fields: tuple[str, ...] = ()


def _bill_url(row: BillPage) -> str:
    return reverse("billing:bill", args=[row.bill.number])


PAGES = ListPage(
    name="pages",
    title="Page index",
    about="Where each bill stands in the run’s PDF, in the order of the mail.",
    noun="bills",
    columns=(
        Column("group", "PDF", lambda row: GROUPS.get(row.batch.group, row.batch.group), sort="batch__group"),
        Column("page", "Page", "first_page", kind="number", sort="first_page"),
        Column("pages", "Pages", "page_count", kind="number", sort="page_count"),
        Column("bill", "Bill", "bill.number", kind="code", sort="bill__number", href=_bill_url),
        Column("account", "Account", "bill.account.number", kind="code", sort="bill__account__number"),
        Column("name", "Name", "bill.account.customer.name", sort="bill__account__customer__name"),
        Column(
            "zip",
            "Mailed to ZIP",
            "mailed_zip",
            kind="code",
            sort="mailed_zip",
        ),
        Column("carrier", "Carrier route", "mailed_carrier", kind="code", chosen=False),
        Column("route", "Route", "bill.account.location.route.code", kind="code", chosen=False),
        Column("due", "Total due", "bill.total_due", kind="amount", sort="bill__total_due", may_credit=True),
    ),
    rows=lambda request: queries.pages_of(request.resolver_match.kwargs["run_id"]),  # type: ignore[union-attr]  # routed
    filters=PageFilter,
    opens=_bill_url,
    template="runs/bills.html",
    empty=Empty("The run is not printed yet", "The index is made with the PDF.", "printer"),
)


@page("billing.run.view")
def page_index(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """The page index of a printed run."""
    run_of(run_id)
    return list_view(PAGES)(request)
