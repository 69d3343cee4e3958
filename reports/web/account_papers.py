"""The printed forms of an account's tabs, and of all a customer owes: what its buttons “Print” lead to."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from core.ui.objects import Slot
from core.ui.parts import Verb
from customers.models import Customer
from customers.queries import AccountShown
from customers.web.account_tabs import PAPERS_OPEN, PAPERS_TRANSACTIONS, PAPERS_USAGE
from customers.web.customers import PAPERS_CUSTOMER

ASKED = ("since", "until", "type")
"""What the filters of the history hand on to its paper."""


def _paper(code: str, label: str = "Print", key: str = "w", **asked: Any) -> list[Verb]:
    query = urlencode({**asked, "form": "pdf"})
    return [Verb(label, f"{reverse('reports:report', args=[code])}?{query}", "printer", key)]


def transactions(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """The history as it is filtered; without a filter from the account's first day on."""
    typed = {name: request.GET.get(name, "") for name in ASKED}
    asked = {
        "since": typed["since"] or subject.account.starts.isoformat(),
        "through": typed["until"] or subject.today.isoformat(),
        **({"type": typed["type"]} if typed["type"] else {}),
    }
    return _paper("account-transactions", account=subject.number, show="history", **asked, pages="on")


def receivables(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """What is open today, current and past due."""
    return _paper(
        "account-transactions", "Print what is open", "W", account=subject.number,
        through=subject.today.isoformat(), pages="on",
    )  # fmt: skip


def of_customer(request: HttpRequest, subject: Customer) -> list[Verb]:
    """What is open on all accounts of a customer."""
    return _paper("account-transactions", "Print what is open", customer=subject.id, pages="on")


def usage(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """At least two years of use."""
    return _paper("consumption-history", account=subject.number, pages="on")


SLOTS = (
    Slot(PAPERS_TRANSACTIONS, "verb", "print", 10, transactions, permission="reports.view"),
    Slot(PAPERS_OPEN, "verb", "print", 10, receivables, permission="reports.view"),
    Slot(PAPERS_CUSTOMER, "verb", "print", 10, of_customer, permission="reports.view"),
    Slot(PAPERS_USAGE, "verb", "print", 10, usage, permission="reports.view"),
)
