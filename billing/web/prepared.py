"""The bills of a run before and after posting: the list, and one bill with its arithmetic."""

from dataclasses import replace
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing import queries
from billing.checking import sample_of
from billing.explaining import explain_prepared
from billing.holds import hold_bill, release_bill
from billing.models import PreparedBill, Run
from billing.review.lists import LISTS, ExceptionList
from billing.web.checklist import lacking
from billing.web.reasons import REASONS, WARNINGS, reason_text, warning_text
from billing.web.run_steps import ReasonForm
from billing.web.runs import run_of
from core.acting import names_of
from core.errors import NotFound
from core.periods import Period
from core.reading import read_only
from core.ui.columns import Column
from core.ui.lists import ListPage, filtered, list_view, sorted_rows, sorting
from core.ui.parts import Empty, Fact
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from customers.models import Service
from meters.models import Route, ServiceType

LOOKS = {"ready": "prepared", "held": "held", "excepted": "not_billed", "posted": "posted"}


# A line is kept as a list: its service's id first, its revenue code fourth.
_LINE = RawSQL("'strict $[*] ? (@[0] == $service && @[3] == $code)'::jsonpath", [])


def _charged(revenue_code: str) -> Func:
    """Whether a service has a line of that revenue code on the bill that is asked about."""
    given = JSONObject(service=F("id"), code=Value(revenue_code))
    return Func(OuterRef("lines"), _LINE, given, function="jsonb_path_exists", output_field=BooleanField())


def _on(one: ExceptionList) -> Q:
    """The prepared bills of a list."""
    found = Q(reason__in=one.reasons)
    for reason in one.reasons:
        found |= Q(released__contains=[reason])
    for kind in one.kinds:
        found |= Q(warnings__contains=[kind])
        for service in ServiceType.values:
            found |= Q(warnings__contains=[f"{kind}:{service}"])
    return found


class PreparedFilter(django_filters.FilterSet):
    """By state, reason, warning, list, route, class, and service, rate and revenue code of a line."""

    state = django_filters.ChoiceFilter(label="State", empty_label="All", choices=PreparedBill.State.choices)
    reason = django_filters.ChoiceFilter(label="Reason", empty_label="All", choices=tuple(REASONS.items()))
    warning = django_filters.ChoiceFilter(
        label="Worth a look",
        empty_label="All",
        method="with_warning",
        choices=[(f"{w}:{s}", warning_text(f"{w}:{s}")) for w in WARNINGS for s in ServiceType.values[:5]],
    )
    list = django_filters.ChoiceFilter(
        label="List",
        empty_label="All",
        method="on_list",
        choices=[("sample", "Sample, drawn"), *((one.code, one.title) for one in LISTS)],
    )
    service = django_filters.ChoiceFilter(
        label="Service", empty_label="All", method="with_line", choices=ServiceType.choices
    )
    rate = django_filters.CharFilter(label="Rate", method="with_line")
    revenue = django_filters.CharFilter(label="Revenue code", method="with_line")
    category = django_filters.CharFilter(label="Class", field_name="account__category")
    route = django_filters.ModelChoiceFilter(
        label="Route",
        empty_label="All",
        field_name="account__location__route",
        queryset=lambda request: Route.objects.order_by("code"),
    )

    class Meta:
        model = PreparedBill
        fields: tuple[str, ...] = ()

    def on_list(self, rows: QuerySet[PreparedBill], name: str, code: str) -> QuerySet[PreparedBill]:
        """Bills on one of the lists that billing staff work through."""
        if code == "sample":
            run = Run.objects.filter(id=run_id_of(self.request)).first()
            return rows.filter(account__in=sample_of(run) if run else [])
        return rows.filter(_on(next(one for one in LISTS if one.code == code)))

    def with_line(self, rows: QuerySet[PreparedBill], name: str, value: str) -> QuerySet[PreparedBill]:
        """Bills with a line of one service, rate and revenue code: all three of the address at once."""
        if name != next((n for n in ("revenue", "rate", "service") if self.data.get(n)), ""):
            return rows  # said by the one that is asked first
        services = Service.objects.filter(account=OuterRef("account_id"))
        if self.data.get("service"):
            services = services.filter(service_type=self.data["service"])
        if self.data.get("rate"):
            services = services.filter(rate__code=self.data["rate"])
        if not self.data.get("revenue"):
            return rows.filter(Exists(services))
        return rows.filter(Exists(services.filter(_charged(self.data["revenue"]))))

    def with_warning(self, rows: QuerySet[PreparedBill], name: str, code: str) -> QuerySet[PreparedBill]:
        """Bills that carry the warning."""
        return rows.filter(warnings__contains=[code])


def _why(row: PreparedBill) -> str:
    return reason_text(row.reason) if row.reason else ", ".join(warning_text(w) for w in row.warnings)


BILLS = ListPage(
    name="bills-of-run",
    title="Bills of the run",
    about="What the run bills or would bill. Enter opens one with its arithmetic; j and k walk on.",
    noun="bills",
    columns=(
        Column("account", "Account", "account.number", kind="code", sort="account__number"),
        Column("name", "Name", "account.customer.name", sort="account__customer__name"),
        Column("address", "Service address", "account.location.address", kind="code"),
        Column(
            "route",
            "Route",
            "account.location.route.code",
            kind="code",
            sort="account__location__route__code",
        ),
        Column("state", "State", lambda row: LOOKS[row.state], kind="status", sort="state"),
        Column("why", "Reason or remark", _why, sort="reason"),
        Column("total", "Charges", kind="amount", sort="total", may_credit=True),
        Column("before", "Last bill", kind="amount", may_credit=True),
        Column("change", "Change", kind="number", sort="change"),
        Column("usual", "Usual", kind="amount", sort="usual", may_credit=True, chosen=False),
        Column("at_risk", "At risk", kind="amount", sort="at_risk", may_credit=True),
        Column("detail", "What to do", chosen=False),
    ),
    rows=lambda request: queries.prepared_bills(run_id_of(request)),
    filters=PreparedFilter,
    order="-total",
    template="runs/bills.html",
    empty=Empty("Nothing is prepared yet", "Prepare the run; its bills appear here.", "stack-2"),
)


def run_id_of(request: HttpRequest) -> int:
    """The run that the address names."""
    assert request.resolver_match is not None  # a view is always routed
    return int(request.resolver_match.kwargs["run_id"])


def _kept(query: QueryDict) -> str:
    """The list's filters and order, for walking on within them."""
    kept = query.copy()
    for name in ("page", "cols", "export"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if kept else ""


def _address(row: PreparedBill, kept: str) -> str:
    return _address_in(row.run_id, row.account.number, kept)


def _address_in(run_id: int, number: str, kept: str) -> str:
    return reverse("billing:run_bill", args=[run_id, number]) + kept


@page("billing.run.view")
def bill_list(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """The list; each row leads to its bill and keeps the list's order."""
    run_of(run_id)
    kept = _kept(request.GET)
    return list_view(replace(BILLS, opens=lambda row: _address(row, kept)))(request)


@page("billing.run.view")
def bill(request: UtilityRequest, run_id: int, number: str) -> HttpResponseBase:
    """One bill of the run: lines with their steps, readings, warnings, and the ones before and after it."""
    row = queries.prepared_bills(run_id).select_related(
        "run__cycle", "account__customer", "account__location"
    )
    found = row.filter(account__number=number).first()
    if found is None:
        raise NotFound(f"Account {number} is not in run {run_id}.", "Choose one from the run’s bills.")
    services = explain_prepared(found, request.actor.may).services
    context = {
        "row": found,
        "run": found.run,
        "look": LOOKS[found.state],
        "reason": reason_text(found.reason),
        "warnings": [warning_text(w) for w in found.warnings],
        "services": services,
        "readings": [one for service in services if not service.measured_by for one in service.measured],
        "facts": _facts(found),
        "released": [reason_text(code).lower() for code in found.released],
        "held_by": names_of([found.held_by]).get(found.held_by, "") if found.held_by else "",
        "period": Period(found.starts, found.ends) if found.starts else None,
        "list_url": reverse("billing:run_bills", args=[run_id]) + _kept(request.GET),
        "kept": _kept(request.GET),
        "key": fresh_key(request),
        **_neighbours(request, found),
        **_release(request, found),
        **_hold(request, found),
    }
    return TemplateResponse(request, "runs/bill.html", context)


@form("billing.run.review", again=bill)
def release(request: UtilityRequest, run_id: int, number: str) -> HttpResponseBase:
    """Let a held bill through with a reason; the page says when another reason still holds it."""
    given = checked(request, ReasonForm(request.POST)).cleaned_data
    with read_only():
        row = queries.prepared_bills(run_id).filter(account__number=number).first()
    if row is None:
        raise NotFound(f"Account {number} is not in run {run_id}.", "Choose one from the run’s bills.")
    perform(request, release_bill, run_id=run_id, account_id=row.account_id, why=given["why"])
    with read_only():
        now = queries.prepared_bills(run_id).get(account__number=number)
    if now.state == "held":
        left = reason_text(now.reason).lower()
        messages.warning(request, f"{reason_text(row.reason)}: let through. The bill is still held: {left}.")
    else:
        messages.success(
            request, f"The bill of account {number} goes with the run. Review the run again before approval."
        )
    return redirect(_address_in(run_id, number, _kept(request.GET)))


@form("billing.run.review", again=bill)
def hold(request: UtilityRequest, run_id: int, number: str) -> HttpResponseBase:
    """Hold a good bill back by hand."""
    given = checked(request, ReasonForm(request.POST)).cleaned_data
    with read_only():
        row = queries.prepared_bills(run_id).filter(account__number=number).first()
    if row is None:
        raise NotFound(f"Account {number} is not in run {run_id}.", "Choose one from the run’s bills.")
    perform(request, hold_bill, run_id=run_id, account_id=row.account_id, why=given["why"])
    messages.success(request, f"The bill of account {number} is held. Review the run again before approval.")
    return redirect(_address_in(run_id, number, _kept(request.GET)))


def _hold(request: UtilityRequest, row: PreparedBill) -> dict[str, Any]:
    """The form to hold the bill, while that can be done."""
    if row.state != "ready" or row.run.state not in ("prepared", "reviewed"):
        return {}
    why_not = lacking(request.actor, "billing.run.review")
    return {"hold_form": None if why_not else shown(request, ReasonForm)}


def _release(request: UtilityRequest, row: PreparedBill) -> dict[str, Any]:
    if row.state != "held":
        return {}
    if row.run.state not in ("prepared", "reviewed"):
        why_not = "The run is past its review."
    elif not row.charge_hash:
        why_not = "There is no bill to release yet: mend the cause, then prepare the run again."
    else:
        why_not = lacking(request.actor, "billing.run.review")
    return {"form": shown(request, ReasonForm), "why_not": why_not, "can_release": not why_not}


def _facts(row: Any) -> list[Fact]:
    usual = Fact("Usual", amount=row.usual) if row.usual is not None else Fact("Usual", "–")
    return [
        Fact("Charges", amount=row.total),
        usual,
        Fact("Last bill", amount=row.before) if row.before is not None else Fact("Last bill", "none"),
        Fact("Change", f"{row.change:+,.2f}"),
    ]


def _neighbours(request: UtilityRequest, row: PreparedBill) -> dict[str, Any]:
    """The bills before and after this one in the list it was opened from, and its place in it.

    A bill that has left the list, as one does that is released, still has its neighbours there, so that
    walking on goes from it to the next.
    """
    rows, _ = filtered(BILLS, request)
    sort = sorting(BILLS, request.GET)
    path = next((c.sort for c in BILLS.columns if c.name == sort.removeprefix("-")), "")
    if not path:  # the list was asked for an order it does not have
        return {}
    listed = sorted_rows(BILLS, rows, sort)
    everything = queries.prepared_bills(row.run_id)
    here = everything.filter(pk=row.pk).annotate(_at=F(path)).values_list("_at", flat=True).first()
    kept = _kept(request.GET)
    if here is None:
        return {}
    first, then = ("gt", "lt") if sort.startswith("-") else ("lt", "gt")
    before = Q(**{f"{path}__{first}": here}) | Q(**{path: here, f"pk__{first}": row.pk})
    after = Q(**{f"{path}__{then}": here}) | Q(**{path: here, f"pk__{then}": row.pk})
    previous, following = listed.filter(before).reverse().first(), listed.filter(after).first()
    return {
        "previous": _address(previous, kept) if previous else "",
        "next": _address(following, kept) if following else "",
        **rows.aggregate(
            place=Count("id", filter=before) + 1, of=Count("id"), listed=Count("id", filter=Q(pk=row.pk))
        ),
    }
