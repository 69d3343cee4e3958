"""What is asked of posted bills: one bill with its lines and steps, an account's bills, its use."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from billing.assembly import Prepared
from billing.models import Bill, BillPage, RegisterUse
from billing.statements import explained
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
    """The bill of that number with run, facts and ``printed``; raises ``Bill.DoesNotExist``."""
    return bills().select_related("run__cycle", "prepared", "journal").get(number=number)


def bills_of(account: Account) -> list[Bill]:
    """The account's bills, the latest first."""
    return list(bills().filter(account=account).order_by("-bill_on", "-number"))


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
    """A charge of a bill with the arithmetic behind it; ``quantity`` in ``unit`` words."""

    charge: Charge
    quantity: Decimal | None
    unit: str
    steps: tuple[str, ...]


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
    """A service on a bill: its lines, what was measured, and its sum."""

    name: str
    rate: str
    rate_name: str
    lines: tuple[LineShown, ...]
    uses: tuple[UseShown, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BillShown:
    """A bill by service.  ``again`` is its total made again from the facts, ``None`` when that failed."""

    services: tuple[ServiceShown, ...]
    again: Decimal | None
    problem: str


def bill_shown(bill: Bill) -> BillShown:
    """The bill with every line's steps; four queries."""
    made, problem = _again(bill)
    steps = {(line.service_id, line.component): line.steps for line in made.lines} if made else {}
    uses: dict[int, list[UseShown]] = defaultdict(list)
    rows = RegisterUse.objects.filter(bill=bill).select_related(
        "from_reading", "to_reading", "register__meter"
    )
    for use in rows.order_by("id"):
        uses[use.service_id].append(use_shown(use))
    lines: dict[int, list[LineShown]] = defaultdict(list)
    named: dict[int, Charge] = {}
    for charge in _charges(bill):
        key = charge.service_id or 0
        named.setdefault(key, charge)
        said = tuple(step.text for step in steps.get((key, charge.component), ()))
        unit = UNITS[charge.unit].label if charge.unit in UNITS else charge.unit
        quantity = None if charge.quantity is None else charge.quantity.normalize()
        lines[key].append(LineShown(charge, quantity, unit, said))
    services = tuple(_service(named[key], lines[key], uses[key]) for key in lines)
    return BillShown(services, made.total if made else None, problem)


def steps_of(charge: Charge) -> tuple[Bill, tuple[str, ...], list[UseShown]] | None:
    """The bill a charge stands on, its steps and what was measured; ``None`` for a charge of no bill."""
    bill = Bill.objects.select_related("run", "prepared").filter(journal=charge.journal_id).first()
    if bill is None or charge.service_id is None:
        return None
    made, _ = _again(bill)
    lines = made.lines if made else ()
    found = next(
        (x for x in lines if (x.service_id, x.component) == (charge.service_id, charge.component)), None
    )
    rows = RegisterUse.objects.filter(bill=bill, service=charge.service_id)
    uses = [use_shown(u) for u in rows.select_related("from_reading", "to_reading", "register__meter")]
    return bill, tuple(step.text for step in found.steps) if found else (), uses


def _again(bill: Bill) -> tuple[Prepared | None, str]:
    try:
        return explained(bill), ""
    except LookupError as problem:
        return None, str(problem)


def _charges(bill: Bill) -> list[Charge]:
    if bill.journal_id is None:
        return []
    return list(Charge.objects.filter(journal=bill.journal_id).select_related("service__rate").order_by("id"))


def _service(first: Charge, lines: Sequence[LineShown], uses: Sequence[UseShown]) -> ServiceShown:
    service = first.service
    return ServiceShown(
        name=str(ServiceType(service.service_type).label) if service else "Other",
        rate=service.rate.code if service else "",
        rate_name=service.rate.name if service else "",
        lines=tuple(lines),
        uses=tuple(uses),
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
