"""Meter inventory: every meter with what it is and where, by route or by the year it was installed."""

from collections.abc import Iterator

from core.codes import code_name
from meters.models import ServiceType
from reports.kit import Cells, Column, Report
from reports.listings.asking import ROUTE, service_name
from reports.listings.streaming import streamed
from reports.parameters import Choices, Parameter, Parameters

_METERS = """
SELECT CASE WHEN %(by)s = 'year' THEN COALESCE('Installed ' || extract(year FROM i.starts)::text, 'In store')
            ELSE COALESCE('Route ' || r.code, 'In store') END AS grouped,
       m.number, m.service_type, m.size, m.kind, m.brand, m.style, m.serial, m.endpoint, i.starts, r.code,
       l.sequence, concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')),
       (SELECT string_agg(concat_ws(' ', nullif(g.code, ''), g.dials || ' dials',
                          CASE WHEN g.dead_zeros > 0 THEN '+ ' || g.dead_zeros || ' dead' END,
                          CASE WHEN g.multiplier <> 1 THEN '× ' || trim_scale(g.multiplier) END, g.unit), '; '
                          ORDER BY g.code)
          FROM meters_register g WHERE g.meter_id = m.id)
  FROM meters_meter m
  LEFT JOIN meters_installation i ON i.meter_id = m.id AND i.ends IS NULL
  LEFT JOIN meters_servicepoint p ON p.id = i.service_point_id
  LEFT JOIN meters_location l ON l.id = p.location_id
  LEFT JOIN meters_route r ON r.id = l.route_id
 WHERE (%(route)s = '' OR r.code = %(route)s) AND (%(service)s = '' OR m.service_type = %(service)s)
 ORDER BY grouped, r.code, l.sequence, m.number
"""


def _services() -> Choices:
    return [(code, str(label)) for code, label in ServiceType.choices]


def _rows(parameters: Parameters) -> Iterator[Cells]:
    names: dict[str, str] = {}
    given = {name: parameters.text(name) for name in ("by", "route", "service")}
    for group, number, service, size, kind, *rest in list(streamed(_METERS, given)):
        if kind not in names:
            names[kind] = code_name("meter_type", kind)
        brand, style, serial, endpoint, installed, route, place, address, counts = rest
        yield (
            group, number, service_name(service), size, names[kind], brand, style, serial, endpoint,
            installed, route, place, address, counts, 1,
        )  # fmt: skip


REPORT = Report(
    code="meter-inventory",
    title="Meter inventory",
    group="Meters",
    permission="meters.view",
    about="Every meter with what it is and where it sits, by route or by the year it was installed.",
    parameters=(
        Parameter(
            "by", "Grouped by", "choice", required=True, default=lambda today: "route",
            choices=(("route", "Route"), ("year", "Year of installation")),
        ),
        ROUTE,
        Parameter("service", "Service", "choice", choices=_services),
    ),
    columns=(
        Column("group", "Group", width=16, heading=True),
        Column("meter", "Meter", width=12),
        Column("service", "Service", width=9),
        Column("size", "Size", width=6),
        Column("type", "Type", width=12),
        Column("brand", "Brand", width=12),
        Column("style", "Style", width=12, file_only=True),
        Column("serial", "Serial", width=14),
        Column("endpoint", "Endpoint", width=12, file_only=True),
        Column("installed", "Installed", "date", width=13),
        Column("route", "Route", width=7),
        Column("place", "Place", "count", width=7),
        Column("address", "Service address", width=24),
        Column("counts", "Registers", width=20),
        Column("meters", "Meters", "count", total=True, width=8),
    ),
    rows=_rows,
    subtotals=("group",),
    notes=("A meter in store is on no route and has no year.",),
)  # fmt: skip
