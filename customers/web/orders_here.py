"""Work orders on the account page, the account on a work order's page, and whether the water is off."""

from django.http import HttpRequest
from django.urls import reverse

from core.ui.objects import Slot
from core.ui.parts import Alert, Panel, Verb
from core.ui.words import day_text
from customers.models import Account
from customers.queries import AccountShown
from meters.order_queries import orders
from meters.web.orders import MAKE, VIEW, OrderShown, new_order_url, orders_card


def shut_off(request: HttpRequest, subject: AccountShown) -> list[Alert]:
    """An alert while a meter here was turned off later than it was turned on."""
    if subject.state == "closed":
        return []
    since = getattr(subject.account, "shut_off_on", None)
    return [Alert("Shut off", f"since {day_text(since)}", "droplet-off", "bad")] if since else []


def _new(subject: AccountShown) -> str:
    return new_order_url(account=subject.number, location=subject.account.location.code)


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """A new work order for the account."""
    return [] if subject.state == "closed" else [Verb("Work order", _new(subject), "list-check", "k")]


def tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """The work orders that were made for this account."""
    may = request.actor.may(MAKE)  # type: ignore[attr-defined]  # a UtilityRequest
    rows = orders().filter(account_number=subject.number)
    return orders_card(rows, subject.today, _new(subject) if may else "")


def account_of(request: HttpRequest, subject: OrderShown) -> list[Verb]:
    """The way from an order to its account."""
    number = subject.order.account_number
    if not number or not Account.objects.filter(number=number).exists():
        return []
    return [Verb("Account", reverse("customers:account", args=[number]), "user", "a")]


SLOTS = (
    Slot("account", "alert", "shut-off", 15, shut_off),
    Slot("account", "verb", "order", 70, verbs, permission=MAKE),
    Slot("account", "tab", "orders", 90, tab, "Orders", "w", VIEW),
    Slot("order", "verb", "account", 20, account_of, permission="customers.view"),
)
