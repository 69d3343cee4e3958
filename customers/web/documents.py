"""The documents of an account: what was printed for it, and what can be printed of it now.

Upper apps tell their papers through the frame ``DOCUMENTS``; each slot's ``tab`` gives ``Document`` rows.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest

from core.ui.objects import Slot, slots_of
from core.ui.parts import Panel
from customers.queries import AccountShown
from customers.web.account_tabs import PAPERS_OPEN, PAPERS_TRANSACTIONS, PAPERS_USAGE, papers

DOCUMENTS = "account:documents"
SHOWN = 200
_NOW = (
    ("What is open, current and past due", PAPERS_OPEN),
    ("Transaction history", PAPERS_TRANSACTIONS),
    ("Consumption history with its charts", PAPERS_USAGE),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper of the account: its day, what it is, its page and its PDF; ``amount`` what it is about."""

    on: date
    kind: str
    name: str
    url: str
    pdf: str
    amount: Decimal | None = None
    state: str = ""


def tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """The papers, the latest first, and those that are made on the spot."""
    found: list[Document] = []
    for slot in slots_of(DOCUMENTS, request):
        found.extend(slot.provider(request, subject))
    found.sort(key=lambda one: (one.on, one.kind, one.name), reverse=True)
    now = [(name, verb) for name, frame in _NOW for verb in papers(frame, request, subject)]
    context = {"rows": found[:SHOWN], "more": max(0, len(found) - SHOWN), "now": now}
    return Panel("accounts/documents.html", context)


SLOTS = (Slot("account", "tab", "documents", 125, tab, "Documents", "l", "customers.view"),)
