"""The reads that close a month: as rows, or as the meter platform's file."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from config.town.events import used
from config.town.life import lot_of, traits_of
from config.town.plan import TownPlan, houses_of
from config.town.standing import Standing, living_on, registers_on
from core.actors import Actor
from core.operations import note, operation
from interchange.layouts.meter_reads import MeterRead, write_meter_reads
from meters.operations import NewReading, record_batch

METERS = ("water", "electric")


@operation("town.month.reads", permission="town.month", quiet=frozenset({"plan"}))
def read_routes(
    by: Actor,
    *,
    plan: TownPlan,
    since: date,
    month: int,
    routes: Sequence[int],
    kinds: Sequence[str] = METERS,
    leave_out: int = 0,
) -> int:
    """Store the readings that close a month on some routes (ids); returns how many.

    With ``leave_out`` one house in so many is not read.
    """
    rows = [
        reading
        for standing, reading in _readings(plan, since, month, routes, kinds)
        if not leave_out or standing.n % leave_out
    ]
    note(readings=len(rows))
    return record_batch(by, rows=rows, came_from=f"town month {month}")


def read_file_of(plan: TownPlan, since: date, month: int, routes: Sequence[int]) -> bytes:
    """The water readings that close a month on some routes, as the meter platform exports them."""
    houses, living = houses_of(plan), living_on(routes)
    return write_meter_reads(
        [
            MeterRead(
                account_number=living[standing.location_id].number,
                location_id=standing.location,
                service_point_id="001",
                meter_id=standing.meter,
                register=standing.register,
                endpoint=f"9{houses[standing.n].number}",
                method="Network",
                read=reading.dial,
                unit=standing.unit,
                billing_read=None,
                read_at=reading.on,
            )
            for standing, reading in _readings(plan, since, month, routes, ("water",))
            if standing.location_id in living
        ]
    )


def _readings(
    plan: TownPlan,
    since: date,
    month: int,
    routes: Sequence[int],
    kinds: Sequence[str],
) -> list[tuple[Standing, NewReading]]:
    houses, living, found = houses_of(plan), living_on(routes), []
    for register in registers_on(plan, routes):
        if register.kind not in kinds:
            continue
        house, lot = houses[register.n], lot_of(plan, register.n, month)
        on = plan.read_on(since, plan.cycle_of(register.n), month + 1)
        empty = register.location_id not in living
        use = used(plan, house, register, traits_of(plan, house), lot, on, empty=empty)
        dial, over = register.after(use)
        source = "E" if lot.estimated else "R"
        found.append((register, NewReading(register.register_id, on, Decimal(dial), source, over)))
    return found
