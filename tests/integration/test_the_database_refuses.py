"""What the database itself refuses, tried as SQL by the login that the site has.

Each guard is then taken off alone, by the owner, and what it held off succeeds: none is decoration.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal

import psycopg2
import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

import tests.world.ledger_attacks  # noqa: F401  # puts its attacks on the list
from collections_app.operations import Tendered, ToAccount, post_payment
from core.errors import Refused
from core.models import Utility
from core.tenancy import scope
from tests.conftest import World
from tests.world.databases import Databases
from tests.world.guards import GUARDS, Guard
from tests.world.hostile import ATTACKS, PAID_ON, Attack, Prey, prey_of
from tests.world.row_attacks import POWERS, WRITTEN_ONCE, unscoped
from tests.world.towns import ELM, OAK, meet

REFUSED = (psycopg2.Error, PermissionError)


@pytest.fixture(scope="module")
def prey(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[Prey]:
    """One copy of the world for all that is refused: it leaves nothing behind."""
    with django_db_blocker.unblock():
        databases.create("prey", "template")
        databases.use("prey")
        oak, elm = (meet(plan, Utility.objects.get(slug=plan.slug)) for plan in (OAK, ELM))
        yield prey_of(World(oak, elm, databases, "prey"))
        connections.close_all()
        databases.drop("prey")


@pytest.mark.req("SYS-01", "BIL-10")
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_is_refused(attack: Attack, prey: Prey) -> None:
    with pytest.raises(REFUSED, match=attack.refused):
        attack.make(prey)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_succeeds_without_the_guard(guard: Guard, live: World) -> None:
    prey = prey_of(live)
    prey.as_owner(*guard.drop)
    for name in guard.attacks:
        ATTACKS[name].make(prey)


def test_every_attack_is_held_off_by_a_guard_of_the_list() -> None:
    assert {name for guard in GUARDS for name in guard.attacks} == set(ATTACKS)


def test_no_table_of_a_utility_is_read_without_a_scope(prey: Prey) -> None:
    tables = prey.as_owner("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY 1")
    assert len(tables) > 50
    for (table,) in tables:
        with pytest.raises(psycopg2.Error, match="no utility is in scope"):
            unscoped(prey, table)


@pytest.mark.parametrize("statement", ["TRUNCATE {} CASCADE", "DELETE FROM {}"])
def test_nothing_written_once_is_removed(statement: str, prey: Prey) -> None:
    for table in WRITTEN_ONCE:
        with prey.session() as enemy, pytest.raises(psycopg2.Error, match="permission denied"):
            enemy.run(statement.format(table))


@pytest.mark.parametrize("power", POWERS)
def test_the_application_cannot_give_itself_power(power: str, prey: Prey) -> None:
    with prey.session() as enemy, pytest.raises(psycopg2.Error) as refused:
        enemy.run(power)
    assert refused.value.pgcode == "42501"


def test_a_right_that_is_not_held_cannot_be_given_on(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run("GRANT UPDATE ON ledger_posting TO curbstop_app")
        with pytest.raises(psycopg2.Error, match="permission denied"):
            enemy.run("UPDATE ledger_posting SET debit = 1")


def test_a_reset_of_the_role_leads_nowhere_else(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run("RESET ROLE")
        enemy.run("RESET SESSION AUTHORIZATION")
        assert enemy.run("SELECT session_user, current_user") == [("curbstop_app", "curbstop_app")]


def test_rows_cannot_be_copied_in_past_the_policies(prey: Prey) -> None:
    with prey.session() as enemy, pytest.raises(psycopg2.Error, match="COPY FROM not supported with row"):
        enemy.run("COPY core_counter FROM STDIN")


def test_two_operators_cannot_pay_the_same_charge(live: World) -> None:
    prey = prey_of(live)
    charge, account, owed = (prey.facts[name] for name in ("charge", "account", "open"))

    def pay(_: int) -> str:
        with scope(live.oak.utility.id), closing(connection):
            try:
                given = [Tendered("cash", owed)], [ToAccount(account, owed, {charge: owed})]
                post_payment(live.oak.clerk, tenders=given[0], accounts=given[1], on=PAID_ON, source="bank")
            except Refused:
                return "refused"
            return "paid"

    with ThreadPoolExecutor(8) as counter:
        outcomes = list(counter.map(pay, range(8)))
    assert sorted(outcomes) == ["paid", *["refused"] * 7]
    assert prey.as_owner("SELECT open FROM ledger_openitem WHERE id = %(open_item)s") == [(Decimal(0),)]
