"""Top users: who used most of a service in a period, and how that compares with the year before."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import connection
from django.urls import reverse

from core.bulk import array_literal
from core.codes import codes_of
from core.quantities import UNITS
from customers.models import Account
from meters.models import ServiceType
from reports.kit import Cell, Cells, Column, Recap, Report
from reports.listings.asking import ROUTE, THROUGH, in_order
from reports.listings.streaming import streamed
from reports.parameters import Choices, Parameter, Parameters, Problem

MOST = 25
_EARLIEST = 1900
_COUNTED = ("volume", "energy", "heat")
"""Kinds of units that add up to a use; a demand does not."""

_USUAL_UNIT = """
SELECT g.unit FROM meters_register g JOIN meters_meter m ON m.id = g.meter_id
 WHERE m.service_type = %s AND g.unit = ANY (%s::text[]) GROUP BY g.unit
 ORDER BY count(*) DESC, g.unit LIMIT 1
"""

# Use counts on the day of the later reading, reckoned into one unit by the fraction of the two (``parts`` of
# ``whole``).  The same days a year before stand beside it; all use of the period is what the share is of.
_USED = """
WITH used AS (
    SELECT s.account_id,
           sum(u.use * k.parts / k.whole) FILTER (WHERE u."on" >= %(since)s) AS use,
           sum(u.use * k.parts / k.whole) FILTER (WHERE u."on" < %(since)s) AS before,
           array_agg(DISTINCT u.bill_id) FILTER (WHERE u."on" >= %(since)s) AS bills,
           array_agg(DISTINCT u.service_id) AS services
      FROM billing_registeruse u
      JOIN customers_service s ON s.id = u.service_id
      JOIN unnest(%(units)s::text[], %(parts)s::numeric[], %(wholes)s::numeric[]) AS k (unit, parts, whole)
        ON k.unit = u.unit
     WHERE u.is_live AND s.service_type = %(service)s
       AND (u."on" BETWEEN %(since)s AND %(through)s
            OR u."on" BETWEEN %(since_before)s AND %(through_before)s)
     GROUP BY s.account_id
), ranked AS (
    SELECT used.*, a.number, a.category, a.customer_id, a.location_id, sum(used.use) OVER () AS whole,
           rank() OVER (ORDER BY used.use DESC) AS place
      FROM used JOIN customers_account a ON a.id = used.account_id
      JOIN meters_location l ON l.id = a.location_id JOIN meters_route r ON r.id = l.route_id
     WHERE used.use > 0 AND (%(category)s = '' OR a.category = %(category)s)
       AND (%(route)s = '' OR r.code = %(route)s)
     ORDER BY used.use DESC, a.number LIMIT %(most)s
)
SELECT k.place, k.number, c.name, concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')),
       k.category, r.code, cardinality(k.bills), k.use, k.whole, k.before,
       (SELECT sum(g.amount) FROM billing_bill b JOIN ledger_charge g ON g.journal_id = b.journal_id
         WHERE b.id = ANY (k.bills) AND g.service_id = ANY (k.services))
  FROM ranked k
  JOIN customers_customer c ON c.id = k.customer_id
  JOIN meters_location l ON l.id = k.location_id
  JOIN meters_route r ON r.id = l.route_id
 ORDER BY k.place, k.number
"""


def year_before(day: date) -> date:
    """The same day a year before; the 28th for February 29."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _a_year_of(today: date) -> date:
    """The first day of twelve months, today's included."""
    return year_before((today.replace(day=1) + timedelta(days=31)).replace(day=1))


def _services() -> Choices:
    return [(code, str(label)) for code, label in ServiceType.choices]


def _units() -> Choices:
    named = [(code, one.label) for code, one in UNITS.items() if one.kind in _COUNTED]
    return [("most", "As most of its meters count"), *named]


def _classes() -> Choices:
    """The utility's categories, and those that accounts have besides."""
    known = dict(codes_of("category", retired=True))
    had = Account.objects.order_by("category").values_list("category", flat=True).distinct()
    return [*known.items(), *((one, one.capitalize()) for one in had if one not in known)]


def unit_for(parameters: Parameters) -> str:
    """The unit asked for, else the one that most meters of the service count in."""
    asked = parameters.text("unit")
    if asked != "most":
        return asked
    counted = [code for code, one in UNITS.items() if one.kind in _COUNTED]
    with connection.cursor() as cursor:
        cursor.execute(_USUAL_UNIT, [parameters.text("service"), array_literal(counted)])
        found = cursor.fetchone()
    return str(found[0]) if found else "GAL"


def _given(parameters: Parameters, unit: str) -> Mapping[str, object]:
    since, through = parameters.day("since"), parameters.day("through")
    kin: dict[str, Fraction] = {
        code: one.factor / UNITS[unit].factor for code, one in UNITS.items() if one.kind == UNITS[unit].kind
    }
    return {
        "service": parameters.text("service"),
        "category": parameters.text("category"),
        "route": parameters.text("route"),
        "most": parameters.whole("most") or MOST,
        "since": since,
        "through": through,
        "since_before": year_before(since),
        "through_before": min(year_before(through), since - timedelta(days=1)),
        "units": array_literal(list(kin)),
        "parts": array_literal([share.numerator for share in kin.values()]),
        "wholes": array_literal([share.denominator for share in kin.values()]),
    }


_PLACES = Decimal("0.000001")
_TENTH = Decimal("0.1")


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Of a hundred, to a tenth."""
    return (part * 100 / whole).quantize(_TENTH) if part is not None and whole else None


def _rows(parameters: Parameters) -> Iterator[Cells]:
    unit = unit_for(parameters)
    names = dict(_classes())
    for row in list(streamed(_USED, _given(parameters, unit))):
        place, number, name, address, category, route, bills, use, whole, before, charged = row
        used = use.quantize(_PLACES).normalize() + 0
        earlier = before.quantize(_PLACES).normalize() + 0 if before is not None else None
        change: Cell = used - earlier if earlier is not None else None
        percent = _share(used - earlier, earlier) if earlier is not None else None
        yield (
            place, number, name, address, names.get(category, category), route, bills, used, unit,
            _share(use, whole), earlier, change, percent, charged,
        )  # fmt: skip


def _check(parameters: Parameters) -> Iterator[Problem]:
    """Days in order, with a year before them."""
    yield from in_order(parameters)
    if parameters.day("since").year < _EARLIEST:
        yield Problem("since", "From", "There is no use so long ago.", f"Choose a day from {_EARLIEST} on.")


REPORT = Report(
    code="top-users",
    title="Top users",
    group="Accounts",
    permission="readings.view",
    about="Who used most of a service, with their share of all use and the change against the year before.",
    parameters=(
        Parameter(
            "service", "Service", "choice", required=True, default=lambda today: "water", choices=_services
        ),
        Parameter("since", "From", "date", default=_a_year_of),
        THROUGH,
        Parameter("category", "Class", "choice", choices=_classes),
        ROUTE,
        Parameter("most", "How many", "whole", default=lambda today: MOST),
        Parameter("unit", "Unit", "choice", required=True, default=lambda today: "most", choices=_units),
    ),
    columns=(
        Column("place", "#", "count", width=4),
        Column("account", "Account", width=10, leads=lambda row: reverse("customers:account", args=[row[1]])),
        Column("name", "Name", width=24),
        Column("address", "Service address", width=22),
        Column("category", "Class", width=12),
        Column("route", "Route", width=7),
        Column("bills", "Bills", "count", width=6),
        Column("use", "Use", "quantity", total=True, width=13, within="unit"),
        Column("unit", "Unit", width=6),
        Column("share", "Of all use", "percent", width=8),
        Column("before", "Year before", "quantity", total=True, width=13, within="unit"),
        Column("change", "Change", "quantity", total=True, width=13, within="unit"),
        Column("percent", "Change, %", "percent", width=9),
        Column("charged", "Dollars", "amount", total=True, width=14, may_credit=True),
    ),
    rows=_rows,
    recaps=(Recap("By class", ("category",)),),
    check=_check,
    notes=(
        "Use counts on the day of the reading it was billed up to; the year before: the same days of it.",
        "Of all use: of everything billed in these days for the service, class and route asked for.",
        "Registers that count something else, such as a demand, are left out; so are cancelled bills.",
    ),
)
