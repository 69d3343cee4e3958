"""Whole bills, from the readings of the meters on, against the second reading of the rate language.

A meter is taken out and another put in inside the period, of another unit, size of dial or multiplier;
versions of the table begin inside it too.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from billing.assembly import (
    AccountFacts,
    EarlierUse,
    Held,
    Prepared,
    RegisterFacts,
    ServiceFacts,
    TablePart,
    Terms,
    assemble,
)
from core.periods import Period
from rates.engine import Tariff, content_hash, parse_tariff, pricing_of
from tests.golden.both import by_oracle, decimal
from tests.oracle.account import Account, Metered
from tests.oracle.bill import Bill
from tests.oracle.making.accounts import EDGES, for_service, make_account
from tests.oracle.making.cases import a_town
from tests.oracle.making.meters import make_registers
from tests.oracle.making.tables import Made
from tests.oracle.metering import Register, together
from tests.oracle.units import KNOWN

Charges = dict[tuple[str, str], Fraction]
HUGE = decimal(Fraction(10**30))


@dataclass
class Tally:
    """What came of it."""

    unlike: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


def compare(seed: int, accounts: int) -> Tally:
    """Random accounts of random towns, four of each, as billing and as the oracle bill them."""
    rng, tally = Random(seed), Tally()
    for number in range(accounts):
        if number % 4 == 0:
            town = a_town(rng)
            read = {id(made): [parse_tariff(table) for _, table in made.versions] for made in town}
        person, services = an_account(rng, town)
        ours = by_hand(services)
        theirs = by_billing(person, services, read)
        if ours != theirs:
            tally.unlike.append(f"{seed}/{number}: oracle {ours}, billing {theirs}")
        tally.seen.update(events(services) if ours is not None else ["refused"])
    return tally


@dataclass(frozen=True)
class Service:
    """One service of an account: its table, what is known of it, its meters."""

    made: Made
    account: Account
    registers: list[Register]


def an_account(rng: Random, town: list[Made]) -> tuple[Account, list[Service]]:
    """An account around a day on which something changes, with its meters."""
    begins = [day for made in town for day, _ in made.versions[1:]]
    person = make_account(rng, rng.choice(begins if begins and rng.random() < 0.8 else EDGES))
    attributes = {"class": "residential", "location": "inside", "meter_size": "1", **person.attributes}
    numbers = {"units": Fraction(1), **person.numbers}
    days = (person.end - person.start).days
    person = replace(person, days=days, series={}, attributes=attributes, numbers=numbers)
    services: list[Service] = []
    uses: dict[str, Metered] = {}
    for made in town:
        mine = replace(for_service(rng, person, made), series={}, other_use=dict(uses), use=None, unit=None)
        registers: list[Register] = []
        if made.table.get("unit") is not None:
            units = tuple(u for u in made.meters if u in KNOWN and KNOWN[u][0] == _measure(made))
            registers = make_registers(rng, units[0], units, person.start, person.end)
            use = together(registers)
            uses[str(made.table["service_type"])] = use
            mine = replace(mine, use=use.use, unit=use.unit)
        services.append(Service(made, mine, registers))
    return person, services


def _measure(made: Made) -> str:
    return KNOWN[next(unit for unit in made.meters if unit in KNOWN)][0]


def events(services: list[Service]) -> Iterator[str]:
    """What is worth to have happened to a meter."""
    for service in services:
        spans = {(r.since, r.until) for r in service.registers}
        if len(spans) > 1:
            yield "meter changed"
        if len({r.unit for r in service.registers}) > 1:
            yield "meters of different units"
        if any(r.rolled_over for r in service.registers):
            yield "dial passed its last number"
        inside = [
            day for day, _ in service.made.versions if service.account.start < day < service.account.end
        ]
        if inside and len(spans) > 1:
            yield "meter and rate changed"


def by_hand(services: list[Service]) -> Charges | None:
    """The oracle's charges; nothing if any service has no price."""
    others: dict[str, Fraction] = {}
    charges: Charges = {}
    for service in services:
        bill = by_oracle(service.made, replace(service.account, others=dict(others)))
        if not isinstance(bill, Bill):
            return None
        others |= bill.others
        name = str(service.made.table["service_type"])
        charges |= {(name, line.component): line.amount for line in bill.lines}
    return charges


def by_billing(person: Account, services: list[Service], read: dict[int, list[Tariff]]) -> Charges | None:
    """The charges of the bill that billing makes of the same readings; nothing if it holds it."""
    tables: dict[str, Tariff] = {}
    facts = AccountFacts(
        account_id=1,
        number="1",
        category=person.attributes["class"],
        inside=person.attributes["location"] == "inside",
        units=1,
        no_bill=False,
        on_hold=False,
        exempt_tax_codes=tuple(sorted(person.exempt)),
        services=tuple(service_facts(n, s, read, tables) for n, s in enumerate(services, start=1)),
    )
    terms = Terms(person.start, person.end, hold_over=HUGE, max_days=1000)
    made = assemble(terms, facts, tables)
    assert isinstance(made, (Prepared, Held))
    if isinstance(made, Held):
        assert made.reason == "rating", made.detail
        return None
    names = {n: str(s.made.table["service_type"]) for n, s in enumerate(services, start=1)}
    return {(names[line.service_id], line.component): Fraction(line.amount) for line in made.lines}


def service_facts(
    number: int, service: Service, read: dict[int, list[Tariff]], tables: dict[str, Tariff]
) -> ServiceFacts:
    """A service in billing's words; the tables that price it are put with the others."""
    account, made = service.account, service.made
    begins = [day for day, _ in made.versions]
    spans = [Period(a, b) for a, b in zip(begins, [*begins[1:], None], strict=True)]
    hashes = {id(t): content_hash(c) for t, (_, c) in zip(read[id(made)], made.versions, strict=True)}
    versions = list(zip(spans, read[id(made)], strict=True))
    parts = pricing_of(versions, Period(account.start, account.end))
    tables |= {hashes[id(tariff)]: tariff for _, tariff in parts}
    words = ("class", "location", "meter_size", "units")
    given: dict[str, Any] = {name: found for name, found in account.attributes.items() if name not in words}
    given |= {name: decimal(found) for name, found in account.numbers.items() if name not in words}
    return ServiceFacts(
        service_id=number,
        service_type=str(made.table["service_type"]),
        rate_code="R",
        tariff_hash=hashes[id(parts[-1][1])],
        starts=account.start,
        ends=None,
        billed_to=account.start,
        units=decimal(account.numbers["units"]),
        attributes=given,
        meter_size=account.attributes["meter_size"],
        metered=bool(service.registers),
        registers=tuple(register_facts(n, r) for n, r in enumerate(service.registers, start=1)),
        parts=tuple(TablePart(days.start, hashes[id(t)]) for days, t in parts) if len(parts) > 1 else (),
        past={name: earlier(found, account.start) for name, found in account.past.items()},
        charged={name: decimal(found) for name, found in account.charged.items()},
    )


def earlier(found: tuple[Metered, ...], start: date) -> tuple[EarlierUse, ...]:
    """Past periods, of which only the use counts here."""
    days = [start - timedelta(days=30 * (len(found) - n)) for n in range(len(found))]
    return tuple(EarlierUse(day, decimal(u.use), u.unit) for day, u in zip(days, found, strict=True))


def register_facts(number: int, register: Register) -> RegisterFacts:
    """A register in billing's words."""
    return RegisterFacts(
        register_id=number,
        unit=register.unit,
        digits=register.digits,
        multiplier=decimal(register.multiplier),
        may_run_backwards=False,
        from_id=2 * number,
        from_on=register.since,
        from_dial=decimal(register.earlier),
        to_id=2 * number + 1,
        to_on=register.until,
        to_dial=decimal(register.later),
        source="read",
        rolled_over=register.rolled_over,
        dead_zeros=register.dead_zeros,
    )


def test_bills_with_a_meter_changed_inside_the_period_come_to_the_same_cents() -> None:
    tally = compare(seed=20261123, accounts=400)
    assert tally.unlike == []
    wanted = (
        "meter changed",
        "meters of different units",
        "dial passed its last number",
        "meter and rate changed",
    )
    assert {event for event in wanted if tally.seen[event] < 10} == set()
    assert tally.seen["refused"] < 250


@pytest.mark.trials
@pytest.mark.parametrize("seed", range(1, 3))
def test_five_thousand_bills_from_readings(seed: int, record_property: Callable[[str, object], None]) -> None:
    tally = compare(seed, accounts=5000)
    for name, count in sorted(tally.seen.items()):
        record_property(name.replace(" ", "_"), count)
    record_property("unlike", len(tally.unlike))
    assert tally.unlike == []
