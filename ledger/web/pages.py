"""Journals, one journal with its mirror, one charge with how it was computed and paid, the chart."""

from decimal import Decimal
from typing import Any

import django_filters
from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse

from core.money import ZERO
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import slots_of
from core.ui.parts import Empty, Fact, Panel
from core.web.requests import UtilityRequest
from core.web.views import page
from customers.queries import entries_of
from ledger.history_queries import purges_of
from ledger.models import Charge, Journal, RevenueCode
from ledger.queries import (
    WHY,
    charge_of,
    charges_of,
    chart_with_balances,
    journal_numbered,
    journals,
    lines_of,
    mirror_of,
    open_of,
    paid_by,
    why_words,
)


class JournalFilter(django_filters.FilterSet):
    """By key, reason and days (both included)."""

    key = django_filters.CharFilter(label="Key begins with", lookup_expr="startswith")
    why = django_filters.ChoiceFilter(label="Reason", choices=tuple(WHY.items()), empty_label="All reasons")
    since = django_filters.DateFilter(label="From", field_name="on", lookup_expr="gte", widget=DayInput)
    until = django_filters.DateFilter(label="To", field_name="on", lookup_expr="lte", widget=DayInput)

    class Meta:
        model = Journal
        fields: tuple[str, ...] = ()


def journal_url(row: Any) -> str:
    """The page of a journal row."""
    return reverse("ledger:journal", args=[row.pk])


JOURNALS = ListPage(
    name="journals",
    title="Journals",
    about="Every posting, in balance. Nothing here is ever changed: a mistake is undone by a mirror journal.",
    noun="journals",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("on", "On", kind="date", sort="on"),
        Column("why", "Reason", lambda row: why_words(row.why, row.reverses_id), sort="why"),
        Column("key", "Source", kind="code", sort="key"),
        Column("lines", "Lines", kind="number", sort="lines"),
        Column("total", "Total", kind="amount", sort="total"),
        Column("posted_at", "Posted", kind="moment", sort="posted_at", chosen=False),
    ),
    rows=lambda request: journals(),
    filters=JournalFilter,
    opens=journal_url,
    empty=Empty("No journals yet", "They come with the first bill or payment.", "scale"),
    template="ledger/list.html",
)

CHART = ListPage(
    name="chart",
    title="Chart of accounts",
    about="Balances to date, debits less credits.",
    noun="chart accounts",
    columns=(
        Column("code", "Account", kind="code", sort="code"),
        Column("name", "Name", sort="name"),
        Column("kind", "Kind", "get_kind_display", sort="kind"),
        Column("role", "Used as", lambda row: row.role.replace("_", " "), sort="role"),
        Column("debits", "Debits", kind="amount", sort="debits"),
        Column("credits", "Credits", kind="amount", sort="credits"),
        Column("balance", "Balance", kind="amount", sort="balance", may_credit=True),
    ),
    rows=lambda request: chart_with_balances(),
    filters=None,
    order="code",
    empty=Empty("No chart yet", "A new utility gets a default chart.", "scale"),
    template="ledger/list.html",
)

journal_list = page("ledger.view")(list_view(JOURNALS))
chart = page("ledger.view")(list_view(CHART))


@page("ledger.view")
def journal(request: UtilityRequest, journal_id: int) -> HttpResponseBase:
    """One journal: its lines, who posted it, and its mirror when it was undone."""
    found = journal_numbered(journal_id)
    entry = entries_of([found.operation_id]).get(found.operation_id)
    context = {
        "journal": found,
        "why": why_words(found.why, found.reverses_id),
        "lines": lines_of(found),
        "mirror": mirror_of(found),
        "charges": charges_of(found),
        "entry": entry,
        "parts": filled(request, "journal", found),
        "purged": purges_of([found.id]) if found.purge_id else [],
        "forward": found.purge_id is not None and found.why == "brought forward",
    }
    return TemplateResponse(request, "ledger/journal.html", context)


@page("ledger.view")
def charge(request: UtilityRequest, charge_id: int) -> HttpResponseBase:
    """One charge: what it is, how it was computed, what was paid on it."""
    found = charge_of(charge_id)
    left, laid = open_of(found), paid_by(found)
    context = {
        "charge": found,
        "account": found.account,
        "facts": _facts(found),
        "laid": [(a, -a.amount) for a in laid],
        "paid": sum((a.amount for a in laid), ZERO),
        "open": left,
        "state": "paid" if not left and found.amount > 0 else "open" if left == found.amount else "part_paid",
        "is_credit": found.amount < Decimal(0),
        "purged": purges_of([found.journal_id]) if found.journal.purge_id else [],
        "parts": filled(request, "charge", found),
    }
    return TemplateResponse(request, "ledger/charge.html", context)


def _facts(found: Charge) -> list[Fact]:
    code = RevenueCode.objects.select_related("chart_account").filter(code=found.revenue_code).first()
    facts = [
        Fact("Charged on", found.on.strftime("%b %-d, %Y")),
        Fact("Due", found.due_on.strftime("%b %-d, %Y")),
    ]
    facts.append(Fact("Revenue code", found.revenue_code, note=str(code.chart_account) if code else ""))
    facts.append(
        Fact("Journal", f"{found.journal_id}", url=reverse("ledger:journal", args=[found.journal_id]))
    )
    return facts


def filled(request: UtilityRequest, frame: str, subject: Any) -> list[str]:
    """What upper apps put on a page of the ledger, each a card or nothing."""
    parts: list[str] = []
    for slot in slots_of(frame, request):
        panel: Panel | None = slot.provider(request, subject)
        if panel is not None:
            parts.append(render_to_string(panel.template, dict(panel.context), request=request))
    return parts
