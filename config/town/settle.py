"""Settling a town: locations, meters, customers, accounts and services, in bulk."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from config.town.found import rate_code, rate_ids
from config.town.life import Traits, traits_of
from config.town.plan import Household, TownPlan, every_house
from core.actors import Actor
from core.bulk import Same, insert_columns, take_ids
from core.counters import take_block
from core.operations import note, operation
from core.search import refresh_keys
from customers.models import Account, Customer, Service
from ledger.chart import read_chart
from ledger.deposits import take_deposit
from meters.models import Installation, Location, Meter, Reading, Register, Route, ServicePoint

AT_ONCE = 5_000
METERED = {"water": ("001", "M", "Badger", "9"), "electric": ("002", "E", "Itron", "8")}
"""Service → the point's code, the letter of its meters' numbers, their brand, how their endpoints begin."""

DEPOSIT = Decimal("100.00")


@dataclass(frozen=True, slots=True)
class Lot:
    """A house with its traits and the days that concern it.

    ``metered`` is the day of its first reading, ``here`` the day its people came, ``billed`` the day up to
    which the system before had billed them, if there was one.
    """

    house: Household
    traits: Traits
    metered: date
    here: date
    billed: date | None


def in_parts(plan: TownPlan) -> Iterator[list[Household]]:
    """The plan's houses, some thousands at a time."""
    houses = every_house(plan)
    while part := list(islice(houses, AT_ONCE)):
        yield part


@operation("town.settle", permission="town.settle", quiet=frozenset({"plan", "houses"}))
def settle(
    by: Actor, *, plan: TownPlan, houses: Sequence[Household], since: date, reads_before: int = 0
) -> int:
    """Make these houses of the plan with the first reading of each meter; returns how many.

    With ``reads_before`` their meters are there so many months longer, and the people for years: the
    system before had billed them up to ``since`` (in a later cycle: so many days later).
    """
    lots = [_lot(plan, house, since, reads_before) for house in houses]
    locations = take_ids(Location, len(lots))
    _places(plan, lots, locations)
    meters: list[int] = []
    points = {kind: _metered(plan, kind, lots, locations, meters) for kind in METERED if kind in plan.rates}
    accounts, customers = _people(plan, lots, locations)
    _services(plan, lots, accounts, points)
    if plan.number_pattern:
        take_block("account", len(lots))
    make_findable({"account": accounts, "customer": customers, "location": locations, "meter": meters})
    _deposits(plan, lots, accounts, since)
    note(accounts=len(lots))
    return len(lots)


def make_findable(made: Mapping[str, Iterable[int]]) -> None:
    """Write the search keys of new rows, kind → ids."""
    for kind, refs in made.items():
        refresh_keys(kind, refs, alone=True)


def _lot(plan: TownPlan, house: Household, since: date, reads_before: int) -> Lot:
    traits, cycle = traits_of(plan, house), plan.cycle_of(house.n)
    first = plan.read_on(since, cycle, -reads_before)
    if not reads_before:
        return Lot(house, traits, first, first, None)
    here = first - timedelta(days=traits.days_here)
    return Lot(house, traits, first, here, plan.read_on(since, cycle, 0))


def _places(plan: TownPlan, lots: Sequence[Lot], ids: list[int]) -> None:
    houses = [lot.house for lot in lots]
    routes = list(Route.objects.order_by("id").values_list("id", flat=True))
    parcels = [f"{10 + plan.route_of(h.n):02d}-{h.n % plan.per_route + 1:04d}-000" for h in houses]
    insert_columns(
        Location,
        {
            "id": ids,
            "code": [f"L{h.number}" for h in houses],
            "route_id": [routes[plan.route_of(h.n)] for h in houses],
            "sequence": [(h.n % plan.per_route + 1) * 10 for h in houses],
            "street_number": [h.street_number for h in houses],
            "street_name": [h.street_name for h in houses],
            "unit_label": Same(""),
            "city": Same(plan.city),
            "state": Same(plan.state),
            "zip_code": [h.zip_code for h in houses],
            "zone": Same(""),
            "in_limits": [not lot.traits.outside for lot in lots],
            "parcel": parcels if plan.variety else [""] * len(lots),
        },
    )


def has(plan: TownPlan, kind: str, house: Household) -> bool:
    """Whether a house of the plan has a service; so it has for good."""
    share = plan.shares.get(kind, 100)
    return share >= 100 or (house.n * 37 + len(kind) * 11) % 100 < share


def _metered(
    plan: TownPlan, kind: str, lots: Sequence[Lot], locations: list[int], made: list[int]
) -> dict[int, int]:
    """Points, meters and first readings of a metered service; returns the point of each house ``n``.

    The meters are added to ``made``.
    """
    there = [(lot, place) for lot, place in zip(lots, locations, strict=True) if has(plan, kind, lot.house)]
    code, letter, brand, digit = METERED[kind]
    numbers = [lot.house.number for lot, _ in there]
    count = len(there)
    points, meters, registers = (take_ids(m, count) for m in (ServicePoint, Meter, Register))
    made += meters
    insert_columns(
        ServicePoint,
        {
            "id": points,
            "location_id": [place for _, place in there],
            "code": Same(code),
            "service_type": Same(kind),
        },
    )
    insert_columns(
        Meter,
        {
            "id": meters,
            "number": [f"{letter}{n}" for n in numbers],
            "serial": [f"SN{plan.seed}{digit if letter != 'M' else ''}{n}" for n in numbers],
            "size": [lot.house.size if kind == "water" else "" for lot, _ in there],
            "brand": Same(brand),
            "service_type": Same(kind),
            "endpoint": [f"{digit}{n}" for n in numbers],
        },
    )
    _put_in(plan, kind, [lot for lot, _ in there], points, meters, registers)
    return {lot.house.n: point for (lot, _), point in zip(there, points, strict=True)}


def _put_in(
    plan: TownPlan,
    kind: str,
    lots: Sequence[Lot],
    points: list[int],
    meters: list[int],
    registers: list[int],
) -> None:
    """Registers of the meters, each in its point, with the first readings."""
    insert_columns(
        Register,
        {
            "id": registers,
            "meter_id": meters,
            "code": Same(""),
            "unit": Same(plan.unit if kind == "water" else "KWH"),
            "dials": Same(6),
            "multiplier": Same(1),
            "may_run_backwards": Same(False),
        },
    )
    metered = [lot.metered for lot in lots]
    insert_columns(
        Installation,
        {"service_point_id": points, "meter_id": meters, "starts": metered, "ends": Same(None)},
    )
    insert_columns(
        Reading,
        {
            "register_id": registers,
            "on": metered,
            "dial": [_first_dial(kind, lot.house) for lot in lots],
            "source": ["A" if lot.billed else "I" for lot in lots],
            "is_live": Same(True),
            "came_from": ["carried over" if lot.billed else "settled" for lot in lots],
            "rolled_over": Same(False),
        },
    )


def _first_dial(kind: str, house: Household) -> int:
    return house.first_dial if kind == "water" else house.first_dial * 7 % 1_000_000


def _people(plan: TownPlan, lots: Sequence[Lot], locations: list[int]) -> tuple[list[int], list[int]]:
    customers, accounts = take_ids(Customer, len(lots)), take_ids(Account, len(lots))
    insert_columns(Customer, _customer_columns(plan, lots, customers))
    insert_columns(
        Account,
        {
            "id": accounts,
            "number": [lot.house.number for lot in lots],
            "customer_id": customers,
            "location_id": locations,
            "starts": [lot.here for lot in lots],
            "category": ["commercial" if lot.house.commercial else "residential" for lot in lots],
            "units": Same(1),
            "late_fee_exempt": Same(False),
            "cash_only": [lot.house.n % 97 == 13 for lot in lots],
            "no_bill": Same(False),
            "on_hold": Same(False),
            "tax_exempt_codes": [
                json.dumps([tax.code for tax in plan.taxes.values()] if lot.traits.exempt else [])
                for lot in lots
            ],
            "message": Same(""),
            "alternate_payer": [lot.traits.alternate_payer for lot in lots],
            "pays_by_draft": [lot.traits.draft for lot in lots],
        },
    )
    return accounts, customers


def _customer_columns(plan: TownPlan, lots: Sequence[Lot], ids: list[int]) -> dict[str, Any]:
    houses = [lot.house for lot in lots]
    return {
        "id": ids,
        "name": [h.name for h in houses],
        "email": [
            mail_of(h.name, h.number) if lot.traits.mails else "" for h, lot in zip(houses, lots, strict=True)
        ],
        "phone": [f"555{h.n % 10_000_000:07d}" for h in houses],
        "mail_line_1": [f"{h.street_number} {h.street_name}" for h in houses],
        "mail_line_2": Same(""),
        "mail_city": Same(plan.city),
        "mail_state": Same(plan.state),
        "mail_zip": [h.zip_code for h in houses],
        "mail_country": Same("US"),
        "delivery_point": [f"{h.n % 100:02d}" for h in houses],
        "ssn_last4": Same(""),
        "carrier_route": [f"C{plan.route_of(h.n) % 999 + 1:03d}" if plan.variety else "" for h in houses],
    }


def mail_of(name: str, number: str) -> str:
    """A mail address that nobody can have: ``.example`` is kept free for that (RFC 2606)."""
    plain = "".join(c if c.isascii() and c.isalpha() else "." for c in name.lower())
    return f"{plain}{number[-3:]}@mail.example"


def _services(
    plan: TownPlan, lots: Sequence[Lot], accounts: list[int], points: dict[str, dict[int, int]]
) -> None:
    rates = rate_ids()
    rows = [
        (account, kind, lot)
        for account, lot in zip(accounts, lots, strict=True)
        for kind in plan.rates
        if has(plan, kind, lot.house)
    ]
    insert_columns(
        Service,
        {
            "account_id": [account for account, _, _ in rows],
            "service_type": [kind for _, kind, _ in rows],
            "service_point_id": [points.get(kind, {}).get(lot.house.n) for _, kind, lot in rows],
            "rate_id": [
                rates[rate_code(kind, commercial=lot.house.commercial and kind in plan.commercial_rates)]
                for _, kind, lot in rows
            ],
            "starts": [lot.here for _, _, lot in rows],
            "billed_to": [lot.billed for _, _, lot in rows],
            "came_billed_to": [lot.billed for _, _, lot in rows],
            "units": Same(1),
            "attributes": [json.dumps(_attributes(plan, kind, lot)) for _, kind, lot in rows],
        },
    )


def _attributes(plan: TownPlan, kind: str, lot: Lot) -> dict[str, Any]:
    """What rate tables ask of a service."""
    if kind == "refuse":
        return {"carts": lot.house.carts}
    if kind == "drainage":
        return {"sf": lot.traits.area, "gal": lot.traits.kept_rain}
    if kind == "electric" and lot.house.commercial and kind in plan.commercial_rates:
        return {"kw": lot.traits.kilowatts, "pf": 1}
    return {}


def _deposits(plan: TownPlan, lots: Sequence[Lot], accounts: list[int], since: date) -> None:
    """Security deposits of a few, in the bank when the books begin."""
    wanted = [
        account
        for lot, account in zip(lots, accounts, strict=True)
        if lot.traits.deposit and not lot.house.commercial
    ]
    if wanted:
        bank = read_chart().role("bank")
        for account in wanted:
            take_deposit(account, DEPOSIT, on=since, into_account_id=bank, key=f"deposit:account {account}")
