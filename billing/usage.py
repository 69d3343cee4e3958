"""What an account used, register by register: as billed, and from readings where nothing was billed yet.

Months that a former system billed have readings here but no bill; they are shown from what the dials say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.db import connection
from django.db.backends.utils import CursorWrapper

from core.bulk import array_literal
from core.quantities import UNITS, as_decimal, convert
from core.ui.charts import Month
from customers.models import Account, Service
from customers.queries import services_of
from meters.models import Installation, Reading, Register, ServiceType
from meters.queries import installed_at
from meters.usage import counted, is_demand, register_words

SHOWN_MONTHS = 25
"""Two years and the month they are compared with."""

_T = TypeVar("_T")
_By = dict[int, list[_T]]


@dataclass(frozen=True, slots=True)
class Used:
    """A register between two readings, ``(previous, present]``.

    ``billed_on`` and ``bill`` are those of the bill, ``None`` when no bill here has it; ``use`` is in the
    register's unit; ``year_before`` is the use of the same month a year earlier.
    """

    meter: str
    billed_on: date | None
    bill: int | None
    since: date
    on: date
    previous: Decimal
    present: Decimal
    use: Decimal
    source: str
    source_words: str
    year_before: Decimal | None = None

    @property
    def days(self) -> int:
        """Days between the two readings."""
        return (self.on - self.since).days

    @property
    def per_day(self) -> Decimal | None:
        """Use a day to three places; ``None`` for two readings of one day."""
        return (self.use / self.days).quantize(Decimal("0.001")) if self.days else None

    @property
    def month(self) -> int:
        """The month the use is counted to: that of the later reading."""
        return self.on.year * 12 + self.on.month - 1


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year of use: how much, in how many months, and on average a month (one place)."""

    year: int
    months: int
    total: Decimal
    average: Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """What one register of a metered service measured, the latest period first; ``unit`` is its code."""

    service: Service
    register: str
    unit: str
    periods: tuple[Used, ...]

    @property
    def name(self) -> str:
        """Service and, for a compound meter, which of its registers."""
        side = register_words(self.register)
        kind = str(ServiceType(self.service.service_type).label)
        return f"{kind}, {side}" if side else kind

    @property
    def unit_words(self) -> str:
        """The unit as people say it."""
        return UNITS[self.unit].label if self.unit in UNITS else self.unit

    @property
    def years(self) -> list[Year]:
        """Each calendar year, the latest first."""
        by_year: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for one in self.periods:
            by_year[one.on.year][one.month] += one.use
        return [
            Year(year, len(months), total, (total / len(months)).quantize(Decimal("0.1")))
            for year, months in sorted(by_year.items(), reverse=True)
            for total in [sum(months.values(), Decimal(0))]
        ]


def usage_of(
    account: Account,
    services: Sequence[Service] | None = None,
    installed: Sequence[Installation] | None = None,
) -> list[Usage]:
    """Every metered service's use, register by register, while the account had it.

    Five queries, or three when the account's services and what is installed at its location are known.
    """
    known = services_of(account) if services is None else services
    at = installed_at(account.location_id) if installed is None else installed
    metered = {s.service_point_id: s for s in sorted(known, key=lambda s: s.id) if s.service_point_id}
    places = sorted((i for i in at if i.service_point_id in metered), key=lambda i: i.starts)
    registers = list(Register.objects.filter(meter__in={i.meter_id for i in places}).order_by("code"))
    with connection.cursor() as cursor:
        readings, billed = _readings(cursor, registers, account), _billed(cursor, account)
    # A demand stays apart from use, whatever code its register had on an earlier meter.
    found: dict[tuple[int, str, bool], list[tuple[str, Used]]] = defaultdict(list)
    units: dict[tuple[int, str, bool], str] = {}
    for place in places:
        service = metered[place.service_point_id]
        for register in (r for r in registers if r.meter_id == place.meter_id):
            key = (service.id, register.code, is_demand(register.unit))
            units[key] = register.unit
            while_there = [
                r
                for r in readings[register.id]
                if r.on >= place.starts and (not place.ends or r.on <= place.ends)
            ]
            periods = _periods(place.meter.number, register, while_there, billed.pop(register.id, []))
            found[key] += [(register.unit, one) for one in periods]
    by_id = {s.id: s for s in metered.values()}
    return [
        Usage(by_id[service], code, unit, _compared([_in(unit, one, of) for of, one in periods]))
        for (service, code, demand), periods in found.items()
        for unit in [units[service, code, demand]]
    ]


def _in(unit: str, used: Used, of: str) -> Used:
    """What an earlier meter counted in another unit, in the unit of the meter that is there now."""
    return used if of == unit else replace(used, use=as_decimal(convert(used.use, of, unit), places=6))


class Dialled(NamedTuple):
    """What a register showed on a day."""

    on: date
    dial: Decimal
    source: str
    rolled_over: bool


class Billed(NamedTuple):
    """What a bill says a register used between two readings, ``(since, on]``."""

    bill_on: date
    number: int
    since: date
    on: date
    previous: Decimal
    present: Decimal
    use: Decimal
    source: str
    read_as: str


# Both are asked whenever an account is looked at; written out, they take a fraction of the time that
# putting them together from parts does.
_READINGS = """
SELECT r.register_id, r."on", r.dial, r.source, r.rolled_over
FROM meters_reading r
WHERE r.register_id = ANY (%s::bigint[]) AND r.is_live AND r."on" >= %s AND r."on" <= %s
ORDER BY r."on"
"""
_BILLED = """
SELECT u.register_id, b.bill_on, b.number, f."on", u."on", f.dial, t.dial, u.use, u.source, t.source
FROM billing_bill b
JOIN billing_registeruse u ON u.tenant_id = b.tenant_id AND u.bill_id = b.id AND u.is_live
JOIN meters_reading f ON f.tenant_id = u.tenant_id AND f.id = u.from_reading_id
JOIN meters_reading t ON t.tenant_id = u.tenant_id AND t.id = u.to_reading_id
WHERE b.account_id = %s
ORDER BY u."on", u.id
"""


def _readings(cursor: CursorWrapper, registers: Sequence[Register], account: Account) -> _By[Dialled]:
    """Live readings of each register while the account was there, in order."""
    ids = array_literal([r.id for r in registers])
    cursor.execute(_READINGS, [ids, account.starts, account.ends or date.max])
    found: _By[Dialled] = defaultdict(list)
    for register_id, *shown in cursor.fetchall():
        found[register_id].append(Dialled(*shown))
    return found


def _billed(cursor: CursorWrapper, account: Account) -> _By[Billed]:
    """What its bills measured, by register and in order; cancelled bills left out."""
    cursor.execute(_BILLED, [account.id])
    found: _By[Billed] = defaultdict(list)
    for register_id, *measured in cursor.fetchall():
        found[register_id].append(Billed(*measured))
    return found


def _periods(
    meter: str, register: Register, readings: Sequence[Dialled], billed: Sequence[Billed]
) -> Iterator[Used]:
    """Billed periods as billed; between readings that no bill covers, what the dial says."""
    for one in billed:
        yield Used(
            meter, one.bill_on, one.number, one.since, one.on, one.previous, one.present,
            one.use.normalize(), one.source, str(Reading.Source(one.read_as).label),
        )  # fmt: skip
    dial = register.dial
    for before, after in zip(readings, readings[1:], strict=False):
        if any(one.since < after.on and before.on < one.on for one in billed):
            continue
        gone = counted(register.unit, dial, before.dial, after.dial, rolled_over=after.rolled_over)
        yield Used(
            meter, None, None, before.on, after.on, before.dial, after.dial, gone.use.normalize(),
            after.source, str(Reading.Source(after.source).label),
        )  # fmt: skip


def _compared(periods: Iterable[Used]) -> tuple[Used, ...]:
    """The latest first, each beside the same month of the year before."""
    ordered = sorted(periods, key=lambda u: (u.on, u.since), reverse=True)
    by_month: dict[int, Decimal] = defaultdict(Decimal)
    for one in ordered:
        by_month[one.month] += one.use
    return tuple(replace(one, year_before=by_month.get(one.month - 12)) for one in ordered)


def latest_months(usage: Usage, count: int) -> tuple[Used, ...]:
    """The periods of the last ``count`` months, the latest first; a month may have several, as when a meter
    was changed in it.
    """
    since = usage.periods[0].month - count if usage.periods else 0
    return tuple(one for one in usage.periods if one.month > since)


def months_of(usage: Usage, count: int = SHOWN_MONTHS) -> list[Month]:
    """At most ``count`` months up to the latest for a chart, a year at least, each beside the year before."""
    if not usage.periods:
        return []
    by_month: dict[int, Decimal] = defaultdict(Decimal)
    estimated: set[int] = set()
    for one in usage.periods:
        by_month[one.month] += one.use
        if one.source == Reading.Source.ESTIMATE:
            estimated.add(one.month)
    last = usage.periods[0].month
    first = max(last - count + 1, min(*by_month, last - 12))
    return [
        Month(
            _label(n, first=n == first),
            by_month.get(n),
            current=n == last,
            estimated=n in estimated,
            before=by_month.get(n - 12),
        )
        for n in range(first, last + 1)
    ]


def _label(n: int, *, first: bool) -> str:
    """The month; January and the first one shown also say the year."""
    day = date(n // 12, n % 12 + 1, 1)
    return f"{day:%b ’%y}" if first or day.month == 1 else f"{day:%b}"
