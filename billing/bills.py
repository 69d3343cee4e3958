"""What is asked of posted bills: one bill with its lines and steps, an account's bills, its use."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum

from billing.explaining import (
    BillBefore,
    Explanation,
    LineExplained,
    May,
    ServiceExplained,
    explain_bill,
)
from billing.models import Bill, BillAlarm, BillPage, RegisterUse
from core.money import ZERO
from core.quantities import UNITS
from customers.models import Account
from ledger.models import Charge, OpenItem
from meters.models import ServiceType


def bills() -> QuerySet[Bill]:
    """Bills with account, customer and location, and whether each is ``printed``."""
    page = BillPage.objects.filter(bill=OuterRef("pk"))
    return Bill.objects.select_related("account__customer", "account__location").annotate(
        printed=Exists(page)
    )


def bill_numbered(number: int) -> Any:
    """The bill of that number with run, facts, ``printed`` and ``alarmed``; raises ``Bill.DoesNotExist``.

    ``replaces``: whether one of the same days was cancelled before it was made.
    """
    alarm = BillAlarm.objects.filter(bill=OuterRef("pk"), cleared_at=None)
    before = Bill.objects.filter(
        account=OuterRef("account"), starts=OuterRef("starts"), is_live=False, number__lt=OuterRef("number")
    )
    wanted = bills().select_related("run__cycle", "prepared", "journal")
    found = wanted.annotate(alarmed=Exists(alarm), replaces=Exists(before))
    return found.get(number=number)


def bills_of(account: Account) -> list[Bill]:
    """The account's bills, the latest first."""
    return list(bills().filter(account=account).order_by("-bill_on", "-number"))


# Asked by every view of an account: one row of the newest bill that stands, and how many there are.
_LATEST = """
SELECT b.number, b.starts, b.ends, b.bill_on, b.due_on, b.charges, b.total_due, n.bills
FROM (SELECT count(*) AS bills FROM billing_bill WHERE account_id = %s) n
LEFT JOIN LATERAL (
    SELECT * FROM billing_bill WHERE account_id = %s AND is_live ORDER BY bill_on DESC, number DESC LIMIT 1
) b ON true
"""


@dataclass(frozen=True, slots=True)
class LatestBill:
    """The newest bill that was not cancelled, in short; dollars, the period half-open."""

    number: int
    starts: date
    ends: date
    bill_on: date
    due_on: date
    charges: Decimal
    total_due: Decimal


def latest_bill(account: Account) -> tuple[LatestBill | None, int]:
    """The account's latest bill and how many it has, cancelled ones among them; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [account.id, account.id])
        *bill, count = cursor.fetchone()
    return (None if bill[0] is None else LatestBill(*bill)), count


def open_by_journal(journals: Sequence[int]) -> dict[int, Decimal]:
    """What is still open of the charges of each journal."""
    rows = OpenItem.objects.filter(charge__journal__in=journals).values_list("charge__journal_id")
    return dict(rows.annotate(x=Sum("open")))


def bill_state(bill: Bill, still_open: Decimal, today: date) -> str:
    """How a bill stands on a day, as screens say it."""
    if not bill.is_live:
        return "cancelled"
    if still_open <= 0:
        return "paid"
    if bill.due_on < today:
        return "past_due"
    return "part_paid" if still_open < bill.charges else "due"


@dataclass(frozen=True, slots=True)
class LineShown:
    """A charge of a bill and how it came about, if its facts still say so; ``key`` opens it."""

    charge: Charge
    quantity: Decimal | None
    unit: str
    line: LineExplained | None
    key: str


@dataclass(frozen=True, slots=True)
class UseShown:
    """A register between two readings, as billed."""

    use: RegisterUse
    previous: str
    present: str
    unit: str
    per_day: Decimal | None


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """A service on a bill: its lines, what they rest on, what was measured, and its sum."""

    name: str
    rate: str
    rate_name: str
    lines: tuple[LineShown, ...]
    uses: tuple[UseShown, ...]
    explained: ServiceExplained | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BillShown:
    """A bill by service.  ``again`` is its total made again from the facts, ``None`` when that failed."""

    services: tuple[ServiceShown, ...]
    again: Decimal | None
    problem: str
    before: BillBefore | None = None


KEYS = "123456789"
"""The first lines of a bill open by a figure."""


def bill_shown(bill: Bill, may: May) -> BillShown:
    """The bill with every line explained; ``may`` says which links lead anywhere.  Twelve queries at most."""
    explanation = explain_bill(bill, may)
    uses: dict[int, list[UseShown]] = defaultdict(list)
    rows = RegisterUse.objects.filter(bill=bill).select_related(
        "from_reading", "to_reading", "register__meter"
    )
    for use in rows.order_by("id"):
        uses[use.service_id].append(use_shown(use))
    lines: dict[int, list[LineShown]] = defaultdict(list)
    named: dict[int, Charge] = {}
    for place, charge in enumerate(_charges(bill)):
        key = charge.service_id or 0
        named.setdefault(key, charge)
        lines[key].append(_line(charge, explanation, KEYS[place : place + 1]))
    under = {service.service_id: service for service in explanation.services}
    services = tuple(_service(named[key], lines[key], uses[key], under.get(key)) for key in lines)
    return BillShown(services, explanation.total, explanation.problem, explanation.before)


def _line(charge: Charge, explanation: Explanation, key: str) -> LineShown:
    found = explanation.line(charge.service_id, charge.component)
    unit = UNITS[charge.unit].label if charge.unit in UNITS else charge.unit
    quantity = None if charge.quantity is None else charge.quantity.normalize()
    return LineShown(charge, quantity, unit, found[1] if found else None, key)


@dataclass(frozen=True, slots=True)
class ChargeOfBill:
    """A charge, the bill it stands on, and how it came about."""

    bill: Bill
    service: ServiceExplained | None
    line: LineExplained | None
    problem: str


def charge_explained(charge: Charge, may: May) -> ChargeOfBill | None:
    """How a charge of a bill was computed; ``None`` for a charge of no bill."""
    bills_there = Bill.objects.select_related("run", "prepared", "account__location")
    bill = bills_there.filter(journal=charge.journal_id).first()
    if bill is None or charge.service_id is None:
        return None
    explanation = explain_bill(bill, may)
    service, line = explanation.line(charge.service_id, charge.component) or (None, None)
    return ChargeOfBill(bill, service, line, explanation.problem)


def _charges(bill: Bill) -> list[Charge]:
    if bill.journal_id is None:
        return []
    return list(Charge.objects.filter(journal=bill.journal_id).select_related("service__rate").order_by("id"))


def _service(
    first: Charge,
    lines: Sequence[LineShown],
    uses: Sequence[UseShown],
    explained: ServiceExplained | None,
) -> ServiceShown:
    service = first.service
    return ServiceShown(
        name=str(ServiceType(service.service_type).label) if service else "Other",
        rate=service.rate.code if service else "",
        rate_name=service.rate.name if service else "",
        lines=tuple(lines),
        uses=tuple(uses),
        explained=explained,
        amount=sum((line.charge.amount for line in lines), ZERO),
    )


def use_shown(use: RegisterUse) -> UseShown:
    """A measured use with its dials as texts."""
    per_day = (use.use / use.days).quantize(Decimal("0.001")).normalize() if use.days else None
    return UseShown(
        use,
        format(use.from_reading.dial.normalize(), "f"),
        format(use.to_reading.dial.normalize(), "f"),
        UNITS[use.unit].label if use.unit in UNITS else use.unit,
        Decimal(format(per_day, "f")) if per_day is not None else None,
    )
