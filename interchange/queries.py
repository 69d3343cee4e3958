"""Reading imports: how they stand, what stands out, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from core.errors import NotFound
from interchange.faults import code_words
from interchange.models import ImportFile, ImportRow

# Registers at work on the routes of the file's meters on the days of its reads, whose read was not taken.
# The line of a read that was not taken is found by its register, else by its meter, else by its account.
_MISSING = """
WITH staged AS (
    SELECT i.state, i.line, i."values" ->> 'account' AS account, i."values" ->> 'meter' AS meter,
           (i."values" ->> 'register_id')::bigint AS register_id, (i."values" ->> 'on')::date AS day
    FROM interchange_importrow i WHERE i.import_file_id = %(file)s
), taken AS (
    SELECT register_id, day FROM staged WHERE state <> 'error'
), days AS (
    SELECT min(day) AS first, max(day) AS last FROM taken
), wrong AS (
    SELECT * FROM staged WHERE state = 'error'
), routes AS (
    SELECT DISTINCT l.route_id FROM taken s
    JOIN meters_register g ON g.id = s.register_id
    JOIN meters_installation n ON n.meter_id = g.meter_id
     AND n.starts <= s.day AND (n.ends IS NULL OR n.ends >= s.day)
    JOIN meters_servicepoint p ON p.id = n.service_point_id
    JOIN meters_location l ON l.id = p.location_id
)
SELECT g.id, m.number, g.code, t.code, l.sequence, l.code, l.street_number, l.street_name, l.unit_label,
       a.number, coalesce(w.line, x.line, y.line), r."on", r.dial
FROM days d
JOIN meters_installation n ON n.starts <= d.last AND (n.ends IS NULL OR n.ends > d.last)
JOIN meters_meter m ON m.id = n.meter_id
JOIN meters_register g ON g.meter_id = m.id
JOIN meters_servicepoint p ON p.id = n.service_point_id
JOIN meters_location l ON l.id = p.location_id
JOIN meters_route t ON t.id = l.route_id
LEFT JOIN LATERAL (
    SELECT a.number FROM customers_account a
    WHERE a.location_id = l.id AND a.starts <= d.last AND (a.ends IS NULL OR a.ends > d.last)
    ORDER BY a.id LIMIT 1
) a ON true
LEFT JOIN (SELECT register_id, min(line) AS line FROM wrong GROUP BY register_id) w ON w.register_id = g.id
LEFT JOIN (
    SELECT meter, min(line) AS line FROM wrong WHERE register_id IS NULL GROUP BY meter
) x ON x.meter = m.number
LEFT JOIN (
    SELECT account, min(line) AS line FROM wrong WHERE register_id IS NULL GROUP BY account
) y ON y.account = a.number
LEFT JOIN LATERAL (
    SELECT r."on", r.dial FROM meters_reading r
    WHERE r.register_id = g.id AND r.is_live ORDER BY r."on" DESC LIMIT 1
) r ON true
WHERE l.route_id IN (SELECT route_id FROM routes)
  AND NOT EXISTS (SELECT 1 FROM taken s WHERE s.register_id = g.id)
  AND (r."on" IS NULL OR r."on" < d.first)
ORDER BY t.code, l.sequence, m.number, g.code
"""

_KINDS = """
SELECT f ->> 'code', f ->> 'level', i.state = 'error', count(*), min(f ->> 'problem')
FROM interchange_importrow i CROSS JOIN LATERAL jsonb_array_elements(i.faults) f
WHERE i.import_file_id = %s GROUP BY 1, 2, 3 ORDER BY 3 DESC, 4 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class MissingRead:
    """A register on a route of the file without a read; ``line`` is that of a read which was not taken."""

    register_id: int
    meter: str
    register: str
    route: str
    sequence: int
    location: str
    address: str
    account: str
    line: int | None
    last_on: date | None
    last_dial: Decimal | None

    @property
    def why(self) -> str:
        """Whether the platform sent a read that cannot be taken, or none."""
        return f"Not taken: line {self.line}" if self.line else "Not in the file"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """How often one thing is wrong in a file, with an example."""

    code: str
    level: str
    rejects: bool
    count: int
    example: str

    @property
    def words(self) -> str:
        """Its short name."""
        return code_words(self.code)


def import_file(import_id: int) -> ImportFile:
    """An import with its file; raises ``NotFound``."""
    found = ImportFile.objects.select_related("file", "rejects", "job").filter(id=import_id).first()
    if found is None:
        raise NotFound(f"There is no import {import_id}.", "Choose one from the list of imports.")
    return found


def imports() -> QuerySet[ImportFile]:
    """All imports with their files."""
    return ImportFile.objects.select_related("file")


def rows_of(import_id: int) -> QuerySet[ImportRow]:
    """Every staged row of an import."""
    return ImportRow.objects.filter(import_file=import_id)


def exceptions(import_id: int) -> QuerySet[ImportRow]:
    """The rows with something to look at: errors, warnings and what was there already."""
    return rows_of(import_id).exclude(faults=[])


def fault_kinds(import_id: int) -> list[FaultKind]:
    """What is wrong with the rows of an import, by kind, rejects first, most frequent first."""
    return [FaultKind(*row) for row in _rows(_KINDS, [import_id])]


def missing_reads(import_id: int) -> list[MissingRead]:
    """Registers at work on the routes of a file of readings that got none from it, in route order.

    A register whose latest reading is not before the file's first day is not missing.  Registers are
    those installed on the file's last day.
    """
    return [_missing(row) for row in _rows(_MISSING, {"file": import_id})]


def _missing(row: Sequence[Any]) -> MissingRead:
    register_id, meter, code, route, sequence, location, number, street, unit, account, line, on, dial = row
    address = " ".join(part for part in (number, street, unit) if part)
    return MissingRead(
        register_id, meter, code, route, sequence, location, address, account or "", line, on, dial
    )


def _rows(sql: str, args: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())
