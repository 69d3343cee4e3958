"""Deposits on screen: the account's tab, the list of all, one with everything that was done with it."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.duties import SINGLE_OPERATOR
from core.money import total
from core.policies import flag
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot, slots_of
from core.ui.parts import Empty, Fact, Panel, Verb
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform
from customers.queries import AccountShown
from customers.web import file_tab
from ledger import deposit_refunds as operations
from ledger.deposit_models import Deposit, DepositLeft, DepositRefund, DepositService
from ledger.deposit_queries import (
    Moved,
    deposit_shown,
    deposits,
    deposits_of,
    giver_of,
    held_for,
    movements_of,
    refunds,
)

VERBS = "account:deposits"
"""What upper apps can do on the deposits tab; each slot's ``verb`` gives verbs."""

TAKEN_BY = "account:deposits:numbers"
"""What upper apps call the takings; as the frame of numbers of ``ledger.web.account_history``."""

HELD = (("yes", "Something is held"), ("no", "Nothing is held"))


class DepositFilter(django_filters.FilterSet):
    """By account, service, giver, whether something is held, and the days taken (both included)."""

    account = django_filters.CharFilter(
        label="Account", field_name="account__number", lookup_expr="startswith"
    )
    for_service = django_filters.ChoiceFilter(
        label="For", choices=DepositService.choices, empty_label="Any service"
    )
    payer = django_filters.ChoiceFilter(
        label="From", choices=Deposit.Payer.choices, empty_label="Customers and landlords"
    )
    held = django_filters.ChoiceFilter(
        label="Held", choices=HELD, empty_label="Held or not", method="by_held"
    )
    since = django_filters.DateFilter(label="Taken from", field_name="on", lookup_expr="gte", widget=DayInput)
    until = django_filters.DateFilter(label="Taken to", field_name="on", lookup_expr="lte", widget=DayInput)

    class Meta:
        model = Deposit
        fields: tuple[str, ...] = ()

    def by_held(self, rows: QuerySet[Deposit], name: str, wanted: str) -> QuerySet[Deposit]:
        """Something is held of it, or nothing any more."""
        left = DepositLeft.objects.filter(open__gt=0).values("deposit")
        return rows.filter(id__in=left) if wanted == "yes" else rows.exclude(id__in=left)


def _account_url(row: Deposit) -> str:
    return f"{reverse('customers:account', args=[row.account.number])}?tab=deposits"


DEPOSITS = ListPage(
    name="deposits",
    title="Deposits",
    about="Security deposits of customers and landlords: what was taken, applied, refunded, what is held.",
    noun="deposits",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("on", "Taken", kind="date", sort="on"),
        Column("account", "Account", "account.number", kind="code", sort="account__number",
               href=_account_url),
        Column("name", "Name", "account.customer.name", sort="account__customer__name"),
        Column("payer", "From", "get_payer_display", sort="payer"),
        Column("landlord", "Landlord", "landlord.name", sort="landlord__name", chosen=False),
        Column("for_service", "For", "get_for_service_display", sort="for_service"),
        Column("amount", "Deposit", kind="amount", sort="amount"),
        Column("applied", "Applied", kind="amount", sort="applied"),
        Column("applied_on", "Applied on", kind="date", sort="applied_on", chosen=False),
        Column("refunded", "Refunded", kind="amount", sort="refunded"),
        Column("refunded_on", "Refunded on", kind="date", sort="refunded_on", chosen=False),
        Column("cheque", "Check", kind="code", chosen=False),
        Column("held", "Held", kind="amount", sort="held"),
        Column("reference", "Reference", sort="reference"),
        Column("operator_name", "Taken by", sort="operator_name", chosen=False),
        Column("address", "Service address", "account.location.address", chosen=False),
    ),
    rows=lambda request: deposits(),
    filters=DepositFilter,
    opens=lambda row: reverse("ledger:deposit", args=[row.pk]),
    order="-id",
    empty=Empty("No deposits yet", "They are taken on an account’s page: Deposits.", "coins"),
    template="ledger/list.html",
)  # fmt: skip

deposit_list = page("ledger.view")(list_view(DEPOSITS))


class UndoForm(forms.Form):
    """Why it is undone."""

    why = forms.CharField(label="Why it is undone", max_length=operations.LONGEST_WHY)


def _facts(found: Any) -> list[Fact]:
    return [
        Fact("From", giver_of(found), note=found.get_payer_display()),
        Fact("For", found.get_for_service_display()),
        Fact("Taken", day_text(found.on), note=found.operator_name),
        Fact("Reference", found.reference or None),
        Fact("Deposit", amount=found.amount, url=reverse("ledger:journal", args=[found.journal_id])),
        Fact("Applied", amount=found.applied, note=day_text(found.applied_on) if found.applied_on else ""),
        Fact("Refunded", amount=found.refunded, note=_refunded(found)),
        Fact("Held", amount=found.held, total=True),
    ]


def _refunded(found: Any) -> str:
    day = day_text(found.refunded_on) if found.refunded_on else ""
    return ", ".join(filter(None, (day, f"check {found.cheque}" if found.cheque else "")))


@page("ledger.view")
def deposit(request: UtilityRequest, deposit_id: int, movement_id: int = 0) -> HttpResponseBase:
    """One deposit, everything that was done with it, and what can be undone.

    ``movement_id`` is of the form that came back.
    """
    found: Any = deposit_shown(deposit_id)
    moved, may = movements_of([found]), request.actor.may
    single = flag(SINGLE_OPERATOR, clock.today(request.utility.tz))
    undo = [
        m
        for m in moved
        if m.movement is not None
        and m.undoable
        and may(operations.APPROVE)
        and (single or m.movement.operator != request.actor.ref)
    ]
    context = {
        "deposit": found,
        "account": found.account,
        "giver": giver_of(found),
        "facts": _facts(found),
        "rows": _numbered(request, moved),
        "refunds": refunds().filter(deposit=found).order_by("-id"),
        "may_use": may(operations.USE) and found.held > 0,
        "undo": undo,
        "form": request.form if isinstance(request.form, UndoForm) else UndoForm(),
        "problem": request.refused if request.refused and request.form is None else None,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/deposit.html", context)


@form(operations.APPROVE, again=deposit)
def undo_movement(request: UtilityRequest, deposit_id: int, movement_id: int) -> HttpResponseBase:
    """Undo what was done with it."""
    given = checked(request, UndoForm(request.POST)).cleaned_data
    today = clock.today(request.utility.tz)
    perform(request, operations.undo_movement, movement_id=movement_id, why=given["why"], on=today)
    messages.success(request, "Undone: it is held again.")
    return redirect("ledger:deposit", deposit_id=deposit_id)


def _numbered(request: HttpRequest, moved: list[Moved]) -> list[dict[str, Any]]:
    """The movements, each with what its journal's document is called."""
    journals = sorted({m.journal_id for m in moved})
    numbers: dict[int, Any] = {}
    for slot in slots_of(TAKEN_BY, request):
        numbers.update(slot.provider(request, journals))
    return [{"moved": m, "number": numbers.get(m.journal_id)} for m in moved]


def tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """What is held now by service and giver, each deposit, and every movement newest first."""
    found: list[Any] = deposits_of(subject.account)
    given = list(refunds().filter(deposit__in=[d.id for d in found]).order_by("id")) if found else []
    held = held_for(found)
    context = {
        "held": held,
        "together": total(h.amount for h in held),
        "deposits": [{"deposit": d, "giver": giver_of(d), "refunded": _refunded(d)} for d in found],
        "rows": _numbered(request, movements_of(found, given)) if found else [],
        "waiting": [r for r in given if r.state == DepositRefund.State.WAITING],
        "verbs": _verbs(request, subject, bool(held)),
    }
    return Panel("ledger/deposits_tab.html", context)


def _verbs(request: HttpRequest, subject: AccountShown, held: bool) -> list[Verb]:
    made: list[Verb] = [v for slot in slots_of(VERBS, request) for v in slot.provider(request, subject)]
    if request.actor.may(operations.USE):  # type: ignore[attr-defined]  # a UtilityRequest
        why_not = "" if held else "Nothing is held."
        apply = reverse("ledger:deposit_apply", args=[subject.number])
        refund = reverse("ledger:deposit_refund", args=[subject.number])
        made.append(Verb("Apply", apply, "arrow-down", "l", why_not=why_not))
        made.append(Verb("Refund", refund, "arrow-back-up", "r", why_not=why_not))
    return made


def file_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """What is held of the account's deposits and what was done with them, on its file."""
    found: list[Any] = deposits_of(subject.account)
    facts = [
        Fact(
            f"{d.get_for_service_display()}, {day_text(d.on)}",
            amount=d.held,
            note=f"held of {d.amount:,.2f} from {giver_of(d)}",
            url=reverse("ledger:deposit", args=[d.id]),
        )
        for d in found[-6:]
    ]
    url = f"{reverse('customers:account', args=[subject.number])}?tab=deposits"
    return file_tab.card("Deposits", "coins", facts or [Fact("Held", "none")], "All of them", url)


SLOTS = (
    Slot("account", "tab", "deposits", 35, tab, "Deposits", "d", "ledger.view"),
    Slot(file_tab.FILE, "tab", "deposits", 60, file_card, permission="ledger.view"),
)
