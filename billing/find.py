"""Bills by their whole number, and the pages of billing, for the search box."""

from billing.models import Bill
from core.find import Command, Numbered
from core.search import Result

LONGEST = 18


def bills_numbered(text: str) -> list[Result]:
    """The bill of exactly that number."""
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
        return []
    found = Bill.objects.select_related("account__customer").filter(number=int(digits))
    return [
        Result(
            "bill",
            b.id,
            f"Bill {b.number}  {b.account.customer.name}",
            f"{'' if b.is_live else 'cancelled, '}{b.total_due:,.2f} due {b.due_on:%b %-d, %Y},"
            f" account {b.account.number}",
            "billing:bill",
            (b.number,),
        )
        for b in found
    ]


NUMBERED = (Numbered("Bills", "file-text", "bills.view", bills_numbered),)
COMMANDS = (
    Command("Runs", "/runs/", "player-play", "billing.run.view", "billing"),
    Command("Open a run", "/runs/new/", "plus", "billing.run.open", "new billing"),
    Command("Bills", "/bills/", "file-text", "bills.view"),
    Command("Cancelled bills", "/bills/?is_live=False", "ban", "bills.view"),
    Command("Bills that came out otherwise", "/bills/alarms/", "alert-circle", "bills.view", "alarms"),
    Command("Look of bills", "/settings/bills/", "pencil", "bills.look", "logo colours colors"),
)
