"""Use that nobody is billed for: at locations that were vacant, and on accounts that get no bill."""

from collections.abc import Iterator

from meters.usage import Dial, counted
from reports.kit import Cells, Column, Report
from reports.listings.asking import ROUTE, SINCE, THROUGH, in_order
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

# Each two readings that follow one another while the meter sat there, with the account of those days.
_BETWEEN = """
SELECT CASE WHEN a.number IS NULL THEN 'Vacant' ELSE 'No bill' END AS why, r.code, l.sequence,
       concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')), a.number, a.name, m.number,
       g.code,
       d.before_on, d."on", d.before_dial, d.dial, d.rolled_over, g.dials, g.multiplier, g.may_run_backwards,
       g.dead_zeros, g.unit
  FROM meters_installation i
  JOIN meters_meter m ON m.id = i.meter_id
  JOIN meters_register g ON g.meter_id = m.id
  JOIN meters_servicepoint p ON p.id = i.service_point_id
  JOIN meters_location l ON l.id = p.location_id
  JOIN meters_route r ON r.id = l.route_id
  CROSS JOIN LATERAL (
       SELECT x."on", x.dial, x.rolled_over, lag(x."on") OVER w AS before_on,
              lag(x.dial) OVER w AS before_dial
         FROM meters_reading x
        WHERE x.register_id = g.id AND x.is_live AND x."on" >= i.starts
          AND (i.ends IS NULL OR x."on" <= i.ends) AND x."on" <= %(through)s
       WINDOW w AS (ORDER BY x."on")
  ) d
  LEFT JOIN LATERAL (
       SELECT a.number, c.name, a.no_bill FROM customers_account a
         JOIN customers_customer c ON c.id = a.customer_id
        WHERE a.location_id = l.id AND a.starts < d."on" AND (a.ends IS NULL OR a.ends > d.before_on)
        ORDER BY a.no_bill, a.starts DESC LIMIT 1
  ) a ON true
 WHERE d.before_on IS NOT NULL AND d."on" > %(since)s AND (a.number IS NULL OR a.no_bill)
   AND d.dial <> d.before_dial AND (%(route)s = '' OR r.code = %(route)s)
   AND (%(which)s = 'both' OR %(which)s = CASE WHEN a.number IS NULL THEN 'vacant' ELSE 'no_bill' END)
 ORDER BY why DESC, r.code, l.sequence, m.number, g.code, d."on"
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "route": parameters.text("route"),
        "which": parameters.text("which"),
    }
    for row in streamed(_BETWEEN, given):
        why, route, place, address, account, name, meter, register, before_on, on, earlier, later = row[:12]
        rolled_over, *counts, unit = row[12:]
        use = counted(unit, Dial(*counts), earlier, later, rolled_over=rolled_over).use
        if use > 0:
            yield why, route, place, address, account, name, meter, register, before_on, on, use, unit


REPORT = Report(
    code="unbilled-use",
    title="Use on vacant and no-bill accounts",
    group="Meters",
    permission="readings.view",
    about="What meters counted while nobody had the place, or while its account gets no bill.",
    parameters=(
        SINCE,
        THROUGH,
        Parameter(
            "which", "Which", "choice", required=True, default=lambda today: "both",
            choices=(("both", "Vacant and no bill"), ("vacant", "Vacant only"), ("no_bill", "No bill only")),
        ),
        ROUTE,
    ),
    columns=(
        Column("why", "Why not billed", width=12, heading=True),
        Column("route", "Route", width=7),
        Column("place", "Place", "count", width=7),
        Column("address", "Service address", width=26),
        Column("account", "Account", width=11),
        Column("name", "Name", width=24),
        Column("meter", "Meter", width=12),
        Column("register", "Register", width=8),
        Column("since", "From", "date", width=13),
        Column("on", "To", "date", width=13),
        Column("use", "Use", "quantity", total=True, width=12, within="unit"),
        Column("unit", "Unit", width=7),
    ),
    rows=_rows,
    subtotals=("why",),
    check=in_order,
    notes=("Counted between two readings; vacant means that no account had the place on any day between.",),
)  # fmt: skip
