"""What rate tables ask of the past: the use of earlier periods, and what charges have come to so far.

Only services whose table asks are looked up: at most three queries for many accounts, none when no table
asks.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from billing.assembly import EarlierUse, ServiceFacts
from billing.assembly.measuring import added
from core.bulk import array_literal
from meters.usage import Dial, counted, is_demand, is_use
from rates.engine import LookBack, ServiceUse, Tariff

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=100)
"""No period is longer; a look-back on the last so many goes so far."""

# A service that changed its rate goes on as another one, so the account and the kind of service are asked.
_BILLED = """
SELECT s.account_id, s.service_type, p.bill_id, p.starts, p.ends, u.unit, u.use
FROM unnest(%(accounts)s::bigint[]) v(id)
JOIN customers_service s ON s.account_id = v.id AND s.service_type = ANY (%(types)s::text[])
JOIN billing_billedperiod p ON p.service_id = s.id AND p.is_live AND p.ends > %(since)s
JOIN billing_registeruse u ON u.bill_id = p.bill_id AND u.service_id = s.id AND u.is_live
ORDER BY s.account_id, p.ends, u.id
"""

# What another system billed has readings here and no bill: it stands between each two of them.
_CAME = """
SELECT s.account_id, s.service_type, d.since, d."on", g.unit, g.dials, g.multiplier, g.may_run_backwards,
       g.dead_zeros, d.before, d.dial, d.rolled_over
FROM unnest(%(accounts)s::bigint[]) v(id)
JOIN customers_service s ON s.account_id = v.id AND s.service_type = ANY (%(types)s::text[])
JOIN meters_installation i ON i.service_point_id = s.service_point_id
JOIN meters_register g ON g.meter_id = i.meter_id
CROSS JOIN LATERAL (
    SELECT r."on", r.dial, r.rolled_over, lag(r.dial) OVER (ORDER BY r."on") AS before,
           lag(r."on") OVER (ORDER BY r."on") AS since
    FROM meters_reading r
    WHERE r.register_id = g.id AND r.is_live AND r."on" >= GREATEST(i.starts, s.starts)
      AND r."on" <= LEAST(s.came_billed_to, COALESCE(i.ends, s.came_billed_to))
) d
WHERE s.came_billed_to > %(since)s AND d.before IS NOT NULL AND d."on" > %(since)s
ORDER BY s.account_id, d."on", g.code
"""

# From the lines that bills keep, not from the ledger: what was purged there was charged all the same.
_CHARGED = """
SELECT s.id, line ->> 1, sum((line ->> 6)::numeric)
FROM unnest(%(services)s::bigint[]) v(id)
JOIN customers_service s ON s.id = v.id
JOIN customers_service o ON o.account_id = s.account_id AND o.service_type = s.service_type
     AND o.service_point_id IS NOT DISTINCT FROM s.service_point_id AND (o.id = s.id OR o.ends <= s.starts)
JOIN billing_billedperiod p ON p.service_id = o.id AND p.is_live
JOIN billing_bill b ON b.id = p.bill_id
JOIN billing_preparedbill q ON q.id = b.prepared_id
CROSS JOIN LATERAL jsonb_array_elements(q.lines) line
WHERE (line ->> 0)::bigint = o.id
GROUP BY s.id, line ->> 1
"""


class _Measured(NamedTuple):
    """What a register counted in an earlier period ``[starts, ends)``."""

    period: tuple[str, Any]
    starts: date
    ends: date
    use: ServiceUse


_Uses = Mapping[tuple[int, str], Sequence[_Measured]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A service whose table looks back, or has charges that stop; its days are ``[first, end)``."""

    account_id: int
    service: ServiceFacts
    first: date
    end: date
    looks: tuple[LookBack, ...]
    stopping: frozenset[str]

    @property
    def since(self) -> date:
        """The first day that any of its look-backs wants."""
        return min((_window(look, self.first, self.end)[0] for look in self.looks), default=date.max)


def asking(
    account_id: int, service: ServiceFacts, first: date, end: date, tables: Iterable[Tariff]
) -> Asking:
    """What a service's tables ask of the past, to be priced for ``[first, end)``."""
    looks: dict[str, LookBack] = {}
    stopping: set[str] = set()
    for table in tables:
        looks |= {look.name: look for look in table.look_backs}
        stopping |= table.stopping
    return Asking(account_id, service, first, end, tuple(looks.values()), frozenset(stopping))


def with_the_past(asked: Sequence[Asking]) -> dict[int, ServiceFacts]:
    """The services with what they ask of the past, by their ids."""
    uses = _uses([one for one in asked if one.looks])
    charged = charged_so_far([one.service.service_id for one in asked if one.stopping])
    return {
        one.service.service_id: replace(
            one.service,
            past={look.name: _looked(one, look, uses) for look in one.looks},
            charged={
                component: amount
                for component, amount in charged.get(one.service.service_id, {}).items()
                if component in one.stopping
            },
        )
        for one in asked
    }


def charged_so_far(service_ids: Sequence[int]) -> Mapping[int, Mapping[str, Decimal]]:
    """Dollars billed so far by service and charge, on bills that stand; a rate changed since counts on."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    if service_ids:
        for service_id, component, amount in _rows(_CHARGED, {"services": array_literal(service_ids)}):
            found[service_id][component] = amount
    return found


def _uses(asked: Sequence[Asking]) -> _Uses:
    found: dict[tuple[int, str], list[_Measured]] = defaultdict(list)
    if not asked:
        return found
    args = {
        "accounts": array_literal(sorted({one.account_id for one in asked})),
        "types": array_literal(sorted({_of(one, look) for one in asked for look in one.looks})),
        "since": min(one.since for one in asked),
    }
    for account_id, kind, since, on, unit, *dial, before, now, over in _rows(_CAME, args):
        use = counted(unit, Dial(*dial), before, now, rolled_over=over).use
        found[account_id, kind].append(_Measured(("read", on), since, on, ServiceUse(use, unit)))
    for account_id, kind, bill_id, starts, ends, unit, use in _rows(_BILLED, args):
        found[account_id, kind].append(_Measured(("bill", bill_id), starts, ends, ServiceUse(use, unit)))
    return found


def _looked(one: Asking, look: LookBack, uses: _Uses) -> tuple[EarlierUse, ...]:
    """One figure for each earlier period that the look-back wants, the earliest first."""
    fits = is_demand if look.what == "demand" else is_use
    since, until = _window(look, one.first, one.end)
    periods: dict[tuple[str, Any], list[_Measured]] = defaultdict(list)
    for was in uses.get((one.account_id, _of(one, look)), ()):
        if fits(was.use.unit):
            periods[was.period].append(was)
    found = []
    for parts in periods.values():
        on = max(p.ends for p in parts) - _DAY
        if since <= on < until and (look.last is not None or on.month in look.months):
            found.append(EarlierUse(on, *_figure(look, parts)))
    found.sort()
    return tuple(found if look.last is None else found[-look.last :])


def _figure(look: LookBack, parts: Sequence[_Measured]) -> tuple[Decimal, str]:
    """What a period measured: uses together, of demands the highest in the unit of the first; or its days."""
    if look.what == "days":
        return Decimal((max(p.ends for p in parts) - min(p.starts for p in parts)).days), "days"
    uses = [p.use for p in parts]
    if look.what == "demand":
        unit = uses[0].unit
        return max(u.use for u in uses if u.unit == unit), unit
    whole = added(uses)
    return (whole.use, whole.unit) if whole else (Decimal(0), "")


def _window(look: LookBack, first: date, end: date) -> tuple[date, date]:
    """The days ``[since, until)`` on which the wanted periods have their last day."""
    stretch = look.window(end - _DAY)
    if stretch is None:
        return first - _LONGEST * ((look.last or 0) + 1), first
    return stretch.start, min(stretch.end or first, first)


def _of(one: Asking, look: LookBack) -> str:
    return look.of or one.service.service_type


def _rows(sql: str, args: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())
