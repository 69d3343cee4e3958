"""The bills before: what the second look compares with, for many accounts in two queries."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.models import Run
from billing.review.past import Past, PastUse, RegisterWas
from core.bulk import array_literal
from core.money import round_cents

# Bills of a year, and one more so that the same month of last year is among them.
_PAST = """
WITH past AS MATERIALIZED (
    SELECT v.id AS account_id, b.*
    FROM unnest(%(accounts)s::bigint[]) v(id)
    CROSS JOIN LATERAL (
        SELECT o.id, o.prepared_id, o.charges, row_number() OVER (ORDER BY o.starts DESC) AS n,
               o.ends BETWEEN %(year_first)s AND %(year_last)s AS of_last_year
        FROM billing_bill o
        WHERE o.account_id = v.id AND o.is_live AND o.starts < %(ends)s ORDER BY o.starts DESC LIMIT 13
    ) b
)
"""

_BILLS = (
    _PAST
    + """
SELECT g.account_id, g.bills, g.usual, g.last, g.year, p.facts -> 8
FROM (SELECT account_id, count(*) FILTER (WHERE n <= 12) AS bills,
             avg(charges) FILTER (WHERE n <= 12) AS usual,
             max(charges) FILTER (WHERE n = 1) AS last, max(charges) FILTER (WHERE of_last_year) AS year,
             max(prepared_id) FILTER (WHERE n = 1) AS prepared_id
      FROM past GROUP BY account_id) g
JOIN billing_preparedbill p ON p.id = g.prepared_id
"""
)

_USES = (
    _PAST
    + """
SELECT account_id, service_id, unit,
       count(*) FILTER (WHERE n <= 12), count(*) FILTER (WHERE n <= 12 AND use = 0),
       coalesce(sum(use) FILTER (WHERE n <= 12), 0), coalesce(sum(days) FILTER (WHERE n <= 12), 0),
       max(use) FILTER (WHERE n = 1), max(days) FILTER (WHERE n = 1),
       max(use) FILTER (WHERE of_last_year), max(days) FILTER (WHERE of_last_year)
FROM (SELECT p.account_id, u.service_id, u.unit, p.n, p.of_last_year, sum(u.use) AS use, sum(u.days) AS days
      FROM past p JOIN billing_registeruse u ON u.bill_id = p.id AND u.is_live
      GROUP BY 1, 2, 3, 4, 5) m
GROUP BY 1, 2, 3
"""
)


def read_past(run: Run, account_ids: Sequence[int]) -> dict[int, Past]:
    """What is known of these accounts' bills before the run; an account without any is left out."""
    year = run.ends - timedelta(days=365)
    args: dict[str, Any] = {
        "accounts": array_literal(account_ids),
        "ends": run.ends,
        "year_first": year - timedelta(days=14),
        "year_last": year + timedelta(days=14),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, args)
        bills = cursor.fetchall()
        if not bills:
            return {}
        cursor.execute(_USES, args)
        uses: dict[int, dict[tuple[int, str], PastUse]] = defaultdict(dict)
        for account_id, service_id, unit, *known in cursor.fetchall():
            uses[account_id][(service_id, unit)] = _use(*known)
    return {
        account_id: Past(
            count, round_cents(usual), last, year, _registers(services), uses.get(account_id, {})
        )
        for account_id, count, usual, last, year, services in bills
    }


def _use(
    bills: int,
    unused: int,
    use: Decimal,
    days: int,
    last_use: Decimal | None,
    last_days: int | None,
    year_use: Decimal | None,
    year_days: int | None,
) -> PastUse:
    last = None if last_use is None or last_days is None else (last_use, int(last_days))
    year = None if year_use is None or year_days is None else (year_use, int(year_days))
    return PastUse(bills, unused, use, int(days), last, year)


def _registers(kept: Any) -> Mapping[int, Mapping[int, RegisterWas]]:
    """The registers in the form in which facts are kept: 11 of a service are its registers, 13 the zeros."""
    services = json.loads(kept) if isinstance(kept, str) else kept
    return {
        s[0]: {r[0]: RegisterWas(r[1], r[2], Decimal(r[3]), r[13] if len(r) > 13 else 0) for r in s[11]}
        for s in services or ()
        if s[11]
    }
