"""What a month brings to a town before its reads: people leave and come, meters are changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from config.town.life import Lot, Traits, lot_of, newcomer, power_used, traits_of, water_used
from config.town.plan import Household, TownPlan, houses_of
from config.town.settle import mail_of
from config.town.standing import Standing, last_there, living_on, registers_on
from core.actors import Actor
from core.operations import note, operation
from core.search import refresh_keys
from customers.models import Account
from customers.moving import Arrival, Departure, turn_over
from customers.opening import NewCustomer
from meters.models import Location
from meters.operations import MeterChange, NewReading, change_meters, record_batch

STAYS_IN_TOWN = 5
"""One in so many of those who leave a house moves into another one of the same month."""


@dataclass(slots=True)
class Happened:
    """The events of a month on some routes."""

    readings: list[NewReading] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    arrivals: list[tuple[int, int, date]] = field(default_factory=list)  # n, location, day
    changes: list[MeterChange] = field(default_factory=list)


def used(
    plan: TownPlan,
    house: Household,
    register: Standing,
    traits: Traits,
    lot: Lot,
    until: date,
    *,
    empty: bool,
) -> int:
    """What a register advances from its last reading until a day; next to nothing in an empty house."""
    days = (until - register.read_on).days
    if empty:
        return 0
    if register.kind == "water":
        return water_used(plan, house, traits, lot, until, days)
    return power_used(house, traits, lot, until, days)


@operation("town.month.events", permission="town.month", quiet=frozenset({"plan"}))
def happen(by: Actor, *, plan: TownPlan, since: date, month: int, routes: Sequence[int]) -> int:
    """Let the events of a month come to pass on some routes (ids); returns how many."""
    houses, registers = houses_of(plan), registers_on(plan, routes)
    living = living_on(routes)
    at: dict[int, list[Standing]] = {}
    for register in registers:
        at.setdefault(register.n, []).append(register)
    found = Happened()
    for n, there in at.items():
        _one_house(plan, houses[n], there, living.get(there[0].location_id), since, month, found)
    source = f"town month {month}"
    record_batch(by, rows=found.readings, came_from=source)
    _move(by, plan, month, found)
    change_meters(by, changes=found.changes, came_from=source)
    changed = {c.service_point_id for c in found.changes}
    places = [r.location_id for r in registers if r.point_id in changed]
    refresh_keys("account", [living[place].id for place in places if place in living])
    note(departures=len(found.departures), arrivals=len(found.arrivals), meters=len(found.changes))
    return len(found.departures) + len(found.arrivals) + len(found.changes)


def _one_house(
    plan: TownPlan,
    house: Household,
    there: list[Standing],
    account: Account | None,
    since: date,
    month: int,
    found: Happened,
) -> None:
    lot = lot_of(plan, house.n, month)
    day = plan.read_on(since, plan.cycle_of(house.n), month) + timedelta(days=lot.day)
    place = there[0].location_id
    if account is None:
        if not lot.arrives:
            return
        found.arrivals.append((house.n, place, day))
    elif lot.leaves and account.starts < day:
        found.departures.append(Departure(account.id, day))
        if lot.follows:
            found.arrivals.append((house.n, place, day))
    elif lot.changes and account.starts < day and not there[0].register:
        found.changes.append(_change(plan, house, there, lot, day, month))
        return
    else:
        return
    traits = traits_of(plan, house)
    for register in there:
        use = used(plan, house, register, traits, lot, day, empty=account is None)
        dial, over = register.after(use)
        found.readings.append(
            NewReading(register.register_id, day, dial, "A" if account is None else "F", over)
        )


def _change(
    plan: TownPlan, house: Household, there: list[Standing], lot: Lot, day: date, month: int
) -> MeterChange:
    """The house's first meter is replaced by one that begins at zero."""
    old = there[0]
    use = used(plan, house, old, traits_of(plan, house), lot, day, empty=False)
    dial, over = old.after(use)
    number = f"{old.meter[0]}{house.number}-{day:%y%m}"
    return MeterChange(
        service_point_id=old.point_id,
        on=day,
        last_dial=dial,
        number=number,
        serial=f"SN{plan.seed}{house.number}{day:%y%m}",
        brand="Neptune" if old.kind == "water" else "Itron",
        endpoint=f"7{house.number}{day:%m}",
        rolled_over=over,
    )


def _move(by: Actor, plan: TownPlan, month: int, found: Happened) -> None:
    if not found.departures and not found.arrivals:
        return
    last = last_there([place for _, place, _ in found.arrivals])
    leaving = {d.account_id: d for d in found.departures}
    going = list(Account.objects.filter(id__in=list(leaving)).order_by("number"))
    last |= {account.location_id: account for account in going}
    movers = {
        account.customer_id: account.location_id
        for n, account in enumerate(going)
        if n % STAYS_IN_TOWN == STAYS_IN_TOWN - 1 and account.category == "residential"
    }
    places = Location.objects.in_bulk([place for _, place, _ in found.arrivals])
    arrivals = []
    for n, place, day in sorted(found.arrivals):
        before = last[place]
        mover = next((c for c, left in movers.items() if left != place), None)
        if mover is not None and before.category == "residential":
            del movers[mover]
            arrivals.append(Arrival(before.id, day, customer_id=mover))
        else:
            arrivals.append(
                Arrival(before.id, day, newcomer=_newcomer(plan, n, month, before, places[place]))
            )
    turn_over(by, departures=found.departures, arrivals=arrivals)


def _newcomer(plan: TownPlan, n: int, month: int, before: Account, place: Location) -> NewCustomer:
    name = newcomer(plan, n, month)
    if before.category == "commercial":
        name = f"{name.split()[1]} {('Hardware', 'Bakery', 'Diner', 'Motors')[n % 4]}"
    return NewCustomer(
        name=name,
        mail_line_1=place.address,
        mail_city=place.city,
        mail_state=place.state,
        mail_zip=place.zip_code,
        email=mail_of(name, str(n)) if n % 2 else "",
        phone=f"556{(n * 7 + month) % 10_000_000:07d}",
    )
