"""Applying deposits and refunding them on screen: the forms of an account, the refunds, deciding one."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.duties import SINGLE_OPERATOR
from core.money import ZERO
from core.policies import flag
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import AmountField, DayField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from customers.models import Account
from customers.queries import account_called
from ledger import deposit_refunds as operations
from ledger.deposit_models import DepositRefund
from ledger.deposit_queries import deposits_of, giver_of, refunds
from ledger.queries import Standing, standing

CENT = Decimal("0.01")
USE, APPROVE = operations.USE, operations.APPROVE


class _HeldForm(forms.Form):
    """Which of the account's deposits; those of which something is held."""

    deposit = forms.TypedChoiceField(label="Deposit", coerce=int)
    amount = AmountField(label="Amount", least=CENT)

    def __init__(self, *args: Any, held: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["deposit"].choices = [
            (
                d.id,
                f"{d.get_for_service_display()}, {day_text(d.on)} from {giver_of(d)}: {d.held:,.2f} held",
            )
            for d in held
        ]


class ApplyForm(_HeldForm):
    """What of it is laid on what is owed."""

    reference = forms.CharField(
        label="Reference code", max_length=operations.LONGEST_REFERENCE, required=False
    )


class RefundForm(_HeldForm):
    """What of it goes back, and why."""

    reason = forms.CharField(label="Why it is refunded", max_length=operations.LONGEST_REASON)
    reference = forms.CharField(
        label="Reference code", max_length=operations.LONGEST_REFERENCE, required=False
    )


def _held(account: Account) -> list[Any]:
    found: list[Any] = deposits_of(account)
    return [d for d in found if d.held]


def _first(request: UtilityRequest, held: list[Any]) -> Any:
    """The deposit that the address names, else the oldest."""
    asked = request.GET.get("deposit", "")
    return next((d for d in held if str(d.id) == asked), held[0] if held else None)


def _page(
    request: UtilityRequest, account: Account, made: forms.Form, now: Standing, template: str
) -> HttpResponseBase:
    context = {"account": account, "now": now, "form": made, "key": fresh_key(request)}
    return TemplateResponse(request, template, context)


def _now(request: UtilityRequest, account: Account) -> Standing:
    return standing(account, clock.today(request.utility.tz))


@page(USE)
def applying(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form on which a deposit is applied to what is owed."""
    account = account_called(number)
    now, held = _now(request, account), _held(account)
    chosen = _first(request, held)
    owed = sum((o.open for o in now.owed), ZERO)
    initial = {"deposit": chosen.id, "amount": min(chosen.held, owed) or None} if chosen else {}
    made = shown(request, lambda: ApplyForm(held=held, initial=initial))
    return _page(request, account, made, now, "ledger/deposit_apply.html")


@applying.posted(USE)
def apply_it(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Apply it."""
    with read_only():
        filled = ApplyForm(request.POST, held=_held(account_called(number)))
    given = checked(request, filled).cleaned_data
    perform(
        request,
        operations.apply_to_owed,
        deposit_id=given["deposit"],
        amount=given["amount"],
        reference=given["reference"],
        on=clock.today(request.utility.tz),
    )
    messages.success(request, "Applied to what was owed.")
    return redirect(f"{reverse('customers:account', args=[number])}?tab=deposits")


@page(USE)
def refunding(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form on which a refund is proposed."""
    account = account_called(number)
    held = _held(account)
    chosen = _first(request, held)
    initial = {"deposit": chosen.id, "amount": chosen.held} if chosen else {}
    made = shown(request, lambda: RefundForm(held=held, initial=initial))
    return _page(request, account, made, _now(request, account), "ledger/deposit_refund.html")


@refunding.posted(USE)
def refund_it(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Propose it."""
    with read_only():
        filled = RefundForm(request.POST, held=_held(account_called(number)))
    given = checked(request, filled).cleaned_data
    made = perform(
        request,
        operations.propose_refund,
        deposit_id=given["deposit"],
        amount=given["amount"],
        reason=given["reason"],
        reference=given["reference"],
        on=clock.today(request.utility.tz),
    )
    messages.success(request, "Proposed. It is posted when a second person approves it.")
    return redirect("ledger:refund", refund_id=made)


class RefundFilter(django_filters.FilterSet):
    """By state, account and the days they were proposed (both included)."""

    state = django_filters.ChoiceFilter(
        label="State", choices=DepositRefund.State.choices, empty_label="All states"
    )
    account = django_filters.CharFilter(
        label="Account", field_name="deposit__account__number", lookup_expr="startswith"
    )
    cheque = django_filters.CharFilter(label="Check number", lookup_expr="startswith")
    since = django_filters.DateFilter(
        label="Proposed from", field_name="on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label="Proposed to", field_name="on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = DepositRefund
        fields: tuple[str, ...] = ()


REFUNDS = ListPage(
    name="refunds",
    title="Refunds of deposits",
    about="Proposed by one person, approved by another. Only an approved one is in the ledger.",
    noun="refunds",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("on", "Proposed", kind="date", sort="on"),
        Column("account", "Account", "deposit.account.number", kind="code", sort="deposit__account__number"),
        Column("payee", "To", sort="payee"),
        Column("amount", "Amount", kind="amount", sort="amount"),
        Column("reason", "Reason", sort="reason"),
        Column("reference", "Reference", sort="reference", chosen=False),
        Column("state", "State", kind="status", sort="state"),
        Column("cheque", "Check", kind="code", sort="cheque"),
        Column("cheque_on", "Check of", kind="date", sort="cheque_on"),
        Column("maker_name", "Proposed by", sort="maker_name"),
        Column("checker_name", "Decided by", sort="checker_name", chosen=False),
        Column("checked_at", "Decided", kind="moment", sort="checked_at", chosen=False),
    ),
    rows=lambda request: refunds(),
    filters=RefundFilter,
    opens=lambda row: reverse("ledger:refund", args=[row.pk]),
    order="-id",
    empty=Empty("No refunds yet", "They are proposed on an account’s deposits: Refund.", "arrow-back-up"),
    template="ledger/list.html",
)

refund_list = page("ledger.view")(list_view(REFUNDS))


class ChequeForm(forms.Form):
    """The cheque it is paid with."""

    cheque = forms.CharField(label="Check number", max_length=operations.LONGEST_CHEQUE, required=False)
    cheque_on = DayField(label="Check of", widget=DayInput, required=False)


class WhyForm(forms.Form):
    """Why it is refused."""

    why = forms.CharField(label="Why it is refused", max_length=operations.LONGEST_WHY)


@page("ledger.view")
def refund(request: UtilityRequest, refund_id: int) -> HttpResponseBase:
    """One refund: what it would do, or did, and what can be done with it."""
    today, may = clock.today(request.utility.tz), request.actor.may
    found = refunds().get(id=refund_id)
    mine = found.maker == request.actor.ref
    own = mine and not flag(SINGLE_OPERATOR, today)
    waiting = found.state == DepositRefund.State.WAITING
    paid = found.state == DepositRefund.State.APPROVED
    refused = request.form
    context = {
        "refund": found,
        "deposit": found.deposit,
        "account": found.deposit.account,
        "facts": _facts(found),
        "waiting": waiting,
        "may_decide": waiting and may(APPROVE),
        "why_not": "You proposed it, so a second person approves it." if own else "",
        "may_withdraw": waiting and mine and may(USE),
        "may_tell_cheque": paid and not found.cheque and may(USE),
        "cheque_form": refused if isinstance(refused, ChequeForm) else ChequeForm(),
        "why_form": refused if isinstance(refused, WhyForm) else WhyForm(),
        "problem": request.refused if request.refused and refused is None else None,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/refund.html", context)


def _facts(found: DepositRefund) -> list[Fact]:
    one = found.deposit
    url = reverse("ledger:deposit", args=[one.id])
    facts = [
        Fact("Deposit", f"No. {one.id}, {one.get_for_service_display()}", url=url, note=day_text(one.on)),
        Fact("To", found.payee, note=one.get_payer_display()),
        Fact("Reason", found.reason),
        Fact("Reference", found.reference or None),
        Fact("Proposed by", found.maker_name, note=day_text(found.on)),
    ]
    if found.checker_name:
        facts.append(Fact("Decided by", found.checker_name, note=found.checked_why))
    if found.movement is not None:
        url = reverse("ledger:journal", args=[found.movement.journal_id])
        facts.append(Fact("Refunded", day_text(found.movement.on), url=url))
    if found.cheque:
        facts.append(Fact("Check", found.cheque, note=_day(found.cheque_on)))
    return facts


def _day(day: date | None) -> str:
    return day_text(day) if day else ""


@form(APPROVE, again=refund)
def approve(request: UtilityRequest, refund_id: int) -> HttpResponseBase:
    """Approve and post it."""
    given = checked(request, ChequeForm(request.POST)).cleaned_data
    today = clock.today(request.utility.tz)
    perform(request, operations.approve_refund, refund_id=refund_id, on=today, **given)
    messages.success(request, "Approved and posted.")
    return redirect("ledger:refund", refund_id=refund_id)


@form(APPROVE, again=refund)
def refuse(request: UtilityRequest, refund_id: int) -> HttpResponseBase:
    """Refuse it."""
    given = checked(request, WhyForm(request.POST)).cleaned_data
    perform(request, operations.refuse_refund, refund_id=refund_id, why=given["why"])
    messages.success(request, "Refused. Nothing was posted.")
    return redirect("ledger:refund", refund_id=refund_id)


@form(USE, again=refund)
def withdraw(request: UtilityRequest, refund_id: int) -> HttpResponseBase:
    """Withdraw one's own proposal."""
    perform(request, operations.withdraw_refund, refund_id=refund_id)
    messages.success(request, "Withdrawn. Nothing was posted.")
    return redirect("ledger:refund", refund_id=refund_id)


@form(USE, again=refund)
def cheque(request: UtilityRequest, refund_id: int) -> HttpResponseBase:
    """Tell the cheque that it was paid with."""
    given = checked(request, ChequeForm(request.POST)).cleaned_data
    perform(request, operations.record_cheque, refund_id=refund_id, **given)
    messages.success(request, "The check is recorded.")
    return redirect("ledger:refund", refund_id=refund_id)
