"""What the ledger puts on the account page: what is owed, and what happened."""

from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from core.ui.objects import Slot
from core.ui.parts import Alert, Fact, Panel
from core.ui.words import day_text
from customers.queries import AccountShown
from customers.web.account_tabs import MAIN
from ledger.web import account_history
from ledger.web.account_history import standing_known


def _in_days(day: date, today: date) -> str:
    gap = (day - today).days
    if gap == 0:
        return "today"
    count = f"{abs(gap)} day{'' if abs(gap) == 1 else 's'}"
    return f"in {count}" if gap > 0 else f"{count} ago"


def header(request: HttpRequest, subject: AccountShown) -> list[Fact]:
    """Balance, due date, last payment."""
    now = standing_known(subject)
    url = f"{reverse('customers:account', args=[subject.number])}?tab=transactions#open"
    facts = [
        Fact(
            "Balance", amount=now.payoff, url=url, note="in credit" if now.payoff < 0 else "payoff, all open"
        )
    ]
    due = now.oldest_due or now.next_due
    if due:
        facts.append(Fact("Due", day_text(due), note=_in_days(due, subject.today)))
    paid = now.paid
    if paid is not None:
        journal = reverse("ledger:journal", args=[paid.journal_id])
        facts.append(Fact("Last payment", amount=paid.amount, url=journal, note=day_text(paid.on)))
    return facts


def alerts(request: HttpRequest, subject: AccountShown) -> list[Alert]:
    """What is past due."""
    now = standing_known(subject)
    if not now.past_due or now.oldest_due is None:
        return []
    text = f"{now.past_due:,.2f}, the oldest since {day_text(now.oldest_due)}"
    return [Alert("Past due", text, "alert-circle", "warn")]


def open_items(request: HttpRequest, subject: AccountShown) -> Panel:
    """The card of open items, oldest first."""
    return Panel("ledger/open_items.html", {"now": standing_known(subject)})


SLOTS = (
    Slot("account", "header", "balance", 10, header, permission="ledger.view"),
    Slot("account", "alert", "past-due", 30, alerts, permission="ledger.view"),
    Slot("account", "tab", "transactions", 20, account_history.tab, "Transactions", "t", "ledger.view"),
    Slot(MAIN, "tab", "open-items", 10, open_items, permission="ledger.view"),
)
