"""The note pad of an account: its tab, the mark that notes are there, the pinned ones, and writing one."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.reading import read_only
from core.ui.objects import Slot
from core.ui.parts import Alert, Panel, Verb
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from customers.models import Note
from customers.notes import LONGEST, add_note, notes_of, notes_shown, unpin_note
from customers.queries import AccountShown, account_called


def _day(at: datetime) -> str:
    return day_text(timezone.localtime(at).date())


def _pad(number: str) -> str:
    return f"{reverse('customers:account', args=[number])}?tab=notes"


def alerts(request: HttpRequest, subject: AccountShown) -> list[Alert]:
    """Each pinned note in its own words, and that notes are there."""
    seen: Any = subject.account  # with what ``account_called`` tells beside it
    pinned = [(one["text"], _day(datetime.fromisoformat(one["at"]))) for one in seen.pinned]
    found = [Alert("Note:", f"{text} ({day})", "note", "warn", pulse=True) for text, day in pinned]
    if seen.notes:
        count = f"{seen.notes} note{'' if seen.notes == 1 else 's'}"
        newest = f"{count}, the newest of {_day(seen.noted_at)}"
        found.append(Alert("Notes present", newest, "note", "info", url=_pad(subject.number)))
    return found


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """Writing a note."""
    return [Verb("Note", reverse("customers:note_new", args=[subject.number]), "note", "t")]


def tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """The note pad, newest first."""
    may = request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    new = reverse("customers:note_new", args=[subject.number]) if may else ""
    return Panel(
        "accounts/notes.html", {"rows": notes_shown(notes_of(subject.account.id)), "new": new, "may": may}
    )


def count(request: HttpRequest, subject: AccountShown) -> int | None:
    """How many notes there are."""
    seen: Any = subject.account
    return seen.notes or None


class NoteForm(forms.Form):
    """A note."""

    text = forms.CharField(
        label="Note", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="It stays as written, with your name and the time.",
    )  # fmt: skip
    pinned = forms.BooleanField(
        label="Pin it as an alert",
        required=False,
        help_text="Shown to everybody who opens the account, until somebody takes it off.",
    )


@page("customers.edit")
def new(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The form of a new note."""
    context = {
        "account": account_called(number),
        "form": shown(request, NoteForm),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "accounts/note_new.html", context)


@new.posted("customers.edit")
def put(request: UtilityRequest, number: str) -> HttpResponseBase:
    """Write it."""
    with read_only():
        account = account_called(number)
    typed = checked(request, NoteForm(request.POST)).cleaned_data
    perform(request, add_note, account_id=account.id, text=typed["text"], pinned=typed["pinned"])
    messages.success(request, f"The note is on account {number}.")
    return redirect(_pad(number))


@form("customers.edit")
def unpin(request: UtilityRequest, note_id: int) -> HttpResponseBase:
    """Take a pinned note off the alerts."""
    with read_only():
        number = Note.objects.select_related("account").get(id=note_id).account.number
    perform(request, unpin_note, note_id=note_id)
    messages.success(request, "The note is no alert any more. It stays on the pad.")
    return redirect(_pad(number))


SLOTS = (
    Slot("account", "alert", "notes", 5, alerts),
    Slot("account", "verb", "note", 60, verbs, permission="customers.edit"),
    Slot("account", "tab", "notes", 120, tab, "Notes", "n", "customers.view", count),
)
