"""An enemy with the application's own login and nothing between them and the database.

An *attack* is a short piece of SQL that must be refused.  It is one function, so that the same attack can
be tried again on a copy of the database from which a single guard was taken off: there it must succeed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg2

from collections_app.operations import Tendered, ToAccount, post_payment
from core.tenancy import scope
from tests.conftest import World

PAID_ON = date(2026, 9, 10)


class Missed(Exception):
    """The attack met no row: neither refused nor successful, the test proves nothing."""


class Session:
    """A connection of the application's role in one transaction after the other."""

    def __init__(self, url: str, facts: dict[str, Any]) -> None:
        self.connection = psycopg2.connect(url)
        self.facts = facts

    def enter(self, utility: int | None) -> None:
        """The scope, as the site's own backend sets it; ``None`` clears it."""
        self.run("SELECT set_config('app.tenant_id', %(utility)s, true)", utility=str(utility or ""))

    def run(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement; ``%(name)s`` is a fact of the prey or one given here."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, {**self.facts, **facts})
            return cursor.fetchall() if cursor.description else []

    def hit(self, statement: str, **facts: Any) -> None:
        """A statement that must touch rows to count as an attack."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, {**self.facts, **facts})
            if cursor.rowcount < 1:
                raise Missed(statement)

    def commit(self) -> None:
        """What is deferred is checked now."""
        self.connection.commit()


@dataclass
class Prey:
    """What an attack is made upon: ids of Oak and Elm that its SQL names."""

    url: str
    owner_url: str
    facts: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def session(self, utility: str | None = "oak") -> Iterator[Session]:
        """A session in a town's scope, or in none; what is not committed is undone."""
        session = Session(self.url, self.facts)
        try:
            if utility:
                session.enter(self.facts[utility])
            yield session
        finally:
            session.connection.close()

    def as_owner(self, *statements: str) -> list[tuple[Any, ...]]:
        """What only the owner of the tables may do; the rows of the last statement."""
        connection = psycopg2.connect(self.owner_url)
        try:
            with connection, connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement, self.facts)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


@dataclass(frozen=True)
class Attack:
    """``refused`` is what PostgreSQL says of it, as a pattern."""

    name: str
    refused: str
    make: Callable[[Prey], None]


ATTACKS: dict[str, Attack] = {}


def attack(name: str, refused: str) -> Callable[[Callable[[Prey], None]], Callable[[Prey], None]]:
    """Put an attack on the list."""

    def listed(make: Callable[[Prey], None]) -> Callable[[Prey], None]:
        ATTACKS[name] = Attack(name, refused, make)
        return make

    return listed


_FACTS = {
    "bill_journal": "SELECT min(journal_id) FROM billing_bill WHERE tenant_id = %(oak)s",
    "bill_lines": "SELECT lines FROM ledger_journal WHERE id = %(bill_journal)s",
    "bill_total": "SELECT total FROM ledger_journal WHERE id = %(bill_journal)s",
    "account": "SELECT account_id FROM billing_bill WHERE journal_id = %(bill_journal)s",
    "receivable": "SELECT id FROM ledger_chartaccount WHERE role = 'receivable' AND tenant_id = %(oak)s",
    "revenue": "SELECT id FROM ledger_chartaccount WHERE code = '4700' AND tenant_id = %(oak)s",
    "open_item": "SELECT min(id) FROM ledger_openitem WHERE open > 0 AND tenant_id = %(oak)s",
    "open": "SELECT open FROM ledger_openitem WHERE id = %(open_item)s",
    "charge": "SELECT charge_id FROM ledger_openitem WHERE id = %(open_item)s",
    "credit": "SELECT min(id) FROM ledger_credit WHERE tenant_id = %(oak)s",
    "elm_account": "SELECT min(id) FROM customers_account WHERE tenant_id = %(elm)s",
    "elm_journal": "SELECT min(id) FROM ledger_journal WHERE tenant_id = %(elm)s",
    "drawer": "SELECT min(id) FROM collections_app_drawer WHERE tenant_id = %(oak)s",
    "elm_drawer": "SELECT min(id) FROM collections_app_drawer WHERE tenant_id = %(elm)s",
}


def prey_of(live: World) -> Prey:
    """The world's committed copy with a payment in it, so that no table under attack is empty."""
    oak, account = live.oak, live.oak.account("100002")
    with scope(oak.utility.id):
        amount = Decimal("20.00")
        paid = [Tendered("cash", amount)], [ToAccount(account.id, amount)]
        post_payment(oak.clerk, tenders=paid[0], accounts=paid[1], on=PAID_ON, reference="R-1", source="bank")
    databases = live.databases
    prey = Prey(databases.app_url(live.part), databases.owner_url(live.part))
    prey.facts.update(oak=oak.utility.id, elm=live.elm.utility.id)
    for name, query in _FACTS.items():
        ((prey.facts[name],),) = prey.as_owner(query)
    return prey
