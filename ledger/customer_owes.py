"""What a customer owes on all of their accounts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from core.bulk import array_literal
from core.money import ZERO, total
from customers.models import Account
from customers.queries import AccountShown, accounts
from ledger.queries import Owed, Standing, as_owed, summed_up

_OPEN = """
SELECT i.account_id, c.id, c.text, c."on", c.due_on, i.amount, i.open
FROM ledger_openitem i JOIN ledger_charge c ON c.tenant_id = i.tenant_id AND c.id = i.charge_id
WHERE i.account_id = ANY (%s::bigint[]) AND i.open > 0
ORDER BY c.due_on, c.id
"""
_LEFT = """
SELECT account_id, sum(open) FROM ledger_creditleft WHERE account_id = ANY (%s::bigint[]) AND open > 0
GROUP BY account_id
"""


@dataclass(frozen=True, slots=True)
class AccountOwes:
    """One account of a customer with what it owes."""

    shown: AccountShown
    now: Standing


@dataclass(frozen=True, slots=True)
class CustomerOwes:
    """Every account of a customer, the latest first, closed ones too; credit of one does not pay another."""

    accounts: tuple[AccountOwes, ...]

    @property
    def owing(self) -> tuple[AccountOwes, ...]:
        """Those with something open or in credit."""
        return tuple(a for a in self.accounts if a.now.owed or a.now.credit)

    @property
    def payoff(self) -> Decimal:
        """What settles all of them; a credit is below zero."""
        return total(a.now.payoff for a in self.accounts)

    @property
    def past_due(self) -> Decimal:
        """What of it lies beyond its due date, credit not counted."""
        return total(a.now.past_due for a in self.accounts)


def owed_by(customer_id: int, today: date) -> CustomerOwes:
    """What a customer owes on each of their accounts on a day; three queries."""
    rows = list(accounts().filter(customer=customer_id).order_by("-starts", "-id"))
    now = standings(rows, today)
    return CustomerOwes(tuple(AccountOwes(AccountShown(one, today), now[one.id]) for one in rows))


def standings(rows: list[Account], today: date) -> dict[int, Standing]:
    """What each of these accounts owes on a day, without its last payment; two queries."""
    ids = array_literal([one.id for one in rows])
    owed: dict[int, list[Owed]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [ids])
        for account, *item in cursor.fetchall():
            owed[account].append(as_owed(tuple(item), today))
        cursor.execute(_LEFT, [ids])
        left: dict[int, Decimal] = dict(cursor.fetchall())
    return {one.id: summed_up(tuple(owed[one.id]), left.get(one.id, ZERO), today) for one in rows}
