"""Writes to what is in the ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from core.actors import Actor
from core.bulk import Same, array_literal, insert_columns, take_ids
from core.errors import Conflict, Refused
from core.operations import note, operation
from core.search import refresh_keys
from meters.models import Installation, Meter, Reading, Register, ServicePoint


@dataclass(frozen=True, slots=True)
class NewReading:
    """A register's dial on a day; ``source`` is a ``Reading.Source`` letter."""

    register_id: int
    on: date
    dial: Decimal
    source: str = "A"
    rolled_over: bool = False


@operation("readings.record", permission="readings.import", quiet=frozenset({"rows"}))
def record_batch(by: Actor, *, rows: Sequence[NewReading], came_from: str) -> int:
    """Store readings, one statement; returns how many.

    A register read twice on a day is refused by the database (one live reading a day); correct the
    earlier one instead.
    """
    note(readings=len(rows))
    return insert_columns(
        Reading,
        {
            "register_id": [r.register_id for r in rows],
            "on": [r.on for r in rows],
            "dial": [r.dial for r in rows],
            "source": [r.source for r in rows],
            "is_live": [True] * len(rows),
            "came_from": [came_from] * len(rows),
            "rolled_over": [r.rolled_over for r in rows],
        },
    )


@dataclass(frozen=True, slots=True)
class MeterChange:
    """A meter is taken out of a service point and another put in.

    ``last_dial`` is what the old one shows then, ``first_dial`` what the new one does.  The new meter has the
    old one's size, service, unit and multiplier.
    """

    service_point_id: int
    on: date
    last_dial: Decimal
    number: str
    serial: str = ""
    brand: str = ""
    endpoint: str = ""
    first_dial: Decimal = Decimal(0)
    rolled_over: bool = False


@operation("meters.change", permission="meters.edit", quiet=frozenset({"changes"}))
def change_meters(by: Actor, *, changes: Sequence[MeterChange], came_from: str) -> list[int]:
    """Change meters, with the readings of old and new; a fixed number of statements.

    Returns the new meters' ids.  Raises ``Conflict`` when a point has no meter at present or got it
    later than that, ``Refused`` for a meter with more than one register: that is changed by hand.
    """
    note(meters=len(changes))
    if not changes:
        return []
    old = _present([c.service_point_id for c in changes])
    for change in changes:
        was = old.get(change.service_point_id)
        if was is None or was.installation.starts >= change.on:
            raise Conflict(
                f"There is no meter to take out on {change.on:%b %-d, %Y}.",
                "Look at the service point again.",
            )
    record_batch(
        by,
        rows=[
            NewReading(old[c.service_point_id].register.id, c.on, c.last_dial, "A", c.rolled_over)
            for c in changes
        ],
        came_from=came_from,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE meters_installation i SET ends = v.day FROM unnest(%s::bigint[], %s::date[]) v(id, day)"
            " WHERE i.id = v.id",
            [
                array_literal([old[c.service_point_id].installation.id for c in changes]),
                array_literal([c.on for c in changes]),
            ],
        )
    return _put_in(by, changes, old, came_from)


@dataclass(frozen=True, slots=True)
class _Present:
    """What is at a service point at present."""

    installation: Installation
    register: Register


def _present(points: Sequence[int]) -> dict[int, _Present]:
    rows = Installation.objects.filter(service_point__in=points, ends=None).select_related("meter")
    installed = {i.meter_id: i for i in rows}
    found: dict[int, _Present] = {}
    for register in Register.objects.filter(meter__in=list(installed)):
        installation = installed[register.meter_id]
        if installation.service_point_id in found:
            raise Refused(
                f"Meter {installation.meter.number} has more than one register.",
                "Change it out on its own page.",
            )
        found[installation.service_point_id] = _Present(installation, register)
    return found


def _put_in(by: Actor, changes: Sequence[MeterChange], old: dict[int, _Present], came_from: str) -> list[int]:
    meters, registers = take_ids(Meter, len(changes)), take_ids(Register, len(changes))
    before = [old[c.service_point_id] for c in changes]
    insert_columns(
        Meter,
        {
            "id": meters,
            "number": [c.number for c in changes],
            "serial": [c.serial for c in changes],
            "size": [b.installation.meter.size for b in before],
            "brand": [c.brand for c in changes],
            "service_type": [b.installation.meter.service_type for b in before],
            "endpoint": [c.endpoint for c in changes],
        },
    )
    insert_columns(
        Register,
        {
            "id": registers,
            "meter_id": meters,
            "code": [b.register.code for b in before],
            "unit": [b.register.unit for b in before],
            "dials": [b.register.dials for b in before],
            "multiplier": [b.register.multiplier for b in before],
            "may_run_backwards": Same(False),
        },
    )
    insert_columns(
        Installation,
        {
            "service_point_id": [c.service_point_id for c in changes],
            "meter_id": meters,
            "starts": [c.on for c in changes],
            "ends": Same(None),
        },
    )
    first = [
        NewReading(register, c.on, c.first_dial, "I") for register, c in zip(registers, changes, strict=True)
    ]
    record_batch(by, rows=first, came_from=came_from)
    refresh_keys("meter", meters)
    points = ServicePoint.objects.filter(id__in=[c.service_point_id for c in changes])
    refresh_keys("location", points.values_list("location_id", flat=True))
    return meters
