"""Attacks on the rows of others, on what is written once, and on the session's own powers."""

from tests.world.hostile import Prey, attack
from tests.world.ledger_attacks import charges, journal

UNSCOPED = "no utility is in scope"
OTHER_ROWS = "new row violates row-level security policy"

WRITTEN_ONCE = (
    "ledger_journal",
    "ledger_posting",
    "ledger_charge",
    "ledger_credit",
    "ledger_application",
    "collections_app_receipt",
    "collections_app_tender",
    "collections_app_payment",
    "core_auditentry",
    "core_policyvalue",
)

POWERS = (
    "SET ROLE curbstop_owner",
    "SET SESSION AUTHORIZATION curbstop_owner",
    "SET session_replication_role = replica",
    "ALTER TABLE ledger_posting DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_posting NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_posting DISABLE TRIGGER whole_journals",
    "ALTER TABLE ledger_posting DROP CONSTRAINT posting_one_side",
    "ALTER DOMAIN amount DROP CONSTRAINT amount_check",
    "DROP POLICY one_utility ON ledger_posting",
    "ALTER ROLE curbstop_app BYPASSRLS",
    "CREATE SCHEMA attack",
    "CREATE FUNCTION core.current_utility(text) RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION core.current_utility() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION ledger.attack() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION public.attack() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE public.attack (id int)",
    "CREATE TABLE core.attack (id int)",
    "GRANT curbstop_owner TO curbstop_app",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT * FROM pg_authid",
)
"""Each is refused as it stands, in the scope of a utility."""


def unscoped(prey: Prey, table: str) -> None:
    """Read a table in no utility's scope."""
    with prey.session(None) as enemy:
        enemy.run(f"SELECT * FROM {table}")


@attack("a table with rows read without a scope", UNSCOPED)
def _unscoped(prey: Prey) -> None:
    unscoped(prey, "customers_account")


@attack("an empty table read without a scope", UNSCOPED)
def _unscoped_empty(prey: Prey) -> None:
    with prey.session(None) as enemy:
        enemy.run("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        enemy.run("SELECT * FROM ledger_deposit")


@attack("a table read after the scope was cleared", UNSCOPED)
def _scope_cleared(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.enter(None)
        enemy.run("SELECT * FROM customers_account")


@attack("a table read in the transaction after", UNSCOPED)
def _scope_over(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run("SELECT * FROM customers_account")
        enemy.commit()
        enemy.run("SELECT * FROM customers_account")


@attack("row security switched off", "would be affected by row-level security")
def _row_security_off(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run("SET LOCAL row_security = off")
        enemy.run("SELECT * FROM customers_account")


@attack("the accounts of another utility read by their ids", "met no row")
def _read_others(prey: Prey) -> None:
    with prey.session() as enemy:
        if not enemy.run("SELECT * FROM customers_account WHERE id = %(elm_account)s"):
            raise PermissionError("met no row")


@attack("a row written for another utility", OTHER_ROWS)
def _write_for_others(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.hit("INSERT INTO core_counter (tenant_id, series, next) VALUES (%(elm)s, 'attack', 1)")
        enemy.commit()


@attack("a row handed over to another utility", OTHER_ROWS)
def _hand_over(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.hit(
            "UPDATE core_counter SET tenant_id = %(elm)s, series = 'attack' || series"
            " WHERE tenant_id = %(oak)s"
        )
        enemy.commit()


@attack("a charge on an account of another utility", "ledger_charge_account_id_ref")
def _others_account(prey: Prey) -> None:
    with prey.session() as enemy:
        charges(enemy, journal(enemy), 10, account="%(elm_account)s")
        enemy.commit()


@attack("a credit from a journal of another utility", "ledger_credit_journal_id_ref")
def _others_journal(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run(
            'INSERT INTO ledger_credit (tenant_id, journal_id, account_id, text, amount, "on")'
            " VALUES (%(oak)s, %(elm_journal)s, %(account)s, 'attack', 1, '2026-09-15')"
        )
        enemy.commit()


@attack("a session at a drawer of another utility", "collections_app_drawersession_drawer_id_ref")
def _others_drawer(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run(
            "INSERT INTO collections_app_drawersession (tenant_id, drawer_id, operator, operator_name,"
            " opening, opened_at) VALUES (%(oak)s, %(elm_drawer)s, '', '', 0, now())"
        )
        enemy.commit()


@attack("rows of a utility that does not exist", "ledger_chartaccount_tenant")
def _no_such_utility(prey: Prey) -> None:
    with prey.session(None) as enemy:
        enemy.enter(987654)
        enemy.run(
            "INSERT INTO ledger_chartaccount (tenant_id, code, name, kind, role)"
            " VALUES (987654, '1', '', 'asset', '')"
        )
        enemy.commit()


@attack("before and after forged", "permission denied for table core_change")
def _forged_change(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run(
            'INSERT INTO core_change (id, tenant_id, "table", row_id, before)'
            " VALUES (987654, %(oak)s, 'customers_account', 1, '{}')"
        )
        enemy.commit()


TEMPORARY = """
    DO $$ BEGIN EXECUTE format('{} TEMPORARY ON DATABASE %%I {} curbstop_app', current_database()); END $$
"""
MAY_MAKE_TEMPORARY_TABLES = TEMPORARY.format("GRANT", "TO")


@attack("a table that hides another", "permission denied to create temporary tables")
def _hiding_table(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run("CREATE TEMPORARY TABLE core_change (LIKE public.core_change)")


@attack("before and after led astray", "was written down")
def _change_astray(prey: Prey) -> None:
    prey.as_owner(MAY_MAKE_TEMPORARY_TABLES)
    try:
        _astray(prey)
    finally:
        prey.as_owner(TEMPORARY.format("REVOKE", "FROM"))


def _astray(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run("CREATE TEMPORARY TABLE core_change (LIKE public.core_change INCLUDING DEFAULTS)")
        enemy.run("ALTER TABLE core_change ALTER id SET DEFAULT 1")
        enemy.hit("UPDATE customers_account SET message = 'attack' WHERE id = %(account)s")
        if enemy.run(
            "SELECT 1 FROM public.core_change WHERE row_id = %(account)s AND after ->> 'message' = 'attack'"
        ):
            raise PermissionError("was written down")


def _copy_with(prey: Prey, table: str, changed: str) -> None:
    """A second row like the first one of a table, but with a new id and what is changed."""
    with prey.session() as enemy:
        enemy.hit(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(t, %(changed)s::jsonb)).* FROM {table} t"
            " WHERE tenant_id = %(oak)s ORDER BY id LIMIT 1",
            changed=changed,
        )
        enemy.commit()


NEW_ID = '{"id": 987654}'


@attack("a meter in two places", "meter_in_one_place")
def _meter_twice(prey: Prey) -> None:
    _copy_with(prey, "meters_installation", f'{{"id": 987654, "service_point_id": {_other_point(prey)}}}')


@attack("two meters at one point", "one_meter_a_point")
def _two_meters(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.hit(
            "INSERT INTO meters_installation (tenant_id, service_point_id, meter_id, starts)"
            " SELECT tenant_id, service_point_id, %(meter)s, starts FROM meters_installation LIMIT 1",
            meter=_spare_meter(prey),
        )
        enemy.commit()


def _other_point(prey: Prey) -> int:
    """A service point with nothing at it."""
    ((point,),) = prey.as_owner(
        "INSERT INTO meters_servicepoint (tenant_id, location_id, code, service_type)"
        " SELECT tenant_id, location_id, gen_random_uuid(), 'water' FROM meters_servicepoint"
        " WHERE tenant_id = %(oak)s LIMIT 1 RETURNING id"
    )
    return int(point)


def _spare_meter(prey: Prey) -> int:
    ((meter,),) = prey.as_owner(
        "INSERT INTO meters_meter (tenant_id, number, serial, size, brand, service_type, endpoint)"
        " VALUES (%(oak)s, left(gen_random_uuid()::text, 24), '', '5/8', '', 'water', '') RETURNING id"
    )
    return int(meter)


@attack("two services of one kind at one point", "one_service_a_point")
def _two_services(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.hit(
            "INSERT INTO customers_service (tenant_id, account_id, service_type, service_point_id, rate_id,"
            " starts, units, attributes)"
            " SELECT tenant_id, account_id, service_type, service_point_id, rate_id, starts + 5, units,"
            " attributes FROM customers_service WHERE service_point_id IS NOT NULL LIMIT 1"
        )
        enemy.commit()


@attack("two versions of a rate for one day", "versions_apart")
def _two_versions(prey: Prey) -> None:
    _copy_with(prey, "rates_rateversion", NEW_ID)


@attack("a second live bill of a period", "one_live_bill_a_period")
def _second_bill(prey: Prey) -> None:
    _copy_with(prey, "billing_bill", '{"id": 987654, "number": 987654}')


@attack("a period of a service billed twice", "period_billed_once")
def _billed_twice(prey: Prey) -> None:
    _copy_with(prey, "billing_billedperiod", NEW_ID)


@attack("a bill number given twice", "bill_number_once")
def _number_twice(prey: Prey) -> None:
    _copy_with(prey, "billing_bill", '{"id": 987654, "is_live": false}')


@attack("a receipt number given twice", "receipt_number_once")
def _receipt_twice(prey: Prey) -> None:
    _copy_with(prey, "collections_app_receipt", '{"id": 987654, "reference": ""}')


@attack("an outside payment taken twice", "outside_payment_once")
def _payment_twice(prey: Prey) -> None:
    _copy_with(prey, "collections_app_receipt", '{"id": 987654, "number": 987654}')


@attack("an audit number given twice", "audit_number_once")
def _audit_twice(prey: Prey) -> None:
    _copy_with(prey, "core_auditentry", NEW_ID)


def change_one(prey: Prey, table: str) -> None:
    """Change a row that is written once."""
    with prey.session() as enemy:
        enemy.hit(f"UPDATE {table} SET tenant_id = tenant_id")
        enemy.commit()


for _table in WRITTEN_ONCE:
    attack(f"a row of {_table} changed", f"permission denied for table {_table}")(
        lambda prey, table=_table: change_one(prey, table)  # type: ignore[misc]  # a table each
    )
