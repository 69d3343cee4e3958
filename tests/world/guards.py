"""Every guard with the attacks that it alone holds off.

``drop`` is what the owner of the tables would have to do to lose it; nothing else is taken away.
"""

from dataclasses import dataclass

from tests.world.row_attacks import MAY_MAKE_TEMPORARY_TABLES, WRITTEN_ONCE


@dataclass(frozen=True)
class Guard:
    """``attacks`` must be refused with the guard and succeed without it."""

    name: str
    drop: tuple[str, ...]
    attacks: tuple[str, ...]


def _trigger(name: str, table: str, *attacks: str) -> Guard:
    return Guard(f"trigger {name}", (f"DROP TRIGGER {name} ON {table}",), attacks)


def _constraint(name: str, table: str, *attacks: str) -> Guard:
    return Guard(f"constraint {name}", (f"ALTER TABLE {table} DROP CONSTRAINT {name}",), attacks)


def _index(name: str, *attacks: str) -> Guard:
    return Guard(f"unique index {name}", (f"DROP INDEX {name}",), attacks)


def _condition(function: str, condition: str, *attacks: str) -> Guard:
    """One condition of a trigger's function, the rest of it left in place."""
    plain = condition.replace("'", "''")
    drop = f"""
        DO $$ DECLARE source text := pg_get_functiondef('{function}'::regproc);
        BEGIN
            IF strpos(source, '{plain}') = 0 THEN RAISE 'the condition has gone'; END IF;
            EXECUTE replace(source, '{plain}', 'false');
        END $$
    """
    return Guard(f"{function}: {condition}", (drop.replace("%", "%%"),), attacks)


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name} RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN {body} END $$"
    )


_NO_ROW_SECURITY = "ALTER TABLE customers_account DISABLE ROW LEVEL SECURITY"
_ASKS_NOBODY = _function(
    "core.current_utility()", "RETURN nullif(current_setting('app.tenant_id', true), '')::bigint;"
)

GUARDS = (
    _trigger(
        "whole_journals",
        "ledger_posting",
        "a journal whose sides differ",
        "a journal of another amount than its header",
        "an unbalanced journal in two statements",
        "a line added to a posted journal",
        "a whole set of lines added to a posted journal",
    ),
    _trigger(
        "whole_charges",
        "ledger_charge",
        "a charge added to a posted journal",
        "charges that cancel out added to a posted journal",
        "the charges of a new journal in two statements",
        "charges of more than their journal makes owed",
    ),
    _trigger("decided_once", "ledger_adjustment", "a refused adjustment approved after all"),
    _trigger("refund_decided_once", "ledger_depositrefund", "a refused refund that waits again"),
    _trigger("write_off_decided_once", "ledger_writeoff", "a refused write-off approved after all"),
    _trigger(
        "header_has_lines",
        "ledger_journal",
        "a journal without lines",
        "a journal without lines, the utility cleared before the commit",
        "a journal without lines, another utility entered before the commit",
    ),
    _trigger("open_periods", "ledger_journal", "a journal in a closed period"),
    _trigger("close_alone", "ledger_fiscalperiod", "a period closed under a journal that is being posted"),
    _condition("ledger.check_period", 'a."on" < o."on"', "a mirror earlier than its journal"),
    _condition(
        "ledger.check_period",
        "current_setting('transaction_isolation') <> 'read committed'",
        "a journal posted on a sight from before the closing",
    ),
    _condition("ledger.close_alone", "OLD.closed_at IS NOT NULL", "a closed period opened again"),
    _condition(
        "ledger.check_postings", "sum(b.debit) <> sum(b.credit)", "a mirror that shows something else"
    ),
    _constraint("ledger_posting_pkey", "ledger_posting", "the lines of a posted journal a second time"),
    _constraint("posting_one_side", "ledger_posting", "a line on both sides"),
    _constraint("journal_has_lines", "ledger_journal", "a journal of one line"),
    _constraint("journal_key_once", "ledger_journal", "the same source event posted twice"),
    _constraint("journal_reversed_once", "ledger_journal", "a journal reversed twice"),
    Guard(
        "domain amount",
        ("ALTER DOMAIN amount DROP CONSTRAINT amount_check",),
        ("money that is not a number", "money without end", "half a cent"),
    ),
    _constraint("fiscal_periods_apart", "ledger_fiscalperiod", "two periods over the same days"),
    _constraint("open_item_within", "ledger_openitem", "more applied to a charge than is open"),
    _constraint("credit_left_within", "ledger_creditleft", "more left of a credit than was given"),
    Guard(
        "core.current_utility raises",
        (_ASKS_NOBODY,),
        (
            "a table with rows read without a scope",
            "an empty table read without a scope",
            "a table read after the scope was cleared",
            "a table read in the transaction after",
        ),
    ),
    Guard(
        "the scope asked for when a query is planned",
        ("ALTER POLICY one_utility ON ledger_deposit USING (tenant_id = (SELECT core.current_utility()))",),
        ("an empty table read without a scope",),
    ),
    Guard(
        "row security",
        (_NO_ROW_SECURITY,),
        (
            "a table with rows read without a scope",
            "row security switched off",
            "the accounts of another utility read by their ids",
        ),
    ),
    Guard(
        "the policy's USING",
        ("ALTER POLICY one_utility ON customers_account USING (true)",),
        ("the accounts of another utility read by their ids",),
    ),
    Guard(
        "the policy's WITH CHECK",
        ("ALTER POLICY one_utility ON core_counter WITH CHECK (true)",),
        ("a row written for another utility",),
    ),
    Guard(
        "row security of rows that change",
        ("ALTER TABLE core_counter DISABLE ROW LEVEL SECURITY",),
        ("a row handed over to another utility",),
    ),
    _constraint("ledger_charge_account_id_ref", "ledger_charge", "a charge on an account of another utility"),
    _constraint(
        "ledger_credit_journal_id_ref", "ledger_credit", "a credit from a journal of another utility"
    ),
    _constraint(
        "collections_app_drawersession_drawer_id_ref",
        "collections_app_drawersession",
        "a session at a drawer of another utility",
    ),
    _constraint("ledger_chartaccount_tenant", "ledger_chartaccount", "rows of a utility that does not exist"),
    Guard(
        "no right to write changes",
        ("GRANT INSERT ON core_change TO curbstop_app",),
        ("before and after forged",),
    ),
    Guard(
        "changes written by the owner on a fixed path",
        ("ALTER FUNCTION core.track_change() SECURITY INVOKER RESET search_path",),
        ("before and after led astray",),
    ),
    Guard(
        "no right to make temporary tables",
        (MAY_MAKE_TEMPORARY_TABLES,),
        ("a table that hides another",),
    ),
    _constraint("meter_in_one_place", "meters_installation", "a meter in two places"),
    _constraint("one_meter_a_point", "meters_installation", "two meters at one point"),
    _constraint("one_service_a_point", "customers_service", "two services of one kind at one point"),
    _constraint("versions_apart", "rates_rateversion", "two versions of a rate for one day"),
    _index("one_live_bill_a_period", "a second live bill of a period"),
    _index("period_billed_once", "a period of a service billed twice"),
    _constraint("bill_number_once", "billing_bill", "a bill number given twice"),
    _constraint("receipt_number_once", "collections_app_receipt", "a receipt number given twice"),
    _index("outside_payment_once", "an outside payment taken twice"),
    _constraint("audit_number_once", "core_auditentry", "an audit number given twice"),
    Guard(
        "no right to change what is written once",
        tuple(f"GRANT UPDATE ON {table} TO curbstop_app" for table in WRITTEN_ONCE),
        tuple(f"a row of {table} changed" for table in WRITTEN_ONCE),
    ),
)
