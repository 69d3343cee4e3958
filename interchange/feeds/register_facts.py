"""What is known of the accounts, meters and registers of a file, in a fixed number of queries a block."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from core.bulk import array_literal
from interchange.feeds.judging import Claim, KnownAccount, KnownMeter, KnownRegister, Past, Place
from meters.usage import Dial

# So many readings give the twelve uses that an average is made of.
HISTORY = 13

# OFFSET 0 keeps each row's own short walk along the indexes, whatever the planner knows of the tables.
_ACCOUNTS = """
SELECT a.number, l.code, a.starts, a.ends
FROM customers_account a
CROSS JOIN LATERAL (SELECT l.code FROM meters_location l WHERE l.id = a.location_id OFFSET 0) l
WHERE a.number = ANY (%s::text[])
"""

_METERS = """
SELECT m.number, m.endpoint, g.id, g.code, g.unit, g.dials, g.multiplier, g.may_run_backwards,
       g.dead_zeros
FROM meters_meter m
LEFT JOIN LATERAL (SELECT * FROM meters_register g WHERE g.meter_id = m.id OFFSET 0) g ON true
WHERE m.number = ANY (%s::text[])
"""

_PLACES = """
SELECT m.number, i.location, i.point, i.starts, i.ends
FROM meters_meter m
CROSS JOIN LATERAL (
    SELECT l.code AS location, p.code AS point, i.starts, i.ends FROM meters_installation i
    JOIN meters_servicepoint p ON p.id = i.service_point_id
    JOIN meters_location l ON l.id = p.location_id
    WHERE i.meter_id = m.id OFFSET 0
) i
WHERE m.number = ANY (%s::text[]) ORDER BY i.starts
"""

_HISTORY = """
SELECT w.register_id, d.id, d."on", d.dial, d.rolled_over
FROM unnest(%s::bigint[]) AS w (register_id)
CROSS JOIN LATERAL (
    SELECT r.id, r."on", r.dial, r.rolled_over FROM meters_reading r
    WHERE r.register_id = w.register_id AND r.is_live ORDER BY r."on" DESC LIMIT %s
) d
ORDER BY w.register_id, d."on"
"""

_THAT_DAY = """
SELECT r.register_id, r."on", r.id, r.dial, r.rolled_over
FROM unnest(%s::bigint[], %s::date[]) AS w (register_id, day)
JOIN meters_reading r ON r.register_id = w.register_id AND r."on" = w.day AND r.is_live
"""


def accounts_of(claims: Iterable[Claim]) -> dict[str, KnownAccount]:
    """The accounts that the claims name, by number."""
    rows = _rows(_ACCOUNTS, [_texts(c.account for c in claims)])
    return {number: KnownAccount(location, starts, ends) for number, location, starts, ends in rows}


def meters_of(claims: Iterable[Claim]) -> dict[str, KnownMeter]:
    """The meters that the claims name, by number."""
    numbers = [_texts(c.meter for c in claims)]
    places: dict[str, list[Place]] = defaultdict(list)
    for number, location, point, starts, ends in _rows(_PLACES, numbers):
        places[number].append(Place(location, point, starts, ends))
    endpoints: dict[str, str] = {}
    registers: dict[str, dict[str, KnownRegister]] = defaultdict(dict)
    for number, endpoint, id_, code, unit, *dial in _rows(_METERS, numbers):
        endpoints[number] = endpoint
        if id_ is not None:
            registers[number][code] = KnownRegister(id_, code, unit, Dial(*dial))
    return {n: KnownMeter(endpoint, registers[n], places[n]) for n, endpoint in endpoints.items()}


def histories_of(register_ids: Sequence[int]) -> Mapping[int, list[Past]]:
    """The latest live readings of each register, oldest first."""
    found: dict[int, list[Past]] = defaultdict(list)
    for register_id, *reading in _rows(_HISTORY, [array_literal(sorted(set(register_ids))), HISTORY]):
        found[register_id].append(Past(*reading))
    return found


def readings_on(days: Sequence[tuple[int, date]]) -> dict[tuple[int, date], Past]:
    """The live readings of these registers on these days."""
    arrays = [array_literal([r for r, _ in days]), array_literal([str(day) for _, day in days])]
    return {
        (register_id, on): Past(id_, on, dial, rolled_over)
        for register_id, on, id_, dial, rolled_over in _rows(_THAT_DAY, arrays)
    }


def _texts(values: Iterable[str]) -> str:
    return array_literal(sorted({value for value in values if value}))


def _rows(sql: str, args: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())
