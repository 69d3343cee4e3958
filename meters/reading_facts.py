"""What is known of registers before a reading is judged, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core import policies
from core.bulk import array_literal
from meters.judging import Past, Usual
from meters.policies import HIGH_USE_TIMES, LOW_USE_PERCENT

HISTORY = 16
"""Readings looked back on: more than a year of months, so that the same season is among them."""

_HISTORY = """
SELECT w.register_id, d.id, d."on", d.dial, d.rolled_over
FROM unnest(%s::bigint[]) AS w (register_id)
CROSS JOIN LATERAL (
    SELECT r.id, r."on", r.dial, r.rolled_over FROM meters_reading r
    WHERE r.register_id = w.register_id AND r.is_live AND r."on" < %s ORDER BY r."on" DESC LIMIT %s
) d
ORDER BY w.register_id, d."on"
"""

_THAT_DAY = """
SELECT r.register_id, r."on", r.id, r.dial, r.rolled_over
FROM unnest(%s::bigint[], %s::date[]) AS w (register_id, day)
JOIN meters_reading r ON r.register_id = w.register_id AND r."on" = w.day AND r.is_live
"""

_NEXT = """
SELECT w.register_id, d.id, d."on", d.dial, d.rolled_over
FROM unnest(%s::bigint[]) AS w (register_id)
CROSS JOIN LATERAL (
    SELECT r.id, r."on", r.dial, r.rolled_over FROM meters_reading r
    WHERE r.register_id = w.register_id AND r.is_live AND r."on" > %s ORDER BY r."on" LIMIT 1
) d
"""

_EVER = date.max


def usual_on(on: date) -> Usual:
    """What the utility's policies of that day call out of the ordinary."""
    times, percent = (policies.value_on(code, on) for code in (HIGH_USE_TIMES, LOW_USE_PERCENT))
    return Usual(
        None if times is None else int(times),
        None if percent is None else Decimal(percent),
    )


def histories_of(register_ids: Iterable[int], before: date = _EVER) -> Mapping[int, list[Past]]:
    """The latest live readings of each register before a day, oldest first."""
    found: dict[int, list[Past]] = defaultdict(list)
    args = [array_literal(sorted(set(register_ids))), before, HISTORY]
    for register_id, *reading in _rows(_HISTORY, args):
        found[register_id].append(Past(*reading))
    return found


def readings_after(register_ids: Iterable[int], day: date) -> Mapping[int, Past]:
    """The first live reading of each register after a day."""
    rows = _rows(_NEXT, [array_literal(sorted(set(register_ids))), day])
    return {register_id: Past(*reading) for register_id, *reading in rows}


def readings_on(days: Sequence[tuple[int, date]]) -> dict[tuple[int, date], Past]:
    """The live readings of these registers on these days."""
    arrays = [array_literal([r for r, _ in days]), array_literal([str(day) for _, day in days])]
    return {
        (register_id, on): Past(id_, on, dial, rolled_over)
        for register_id, on, id_, dial, rolled_over in _rows(_THAT_DAY, arrays)
    }


def _rows(sql: str, args: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())
