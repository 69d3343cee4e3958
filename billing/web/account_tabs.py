"""What billing puts on the pages below it: an account's bills and use, a charge's steps, a journal's bill."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from billing.bills import (
    UseShown,
    bill_state,
    bills_of,
    by_service,
    open_by_journal,
    steps_of,
    use_months,
    uses_of,
)
from billing.models import Bill, RegisterUse
from core.money import ZERO
from core.periods import Period
from core.ui.charts import Palette, use_chart
from core.ui.objects import Slot
from core.ui.parts import Panel
from customers.queries import AccountShown
from customers.web.account_tabs import MAIN, SIDE
from ledger.models import Charge, Journal

_SCREEN = Palette(bar="#a9c3dd", current="#0b5fae", before="#b85a10")


def _bills(subject: AccountShown) -> list[Bill]:
    if "bills" not in subject.known:
        subject.known["bills"] = bills_of(subject.account)
    found: list[Bill] = subject.known["bills"]
    return found


def _uses(subject: AccountShown) -> list[UseShown]:
    if "uses" not in subject.known:
        subject.known["uses"] = uses_of(subject.account)
    found: list[UseShown] = subject.known["uses"]
    return found


def bills_tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """Every bill of the account."""
    found = _bills(subject)
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
    live = next((b for b in _bills(subject) if b.is_live), None)
    return Panel(
        "bills/latest.html", {"bill": live, "period": Period(live.starts, live.ends) if live else None}
    )


def _chart(name: str, uses: Sequence[RegisterUse], wide: bool) -> dict[str, Any]:
    unit, months = use_months(uses, max(u.on for u in uses))
    size = (860.0, 190.0) if wide else (640.0, 170.0)
    svg = use_chart(
        months, title=f"{name} used by month", unit=unit, size=size, palette=_SCREEN, font_size=10.0
    )
    return {"name": name, "unit": unit, "svg": _safe(svg), "note": _note(months, unit)}


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 - drawn by core.ui.charts, every text in it escaped


def _note(months: Sequence[Any], unit: str) -> str:
    now, before = months[-1], months[-2]
    if now.value is None:
        return ""
    said = [f"{now.value:,f} {unit} in the last period"]
    if now.before is not None:
        said.append(f"{now.before:,f} a year before")
    elif before.value is not None:
        said.append(f"{before.value:,f} in the one before")
    return "; ".join(said) + "."


def use_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """The chart of the first metered service."""
    services = by_service(_uses(subject))
    charts = [_chart(name, uses, wide=False) for (_, name), uses in list(services.items())[:1]]
    return Panel("bills/use_card.html", {"charts": charts})


def use_tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """A chart for each metered service, and every period in a table."""
    uses = _uses(subject)
    charts = [_chart(name, found, wide=True) for (_, name), found in by_service(uses).items()]
    names = dict(by_service(uses).keys())
    rows = [{"shown": u, "name": names[u.use.service_id]} for u in uses]
    return Panel("bills/use.html", {"charts": charts, "rows": rows, "many": len(names) > 1})


def charge_steps(request: HttpRequest, charge: Charge) -> Panel | None:
    """How a charge of a bill was computed."""
    found = steps_of(charge)
    if found is None:
        return None
    bill, steps, uses = found
    context = {
        "bill": bill,
        "steps": steps,
        "uses": uses,
        "charge": charge,
        "period": Period(bill.starts, bill.ends),
    }
    return Panel("bills/steps.html", context)


def journal_bill(request: HttpRequest, journal: Journal) -> Panel | None:
    """The bill that a journal posted."""
    bill = Bill.objects.filter(journal=journal).select_related("account").first()
    return Panel("bills/of_journal.html", {"bill": bill}) if bill else None


def bill_count(request: HttpRequest, subject: AccountShown) -> int:
    """How many bills it has."""
    return len(_bills(subject))


SLOTS = (
    Slot("account", "tab", "bills", 30, bills_tab, "Bills", "b", "bills.view", bill_count),
    Slot("account", "tab", "usage", 40, use_tab, "Usage", "u", "readings.view"),
    Slot(MAIN, "tab", "use", 30, use_card, permission="readings.view"),
    Slot(SIDE, "tab", "bill", 5, bill_card, permission="bills.view"),
    Slot("charge", "tab", "steps", 10, charge_steps, permission="bills.view"),
    Slot("journal", "tab", "bill", 10, journal_bill, permission="bills.view"),
)
