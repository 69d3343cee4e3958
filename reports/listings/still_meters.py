"""Still meters: installed registers that have shown the same figure for so many months."""

from collections.abc import Iterator

from core.quantities import UNITS
from reports.kit import Cells, Column, Report
from reports.listings.asking import ROUTE, THROUGH
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

MONTHS = 3

# A register is still since the first of the readings at the end that are all alike; it must have been read
# within the time asked for, else nobody knows.
_STILL = """
SELECT r.code, l.sequence, concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')),
       a.number, a.name, m.number, g.code, m.size, last.dial, g.unit, still.since, last."on"
  FROM meters_installation i
  JOIN meters_meter m ON m.id = i.meter_id
  JOIN meters_register g ON g.meter_id = m.id
  JOIN meters_servicepoint p ON p.id = i.service_point_id
  JOIN meters_location l ON l.id = p.location_id
  JOIN meters_route r ON r.id = l.route_id
  CROSS JOIN LATERAL (
       SELECT d.dial, d."on" FROM meters_reading d
        WHERE d.register_id = g.id AND d.is_live AND d."on" >= i.starts AND d."on" <= %(through)s
        ORDER BY d."on" DESC LIMIT 1
  ) last
  CROSS JOIN LATERAL (
       SELECT min(d."on") AS since FROM meters_reading d
        WHERE d.register_id = g.id AND d.is_live AND d."on" >= i.starts AND d."on" <= last."on"
          AND NOT EXISTS (SELECT FROM meters_reading o
                           WHERE o.register_id = g.id AND o.is_live AND o.dial <> last.dial
                             AND o."on" >= d."on" AND o."on" <= last."on")
  ) still
  LEFT JOIN LATERAL (
       SELECT a.number, c.name FROM customers_account a JOIN customers_customer c ON c.id = a.customer_id
        WHERE a.location_id = l.id AND a.starts <= %(through)s AND (a.ends IS NULL OR a.ends > %(through)s)
        ORDER BY a.starts DESC LIMIT 1
  ) a ON true
 WHERE i.ends IS NULL AND (%(route)s = '' OR r.code = %(route)s)
   AND still.since <= (%(through)s::date - make_interval(months => %(months)s))::date
   AND last."on" > (%(through)s::date - make_interval(months => %(months)s))::date
 ORDER BY r.code, l.sequence, m.number, g.code
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "through": parameters.day("through"),
        "route": parameters.text("route"),
        "months": parameters.whole("months") or MONTHS,
    }
    for route, place, address, account, name, meter, register, size, dial, unit, since, on in streamed(
        _STILL, given
    ):
        days = (on - since).days
        counted = UNITS[unit].label if unit in UNITS else unit
        yield (
            f"Route {route}",
            place,
            address,
            account,
            name,
            meter,
            register,
            size,
            dial,
            counted,
            since,
            on,
            days,
            1,
        )


REPORT = Report(
    code="still-meters",
    title="Still meters",
    group="Meters",
    permission="readings.view",
    about="Installed meters that were read and have shown no use at all for so many months.",
    parameters=(
        THROUGH,
        Parameter("months", "Months without use", "whole", default=lambda today: MONTHS),
        ROUTE,
    ),
    columns=(
        Column("route", "Route", width=10, heading=True),
        Column("place", "Place", "count", width=7),
        Column("address", "Service address", width=26),
        Column("account", "Account", width=11),
        Column("name", "Name", width=24),
        Column("meter", "Meter", width=12),
        Column("register", "Register", width=8),
        Column("size", "Size", width=7),
        Column("dial", "Reading", "quantity", width=11),
        Column("unit", "Unit", width=16, file_only=True),
        Column("since", "Same since", "date", width=13),
        Column("on", "Last read", "date", width=13),
        Column("days", "Days", "count", width=7),
        Column("meters", "Registers", "count", total=True, width=9),
    ),
    rows=_rows,
    subtotals=("route",),
    notes=("A meter that was not read within these months is not listed.",),
)
