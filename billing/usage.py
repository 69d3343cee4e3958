"""What an account used, register by register: as billed, and from readings where nothing was billed yet.

Months that a former system billed have readings here but no bill; they are shown from what the dials say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from billing.models import RegisterUse
from core.quantities import UNITS
from core.ui.charts import Month
from customers.models import Account, Service
from customers.queries import services_of
from meters.models import Installation, Reading, Register, ServiceType
from meters.queries import installed_at
from meters.usage import Dial, advance

SHOWN_MONTHS = 25
"""Two years and the month they are compared with."""

_REGISTERS = {"": "", "L": "low side", "H": "high side"}


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
        side = _REGISTERS.get(self.register, self.register)
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
    readings = _readings(registers, account)
    billed = _billed(account)
    found: dict[tuple[int, str], list[Used]] = defaultdict(list)
    units: dict[tuple[int, str], str] = {}
    for place in places:
        service = metered[place.service_point_id]
        for register in (r for r in registers if r.meter_id == place.meter_id):
            key = (service.id, register.code)
            units[key] = register.unit
            while_there = [
                r
                for r in readings[register.id]
                if r.on >= place.starts and (not place.ends or r.on <= place.ends)
            ]
            found[key] += _periods(place.meter.number, register, while_there, billed.pop(register.id, []))
    by_id = {s.id: s for s in metered.values()}
    return [
        Usage(by_id[service], code, units[service, code], _compared(periods))
        for (service, code), periods in found.items()
    ]


def _readings(registers: Sequence[Register], account: Account) -> dict[int, list[Reading]]:
    """Live readings of each register while the account was there, in order."""
    until = Q(on__lte=account.ends) if account.ends else Q()
    rows = Reading.objects.filter(
        until, register__in=[r.id for r in registers], is_live=True, on__gte=account.starts
    )
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in rows.order_by("on"):
        found[row.register_id or 0].append(row)
    return found


def _billed(account: Account) -> dict[int, list[RegisterUse]]:
    """What its bills measured, by register and in order; cancelled bills left out."""
    rows = RegisterUse.objects.filter(bill__account=account, is_live=True)
    found: dict[int, list[RegisterUse]] = defaultdict(list)
    for row in rows.select_related("bill", "from_reading", "to_reading").order_by("on", "id"):
        found[row.register_id or 0].append(row)
    return found


def _periods(
    meter: str, register: Register, readings: Sequence[Reading], billed: Sequence[RegisterUse]
) -> Iterator[Used]:
    """Billed periods as billed; between readings that no bill covers, what the dial says."""
    covered = [(u.from_reading.on, u.on) for u in billed]
    for use in billed:
        yield Used(
            meter, use.bill.bill_on, use.bill.number, use.from_reading.on, use.on, use.from_reading.dial,
            use.to_reading.dial, use.use.normalize(), use.source, str(use.to_reading.get_source_display()),
        )  # fmt: skip
    dial = Dial(register.dials, register.multiplier, register.may_run_backwards)
    for before, after in zip(readings, readings[1:], strict=False):
        if any(since < after.on and before.on < until for since, until in covered):
            continue
        gone = advance(dial, before.dial, after.dial, rolled_over=after.rolled_over)
        yield Used(
            meter, None, None, before.on, after.on, before.dial, after.dial, gone.use.normalize(),
            after.source, str(after.get_source_display()),
        )  # fmt: skip


def _compared(periods: Iterable[Used]) -> tuple[Used, ...]:
    """The latest first, each beside the same month of the year before."""
    ordered = sorted(periods, key=lambda u: (u.on, u.since), reverse=True)
    by_month: dict[int, Decimal] = defaultdict(Decimal)
    for one in ordered:
        by_month[one.month] += one.use
    return tuple(replace(one, year_before=by_month.get(one.month - 12)) for one in ordered)


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
