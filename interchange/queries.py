"""Reading imports: how they stand, what stands out, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from core.bulk import array_literal
from core.errors import NotFound
from interchange.faults import code_words
from interchange.models import ImportFile, ImportRow

_STAGED = """
SELECT state, line, "values" ->> 'account', "values" ->> 'meter', ("values" ->> 'register_id')::bigint,
       ("values" ->> 'on')::date
FROM interchange_importrow WHERE import_file_id = %s
"""

# OFFSET 0 keeps each register's own short walk along the indexes, whatever the planner knows of the tables.
_ROUTES = """
SELECT DISTINCT f.route_id FROM unnest(%(registers)s::bigint[]) AS w (register_id)
CROSS JOIN LATERAL (
    SELECT l.route_id FROM meters_register g
    JOIN meters_installation n ON n.meter_id = g.meter_id
    JOIN meters_servicepoint p ON p.id = n.service_point_id
    JOIN meters_location l ON l.id = p.location_id
    WHERE g.id = w.register_id AND n.starts <= %(last)s AND (n.ends IS NULL OR n.ends >= %(first)s)
    OFFSET 0
) f
"""

_UNREAD = """
SELECT f.*, a.number, r."on", r.dial
FROM unnest(%(routes)s::bigint[]) AS w (route_id)
CROSS JOIN LATERAL (
    SELECT g.id, m.number AS meter, g.code AS register, t.code AS route, l.sequence, l.code, l.street_number,
           l.street_name, l.unit_label, l.id AS location_id
    FROM meters_route t
    JOIN meters_location l ON l.route_id = t.id
    JOIN meters_servicepoint p ON p.location_id = l.id
    JOIN meters_installation n ON n.service_point_id = p.id
    JOIN meters_meter m ON m.id = n.meter_id
    JOIN meters_register g ON g.meter_id = m.id
    WHERE t.id = w.route_id AND n.starts <= %(last)s AND (n.ends IS NULL OR n.ends > %(last)s)
    OFFSET 0
) f
LEFT JOIN LATERAL (
    SELECT a.number FROM customers_account a
    WHERE a.location_id = f.location_id AND a.starts <= %(last)s AND (a.ends IS NULL OR a.ends > %(last)s)
    ORDER BY a.id LIMIT 1
) a ON true
LEFT JOIN LATERAL (
    SELECT r."on", r.dial FROM meters_reading r
    WHERE r.register_id = f.id AND r.is_live ORDER BY r."on" DESC LIMIT 1
) r ON true
WHERE r."on" IS NULL OR r."on" < %(first)s
ORDER BY f.route, f.sequence, f.meter, f.register
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
    those installed on the file's last day.  A line that was not taken is told by its register, else by
    its meter, else by its account.
    """
    staged = _rows(_STAGED, [import_id])
    taken = {r: on for state, _, _, _, r, on in staged if state != "error" and r is not None}
    if not taken:
        return []
    wrong: dict[tuple[str, Any], int] = {}
    for _, line, account, meter, register, _ in _errors(staged):
        named = {"account": account, "meter": meter} if register is None else {"register": register}
        wrong.update({(kind, name): line for kind, name in named.items() if name})
    args = {
        "registers": array_literal(list(taken)),
        "first": min(taken.values()),
        "last": max(taken.values()),
    }
    routes = array_literal([route for (route,) in _rows(_ROUTES, args)])
    return [_missing(row, wrong) for row in _rows(_UNREAD, {**args, "routes": routes}) if row[0] not in taken]


def _errors(staged: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that were not taken, last line first."""
    return sorted((row for row in staged if row[0] == "error"), key=lambda row: int(row[1]), reverse=True)


def _missing(row: Sequence[Any], wrong: Mapping[tuple[str, Any], int]) -> MissingRead:
    register_id, meter, code, route, sequence, location, number, street, unit, _, account, on, dial = row
    address = " ".join(part for part in (number, street, unit) if part)
    named = (("register", register_id), ("meter", meter), ("account", account))
    line = next((wrong[name] for name in named if name in wrong), None)
    return MissingRead(
        register_id, meter, code, route, sequence, location, address, account or "", line, on, dial
    )


def _rows(sql: str, args: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())
