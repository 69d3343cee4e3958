"""What billing puts on the pages below it: an account's bills, a charge's steps, a journal's bill."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from billing.bills import (
    LatestBill,
    bill_state,
    bills_of,
    charge_explained,
    latest_bill,
    open_by_journal,
)
from billing.models import Bill, CycleRoute
from billing.stopping import stopping_of
from core.money import ZERO
from core.periods import Period
from core.ui.objects import Slot
from core.ui.parts import Fact, Panel
from core.web.requests import UtilityRequest
from customers.queries import AccountShown
from customers.web import file_tab
from customers.web.account_tabs import BELOW_SERVICES, SIDE, services_known
from customers.web.documents import DOCUMENTS, Document
from ledger.models import Charge, Journal


def _latest(subject: AccountShown) -> tuple[LatestBill | None, int]:
    """The latest bill and how many there are, asked once for a page."""
    if "latest bill" not in subject.known:
        subject.known["latest bill"] = latest_bill(subject.account)
    found: tuple[LatestBill | None, int] = subject.known["latest bill"]
    return found


def bills_tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """Every bill of the account."""
    found = bills_of(subject.account)
    left = open_by_journal([b.journal_id for b in found if b.journal_id])
    rows = [
        {
            "bill": b,
            "period": Period(b.starts, b.ends),
            "open": left.get(b.journal_id or 0, ZERO),
            "state": bill_state(b, left.get(b.journal_id or 0, ZERO), subject.today),
        }
        for b in found
    ]
    return Panel("bills/of_account.html", {"rows": rows})


def bill_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """The latest bill in short."""
    live, _ = _latest(subject)
    return Panel(
        "bills/latest.html", {"bill": live, "period": Period(live.starts, live.ends) if live else None}
    )


def charge_steps(request: HttpRequest, charge: Charge) -> Panel | None:
    """How a charge of a bill was computed."""
    found = charge_explained(charge, cast(UtilityRequest, request).actor.may)
    if found is None:
        return None
    return Panel("bills/charge.html", {"found": found, "charge": charge})


def stopping(request: HttpRequest, subject: AccountShown) -> Panel:
    """Charges that stop at a limit, with what was charged so far; an empty panel without any."""
    rows = stopping_of(subject.account, services_known(subject), subject.today)
    return Panel("accounts/stopping.html", {"rows": rows})


def journal_bill(request: HttpRequest, journal: Journal) -> Panel | None:
    """The bill that a journal posted."""
    bill = Bill.objects.filter(journal=journal).select_related("account").first()
    return Panel("bills/of_journal.html", {"bill": bill}) if bill else None


def bill_count(request: HttpRequest, subject: AccountShown) -> int:
    """How many bills it has."""
    return _latest(subject)[1]


def file_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """The cycle that bills the account, and its latest bill, on the account's file."""
    route = CycleRoute.objects.filter(route=subject.account.location.route_id).select_related("cycle").first()
    live, count = _latest(subject)
    facts = [
        Fact("Cycle", f"{route.cycle.code} {route.cycle.name}" if route else None),
        Fact(
            "Latest bill",
            f"No. {live.number}" if live else None,
            url=reverse("billing:bill", args=[live.number]),
        )
        if live
        else Fact("Latest bill", None),
        Fact("Bills", str(count)),
    ]
    return file_tab.card("Billing", "file-text", facts)


def documents(request: HttpRequest, subject: AccountShown) -> list[Document]:
    """The bills, each with its paper where it was printed."""
    return [
        Document(
            one.bill_on, "Bill", str(one.number), reverse("billing:bill", args=[one.number]),
            reverse("billing:bill_pdf", args=[one.number]) if one.printed else "", one.total_due,
            "" if one.is_live else "cancelled",
        )
        for one in cast("list[Any]", bills_of(subject.account))
    ]  # fmt: skip


SLOTS = (
    Slot(DOCUMENTS, "tab", "bills", 10, documents, permission="bills.view"),
    Slot(file_tab.FILE, "tab", "billing", 50, file_card, permission="bills.view"),
    Slot("account", "tab", "bills", 30, bills_tab, "Bills", "b", "bills.view", bill_count),
    Slot(SIDE, "tab", "bill", 5, bill_card, permission="bills.view"),
    Slot(BELOW_SERVICES, "tab", "stopping", 10, stopping, permission="bills.view"),
    Slot("charge", "tab", "steps", 10, charge_steps, permission="bills.view"),
    Slot("journal", "tab", "bill", 10, journal_bill, permission="bills.view"),
)
