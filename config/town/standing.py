"""What stands in a town at present: registers in the ground with their last readings, and who lives where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from billing.models import CycleRoute
from config.town.plan import TownPlan
from core.bulk import array_literal
from customers.models import Account

HOUSES_AT_ONCE = 20_000

_REGISTERS = """
SELECT l.code, l.id, p.id, p.service_type, m.number, g.code, g.id, g.unit, g.dials, d."on", d.dial
FROM meters_location l
JOIN meters_servicepoint p ON p.location_id = l.id
JOIN meters_installation i ON i.service_point_id = p.id AND i.ends IS NULL
JOIN meters_meter m ON m.id = i.meter_id
JOIN meters_register g ON g.meter_id = m.id
JOIN LATERAL (
    SELECT r."on", r.dial FROM meters_reading r
    WHERE r.register_id = g.id AND r.is_live ORDER BY r."on" DESC LIMIT 1
) d ON true
WHERE l.route_id = ANY (%s::bigint[]) ORDER BY l.sequence, l.id, p.code, g.code
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A register in the ground of the ``n``-th house, and what it showed last."""

    n: int
    location_id: int
    location: str
    point_id: int
    kind: str
    meter: str
    register: str
    register_id: int
    unit: str
    dials: int
    read_on: date
    dial: int

    def after(self, use: int) -> tuple[Decimal, bool]:
        """What it shows after that use, and whether it passed zero."""
        limit: int = 10**self.dials
        shown = self.dial + use
        return Decimal(shown % limit), shown >= limit


def registers_on(plan: TownPlan, routes: Sequence[int]) -> list[Standing]:
    """The registers on these routes (ids), house by house."""
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERS, [array_literal(routes)])
        return [
            Standing(
                int(code[1:]) - plan.first_number,
                place,
                code,
                point,
                kind,
                meter,
                side,
                register,
                unit,
                dials,
                on,
                int(dial),
            )
            for code, place, point, kind, meter, side, register, unit, dials, on, dial in cursor.fetchall()
        ]


def living_on(routes: Sequence[int]) -> dict[int, Account]:
    """The open account of each location (id) on these routes; an empty house has none."""
    rows = Account.objects.filter(location__route__in=routes, ends=None, pending=False).only(
        "id", "number", "location_id", "starts", "customer_id", "category"
    )
    return {account.location_id: account for account in rows}


def last_there(locations: Sequence[int]) -> dict[int, Account]:
    """Whoever left each of these locations last."""
    rows = Account.objects.filter(location__in=locations).exclude(ends=None).order_by("ends", "id")
    return {account.location_id: account for account in rows}


def routes_of_cycles(plan: TownPlan) -> dict[int, list[int]]:
    """Routes (ids) of each cycle, counted from 0 as in the plan."""
    found: dict[int, list[int]] = {}
    rows = CycleRoute.objects.order_by("cycle__code", "route_id").values_list("cycle__code", "route_id")
    for code, route in rows:
        found.setdefault(int(code) - 1, []).append(route)
    return found


def in_parts(plan: TownPlan, cycles: Sequence[int] | None = None) -> Iterator[tuple[int, list[int]]]:
    """Each cycle with its routes, some thousands of houses at a time."""
    at_once = max(1, HOUSES_AT_ONCE // plan.per_route)
    for cycle, routes in routes_of_cycles(plan).items():
        if cycles is None or cycle in cycles:
            for start in range(0, len(routes), at_once):
                yield cycle, routes[start : start + at_once]
