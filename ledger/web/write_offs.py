"""Write-offs on screen: proposing one from the account's page, the file of them, deciding, recovering."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
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
from core.ui.objects import Slot
from core.ui.parts import Empty, Fact, Verb
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from customers.queries import AccountShown, account_called
from ledger import write_offs as operations
from ledger.queries import standing
from ledger.web.account_history import standing_known
from ledger.write_off_models import WriteOff
from ledger.write_off_queries import came_in, given_up, write_offs

CENT = Decimal("0.01")
PROPOSE, APPROVE = "ledger.write_off", "ledger.write_off.approve"
CAME = (("none", "Nothing came in"), ("part", "Part came in"), ("all", "All came in"))


class WriteOffFilter(django_filters.FilterSet):
    """By state, account, what came in since, and the days they were proposed (both included)."""

    state = django_filters.ChoiceFilter(
        label="State", choices=WriteOff.State.choices, empty_label="All states"
    )
    account = django_filters.CharFilter(
        label="Account", field_name="account__number", lookup_expr="startswith"
    )
    came = django_filters.ChoiceFilter(
        label="Recovered", choices=CAME, empty_label="Anything or nothing", method="by_came"
    )
    since = django_filters.DateFilter(
        label="Proposed from", field_name="on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label="Proposed to", field_name="on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = WriteOff
        fields: tuple[str, ...] = ()

    def by_came(self, rows: QuerySet[WriteOff], name: str, wanted: str) -> QuerySet[WriteOff]:
        """Of those that are written off: nothing, part or all came in since."""
        came: dict[str, dict[str, Any]] = {
            "none": {"came": 0},
            "part": {"came__gt": 0, "came__lt": F("amount")},
            "all": {"came": F("amount")},
        }
        return rows.filter(state=WriteOff.State.POSTED, **came[wanted])


def _state(row: WriteOff) -> str:
    """As the list tells it: one of which all came in is over."""
    if row.state == WriteOff.State.POSTED:
        return "recovered" if row.came == row.amount else "written_off"  # type: ignore[attr-defined]  # annotated
    return "taken_back" if row.state == WriteOff.State.REVERSED else str(row.state)


def _unrecovered(row: WriteOff) -> Decimal | None:
    left: Decimal = row.unrecovered  # type: ignore[attr-defined]  # annotated
    return left if row.state == WriteOff.State.POSTED else None


WRITE_OFFS = ListPage(
    name="write-offs",
    title="Write-offs",
    about="What ended accounts owe and the utility has given up. One person proposes, another approves.",
    noun="write-offs",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("on", "Proposed", kind="date", sort="on"),
        Column("account", "Account", "account.number", kind="code", sort="account__number"),
        Column("name", "Name", "account.customer.name", sort="account__customer__name"),
        Column("address", "Service address", "account.location.address", chosen=False,
               sort="account__location__street_name"),
        Column("amount", "Given up", kind="amount", sort="amount"),
        Column("came", "Came in", kind="amount", sort="came"),
        Column("unrecovered", "Unrecovered", _unrecovered, kind="amount", sort="unrecovered"),
        Column("reason", "Reason", sort="reason"),
        Column("state", "State", _state, kind="status", sort="state"),
        Column("posted_on", "Written off", kind="date", sort="posted_on"),
        Column("maker_name", "Proposed by", sort="maker_name", chosen=False),
        Column("checker_name", "Decided by", sort="checker_name", chosen=False),
        Column("checked_at", "Decided", kind="moment", sort="checked_at", chosen=False),
    ),
    rows=lambda request: write_offs(),
    filters=WriteOffFilter,
    opens=lambda row: reverse("ledger:write_off", args=[row.pk]),
    order="-id",
    empty=Empty(
        "Nothing was written off", "It is proposed on the page of an ended account that owes.", "flag",
    ),
    template="ledger/list.html",
)  # fmt: skip

write_off_list = page("ledger.view")(list_view(WRITE_OFFS))


class ProposeForm(forms.Form):
    """Why it is given up."""

    reason = forms.CharField(
        label="Why it is given up", max_length=operations.LONGEST_REASON,
        help_text="Such as: moved away, mail comes back; a court’s order; too small to collect.",
        widget=forms.TextInput({"autofocus": True}),
    )  # fmt: skip


@page(PROPOSE)
def propose(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form on which a write-off is proposed, beside what the account owes."""
    account = account_called(number)
    context = {
        "account": account,
        "now": standing(account, clock.today(request.utility.tz)),
        "form": shown(request, ProposeForm),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/write_off_new.html", context)


@propose.posted(PROPOSE)
def propose_it(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Propose it."""
    with read_only():
        account_id = account_called(number).id
    given = checked(request, ProposeForm(request.POST)).cleaned_data
    made = perform(
        request,
        operations.propose_write_off,
        account_id=account_id,
        reason=given["reason"],
        on=clock.today(request.utility.tz),
    )
    messages.success(request, "Proposed. It is written off when a second person approves it.")
    return redirect("ledger:write_off", write_off_id=made)


class WhyForm(forms.Form):
    """Why it is refused or taken back."""

    why = forms.CharField(label="Why", max_length=200)


class RecoveryForm(forms.Form):
    """What came in."""

    amount = AmountField(label="Amount", least=CENT)
    on = DayField(label="Came in on", widget=DayInput)
    text = forms.CharField(
        label="From whom", max_length=operations.LONGEST_REASON,
        help_text="Such as the agency, or the number of the transfer.",
    )  # fmt: skip
    from_credit = forms.BooleanField(required=False)

    def __init__(self, *args: Any, credit: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_credit"].label = f"It was paid on the account, which is {credit:,.2f} in credit"
        if not credit:
            del self.fields["from_credit"]


@page("ledger.view")
def write_off(request: UtilityRequest, write_off_id: int) -> HttpResponseBase:
    """One write-off: charge by charge what was given up and came in, and what can be done with it."""
    today, may = clock.today(request.utility.tz), request.actor.may
    found: Any = write_offs().get(id=write_off_id)
    posted, waiting = found.state == WriteOff.State.POSTED, found.state == WriteOff.State.WAITING
    mine = found.maker == request.actor.ref
    own = mine and not flag(SINGLE_OPERATOR, today)
    refused = request.form
    credit = operations.credit_of(found.account_id) if posted else ZERO
    context = {
        "write_off": found,
        "account": found.account,
        "state": _state(found),
        "lines": given_up(found.id),
        "recoveries": came_in(found.id),
        "facts": _facts(found),
        "waiting": waiting,
        "may_decide": may(APPROVE),
        "why_not": "You proposed it, so a second person approves it." if own else "",
        "may_withdraw": waiting and mine and may(PROPOSE),
        "may_recover": posted and found.unrecovered > 0 and may(PROPOSE),
        "may_take_back": posted and not found.came and may(APPROVE),
        "may_undo": posted and may(APPROVE),
        "why_form": refused if isinstance(refused, WhyForm) else WhyForm(),
        "recovery_form": refused if isinstance(refused, RecoveryForm) else RecoveryForm(
            initial=_proposed(found, credit, today), credit=credit
        ),
        "problem": request.refused if request.refused and refused is None else None,
        "key": fresh_key(request),
    }  # fmt: skip
    return TemplateResponse(request, "ledger/write_off.html", context)


def _proposed(found: Any, credit: Decimal, today: date) -> dict[str, Any]:
    """What is filled in: all that has not come in, or what the account has in credit."""
    most = min(found.unrecovered, credit) if credit else found.unrecovered
    return {"on": today, "amount": most, "from_credit": bool(credit)}


def _facts(found: WriteOff) -> list[Fact]:
    facts = [
        Fact("Reason", found.reason),
        Fact("Account ended", day_text(found.account.ends) if found.account.ends else "not yet"),
        Fact("Proposed by", found.maker_name, note=day_text(found.on)),
    ]
    if found.checker_name:
        facts.append(Fact("Decided by", found.checker_name, note=found.checked_why))
    if found.posted_on:
        facts.append(Fact("Written off on", day_text(found.posted_on)))
    if found.journal_id:
        url = reverse("ledger:journal", args=[found.journal_id])
        facts.append(Fact("Journal", str(found.journal_id), url=url))
    return facts


def _back(write_off_id: int) -> HttpResponseBase:
    return redirect("ledger:write_off", write_off_id=write_off_id)


@form(APPROVE, again=write_off)
def approve(request: UtilityRequest, write_off_id: int) -> HttpResponseBase:
    """Approve and post it."""
    today = clock.today(request.utility.tz)
    perform(request, operations.approve_write_off, write_off_id=write_off_id, on=today)
    messages.success(request, "Written off. The account is marked as bad debt.")
    return _back(write_off_id)


@form(APPROVE, again=write_off)
def refuse(request: UtilityRequest, write_off_id: int) -> HttpResponseBase:
    """Refuse it."""
    given = checked(request, WhyForm(request.POST)).cleaned_data
    perform(request, operations.refuse_write_off, write_off_id=write_off_id, why=given["why"])
    messages.success(request, "Refused. Nothing was given up.")
    return _back(write_off_id)


@form(PROPOSE, again=write_off)
def withdraw(request: UtilityRequest, write_off_id: int) -> HttpResponseBase:
    """Withdraw one's own proposal."""
    perform(request, operations.withdraw_write_off, write_off_id=write_off_id)
    messages.success(request, "Withdrawn. Nothing was given up.")
    return _back(write_off_id)


@form(PROPOSE, again=write_off)
def recover(request: UtilityRequest, write_off_id: int) -> HttpResponseBase:
    """Record what came in at the bank."""
    with read_only():
        account_id = WriteOff.objects.values_list("account_id", flat=True).get(id=write_off_id)
        credit = operations.credit_of(account_id)
    given = checked(request, RecoveryForm(request.POST, credit=credit)).cleaned_data
    perform(request, operations.record_recovery, write_off_id=write_off_id, **given)
    messages.success(request, f"{given['amount']:,.2f} is recorded as recovered.")
    return _back(write_off_id)


@form(APPROVE, again=write_off)
def recovery_back(request: UtilityRequest, write_off_id: int, journal_id: int) -> HttpResponseBase:
    """It did not come in after all."""
    today = clock.today(request.utility.tz)
    perform(
        request, operations.take_back_recovery, write_off_id=write_off_id, journal_id=journal_id, on=today
    )
    messages.success(request, "Taken back. Its journal is mirrored.")
    return _back(write_off_id)


@form(APPROVE, again=write_off)
def take_back(request: UtilityRequest, write_off_id: int) -> HttpResponseBase:
    """Take the write-off back: the charges are open again."""
    given = checked(request, WhyForm(request.POST)).cleaned_data
    today = clock.today(request.utility.tz)
    perform(request, operations.take_back_write_off, write_off_id=write_off_id, why=given["why"], on=today)
    messages.success(request, "Taken back. What was given up is owed again.")
    return _back(write_off_id)


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """To the form, on an ended account that owes; to its write-offs, where there are some."""
    account = subject.account
    found = []
    if account.bad_debt:
        url = f"{reverse('ledger:write_offs')}?account={subject.number}"
        found.append(Verb("Write-offs", url, "flag", "y"))
    ended = account.ends is not None and account.ends <= subject.today
    if ended and standing_known(subject).owed and request.actor.may(PROPOSE):  # type: ignore[attr-defined]  # a UtilityRequest
        url = reverse("ledger:write_off_new", args=[subject.number])
        found.append(Verb("Write off", url, "flag", "b"))
    return found


SLOTS = (Slot("account", "verb", "write-off", 25, verbs, permission="ledger.view"),)
