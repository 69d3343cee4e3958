"""The payment record of an account: its card and alert, the list of all records, setting a counter back."""

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot, slots_of
from core.ui.parts import Alert, Empty, Panel
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.stale import seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.models import Account, Standing
from customers.queries import AccountShown
from customers.standing import LONGEST_REASON, Counted, counted, records, reset_counter
from customers.web.account_tabs import SIDE

TRACES = "account:traces"
"""The frame of what raised the counters: each slot's ``tab`` gives the address of a list by kind."""

RESET = "customers.standing.reset"
_TITLES = {
    Standing.Kind.RETURNED: "Returned payments",
    Standing.Kind.CUT_OFF: "On the cut-off list",
}
_ICONS = {
    Standing.Kind.RETURNED: "arrow-back-up",
    Standing.Kind.CUT_OFF: "droplet-off",
}


def _counters(subject: AccountShown) -> list[Counted]:
    return counted(getattr(subject.account, "kept", ()))


def _traces(request: HttpRequest, subject: AccountShown) -> dict[str, str]:
    """Where what raised each counter is listed, as far as an app above lists it and they may see it."""
    found: dict[str, str] = {}
    for slot in slots_of(TRACES, request):
        found |= slot.provider(request, subject)
    return found


def times(count: int) -> str:
    """How often, in words."""
    return "none" if count == 0 else "once" if count == 1 else f"{count} times"


def alerts(request: HttpRequest, subject: AccountShown) -> list[Alert]:
    """Payments that came back and cut-off lists, each leading to what raised it.

    Late fees are on the card alone: many accounts have one, and nobody handles them differently for it.
    """
    raised = [one for one in _counters(subject) if one.count and one.kind in _ICONS]
    ways = _traces(request, subject) if raised else {}
    return [
        Alert(
            f"{_TITLES[Standing.Kind(one.kind)]}:",
            times(one.count) + (f", last {day_text(one.last_on)}" if one.last_on else ""),
            _ICONS[Standing.Kind(one.kind)],
            "warn",
            url=ways.get(one.kind, ""),
        )
        for one in raised
    ]


def card(request: HttpRequest, subject: AccountShown) -> Panel:
    """Every counter, how often and when last, with what raised it and the way to set it back."""
    ways, may = _traces(request, subject), request.actor.may(RESET)  # type: ignore[attr-defined]  # a UtilityRequest
    rows = [
        {
            "counted": one,
            "times": times(one.count),
            "url": ways.get(one.kind, "") if one.last_on else "",
            "reset": reverse("customers:record_reset", args=[one.id]) if may and one.count else "",
        }
        for one in _counters(subject)
    ]
    return Panel("accounts/record_card.html", {"rows": rows})


class RecordFilter(django_filters.FilterSet):
    """By words of the account, what is counted, how often, when last."""

    find = django_filters.CharFilter(label="Number, name or address", method="by_words")
    kind = django_filters.ChoiceFilter(label="What", choices=Standing.Kind.choices, empty_label="Everything")
    least = django_filters.NumberFilter(
        label="Times at least", field_name="count", lookup_expr="gte", min_value=0
    )
    since = django_filters.DateFilter(
        label="Last from", field_name="last_on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label="Last to", field_name="last_on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = Standing
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Standing], name: str, typed: str) -> QuerySet[Standing]:
        """Each word in number, name or address of the account."""
        for word in typed.split():
            rows = rows.filter(
                Q(account__number__istartswith=word)
                | Q(account__customer__name__icontains=word)
                | Q(account__location__street_number__istartswith=word)
                | Q(account__location__street_name__icontains=word)
            )
        return rows


RECORDS = ListPage(
    name="payment-records",
    title="Payment records",
    about="How often a payment of an account came back, a late fee was charged, or it stood on the cut-off "
    "list, since that last went back to none.",
    noun="records",
    columns=(
        Column("account", "Account", "account.number", kind="code", sort="account__number"),
        Column("name", "Name", "account.customer.name", sort="account__customer__name"),
        Column("address", "Service address", "account.location.address",
               sort="account__location__street_name"),
        Column("route", "Route", "account.location.route.code", kind="code", chosen=False),
        Column("kind", "What", lambda row: row.get_kind_display(), sort="kind"),
        Column("count", "Times", kind="number", sort="count"),
        Column("last_on", "Last", kind="date", sort="last_on"),
        Column("cleared_on", "Set back", kind="date", sort="cleared_on"),
        Column("cash_only", "Cash only", "account.cash_only", kind="yes_no", chosen=False),
    ),
    rows=lambda request: records(),
    filters=RecordFilter,
    opens=lambda row: reverse("customers:account", args=[row.account.number]),
    order="-last_on",
    empty=Empty(
        "Nothing was ever counted",
        "A payment that comes back, a late fee or a cut-off list counts on the account it concerns.",
        "circle-check",
    ),
)  # fmt: skip

record_list = page("customers.view")(list_view(RECORDS))


class ResetForm(forms.Form):
    """Why a counter goes back to none."""

    reason = forms.CharField(
        label="Why it no longer counts", max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="Stays on the account’s note pad, with your name.",
    )  # fmt: skip


def _account_page(found: Standing) -> str:
    return reverse("customers:account", args=[found.account.number])


@page(RESET)
def reset(request: UtilityRequest, standing_id: int) -> HttpResponseBase:
    """The form of setting a counter back to none."""
    found = records().get(id=standing_id)
    account: Account = found.account
    last = f", the last on {day_text(found.last_on)}" if found.last_on else ""
    context = {
        "title": f"{found.get_kind_display()} of {account.number} {account.customer.name}",
        "about": f"{account.location.address}. Counted: {times(found.count)}{last}.",
        "form": shown(request, ResetForm),
        "seen": str(found.count),
        "key": fresh_key(request),
        "submit": "Set back to none",
        "back": _account_page(found),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@reset.posted(RESET)
def reset_it(request: UtilityRequest, standing_id: int) -> HttpResponseBase:
    """Set it back."""
    typed, seen = checked(request, ResetForm(request.POST)).cleaned_data, seen_sent(request)
    with read_only():
        found = records().get(id=standing_id)
    perform(
        request,
        reset_counter,
        standing_id=standing_id,
        reason=typed["reason"],
        on=clock.today(request.utility.tz),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
    )
    messages.success(request, f"{found.get_kind_display()} are at none. The reason is on the note pad.")
    return redirect(_account_page(found))


SLOTS = (
    Slot("account", "alert", "record", 40, alerts),
    Slot(SIDE, "tab", "record", 20, card),
)
