"""A route on a day: its registers in walking order, what they showed last and what is still to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from meters.judging import ROUND_DAYS, KnownRegister, Past, Usual, usual_use
from meters.models import Reading
from meters.reading_facts import histories_of, readings_on, usual_on
from meters.usage import Dial

_LINES = """
SELECT l.sequence, l.code, concat_ws(' ', l.street_number, l.street_name, NULLIF(l.unit_label, '')),
       p.code, m.number, m.serial, m.place_text,
       g.id, g.code, g.unit, g.dials, g.multiplier, g.may_run_backwards, g.dead_zeros
FROM meters_location l
JOIN meters_servicepoint p ON p.location_id = l.id
JOIN meters_installation i ON i.service_point_id = p.id AND i.starts <= %(on)s
     AND (i.ends IS NULL OR i.ends > %(on)s)
JOIN meters_meter m ON m.id = i.meter_id
JOIN meters_register g ON g.meter_id = m.id
WHERE l.route_id = %(route)s
ORDER BY l.sequence, l.id, p.code, m.number, g.code
"""

_PROGRESS = """
SELECT r.id, r.code, r.name, count(g.id), count(d.id)
FROM meters_route r
LEFT JOIN meters_location l ON l.route_id = r.id
LEFT JOIN meters_servicepoint p ON p.location_id = l.id
LEFT JOIN meters_installation i ON i.service_point_id = p.id AND i.starts <= %(on)s
     AND (i.ends IS NULL OR i.ends > %(on)s)
LEFT JOIN meters_register g ON g.meter_id = i.meter_id
LEFT JOIN LATERAL (
    SELECT o.id FROM meters_reading o
    WHERE o.register_id = g.id AND o.is_live AND o.source <> 'I' AND o."on" BETWEEN %(since)s AND %(on)s
    LIMIT 1
) d ON true
GROUP BY r.id, r.code, r.name ORDER BY r.code
"""

_LOW, _HIGH = Decimal("0.5"), Decimal(2)
"""What the reader is told to expect where no policy says how far use may go."""


@dataclass(frozen=True, slots=True)
class RouteProgress:
    """How far a route is on its round."""

    id: int
    code: str
    name: str
    registers: int
    read: int

    @property
    def left(self) -> int:
        """Registers still to read."""
        return self.registers - self.read


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A register on its place of the route.

    ``last`` is the reading before the day, ``now`` the one of the day or of this round.  ``usual`` is the use
    of the same days as a rule, in the register's unit; ``expected`` the dial readings it would lie between.
    """

    sequence: int
    location: str
    address: str
    point: str
    meter: str
    serial: str
    place_text: str
    register: KnownRegister
    last: Past | None
    now: Past | None
    usual: Decimal | None
    expected: tuple[Decimal, Decimal] | None

    @property
    def seen(self) -> int:
        """The id of the last reading that is shown; 0 for none."""
        return self.last.id if self.last else 0


def progress(on: date) -> list[RouteProgress]:
    """All routes, with the registers at work on a day and those read within this round."""
    since = on - timedelta(days=ROUND_DAYS)
    return [RouteProgress(*row) for row in _rows(_PROGRESS, {"on": on, "since": since})]


def lines_of(route_id: int, on: date) -> list[RoundLine]:
    """The registers at work on a route that day, in walking order; a fixed number of queries."""
    rows = _rows(_LINES, {"on": on, "route": route_id})
    registers = [KnownRegister(row[7], row[8], row[9], Dial(*row[10:14])) for row in rows]
    ids = [register.id for register in registers]
    histories, today = histories_of(ids, on), readings_on([(i, on) for i in ids])
    fresh = _fresh(histories, on)
    usual = usual_on(on)
    return [
        _line(row, register, histories.get(register.id, []), today.get((register.id, on)), fresh, usual, on)
        for row, register in zip(rows, registers, strict=True)
    ]


def _line(
    row: Sequence[Any],
    register: KnownRegister,
    history: Sequence[Past],
    today: Past | None,
    fresh: set[int],
    usual: Usual,
    on: date,
) -> RoundLine:
    last = history[-1] if history else None
    usually = usual_use(register, history, on)
    used = usually if usually is not None and usually > 0 else None
    sequence, code, address, point, meter, serial, place_text = row[:7]
    return RoundLine(
        sequence,
        code,
        address,
        point,
        meter,
        serial,
        place_text,
        register=register,
        last=last,
        now=today or (last if last and last.id in fresh else None),
        usual=used,
        expected=_expected(register.dial, last, used, usual) if last and used is not None else None,
    )


def _expected(dial: Dial, last: Past, used: Decimal, usual: Usual) -> tuple[Decimal, Decimal]:
    """Two dial readings, in whole steps; past the limit the dial begins anew."""
    low = _LOW if usual.low_percent is None else usual.low_percent / 100
    high = _HIGH if usual.high_times is None else Decimal(usual.high_times)
    steps = [round(used * factor / dial.step) for factor in (low, high)]
    first, second = ((last.dial + step) % dial.limit for step in steps)
    return first, second


def _fresh(histories: Mapping[int, Sequence[Past]], on: date) -> set[int]:
    """The last readings that are of this round; that of a meter just put in is none."""
    latest = [past[-1].id for past in histories.values() if past and (on - past[-1].on).days <= ROUND_DAYS]
    return set(
        Reading.objects.filter(id__in=latest)
        .exclude(source=Reading.Source.INSTALL)
        .values_list("id", flat=True)
    )


def _rows(sql: str, args: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())
