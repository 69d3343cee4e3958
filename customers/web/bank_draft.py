"""The forms of an account's bank draft, and its card on the file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.reading import read_only
from core.ui.fields import DayField, DayInput
from core.ui.objects import Slot
from core.ui.parts import Fact, Panel, SealedAt
from core.ui.sealed_field import SealedField, number_sent, typed_number
from core.ui.text_fields import fields_of
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from customers.bank_draft import (
    DRAFT_TEXTS,
    NUMBER_TYPED,
    change_draft,
    draft_now,
    drafts_of,
    enrol,
    masked_number,
    shown_values,
)
from customers.models import BankDraft
from customers.queries import AccountShown, account_called
from customers.sealed import BANK_ACCOUNT
from customers.web.file_tab import FILE, card, coded

DAYS = ("signed_on", "starts", "ends")


class DraftForm(forms.Form):
    """Whose bank account it is, its numbers, and the days."""

    def __init__(self, draft: BankDraft | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(DRAFT_TEXTS, draft))
        self.fields["number"] = SealedField(
            label="Bank account number", max_length=NUMBER_TYPED, kept=masked_number(draft) if draft else "",
            required=draft is None and not number_sent(self.data, "number"),
        )  # fmt: skip
        self.fields["number"].help_text = (
            f"{masked_number(draft)} is kept. Empty: it stays." if draft else "Kept sealed."
        )
        self.fields["kind"] = forms.ChoiceField(label="Kind of account", choices=BankDraft.Kind.choices)
        self.fields["signed_on"] = DayField(
            label="Signed on", widget=DayInput, help_text="The day on the holder’s authorization."
        )
        self.fields["starts"] = DayField(label="Starts", widget=DayInput)
        self.fields["ends"] = DayField(
            label="Ends", widget=DayInput, required=False,
            help_text="The first day on which it is over; empty: without an end.",
        )  # fmt: skip
        self.fields["paused"] = forms.BooleanField(
            label="Paused", required=False, help_text="On file, but not in force until this is taken off."
        )

    def texts(self) -> dict[str, str]:
        """Bank, holder, routing number."""
        return {one.name: self.cleaned_data[one.name] for one in DRAFT_TEXTS}

    def days(self) -> dict[str, Any]:
        """Signed, starts, ends."""
        return {name: self.cleaned_data[name] for name in DAYS}


def _asked(
    request: UtilityRequest, title: str, form: DraftForm, number: str, drafts: list[BankDraft], **more: Any
) -> HttpResponseBase:
    today = clock.today(request.utility.tz)
    context = {
        "title": title,
        "about": "Whose bank account the bills are to be drawn from, and who agreed to it when.",
        "form": form,
        "key": fresh_key(request),
        "back": f"{reverse('customers:account', args=[number])}?tab=file",
        "outcome_url": reverse("core:outcome"),
        "drafts": [(one, masked_number(one), state_words(one, today)) for one in drafts],
        "number": number,
        "sealed": BANK_ACCOUNT.column if request.actor.may("core.secret.reveal") else "",
        **more,
    }
    return TemplateResponse(request, "customers/bank_draft.html", context)


@page("customers.edit")
def new(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form of a new enrolment."""
    account = account_called(number)
    today = clock.today(request.utility.tz)
    first = {"signed_on": today, "starts": max(today, account.starts), "holder": account.customer.name}
    made = shown(request, lambda: DraftForm(None, initial=first))
    title = f"Bank draft for {account.number} {account.customer.name}"
    return _asked(request, title, made, number, list(drafts_of(account.id)), submit="Enrol")


@new.posted("customers.edit")
def add(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Take it down."""
    with read_only():
        account = account_called(number)
        typed = checked(request, DraftForm(None, request.POST))
    perform(
        request,
        enrol,
        account_id=account.id,
        fields=typed.texts(),
        number=typed_number(BANK_ACCOUNT, typed.cleaned_data["number"]),
        kind=typed.cleaned_data["kind"],
        paused=typed.cleaned_data["paused"],
        today=clock.today(request.utility.tz),
        **typed.days(),
    )
    messages.success(request, f"The bank of account {number} is on file.")
    return redirect(f"{reverse('customers:account', args=[number])}?tab=file")


@page("customers.edit")
def draft(request: UtilityRequest, draft_id: int) -> HttpResponseBase:
    """The form of an enrolment."""
    row = BankDraft.objects.select_related("account__customer").get(id=draft_id)
    values = shown_values(row)
    made = shown(request, lambda: DraftForm(row, initial=values))
    account = row.account
    return _asked(
        request, f"Bank draft of {account.number} {account.customer.name}", made, account.number,
        list(drafts_of(account.id)), seen=seen_mark(request, values), row=row,
    )  # fmt: skip


@draft.posted("customers.edit")
def put(request: UtilityRequest, draft_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        row = BankDraft.objects.select_related("account").get(id=draft_id)
        typed = checked(request, DraftForm(row, request.POST))
    perform(
        request,
        change_draft,
        draft_id=draft_id,
        fields=typed.texts(),
        number=typed_number(BANK_ACCOUNT, typed.cleaned_data["number"]),
        kind=typed.cleaned_data["kind"],
        paused=typed.cleaned_data["paused"],
        days=typed.days(),
        today=clock.today(request.utility.tz),
        seen=seen_sent(request),
    )
    messages.success(request, f"The bank draft of account {row.account.number} is changed.")
    return redirect(f"{reverse('customers:account', args=[row.account.number])}?tab=file")


def state_words(one: BankDraft, today: Any) -> str:
    """Whether an enrolment is in force on a day."""
    if one.ends is not None and one.ends <= max(today, one.starts):
        return f"Over since {day_text(one.ends)}" if one.ends > one.starts else "Never began"
    if one.paused:
        return "Paused"
    return f"Begins {day_text(one.starts)}" if one.starts > today else "In force"


def draft_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """The bank on the file of an account."""
    one = draft_now(subject.account.id, subject.today)
    may = request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    if one is None:
        said = "Pays by draft; the bank is not on file" if subject.account.pays_by_draft else "Not enrolled"
        url = reverse("customers:bank_draft_new", args=[subject.number]) if may else ""
        return card("Bank draft", "building-bank", [Fact("Bank draft", said)], "Enrol" if url else "", url)
    facts = [
        Fact("Bank draft", state_words(one, subject.today)),
        Fact("Bank", coded("bank", one.bank)),
        Fact("Holder", one.holder),
        Fact("Routing number", one.routing),
        Fact("Bank account", masked_number(one), note=str(one.get_kind_display()),
             sealed=SealedAt(BANK_ACCOUNT.column, one.id, "b")),
        Fact("Signed on", day_text(one.signed_on)),
        Fact("Starts", day_text(one.starts)),
        Fact("Ends", day_text(one.ends) if one.ends else None),
    ]  # fmt: skip
    url = reverse("customers:bank_draft", args=[one.id]) if may else ""
    return card("Bank draft", "building-bank", facts, "Change" if url else "", url)


SLOTS = (Slot(FILE, "tab", "draft", 35, draft_card),)
