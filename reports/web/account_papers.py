"""The printed forms of an account's tabs: what its buttons “Print” lead to."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from core.ui.objects import Slot
from core.ui.parts import Verb
from customers.queries import AccountShown
from customers.web.account_tabs import PAPERS_TRANSACTIONS, PAPERS_USAGE


def _paper(code: str, subject: AccountShown, **more: str) -> list[Verb]:
    query = urlencode({"account": subject.number, **more, "form": "pdf"})
    return [Verb("Print", f"{reverse('reports:report', args=[code])}?{query}", "printer", "w")]


def transactions(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """The history from the account's first day on, with its balance."""
    since = {"show": "history", "since": subject.account.starts.isoformat()}
    return _paper("account-transactions", subject, **since, through=subject.today.isoformat(), pages="on")


def usage(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """At least two years of use."""
    return _paper("consumption-history", subject, pages="on")


SLOTS = (
    Slot(PAPERS_TRANSACTIONS, "verb", "print", 10, transactions, permission="reports.view"),
    Slot(PAPERS_USAGE, "verb", "print", 10, usage, permission="reports.view"),
)
