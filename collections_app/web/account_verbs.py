"""What the counter puts on the account page: paying."""

from django.http import HttpRequest

from core.ui.objects import Slot
from core.ui.parts import Verb
from customers.queries import AccountShown


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """To the counter, with the account filled in."""
    return [Verb("Pay", f"/counter/?account={subject.number}", "cash", "p", main=True)]


SLOTS = (Slot("account", "verb", "pay", 10, verbs, permission="payments.post"),)
