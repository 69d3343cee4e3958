"""What prepared bills charge under one route, class, rate and revenue code.  Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from billing.assembly import BillLine
from core.money import ZERO


class Place(NamedTuple):
    """Where charges are counted; ``unit`` is that of the quantity."""

    state: str
    route_id: int
    category: str
    service_type: str
    rate_code: str
    revenue_code: str
    unit: str


@dataclass(slots=True)
class Sum:
    """Bills with such a line, and what the lines add up to."""

    bills: int = 0
    quantity: Decimal = Decimal(0)
    amount: Decimal = ZERO


class StagedBill(NamedTuple):
    """A prepared bill as totals see it; ``services`` gives type and rate code by the service's id."""

    state: str
    route_id: int
    category: str
    services: Mapping[int, tuple[str, str]]
    lines: Iterable[BillLine]


def totals_of(bills: Iterable[StagedBill]) -> dict[Place, Sum]:
    """Their lines added up.  A bill counts once under a revenue code, at its first line there: its lines of
    another unit add dollars and no bill, so that bills may be added up over units.
    """
    found: dict[Place, Sum] = {}
    for bill in bills:
        seen: set[tuple[str, str, str]] = set()
        for line in bill.lines:
            service_type, rate_code = bill.services[line.service_id]
            place = Place(
                bill.state,
                bill.route_id,
                bill.category,
                service_type,
                rate_code,
                line.revenue_code,
                line.unit,
            )
            here = found.get(place)
            if here is None:
                here = found[place] = Sum()
            if (code := (service_type, rate_code, line.revenue_code)) not in seen:
                seen.add(code)
                here.bills += 1
            here.amount += line.amount
            if line.quantity is not None:
                here.quantity += line.quantity
    return found
