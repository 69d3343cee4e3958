"""The catalogue of the database: a table is guarded as a utility's, or it is on the list of global ones."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest

from core.tenancy.global_tables import GLOBAL_TABLES
from core.tenancy.guards import APP_ROLE, ASKED_WHEN_PLANNED, RULE
from tests.world.databases import Databases

Catalogue = psycopg2.extensions.cursor
Rows = list[tuple[Any, ...]]

OURS = "('public'::regnamespace, 'core'::regnamespace, 'ledger'::regnamespace)"

WRITTEN_ONCE = {
    "billing_billcancellation",
    "billing_billlook",
    "billing_billpage",
    "billing_printbatch",
    "billing_whatifbill",
    "billing_whatiftable",
    "collections_app_cashmovement",
    "collections_app_deposittaken",
    "collections_app_drawerclose",
    "collections_app_drawercount",
    "collections_app_payment",
    "collections_app_paymentreturn",
    "collections_app_receipt",
    "collections_app_receiptvoid",
    "collections_app_tender",
    "core_auditentry",
    "core_change",
    "core_policyvalue",
    "core_processed",
    "ledger_application",
    "ledger_charge",
    "ledger_credit",
    "ledger_deposit",
    "ledger_depositmovement",
    "ledger_journal",
    "ledger_posting",
    "ledger_recovery",
    "ledger_writeoffline",
}
"""Tables whose rows the application may never change (those of a what-if it may remove)."""

CHANGES_ONLY = {
    "billing_bill": {"is_live"},
    "billing_billalarm": {"cleared_at", "cleared_by", "cleared_why"},
    "billing_billedperiod": {"is_live"},
    "billing_registeruse": {"is_live"},
    "collections_app_drawersession": {"closed_at"},
    "core_answer": {"result"},
    "core_storedfile": {"key_id"},
    "customers_note": {"pinned", "unpinned_at", "unpinned_by"},
    "ledger_adjustment": {
        "checked_at",
        "checked_why",
        "checker",
        "checker_name",
        "journal_id",
        "state",
    },
    "ledger_creditleft": {"open", "to_history"},
    "ledger_depositleft": {"open"},
    "ledger_depositrefund": {
        "checked_at",
        "checked_why",
        "checker",
        "checker_name",
        "cheque",
        "cheque_on",
        "movement_id",
        "state",
    },
    "ledger_fiscalperiod": {"closed_at", "closed_by"},
    "ledger_historymove": {"job_id", "moved", "moved_on", "seen", "state"},
    "ledger_openitem": {"open", "to_history"},
    "ledger_purge": {
        "archive_id",
        "archive_sha256",
        "checked_at",
        "checked_why",
        "checker",
        "checker_name",
        "rows_digest",
        "state",
    },
    "ledger_writeoff": {
        "checked_at",
        "checked_why",
        "checker",
        "checker_name",
        "journal_id",
        "posted_on",
        "state",
    },
    "meters_placing": {"ends", "route_id", "sequence"},
    "meters_reading": {"is_live"},
    "rates_rateversion": {
        "activated_by",
        "changed_by",
        "content",
        "content_hash",
        "ends",
        "source",
        "starts",
        "state",
    },
    "reports_favourite": {"is_live"},
}
"""The columns that the application may change where a row is otherwise fixed."""

REMOVES = {
    "billing_cycleroute",
    "billing_preparedbill",
    "billing_runtotal",
    "billing_whatif",
    "billing_whatifbill",
    "billing_whatiftable",
    "core_due",
    "core_jobchunk",
    "core_searchkey",
    "interchange_importrow",
}
"""Staging, plans, what-ifs, indexes; nothing else is ever removed.  (Libraries' own global tables apart.)"""

APART_BY_ID = {
    "customers_holding.one_landlord_a_location",
    "customers_service.one_service_a_point",
    "meters_installation.meter_in_one_place",
    "meters_installation.one_meter_a_point",
    "meters_placing.container_in_one_place",
    "rates_rateversion.versions_apart",
}
"""Exclusions on ranges of ids: a GiST index takes no bare tenant_id, and ids are one series for all."""


@pytest.fixture(scope="module")
def catalogue(databases: Databases) -> Iterator[Catalogue]:
    connection = psycopg2.connect(databases.owner_url("template"))
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


def asked(catalogue: Catalogue, question: str, *given: object) -> Rows:
    catalogue.execute(question, given or None)
    return catalogue.fetchall()


def tables(catalogue: Catalogue, *, of_a_utility: bool) -> list[str]:
    rows = asked(
        catalogue,
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " ORDER BY 1",
    )
    return [str(name) for (name,) in rows if (name not in GLOBAL_TABLES) == of_a_utility]


def test_the_list_of_global_tables_names_no_table_that_is_not_there(catalogue: Catalogue) -> None:
    assert set(tables(catalogue, of_a_utility=False)) == set(GLOBAL_TABLES)


def test_there_is_nothing_to_read_but_tables(catalogue: Catalogue) -> None:
    views = f"SELECT oid::regclass FROM pg_class WHERE relkind IN ('v', 'm', 'f') AND relnamespace IN {OURS}"
    assert asked(catalogue, views) == []


def test_row_security_is_forced(catalogue: Catalogue) -> None:
    secured = asked(
        catalogue, "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1"
    )
    assert [name for (name,) in secured] == tables(catalogue, of_a_utility=True)


def test_the_one_policy_is_the_rule(catalogue: Catalogue) -> None:
    found = asked(
        catalogue,
        "SELECT tablename, permissive, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1",
    )
    assert [row[0] for row in found] == tables(catalogue, of_a_utility=True)
    for _, permissive, roles, command, reading, writing in found:
        assert (permissive, roles, command) == ("PERMISSIVE", "{public}", "ALL")
        assert _plain(reading) == _plain(f"{RULE} AND {ASKED_WHEN_PLANNED}")
        assert _plain(writing) == _plain(RULE)


def _plain(expression: object) -> str:
    """An expression without what PostgreSQL adds when it shows it: parentheses, casts, names, spaces."""
    text = re.sub(r"::(text|bigint|integer)|AS current_utility", "", str(expression).lower(), flags=re.I)
    return re.sub(r"[\s()']", "", text)


def test_every_key_begins_with_the_utility(catalogue: Catalogue) -> None:
    keys = """
        SELECT t.relname, count(*) FILTER (WHERE i.indisprimary AND a.attname = 'tenant_id'),
               array_agg(t.relname || '.' || x.relname) FILTER (WHERE a.attname IS DISTINCT FROM 'tenant_id')
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
        WHERE t.relrowsecurity GROUP BY 1 ORDER BY 1
    """
    found = asked(catalogue, keys)
    assert [(name, primary) for name, primary, _ in found] == [
        (t, 1) for t in tables(catalogue, of_a_utility=True)
    ]
    others = {name for _, _, names in found for name in names or ()}
    assert others - _begin_with_a_range_of_utilities(catalogue) == APART_BY_ID


def _begin_with_a_range_of_utilities(catalogue: Catalogue) -> set[object]:
    rows = asked(
        catalogue,
        "SELECT t.relname || '.' || x.relname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
        " JOIN pg_class x ON x.oid = i.indexrelid"
        " WHERE pg_get_indexdef(i.indexrelid, 1, true) LIKE 'int8range(tenant_id, tenant_id,%'",
    )
    return {name for (name,) in rows}


def test_references_carry_the_utility(catalogue: Catalogue) -> None:
    references = """
        SELECT c.conname, c.confrelid::regclass::text, c.confdeltype, c.convalidated,
               (SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]),
               (SELECT attname FROM pg_attribute WHERE attrelid = c.confrelid AND attnum = c.confkey[1])
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'f' AND t.relrowsecurity
    """
    found = asked(catalogue, references)
    assert len(found) > 60
    for name, to, on_delete, valid, column, target in found:
        assert (valid, on_delete, column) == (True, "a", "tenant_id"), name
        assert (to, target) == ("core_utility", "id") or target == "tenant_id", name


def test_what_looks_like_a_reference_is_one(catalogue: Catalogue) -> None:
    loose = """
        SELECT t.relname || '.' || a.attname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
        WHERE t.relrowsecurity AND a.attname LIKE '%\\_id' AND a.atttypid = 'bigint'::regtype AND NOT EXISTS (
            SELECT FROM pg_constraint c
            WHERE c.contype = 'f' AND c.conrelid = t.oid AND a.attnum = c.conkey[cardinality(c.conkey)])
    """
    found = {str(name) for (name,) in asked(catalogue, loose)}
    # Tied to their utility by a reference to another row of it.
    assert {name for name in found if not name.endswith(".tenant_id")} == {"core_change.row_id"}


def test_a_table_without_a_key_to_the_utilities_is_tied_by_another_row(catalogue: Catalogue) -> None:
    untied = """
        SELECT t.relname FROM pg_class t WHERE t.relrowsecurity AND NOT EXISTS (
            SELECT FROM pg_constraint c JOIN pg_attribute a
                ON a.attrelid = t.oid AND a.attnum = c.conkey[cardinality(c.conkey)] AND a.attnotnull
            WHERE c.contype = 'f' AND c.conrelid = t.oid AND c.confrelid <> t.oid)
    """
    assert asked(catalogue, untied) == []


def test_no_row_of_a_utility_is_without_one(catalogue: Catalogue) -> None:
    nullable = """
        SELECT t.relname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id'
        WHERE t.relrowsecurity AND NOT a.attnotnull
    """
    assert asked(catalogue, nullable) == []


def _rights(catalogue: Catalogue, table: str) -> set[object]:
    question = (
        "SELECT privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND table_name = %s"
    )
    return {right for (right,) in asked(catalogue, question, APP_ROLE, table)}


def _columns(catalogue: Catalogue, table: str) -> set[object]:
    question = """
        SELECT attname FROM pg_attribute, aclexplode(attacl) WHERE attrelid = %s::regclass
        AND grantee = %s::regrole AND privilege_type = 'UPDATE'
    """
    return {name for (name,) in asked(catalogue, question, table, APP_ROLE)}


def test_no_right_is_more_than_needed(catalogue: Catalogue) -> None:
    for table in tables(catalogue, of_a_utility=True):
        fixed = table in WRITTEN_ONCE or table in CHANGES_ONLY
        needed = {"SELECT"} if table == "core_change" else {"SELECT", "INSERT"}
        needed |= set() if fixed else {"UPDATE"}
        needed |= {"DELETE"} if table in REMOVES else set()
        assert _rights(catalogue, table) == needed, table
        assert _columns(catalogue, table) == CHANGES_ONLY.get(table, set()), table


def test_of_global_tables_few_are_cleared(catalogue: Catalogue) -> None:
    libraries = ("django_session", "axes_", "account_", "mfa_")
    for table in GLOBAL_TABLES:
        may = _rights(catalogue, table)
        assert may <= {"SELECT", "INSERT", "UPDATE", "DELETE"}, table
        assert ("DELETE" in may) == (table == "core_due" or table.startswith(libraries)), table
        assert (may == {"SELECT"}) == table.startswith(("django_migrations", "django_content", "auth_")), (
            table
        )


def test_everything_is_the_owner_s(catalogue: Catalogue) -> None:
    owners = asked(
        catalogue, f"SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace IN {OURS}"
    )
    assert owners == [("curbstop_owner",)]
    to_all = f"SELECT relname FROM pg_class, aclexplode(relacl) WHERE grantee = 0 AND relnamespace IN {OURS}"
    assert asked(catalogue, to_all) == []


def test_functions_are_for_triggers_on_a_fixed_path(
    catalogue: Catalogue,
) -> None:
    functions = f"""
        SELECT p.oid::regproc::text, p.proowner::regrole::text, p.prosecdef, p.proconfig,
               has_function_privilege(%s, p.oid, 'EXECUTE')
        FROM pg_proc p WHERE p.pronamespace IN {OURS}
    """
    for name, owner, definer, settings, callable_by_all in asked(catalogue, functions, APP_ROLE):
        assert owner == "curbstop_owner", name
        if name == "core.current_utility":
            assert (definer, callable_by_all) == (False, True)
        else:
            assert (definer, callable_by_all) == (True, False), name
            assert "search_path=public, pg_temp" in (settings or []), name


def test_the_application_makes_nothing(catalogue: Catalogue) -> None:
    question = "SELECT has_database_privilege(%s, current_database(), %s)"
    for right in ("CREATE", "TEMPORARY"):
        assert asked(catalogue, question, APP_ROLE, right) == [(False,)], right
    schemas = (
        "SELECT nspname FROM pg_namespace"
        " WHERE has_schema_privilege(%s, oid, 'CREATE') AND nspname !~ '^pg_(temp|toast)'"
    )
    assert asked(catalogue, schemas, APP_ROLE) == []


def test_the_application_s_role_has_no_powers_and_no_friends(catalogue: Catalogue) -> None:
    question = (
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = %s"
    )
    assert asked(catalogue, question, APP_ROLE) == [(False,) * 5]
    assert asked(catalogue, "SELECT roleid FROM pg_auth_members WHERE member = %s::regrole", APP_ROLE) == []


FAULTS = (
    ("ALTER TABLE ledger_charge DISABLE ROW LEVEL SECURITY", test_row_security_is_forced),
    ("ALTER TABLE ledger_charge NO FORCE ROW LEVEL SECURITY", test_row_security_is_forced),
    ("CREATE TABLE ledger_more (id int)", test_row_security_is_forced),
    ("CREATE VIEW ledger_all AS SELECT * FROM ledger_charge", test_there_is_nothing_to_read_but_tables),
    ("DROP POLICY one_utility ON ledger_charge", test_the_one_policy_is_the_rule),
    ("ALTER POLICY one_utility ON ledger_charge WITH CHECK (true)", test_the_one_policy_is_the_rule),
    ("CREATE POLICY more ON ledger_charge USING (true)", test_the_one_policy_is_the_rule),
    ("CREATE UNIQUE INDEX more ON ledger_charge (id)", test_every_key_begins_with_the_utility),
    (
        "ALTER TABLE core_change ADD FOREIGN KEY (row_id) REFERENCES core_operator (id)",
        test_references_carry_the_utility,
    ),
    (
        "ALTER TABLE ledger_charge DROP CONSTRAINT ledger_charge_account_id_ref",
        test_what_looks_like_a_reference_is_one,
    ),
    ("GRANT DELETE ON ledger_charge TO curbstop_app", test_no_right_is_more_than_needed),
    ("GRANT UPDATE (amount) ON ledger_openitem TO curbstop_app", test_no_right_is_more_than_needed),
    ("GRANT DELETE ON core_operator TO curbstop_app", test_of_global_tables_few_are_cleared),
    ("GRANT SELECT ON ledger_charge TO PUBLIC", test_everything_is_the_owner_s),
    (
        "ALTER FUNCTION ledger.check_header() RESET search_path",
        test_functions_are_for_triggers_on_a_fixed_path,
    ),
    ("GRANT CREATE ON SCHEMA core TO curbstop_app", test_the_application_makes_nothing),
)


@pytest.mark.parametrize(("fault", "notices"), FAULTS, ids=[fault for fault, _ in FAULTS])
def test_a_fault_is_noticed(fault: str, notices: Callable[[Catalogue], None], catalogue: Catalogue) -> None:
    catalogue.execute(fault)
    try:
        with pytest.raises(AssertionError):
            notices(catalogue)
    finally:
        catalogue.connection.rollback()
