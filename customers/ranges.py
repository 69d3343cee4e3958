"""Which rate a register is billed at: what normal ranges by rate table are looked up with."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from core.bulk import array_literal

_RATES = """
SELECT g.id, s.rate_id
FROM unnest(%(registers)s::bigint[]) AS w (register_id)
JOIN meters_register g ON g.id = w.register_id
JOIN meters_installation i ON i.meter_id = g.meter_id AND i.starts <= %(on)s
     AND (i.ends IS NULL OR i.ends >= %(on)s)
JOIN customers_service s ON s.service_point_id = i.service_point_id AND s.starts <= %(on)s
     AND (s.ends IS NULL OR s.ends >= %(on)s)
ORDER BY g.id, s.starts
"""


def rates_of_registers(register_ids: Iterable[int], on: date) -> Mapping[int, int]:
    """The rate's id of each register whose point has a service on the day, or had until then; one query."""
    args: dict[str, Any] = {"registers": array_literal(sorted(set(register_ids))), "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_RATES, args)
        return dict(cursor.fetchall())


REGISTER_RATES = (rates_of_registers,)
