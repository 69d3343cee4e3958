"""Final bills: which accounts end with the bill being posted."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from django.db import connection

from billing.assembly import ServicePeriod
from core.bulk import array_literal

# Few accounts end; of these, where each of their services ends and how far it was billed before.
_ENDING = """
SELECT a.id, a.ends, s.id, s.ends, s.billed_to
FROM customers_account a LEFT JOIN customers_service s ON s.account_id = a.id
WHERE a.id = ANY (%s::bigint[]) AND a.ends IS NOT NULL
"""


class Ending(Protocol):
    """A bill on its way into the ledger."""

    @property
    def account_id(self) -> int: ...

    @property
    def ends(self) -> date: ...

    @property
    def periods(self) -> Sequence[ServicePeriod]: ...


def accounts_ending(bills: Iterable[Ending]) -> set[int]:
    """The accounts whose last bill this is: the account ends within it and no service is left to bill.

    One query, which finds nothing for accounts that go on.
    """
    of = {bill.account_id: bill for bill in bills}
    with connection.cursor() as cursor:
        cursor.execute(_ENDING, [array_literal(list(of))])
        rows = cursor.fetchall()
    found = {account_id for account_id, ends, *_ in rows if ends <= of[account_id].ends}
    for account_id, _, service_id, ends, billed_to in rows:
        if service_id is None or account_id not in found:
            continue
        now = {p.service_id: p.ends for p in of[account_id].periods}.get(service_id, billed_to)
        if ends is None or now is None or now < ends:
            found.discard(account_id)
    return found
