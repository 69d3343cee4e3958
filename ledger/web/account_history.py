"""The transactions tab of an account: open items, everything that moved the balance, and the same as a file.

Upper apps number what they posted (a bill, a receipt) through the frame ``account:numbers``: a slot's ``tab``
gets the request and the ids of journals, and gives what it knows of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from core import clock
from core.ui import exports
from core.ui.fields import DayInput
from core.ui.objects import slots_of
from core.ui.parts import Panel
from core.web.requests import UtilityRequest
from core.web.views import page
from customers.queries import AccountShown, account_called
from customers.web.account_tabs import PAPERS_OPEN, PAPERS_TRANSACTIONS, papers
from ledger.history_queries import PLACES, place_of, places_of
from ledger.queries import Happened, Owed, Standing, happened, standing

NUMBERS = "account:numbers"
_HEADINGS = ("Month", "Date", "Type", "Number", "Description", "Amount", "Balance", "Reversed", "Where")
_AMOUNTS = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Number:
    """What a journal's document is called, and its page; ``note`` tells what its charges do not."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A row of the history: ``month`` is told only where it begins.

    What took another journal back has the number of that one, unless it has one of its own.
    """

    row: Happened
    number: Number | None
    month: str = ""

    @property
    def called(self) -> str:
        """Its number as it stands in the list."""
        return self.number.text if self.number else f"Journal {self.row.journal_id}"

    @property
    def told(self) -> str:
        """What it was for: the texts of its charges or credits, an adjustment's too."""
        note = self.number.note if self.number else ""
        return ": ".join(part for part in (self.row.detail, note) if part)


class HistoryForm(forms.Form):
    """Which part of the history; read from the address, so that it can be sent to somebody."""

    type = forms.ChoiceField(label="Type", required=False)
    since = forms.DateField(label="From", widget=DayInput, required=False)
    until = forms.DateField(label="To", widget=DayInput, required=False)
    place = forms.ChoiceField(
        label="Show", required=False, choices=[("", "Current ones and history"), *PLACES]
    )

    def __init__(self, kinds: Sequence[str], query: QueryDict) -> None:
        super().__init__({name: query.get(name, "") for name in ("type", "since", "until", "place")})
        self.fields["type"] = forms.ChoiceField(
            label="Type", required=False, choices=[("", "All types"), *((k, k) for k in kinds)]
        )

    @property
    def used(self) -> bool:
        """Whether anything is left out by it."""
        return any(self.data.values())

    def leaves(self, rows: Sequence[Happened]) -> list[Happened]:
        """The rows of that type and of those days, both included; none when a day cannot be read."""
        if not self.is_valid():
            return []
        wanted, since, until = (self.cleaned_data[name] for name in ("type", "since", "until"))
        current = {"current": True, "history": False}.get(self.cleaned_data["place"])
        return [
            row
            for row in rows
            if (not wanted or row.what == wanted)
            and (since is None or row.on >= since)
            and (until is None or row.on <= until)
            and (current is None or current == (row.place in ("open", "completed")))
        ]


def numbered(request: HttpRequest, rows: Sequence[Happened]) -> list[Transaction]:
    """The rows with what this and the upper apps call them."""
    asked = {row.journal_id for row in rows} | {row.reverses for row in rows if row.reverses}
    known: dict[int, Number] = {}
    for slot in slots_of(NUMBERS, request):
        known.update(slot.provider(request, sorted(asked)))
    return [
        Transaction(
            row,
            _adjustment(row) or known.get(row.journal_id) or known.get(row.reverses or row.journal_id),
        )
        for row in rows
    ]


def _adjustment(row: Happened) -> Number | None:
    one = row.adjustment
    return Number(f"Adjustment {one}", reverse("ledger:adjustment", args=[one]), row.reason) if one else None


def _history(request: HttpRequest, subject: AccountShown) -> tuple[HistoryForm, list[Happened]]:
    places = places_of(subject.account)
    everything = [
        replace(row, place=place_of(places, (row.journal_id, row.reverses)))
        for row in happened(subject.account)
    ]
    form = HistoryForm(sorted({row.what for row in everything}), request.GET)
    return form, form.leaves(everything)


def standing_known(subject: AccountShown) -> Standing:
    """What the account owes, asked once for a page."""
    if "standing" not in subject.known:
        subject.known["standing"] = standing(subject.account, subject.today)
    found: Standing = subject.known["standing"]
    return found


def tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """Open items current and past due, then the history."""
    now = standing_known(subject)
    form, rows = _history(request, subject)
    url = reverse("ledger:account_transactions", args=[subject.number])
    query = request.GET.copy()
    for name in ("tab", "export"):
        query.pop(name, None)
    context: dict[str, Any] = {
        "now": now,
        "parts": _parts(now.owed),
        "rows": list(_by_month(numbered(request, rows))),
        "form": form,
        "papers": papers(PAPERS_TRANSACTIONS, request, subject),
        "open_papers": papers(PAPERS_OPEN, request, subject) if now.owed or now.credit else [],
        "file_url": f"{url}?{query.urlencode()}&" if query else f"{url}?",
    }
    return Panel("ledger/transactions.html", context)


def _parts(owed: Sequence[Owed]) -> list[tuple[str, list[Owed]]]:
    """What is past due, then what is not; a part without items is left out."""
    late = [o for o in owed if o.state == "past_due"]
    rest = [o for o in owed if o.state != "past_due"]
    return [(name, items) for name, items in (("Past due", late), ("Current", rest)) if items]


def _by_month(rows: Sequence[Transaction]) -> Iterator[Transaction]:
    before = ""
    for one in rows:
        month = _month(one.row.on)
        yield replace(one, month="" if month == before else month)
        before = month


def _month(day: date) -> str:
    return f"{day:%b %Y}"


@page("ledger.view")
def history_file(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The history, filtered as asked, as CSV or XLSX (``?export=``); without it, the tab."""
    account, form = account_called(number), request.GET.get("export", "")
    if form not in ("csv", "xlsx"):
        return redirect(f"{reverse('customers:account', args=[number])}?tab=transactions")
    _, rows = _history(request, AccountShown(account, clock.today(request.utility.tz)))
    lines = map(_line, numbered(request, rows))
    return exports.answer(f"transactions-{number}", form, _HEADINGS, lines, _AMOUNTS)


def _line(one: Transaction) -> list[exports.Value]:
    row = one.row
    return [
        f"{row.on:%Y-%m}", row.on, row.what, one.called, one.told, row.effect, row.balance,
        "yes" if row.reversed else "", row.place.replace("_", " "),
    ]  # fmt: skip
