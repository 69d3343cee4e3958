"""What a customer owes on all accounts, on the customer's page."""

from django.http import HttpRequest

from core import clock
from core.ui.objects import Slot, slots_of
from core.ui.parts import Panel
from customers.models import Customer
from customers.web.customers import CARDS, PAPERS_CUSTOMER
from ledger.customer_owes import owed_by


def card(request: HttpRequest, subject: Customer) -> Panel:
    """Open receivables of every account, past due first, with the sum of all."""
    today = clock.today(request.utility.tz)  # type: ignore[attr-defined]  # a UtilityRequest
    found = owed_by(subject.id, today)
    shown = slots_of(PAPERS_CUSTOMER, request) if found.owing else []
    verbs = [verb for slot in shown for verb in slot.provider(request, subject)]
    return Panel("ledger/customer_owes.html", {"found": found, "papers": verbs})


SLOTS = (Slot(CARDS, "tab", "owed", 10, card, permission="ledger.view"),)
