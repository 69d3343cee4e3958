"""Somebody moves in: who waits for which location, asking for one, withdrawing; and moving out."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock, policies
from core.errors import Refused
from core.reading import read_only
from core.sealed import Typed
from core.ui.columns import Column
from core.ui.fields import DayField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot
from core.ui.parts import Alert, Empty, Verb
from core.ui.sealed_field import number_sent
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from customers.earlier import earlier_of
from customers.landlord_queries import having_words
from customers.leaving import end_account
from customers.models import Account, MoveIn
from customers.move_in import Wished, ask_to_move_in, withdraw_move_in
from customers.policies import NUMBER_PATTERN
from customers.queries import AccountShown, account_called, find_customers
from customers.sealed import LICENCE, SSN
from customers.web.accounts import OpenForm
from rates.queries import tables_on


class MoveInFilter(django_filters.FilterSet):
    """By words of number, name and address; state; the day wished; whether something is in the way."""

    find = django_filters.CharFilter(label="Number, name or address", method="by_words")
    state = django_filters.ChoiceFilter(label="State", choices=MoveIn.State.choices, empty_label="All")
    until = django_filters.DateFilter(
        label="Moves in by", field_name="account__starts", lookup_expr="lte", widget=DayInput
    )
    problem = django_filters.ChoiceFilter(
        label="In the way", choices=(("yes", "Something"),), empty_label="All", method="by_problem"
    )

    class Meta:
        model = MoveIn
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[MoveIn], name: str, typed: str) -> QuerySet[MoveIn]:
        """Each word in number, name or address."""
        at = "account__location__"
        return having_words(
            rows,
            typed,
            "account__number",
            "account__customer__name",
            f"{at}street_number",
            f"{at}street_name",
        )

    def by_problem(self, rows: QuerySet[MoveIn], name: str, wanted: str) -> QuerySet[MoveIn]:
        """Those that could not take over on their day."""
        return rows.exclude(problem="")


def move_ins() -> QuerySet[MoveIn]:
    """Who waits, came or did not come, with account, customer and location."""
    return MoveIn.objects.select_related("account__customer", "account__location", "after")


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    return [Verb("Somebody moves in", reverse("customers:move_in_new"), "plus", "n", True)] if may else []


MOVE_INS = ListPage(
    name="move-ins",
    title="Moving in",
    about="Who waits for a location takes it over by itself on the day, shortly after midnight.",
    noun="move-ins",
    columns=(
        Column("starts", "Moves in", "account.starts", kind="date", sort="account__starts"),
        Column("account", "Account", "account.number", kind="code", sort="account__number"),
        Column("customer", "Name", "account.customer.name", sort="account__customer__name"),
        Column("address", "Location", "account.location.address", sort="account__location__street_name"),
        Column("state", "State", kind="status", sort="state"),
        Column("problem", "In the way", sort="problem"),
        Column("after", "Account before", "after.number", kind="code", sort="after__number"),
        Column("asked_at", "Asked", kind="moment", sort="asked_at", chosen=False),
    ),
    rows=lambda request: move_ins(),
    filters=MoveInFilter,
    opens=lambda row: reverse("customers:account", args=[row.account.number]),
    order="-starts",
    verbs=_verbs,
    empty=Empty(
        "Nobody waits to move in", "Take down who comes, where and when; the day does the rest.", "user",
        Verb("Somebody moves in", "/move-ins/new/", "plus"),
    ),
    template="accounts/list.html",
)  # fmt: skip

move_in_list = page("customers.view")(list_view(MOVE_INS))


class ServicesWished(forms.MultipleChoiceField):
    """The rates that somebody wishes."""

    def __init__(self, rates: list[tuple[str, str]]) -> None:
        super().__init__(
            label="Services wished", choices=rates, required=False, widget=forms.CheckboxSelectMultiple,
            help_text="None ticked: those of the customer before.",
        )  # fmt: skip


class MoveInForm(OpenForm):
    """Who moves in where and when, what they want, and the numbers by which earlier bills are found."""

    def __init__(self, *args: Any, rates: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"] = ServicesWished(rates)


def rates_wished(request: UtilityRequest) -> list[tuple[str, str]]:
    tables = tables_on(clock.today(request.utility.tz)).order_by("service_type", "code")
    return [(str(one.id), f"{one.code} {one.name}") for one in tables]


@page("customers.edit")
def move_in_new(request: UtilityRequest) -> HttpResponseBase:
    """The form of somebody who moves in."""
    today = clock.today(request.utility.tz)
    first = {
        "starts": today,
        "category": "residential",
        "location": request.GET.get("location", ""),
        "known": request.GET.get("known", ""),
    }
    context = {
        "form": shown(request, lambda: MoveInForm(initial=first, rates=rates_wished(request))),
        "assigned": bool(policies.value_on(NUMBER_PATTERN, today)),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "accounts/move_in.html", context)


@move_in_new.posted("customers.edit")
def move_in_ask(request: UtilityRequest) -> HttpResponseBase:
    """Put them on the list, with a pending account, and go to it."""
    with read_only():
        asked = checked(request, MoveInForm(request.POST, rates=rates_wished(request)))
    typed = asked.cleaned_data
    try:
        made = perform(
            request,
            ask_to_move_in,
            location_id=asked.place.id,
            starts=typed["starts"],
            customer_id=asked.customer.id if asked.customer else None,
            new_customer=asked.new_customer(),
            ssn=Typed(SSN, typed["ssn"]) if typed["ssn"] else None,
            licence=Typed(LICENCE, typed["licence"]) if typed["licence"] else None,
            services=[Wished(int(rate)) for rate in typed["services"]],
            owed_reason=typed["owed_reason"],
            number=typed["number"],
            category=typed["category"],
        )
    except Refused as refused:
        refused.field = {"customer_id": "known", "location_id": "location"}.get(refused.field, refused.field)
        raise
    with read_only():
        number = MoveIn.objects.select_related("account").get(id=made).account.number
    messages.success(
        request, f"Account {number} waits for {typed['starts']:%b %-d, %Y} and takes over by itself."
    )
    return redirect("customers:account", number=number)


@form("customers.edit")
def earlier(request: UtilityRequest) -> HttpResponseBase:
    """What somebody owes from before, for a form being filled in; the numbers stay out of addresses."""
    with read_only():
        known = find_customers(request.POST.get("known", "")[:120])
        besides = request.POST.get("besides", "")[:18]
        found = earlier_of(
            ssn=number_sent(request.POST, "ssn")[:30],
            licence=number_sent(request.POST, "licence")[:30],
            customer_id=known[0].id if len(known) == 1 else None,
            others_than=int(besides) if besides.isdigit() else None,
        )
        response = TemplateResponse(request, "accounts/earlier.html", {"found": found})
        response.render()
    return response


@form("customers.edit")
def withdraw(request: UtilityRequest, move_in_id: int) -> HttpResponseBase:
    """They do not come."""
    with read_only():
        number = MoveIn.objects.select_related("account").get(id=move_in_id).account.number
    perform(request, withdraw_move_in, move_in_id=move_in_id)
    messages.success(request, f"Account {number} is withdrawn. A deposit on it stays held until refunded.")
    return redirect("customers:account", number=number)


class EndForm(forms.Form):
    """The day somebody moves out."""

    on = DayField(
        label="Ends on", widget=DayInput({"autofocus": True}),
        help_text="The first day that is no longer theirs.",
    )  # fmt: skip


@page("customers.edit")
def move_out(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form of the day somebody moves out."""
    account = account_called(number)
    context = {
        "title": f"{account.customer.name} moves out",
        "about": f"{account.location.address}, {account.location.city}. The account ends with its services."
        " From then on the location is vacant, or the landlord’s under a landlord agreement.",
        "form": shown(request, lambda: EndForm(initial={"on": clock.today(request.utility.tz)})),
        "submit": "End the account",
        "danger": True,
        "key": fresh_key(request),
        "back": reverse("customers:account", args=[number]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@move_out.posted("customers.edit")
def move_out_posted(request: UtilityRequest, number: str) -> HttpResponseBase:
    """End the account."""
    with read_only():
        account_id = int(Account.objects.values_list("id", flat=True).get(number=number))
    typed = checked(request, EndForm(request.POST)).cleaned_data
    perform(request, end_account, account_id=account_id, on=typed["on"])
    messages.success(request, f"Account {number} ends on {typed['on']:%b %-d, %Y}.")
    return redirect("customers:account", number=number)


def _move_in_of(subject: AccountShown) -> MoveIn | None:
    if not subject.account.pending:
        return None
    if "move_in" not in subject.known:
        subject.known["move_in"] = MoveIn.objects.filter(account=subject.account).first()
    found: MoveIn | None = subject.known["move_in"]
    return found


def alerts(request: HttpRequest, subject: AccountShown) -> list[Alert]:
    """That the account waits, and what stands in the way."""
    row = _move_in_of(subject)
    if row is None or row.state != MoveIn.State.WAITING:
        return []
    told = Alert("Pending", f"takes over on {subject.account.starts:%b %-d, %Y}", "hourglass", "info")
    return (
        [told, Alert("Could not take over:", row.problem, "alert-circle", "bad")] if row.problem else [told]
    )


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """Withdrawing a pending account; moving out of one that is open."""
    row, account = _move_in_of(subject), subject.account
    if row is not None and row.state == MoveIn.State.WAITING:
        url = reverse("customers:move_in_withdraw", args=[row.id])
        other_day = reverse("customers:move_in_change", args=[row.id])
        return [
            Verb("Change move-in", other_day, "calendar", "o"),
            Verb("Withdraw", url, "ban", "d", danger=True, post=True),
        ]
    if account.ends is None and not account.pending:
        return [Verb("Moves out", reverse("customers:move_out", args=[account.number]), "door-exit", "d")]
    return []


SLOTS = (
    Slot("account", "alert", "move-in", 3, alerts),
    Slot("account", "verb", "moving", 85, verbs, permission="customers.edit"),
)
