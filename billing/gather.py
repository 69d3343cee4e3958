"""Facts of many accounts in a fixed number of queries."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from billing.assembly import AccountFacts, RegisterFacts, ServiceFacts, TablePart, Terms
from billing.assembly.periods import days_to_bill
from billing.past_use import Asking, asking, with_the_past
from core.bulk import array_literal
from core.periods import Period
from customers.models import Account
from meters.usage import Dial
from rates.engine import Tariff, parse_tariff, pricing_of
from rates.models import RateVersion

# A service belongs to a bill of the run when it began before the run's end and is not billed up to it.
_SERVICES = """
SELECT s.id, s.account_id, s.service_type, r.code, s.rate_id, s.starts, s.ends, s.billed_to, s.units,
       s.attributes, s.service_point_id
FROM customers_service s JOIN rates_ratetable r ON r.id = s.rate_id
WHERE s.account_id = ANY (%(accounts)s::bigint[]) AND s.starts < %(ends)s
  AND (s.ends IS NULL OR s.ends > COALESCE(s.billed_to, s.starts))
ORDER BY s.account_id, s.id
"""

_ACCOUNTS = """
SELECT a.id, a.number, a.category, l.in_limits, a.units, a.no_bill, a.on_hold, a.tax_exempt_codes,
       EXISTS (SELECT FROM customers_bankdraft d WHERE d.account_id = a.id AND NOT d.paused
               AND d.starts <= %(last)s AND (d.ends IS NULL OR d.ends > %(last)s))
FROM customers_account a JOIN meters_location l ON l.id = a.location_id
WHERE a.id = ANY (%(accounts)s::bigint[]) ORDER BY a.id
"""

# From: the reading last billed up to for this service, else the register's first one since the service
# and the installation began (for a service that came billed: since it had been billed to).  To: the latest
# live reading after it, up to the bill's day and the service's end.  An old meter with nothing after its
# last billed reading has left; it is not waited for.
_REGISTERS = """
SELECT s.id, m.size, g.id, g.unit, g.dials, g.multiplier, g.may_run_backwards,
       f.id, f."on", f.dial, t.id, t."on", t.dial, t.source, t.rolled_over, i.ends, g.dead_zeros, m.id, g.code
FROM customers_service s
JOIN meters_installation i ON i.service_point_id = s.service_point_id
JOIN meters_meter m ON m.id = i.meter_id
JOIN meters_register g ON g.meter_id = m.id
LEFT JOIN LATERAL (
    SELECT u.to_reading_id FROM billing_registeruse u
    WHERE u.register_id = g.id AND u.service_id = s.id AND u.is_live ORDER BY u."on" DESC LIMIT 1
) b ON true
JOIN LATERAL (
    SELECT d.id, d."on", d.dial FROM meters_reading d
    WHERE d.register_id = g.id AND d.is_live
      AND (d.id = b.to_reading_id OR (b.to_reading_id IS NULL
           AND d."on" >= GREATEST(i.starts, COALESCE(s.came_billed_to, s.starts))))
    ORDER BY d."on" LIMIT 1
) f ON true
LEFT JOIN LATERAL (
    SELECT d.id, d."on", d.dial, d.source, d.rolled_over FROM meters_reading d
    WHERE d.register_id = g.id AND d.is_live AND d."on" > f."on" AND d."on" <= %(last)s
      AND (i.ends IS NULL OR d."on" <= i.ends) AND (s.ends IS NULL OR d."on" <= s.ends)
    ORDER BY d."on" DESC LIMIT 1
) t ON true
WHERE s.id = ANY (%(services)s::bigint[]) AND i.starts < %(last)s AND (i.ends IS NULL OR i.ends > s.starts)
  AND (s.ends IS NULL OR i.starts < s.ends)
ORDER BY s.id, i.starts, g.code
"""

_DIALS = """
SELECT g.id, g.unit, g.dials, g.multiplier, g.may_run_backwards, g.dead_zeros, m.size
FROM meters_register g JOIN meters_meter m ON m.id = g.meter_id
WHERE g.id = ANY (%(registers)s::bigint[])
"""

_FIRSTS = """
SELECT DISTINCT ON (s.id, g.id) s.id, g.id, d.id, d."on", d.dial
FROM customers_service s
JOIN meters_installation i ON i.service_point_id = s.service_point_id
JOIN meters_register g ON g.meter_id = i.meter_id
JOIN meters_reading d ON d.register_id = g.id AND d.is_live
  AND d."on" >= GREATEST(i.starts, COALESCE(s.came_billed_to, s.starts))
WHERE s.id = ANY (%(services)s::bigint[]) ORDER BY s.id, g.id, d."on"
"""


@dataclass(frozen=True, slots=True)
class RateBook:
    """Which tariff (by content hash) prices a rate table on a day, and the parsed tariffs."""

    versions: Mapping[int, tuple[tuple[date, date | None, str], ...]]
    tariffs: Mapping[str, Tariff]

    def hash_on(self, table_id: int, day: date) -> str:
        """The content hash in force that day, or nothing when no version is."""
        for starts, ends, digest in self.versions.get(table_id, ()):
            if starts <= day and (ends is None or day < ends):
                return digest
        return ""

    def parts_of(self, table_id: int, first: date, end: date) -> tuple[TablePart, ...]:
        """Which version prices which days of ``[first, end)`` (``rates.engine.pricing_of``).

        One part without a hash when a day that must be priced has no version.
        """
        digest = self.hash_on(table_id, max(first, end - timedelta(days=1)))
        if end <= first or not digest or self.tariffs[digest].dated_by == "end":
            return (TablePart(first, digest),)
        versions = ((Period(starts, ends), of) for starts, ends, of in self.versions[table_id])
        found = pricing_of(versions, Period(first, end), lambda of: self.tariffs[of].dated_by)
        return tuple(TablePart(days.start, of) for days, of in found) or (TablePart(first, ""),)

    def billed_in(self, table_id: int, day: date) -> tuple[int, ...]:
        """The months in which the table is billed, by its version of that day; none: with every bill."""
        digest = self.hash_on(table_id, day)
        return self.tariffs[digest].billed_in if digest else ()

    def asking(self, service: ServiceFacts) -> list[Tariff]:
        """Those of the tables that price it which ask something of the past."""
        return [self.tariffs[digest] for digest in service.tariff_hashes if digest and self._asks(digest)]

    def _asks(self, digest: str) -> bool:
        if digest not in _asks:
            _asks[digest] = bool(self.tariffs[digest].look_backs or self.tariffs[digest].stopping)
        return _asks[digest]


_parsed: dict[str, Tariff] = {}
_asks: dict[str, bool] = {}


def _tariff(digest: str, content: Any) -> Tariff:
    """Parsed once per process: a tariff is its content hash."""
    if digest not in _parsed:
        _parsed[digest] = parse_tariff(content)
    return _parsed[digest]


def read_rates() -> RateBook:
    """All active versions, one query; each distinct content is parsed once."""
    versions: dict[int, list[tuple[date, date | None, str]]] = defaultdict(list)
    tariffs: dict[str, Tariff] = {}
    for row in RateVersion.objects.filter(state="active").order_by("table_id", "starts"):
        versions[row.table_id].append((row.starts, row.ends, row.content_hash))
        tariffs[row.content_hash] = _tariff(row.content_hash, row.content)
    return RateBook({k: tuple(v) for k, v in versions.items()}, tariffs)


def tariffs_by_hash(hashes: Iterable[str]) -> dict[str, Tariff]:
    """The tariffs of old facts, whatever has become of their versions since."""
    rows = RateVersion.objects.filter(content_hash__in=list(hashes)).order_by("content_hash", "id")
    return {
        digest: _tariff(digest, content)
        for digest, content in rows.distinct("content_hash").values_list("content_hash", "content")
    }


def read_facts(account_ids: Sequence[int], terms: Terms, last: date, rates: RateBook) -> list[AccountFacts]:
    """The facts of these accounts, ascending by id, in three queries, and three more if a table looks back.

    ``last`` is the latest day a reading may have: the bill's day.
    """
    args: dict[str, Any] = {"accounts": array_literal(account_ids), "ends": terms.ends, "last": last}
    services = _rows(_SERVICES, args)
    metered = [row[0] for row in services if row[10] is not None]
    registers: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in _rows(_REGISTERS, {**args, "services": array_literal(metered)}):
        registers[row[0]].append(row)
    of_account: dict[int, list[ServiceFacts]] = defaultdict(list)
    asked: list[Asking] = []
    for row in services:
        service, first, end = _service(row, _measuring(registers.get(row[0], [])), terms, rates)
        of_account[row[1]].append(service)
        if tables := rates.asking(service):
            asked.append(asking(row[1], service, first, end, tables))
    if asked:
        known = with_the_past(asked)
        of_account = {n: [known.get(s.service_id, s) for s in listed] for n, listed in of_account.items()}
    return _accounts(args, of_account)


def facts_now(kept: Sequence[AccountFacts], terms: Terms, last: date, rates: RateBook) -> list[AccountFacts]:
    """The same accounts as they stand now, with the readings and the past that the kept facts have.

    What differs from the kept facts was changed since they were read.  Four queries.
    """
    args: dict[str, Any] = {
        "accounts": array_literal([f.account_id for f in kept]),
        "ends": terms.ends,
        "last": last,
    }
    were = {s.service_id: s for f in kept for s in f.services}
    used = [r.register_id for s in were.values() for r in s.registers]
    dials = {row[0]: row[1:] for row in _rows(_DIALS, {"registers": array_literal(used)})}
    new = [s.service_id for s in were.values() if s.registers and s.billed_to is None]
    firsts = {row[:2]: row[2:] for row in _rows(_FIRSTS, {"services": array_literal(new)})} if new else {}
    of_account: dict[int, list[ServiceFacts]] = defaultdict(list)
    for row in _rows(_SERVICES, args):
        was = were.get(row[0])
        service, _, _ = _service(
            row, _measured_then(was, dials, firsts) if was else Measuring(), terms, rates
        )
        if was and (was.past or was.charged):
            service = replace(service, past=was.past, charged=was.charged)
        of_account[row[1]].append(service)
    return _accounts(args, of_account)


def _accounts(args: Mapping[str, Any], services: Mapping[int, Sequence[ServiceFacts]]) -> list[AccountFacts]:
    return [
        AccountFacts(
            account_id=row[0],
            number=row[1],
            category=row[2],
            inside=row[3],
            units=row[4],
            no_bill=row[5],
            on_hold=row[6],
            exempt_tax_codes=tuple(_json(row[7])),
            services=tuple(services.get(row[0], ())),
            bank_draft=row[8],
        )
        for row in _rows(_ACCOUNTS, args)
    ]


def read_routes(account_ids: Sequence[int]) -> dict[int, int]:
    """The route on which each account's location lies."""
    asked = Account.objects.filter(id__in=list(account_ids))
    return dict(asked.values_list("id", "location__route_id"))


class Measuring(NamedTuple):
    """What measures a service: its registers with their readings, and the size of its latest meter."""

    registers: tuple[RegisterFacts, ...] = ()
    size: str = ""


def _measuring(rows: Sequence[tuple[Any, ...]]) -> Measuring:
    of_meter = Counter(r[17] for r in rows)
    there = [r for r in rows if r[10] is not None or r[15] is None]
    size = (there or rows)[-1][1] if rows else ""
    return Measuring(tuple(_register(r, compound=of_meter[r[17]] > 1) for r in there), size)


def _measured_then(
    was: ServiceFacts,
    dials: Mapping[int, tuple[Any, ...]],
    firsts: Mapping[tuple[Any, ...], tuple[Any, ...]],
) -> Measuring:
    """The readings as they were used, on the registers as they are described now.

    Of a service that was never billed the first reading may have been entered since.
    """
    registers, size = [], was.meter_size
    for r in was.registers:
        unit, digits, multiplier, backwards, dead_zeros, size = dials[r.register_id]
        dial = Dial(digits, multiplier, backwards, dead_zeros)
        now = r if (unit, dial) == (r.unit, r.dial) else _with_dial(r, unit, dial)
        first_id, on, shown = firsts.get((was.service_id, r.register_id), (r.from_id, r.from_on, r.from_dial))
        registers.append(
            now if on >= r.from_on else replace(now, from_id=first_id, from_on=on, from_dial=shown)
        )
    return Measuring(tuple(registers), size)


def _with_dial(register: RegisterFacts, unit: str, dial: Dial) -> RegisterFacts:
    return replace(
        register,
        unit=unit,
        digits=dial.digits,
        multiplier=dial.multiplier,
        may_run_backwards=dial.may_run_backwards,
        dead_zeros=dial.dead_zeros,
    )


def _service(
    row: tuple[Any, ...], measuring: Measuring, terms: Terms, rates: RateBook
) -> tuple[ServiceFacts, date, date]:
    """The service as it stands, and the days ``[first, end)`` it is to be billed for."""
    months = rates.billed_in(row[4], terms.ends - timedelta(days=1)) if row[10] is None else ()
    first, end = days_to_bill(terms, row[5], row[6], row[7], measuring.registers, months)
    parts = rates.parts_of(row[4], first, end)
    return (
        ServiceFacts(
            service_id=row[0],
            service_type=row[2],
            rate_code=row[3],
            tariff_hash=parts[-1].tariff_hash,
            starts=row[5],
            ends=row[6],
            billed_to=row[7],
            units=row[8],
            attributes=_json(row[9]),
            meter_size=measuring.size,
            metered=row[10] is not None,
            registers=measuring.registers,
            parts=parts if len(parts) > 1 else (),
            billed_in=months,
        ),
        first,
        end,
    )


def _register(r: tuple[Any, ...], *, compound: bool) -> RegisterFacts:
    none_taken = r[10] is None
    return RegisterFacts(
        register_id=r[2],
        unit=r[3],
        digits=r[4],
        multiplier=r[5],
        may_run_backwards=r[6],
        from_id=r[7],
        from_on=r[8],
        from_dial=r[9],
        to_id=0 if none_taken else r[10],
        to_on=r[8] if none_taken else r[11],
        to_dial=Decimal(0) if none_taken else r[12],
        source="" if none_taken else r[13],
        rolled_over=False if none_taken else r[14],
        dead_zeros=r[16],
        part_of=r[17] if compound else 0,
        code=r[18],
    )


def _rows(sql: str, args: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())


def _json(value: Any) -> Any:
    if value == "{}":  # that of nearly every service
        return {}
    return json.loads(value) if isinstance(value, str) else value
