"""Settling a town: locations, meters, customers, accounts and services, in bulk."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from config.town.found import rate_ids
from config.town.plan import Household, TownPlan
from core.actors import Actor
from core.bulk import insert_columns, take_ids
from core.operations import note, operation
from core.search import refresh_keys
from customers.models import Account, Customer, Service
from meters.models import Installation, Location, Meter, Reading, Register, Route, ServicePoint


@operation("town.settle", permission="town.settle", quiet=frozenset({"plan", "houses"}))
def settle(by: Actor, *, plan: TownPlan, houses: Sequence[Household], since: date) -> int:
    """Make the plan's households, all there from ``since`` on, with the start reading of each meter."""
    n = len(houses)
    locations, points = take_ids(Location, n), take_ids(ServicePoint, n)
    meters, registers = take_ids(Meter, n), take_ids(Register, n)
    _places(plan, houses, locations, points)
    _meters(plan, houses, since, points, meters, registers)
    customers, accounts = _people(houses, locations, since)
    _services(plan, houses, accounts, points, since)
    for kind, refs in (
        ("customer", customers),
        ("location", locations),
        ("meter", meters),
        ("account", accounts),
    ):
        refresh_keys(kind, refs, alone=True)
    note(accounts=n)
    return n


def _places(plan: TownPlan, houses: Sequence[Household], locations: list[int], points: list[int]) -> None:
    n = len(houses)
    routes = list(Route.objects.order_by("code").values_list("id", flat=True))
    per_route = -(-n // len(routes))
    insert_columns(
        Location,
        {
            "id": locations,
            "code": [f"L{h.number}" for h in houses],
            "route_id": [routes[h.n // per_route] for h in houses],
            "sequence": [(h.n % per_route + 1) * 10 for h in houses],
            "street_number": [h.street_number for h in houses],
            "street_name": [h.street_name for h in houses],
            "unit_label": [""] * n,
            "city": [plan.city] * n,
            "state": [plan.state] * n,
            "zip_code": [h.zip_code for h in houses],
            "zone": [""] * n,
            "in_limits": [True] * n,
        },
    )
    insert_columns(
        ServicePoint,
        {"id": points, "location_id": locations, "code": ["001"] * n, "service_type": ["water"] * n},
    )


def _meters(
    plan: TownPlan,
    houses: Sequence[Household],
    since: date,
    points: list[int],
    meters: list[int],
    registers: list[int],
) -> None:
    n = len(houses)
    insert_columns(
        Meter,
        {
            "id": meters,
            "number": [f"M{h.number}" for h in houses],
            "serial": [f"SN{plan.seed}{h.number}" for h in houses],
            "size": [h.size for h in houses],
            "brand": ["Badger"] * n,
            "service_type": ["water"] * n,
            "endpoint": [f"9{h.number}" for h in houses],
        },
    )
    insert_columns(
        Register,
        {
            "id": registers,
            "meter_id": meters,
            "code": [""] * n,
            "unit": [plan.unit] * n,
            "dials": [6] * n,
            "multiplier": [1] * n,
            "may_run_backwards": [False] * n,
        },
    )
    insert_columns(
        Installation,
        {"service_point_id": points, "meter_id": meters, "starts": [since] * n, "ends": [None] * n},
    )
    insert_columns(
        Reading,
        {
            "register_id": registers,
            "on": [since] * n,
            "dial": [h.first_dial for h in houses],
            "source": ["I"] * n,
            "is_live": [True] * n,
            "came_from": ["settled"] * n,
            "rolled_over": [False] * n,
        },
    )


def _people(houses: Sequence[Household], locations: list[int], since: date) -> tuple[list[int], list[int]]:
    n = len(houses)
    customers, accounts = take_ids(Customer, n), take_ids(Account, n)
    towns = dict(Location.objects.filter(id__in=locations[:1]).values_list("id", "city"))
    city = next(iter(towns.values()), "")
    state = Location.objects.filter(id__in=locations[:1]).values_list("state", flat=True).first() or ""
    insert_columns(Customer, _customer_columns(houses, customers, city, state))
    insert_columns(
        Account,
        {
            "id": accounts,
            "number": [h.number for h in houses],
            "customer_id": customers,
            "location_id": locations,
            "starts": [since] * n,
            "category": ["commercial" if h.commercial else "residential" for h in houses],
            "units": [1] * n,
            "late_fee_exempt": [False] * n,
            "cash_only": [h.n % 97 == 13 for h in houses],
            "no_bill": [False] * n,
            "on_hold": [False] * n,
            "tax_exempt_codes": ["[]"] * n,
            "message": [""] * n,
        },
    )
    return customers, accounts


def _customer_columns(
    houses: Sequence[Household], ids: list[int], city: str, state: str
) -> dict[str, Sequence[Any]]:
    n = len(houses)
    return {
        "id": ids,
        "name": [h.name for h in houses],
        "email": [""] * n,
        "phone": [f"555{h.n % 10_000_000:07d}" for h in houses],
        "mail_line_1": [f"{h.street_number} {h.street_name}" for h in houses],
        "mail_line_2": [""] * n,
        "mail_city": [city] * n,
        "mail_state": [state] * n,
        "mail_zip": [h.zip_code for h in houses],
        "mail_country": ["US"] * n,
        "delivery_point": [f"{h.n % 100:02d}" for h in houses],
        "ssn_last4": [""] * n,
    }


def _services(
    plan: TownPlan, houses: Sequence[Household], accounts: list[int], points: list[int], since: date
) -> None:
    rates = rate_ids()
    rows = [
        (account, kind, point if kind == "water" else None, house)
        for account, point, house in zip(accounts, points, houses, strict=True)
        for kind in plan.rates
    ]
    insert_columns(
        Service,
        {
            "account_id": [r[0] for r in rows],
            "service_type": [r[1] for r in rows],
            "service_point_id": [r[2] for r in rows],
            "rate_id": [rates[r[1]] for r in rows],
            "starts": [since] * len(rows),
            "billed_to": [None] * len(rows),
            "units": [1] * len(rows),
            "attributes": [json.dumps({"carts": r[3].carts} if r[1] == "refuse" else {}) for r in rows],
        },
    )
