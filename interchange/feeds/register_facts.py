"""What is known of the accounts, meters and registers of a file, in a fixed number of queries a block."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from core.bulk import array_literal
from interchange.feeds.judging import Claim, KnownAccount, KnownMeter, Place
from meters.judging import KnownRegister
from meters.usage import Dial

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


def _texts(values: Iterable[str]) -> str:
    return array_literal(sorted({value for value in values if value}))


def _rows(sql: str, args: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())
