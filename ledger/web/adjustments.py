"""Adjustments on screen: proposing one from the account's page, those that wait, deciding one."""

from decimal import Decimal
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
from core.policies import flag
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import AmountField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot
from core.ui.parts import Empty, Fact, Verb
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from customers.models import Account
from customers.queries import AccountShown, account_called
from ledger import adjustments as operations
from ledger.models import Adjustment, RevenueCode
from ledger.queries import Standing, standing

CENT = Decimal("0.01")


class AdjustmentFilter(django_filters.FilterSet):
    """By state, account, kind and the days they were proposed (both included)."""

    state = django_filters.ChoiceFilter(
        label="State", choices=Adjustment.State.choices, empty_label="All states"
    )
    account = django_filters.CharFilter(
        label="Account", field_name="account__number", lookup_expr="startswith"
    )
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=Adjustment.Kind.choices, empty_label="Debits and credits"
    )
    since = django_filters.DateFilter(
        label="Proposed from", field_name="on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label="Proposed to", field_name="on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = Adjustment
        fields: tuple[str, ...] = ()


def effect_of(row: Adjustment) -> Decimal:
    """What it does to the balance: a credit is below zero."""
    amount: Decimal = row.amount
    return amount if row.kind == Adjustment.Kind.DEBIT else -amount


def _rows(request: HttpRequest) -> QuerySet[Adjustment]:
    return Adjustment.objects.select_related("account__customer")


ADJUSTMENTS = ListPage(
    name="adjustments",
    title="Adjustments",
    about="Proposed by one person, approved by another. Only an approved one is in the ledger.",
    noun="adjustments",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("on", "Proposed", kind="date", sort="on"),
        Column("account", "Account", "account.number", kind="code", sort="account__number"),
        Column("name", "Name", "account.customer.name", sort="account__customer__name"),
        Column("effect", "Amount", effect_of, kind="amount", may_credit=True),
        Column("reason", "Reason", sort="reason"),
        Column("text", "What the customer reads"),
        Column("maker_name", "Proposed by", sort="maker_name"),
        Column("state", "State", kind="status", sort="state"),
        Column("checker_name", "Decided by", sort="checker_name", chosen=False),
        Column("checked_at", "Decided", kind="moment", sort="checked_at", chosen=False),
        Column("revenue_code", "Revenue code", sort="revenue_code", chosen=False),
    ),
    rows=_rows,
    filters=AdjustmentFilter,
    opens=lambda row: reverse("ledger:adjustment", args=[row.pk]),
    order="-id",
    empty=Empty("No adjustments yet", "They are proposed on an account’s page: Adjust.", "scale"),
    template="ledger/list.html",
)

adjustment_list = page("ledger.view")(list_view(ADJUSTMENTS))


class ProposeForm(forms.Form):
    """What an account is to be charged or given."""

    kind = forms.ChoiceField(label="Which way", choices=Adjustment.Kind.choices, widget=forms.RadioSelect)
    amount = AmountField(label="Amount", least=CENT)
    charge = forms.TypedChoiceField(
        label="About",
        coerce=int,
        required=False,
        empty_value=None,
        help_text="A credit may be for one charge.",
    )
    reason = forms.ChoiceField(label="Reason")
    revenue_code = forms.ChoiceField(label="Revenue code", help_text="Where the other side is posted.")
    text = forms.CharField(label="What the customer reads", max_length=operations.LONGEST_TEXT)

    def __init__(self, *args: Any, now: Standing, codes: Any, reasons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_charges = [(o.charge_id, f"{o.text}, {day_text(o.on)}: {o.open:,.2f} open") for o in now.owed]
        fields: Any = self.fields
        fields["charge"].choices = [("", "The account as a whole"), *open_charges]
        fields["reason"].choices = [(reason, reason) for reason in reasons]
        fields["revenue_code"].choices = codes


def _propose_form(account: Account, today: Any, *args: Any, **kwargs: Any) -> ProposeForm:
    codes = [(c.code, c.name) for c in RevenueCode.objects.order_by("name")]
    now, reasons = standing(account, today), operations.reasons_on(today)
    return ProposeForm(*args, now=now, codes=codes, reasons=reasons, **kwargs)


@page("ledger.adjust")
def propose(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form on which an adjustment is proposed."""
    today = clock.today(request.utility.tz)
    account = account_called(number)
    context = {
        "account": account,
        "now": standing(account, today),
        "form": shown(request, lambda: _propose_form(account, today, initial={"kind": "credit"})),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/adjust.html", context)


@propose.posted("ledger.adjust")
def propose_it(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Propose it."""
    today = clock.today(request.utility.tz)
    with read_only():
        account = account_called(number)
        filled = _propose_form(account, today, request.POST)
    given = checked(request, filled).cleaned_data
    made = perform(
        request,
        operations.propose_adjustment,
        account_id=account.id,
        kind=given["kind"],
        amount=given["amount"],
        revenue_code=given["revenue_code"],
        reason=given["reason"],
        text=given["text"],
        on=today,
        charge_id=given["charge"],
    )
    messages.success(request, "Proposed. It is posted when a second person approves it.")
    return redirect("ledger:adjustment", adjustment_id=made)


class WhyForm(forms.Form):
    """Why it is refused."""

    why = forms.CharField(label="Why it is refused", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ReverseForm(forms.Form):
    """Why it is taken back."""

    text = forms.CharField(label="What the customer reads", max_length=operations.LONGEST_TEXT)


@page("ledger.view")
def adjustment(request: UtilityRequest, adjustment_id: int) -> HttpResponseBase:
    """One adjustment: what it would do, or did, and what can be done with it."""
    today, may = clock.today(request.utility.tz), request.actor.may
    found = Adjustment.objects.select_related(
        "account__customer", "account__location", "charge", "reverses"
    ).get(id=adjustment_id)
    mine = found.maker == request.actor.ref
    own = mine and not flag(SINGLE_OPERATOR, today)
    reversal = Adjustment.objects.filter(reverses=found).exclude(state__in=("refused", "withdrawn")).first()
    posted = found.state == Adjustment.State.POSTED
    now = standing(found.account, today)
    effect = effect_of(found)
    refused_form = request.form
    context = {
        "adjustment": found,
        "account": found.account,
        "effect": effect,
        "now": now.payoff,
        "then": now.payoff + effect,
        "facts": _facts(found),
        "waiting": found.state == Adjustment.State.WAITING,
        "may_decide": may("ledger.adjust.approve"),
        "why_not": "You proposed it, so a second person approves it." if own else "",
        "may_withdraw": mine and may("ledger.adjust"),
        "may_reverse": posted and not found.reverses_id and reversal is None and may("ledger.adjust"),
        "reversal": reversal,
        "refuse_form": refused_form if isinstance(refused_form, WhyForm) else WhyForm(),
        "reverse_form": refused_form if isinstance(refused_form, ReverseForm) else ReverseForm(),
        "problem": request.refused if request.refused and refused_form is None else None,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/adjustment.html", context)


def _facts(found: Adjustment) -> list[Fact]:
    code = RevenueCode.objects.select_related("chart_account").filter(code=found.revenue_code).first()
    facts = [
        Fact("Reason", found.reason),
        Fact("Revenue code", found.revenue_code, note=str(code.chart_account) if code else ""),
    ]
    if found.charge:
        url = reverse("ledger:charge", args=[found.charge_id])
        facts.append(Fact("For the charge", found.charge.text, url=url))
    if found.reverses:
        url = reverse("ledger:adjustment", args=[found.reverses_id])
        facts.append(Fact("Takes back", f"Adjustment {found.reverses_id}", url=url))
    facts.append(Fact("Proposed by", found.maker_name, note=day_text(found.on)))
    if found.checker_name:
        facts.append(Fact("Decided by", found.checker_name, note=found.checked_why))
    if found.journal_id:
        url = reverse("ledger:journal", args=[found.journal_id])
        facts.append(Fact("Journal", str(found.journal_id), url=url))
    return facts


@form("ledger.adjust.approve", again=adjustment)
def approve(request: UtilityRequest, adjustment_id: int) -> HttpResponseBase:
    """Approve and post it."""
    today = clock.today(request.utility.tz)
    perform(request, operations.approve_adjustment, adjustment_id=adjustment_id, on=today)
    messages.success(request, "Approved and posted.")
    return redirect("ledger:adjustment", adjustment_id=adjustment_id)


@form("ledger.adjust.approve", again=adjustment)
def refuse(request: UtilityRequest, adjustment_id: int) -> HttpResponseBase:
    """Refuse it."""
    given = checked(request, WhyForm(request.POST)).cleaned_data
    perform(request, operations.refuse_adjustment, adjustment_id=adjustment_id, why=given["why"])
    messages.success(request, "Refused. Nothing was posted.")
    return redirect("ledger:adjustment", adjustment_id=adjustment_id)


@form("ledger.adjust", again=adjustment)
def withdraw(request: UtilityRequest, adjustment_id: int) -> HttpResponseBase:
    """Withdraw one's own proposal."""
    perform(request, operations.withdraw_adjustment, adjustment_id=adjustment_id)
    messages.success(request, "Withdrawn. Nothing was posted.")
    return redirect("ledger:adjustment", adjustment_id=adjustment_id)


@form("ledger.adjust", again=adjustment)
def reverse_it(request: UtilityRequest, adjustment_id: int) -> HttpResponseBase:
    """Propose its reversal."""
    given = checked(request, ReverseForm(request.POST)).cleaned_data
    today = clock.today(request.utility.tz)
    made = perform(
        request, operations.propose_reversal, adjustment_id=adjustment_id, text=given["text"], on=today
    )
    messages.success(request, "The reversal is proposed; a second person approves it.")
    return redirect("ledger:adjustment", adjustment_id=made)


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """To the form, for this account."""
    return [Verb("Adjust", reverse("ledger:adjust", args=[subject.number]), "adjustments", "a")]


SLOTS = (Slot("account", "verb", "adjust", 20, verbs, permission="ledger.adjust"),)
