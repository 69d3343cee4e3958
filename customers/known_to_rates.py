"""What the customer file knows when a rate table is checked: its services and their meters."""

import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import connection

from core.quantities import UNITS
from rates.lint import Context, ServiceKind
from rates.models import RateTable

# Services that the table prices now or later, alike ones together; the size is that of the meter in place.
_SERVICES = """
SELECT a.category, l.in_limits, s.units, s.attributes::text, m.size, COALESCE(m.demand, false), count(*),
       (array_agg(a.number ORDER BY a.number))[1:3]
FROM customers_service s
JOIN customers_account a ON a.id = s.account_id
JOIN meters_location l ON l.id = a.location_id
LEFT JOIN LATERAL (
    SELECT n.size,
           EXISTS (SELECT 1 FROM meters_register g WHERE g.meter_id = n.id AND g.unit = 'KW') AS demand
    FROM meters_installation i JOIN meters_meter n ON n.id = i.meter_id
    WHERE i.service_point_id = s.service_point_id ORDER BY i.ends DESC NULLS FIRST, i.starts DESC LIMIT 1
) m ON true
WHERE s.rate_id = %(table)s AND (s.ends IS NULL OR s.ends > %(day)s)
GROUP BY 1, 2, 3, 4, 5, 6
"""

# Of every service on the accounts concerned: a sewer table prices what the water meter counts.
_UNITS = """
SELECT DISTINCT o.service_type, g.unit
FROM customers_service o
JOIN meters_installation i ON i.service_point_id = o.service_point_id AND i.ends IS NULL
JOIN meters_register g ON g.meter_id = i.meter_id
WHERE o.account_id IN (
    SELECT s.account_id FROM customers_service s
    WHERE s.rate_id = %(table)s AND (s.ends IS NULL OR s.ends > %(day)s)
) AND (o.ends IS NULL OR o.ends > %(day)s)
"""
_NO_NUMBER = (str, bool, list, dict, type(None))
_NOT_USE = ("demand", "apparent", "reactive")


def with_services(table: RateTable, context: Context) -> Context:
    """The services on the table from its first day on, and the units in which meters count."""
    if context.starts is None:
        return context
    args: dict[str, Any] = {"table": table.id, "day": context.starts}
    units: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_SERVICES, args)
        services = tuple(_kind(row) for row in cursor.fetchall())
        cursor.execute(_UNITS, args)
        for service, unit in cursor.fetchall():
            if unit in UNITS and UNITS[unit].kind not in _NOT_USE:
                units[service].add(unit)
    return replace(
        context, services=services, meter_units={s: frozenset(found) for s, found in units.items()}
    )


def _kind(row: tuple[Any, ...]) -> ServiceKind:
    """As billing will ask: words are attributes, other values numbers."""
    category, inside, units, kept, size, demand, count, examples = row
    attributes: dict[str, Any] = json.loads(kept)
    words = {k: v for k, v in attributes.items() if isinstance(v, str)}
    numbers = {k: Decimal(str(v)) for k, v in attributes.items() if not isinstance(v, _NO_NUMBER)}
    return ServiceKind(
        attributes={
            "class": category,
            "location": "inside" if inside else "outside",
            "bank_draft": "no",
            **({"meter_size": size} if size else {}),
            **words,
        },
        numbers={"units": units, **({"kw": Decimal(1)} if demand else {}), **numbers},
        count=count,
        examples=tuple(examples),
    )


KNOWN_TO_RATES = (with_services,)
