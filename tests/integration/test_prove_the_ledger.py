"""Each invariant of the money finds what the owner of the tables planted behind its back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from core.actors import Actor
from core.operations import operation
from core.tenancy import scope
from ledger.adjustments import approve_adjustment, propose_adjustment
from ledger.chart import read_chart
from ledger.deposits import take_deposit
from tests.conftest import World
from tests.integration.test_deposits import refunded
from tests.integration.test_write_offs import written_off
from tests.world.proof import broken

DAY = date(2026, 9, 10)
OAK = "tenant_id = (SELECT id FROM core_utility WHERE slug = 'oak')"
APPLIED = f"(SELECT min(id) FROM ledger_application WHERE {OAK})"
BILL = f"(SELECT min(journal_id) FROM billing_bill WHERE {OAK})"

FAULTS = {
    "L1": (f"UPDATE ledger_posting SET debit = debit + 1 WHERE journal_id = {BILL} AND debit > 0",),
    "L2": (f"UPDATE ledger_posting SET debit = debit + 1 WHERE journal_id = {BILL} AND debit > 0",),
    "L3": (
        "ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_account_id_ref",
        "UPDATE ledger_posting SET account_id = (SELECT max(id) FROM customers_account)"
        f" WHERE journal_id = {BILL}",
    ),
    "L4": (f"UPDATE ledger_journal SET why = 'gift' WHERE id = {BILL}",),
    "L5": (f"UPDATE ledger_journal SET reverses_id = {BILL} + 1 WHERE id = {BILL}",),
    "L6": (
        "INSERT INTO ledger_fiscalperiod (tenant_id, starts, ends, closed_at, closed_by)"
        " SELECT id, '2026-08-01', '2026-10-01', '2020-01-01', '' FROM core_utility WHERE slug = 'oak'",
    ),
    "L7": (
        "ALTER TABLE ledger_journal DROP CONSTRAINT journal_key_once",
        f"UPDATE ledger_journal SET key = 'twice' WHERE {OAK}",
    ),
    "A1": (f"UPDATE ledger_openitem SET open = open - 0.01 WHERE {OAK} AND open > 1",),
    "A2": (f"UPDATE ledger_openitem SET open = open - 0.01 WHERE {OAK} AND open > 1",),
    "A3": (f"UPDATE ledger_creditleft SET open = open + 0.01 WHERE {OAK} AND open < amount",),
    "A3b": (
        "UPDATE ledger_credit SET account_id ="
        f" (SELECT max(id) FROM customers_account WHERE {OAK}) WHERE {OAK}",
    ),
    "A4": (f"UPDATE ledger_application SET \"on\" = '2026-09-02' WHERE id = {APPLIED}",),
    "P1": (f"DELETE FROM collections_app_receiptvoid WHERE {OAK}",),
    "P2": (f"UPDATE collections_app_receipt SET number = 77 WHERE {OAK} AND number = 2",),
    "P5a": (
        "ALTER TABLE ledger_adjustment DISABLE TRIGGER decided_once",
        f"UPDATE ledger_adjustment SET checker = maker WHERE {OAK}",
    ),
    "W1": (f"UPDATE ledger_writeoffline SET amount = amount + 1 WHERE {OAK}",),
    "D1": (f"UPDATE ledger_depositleft SET open = open - 1 WHERE {OAK}",),
    "D1m": (f"UPDATE ledger_depositmovement SET amount = amount + 1 WHERE {OAK}",),
    "D4": (
        "ALTER TABLE ledger_depositrefund DISABLE TRIGGER refund_decided_once",
        f"UPDATE ledger_depositrefund SET checker = maker WHERE {OAK}",
    ),
    "P1d": (f"UPDATE collections_app_deposittaken SET amount = amount + 1 WHERE {OAK}",),
    "U1m": (f"UPDATE ledger_journal SET operation_id = gen_random_uuid() WHERE id = {BILL}",),
    "C1": (f"DELETE FROM ledger_revenuecode WHERE {OAK} AND code = 'WATER'",),
}


@operation("test.deposit", permission="payments.post")
def deposit(by: Actor, *, account_id: int) -> int:
    bank = read_chart().role("bank")
    return take_deposit(account_id, Decimal(50), on=DAY, into_account_id=bank, key="deposit")


@pytest.fixture
def lived_in(live: World) -> World:
    """Two payments, one of them voided, an adjustment, deposits, a refund, a write-off."""
    oak, account = live.oak, live.oak.account()
    with scope(oak.utility.id):
        for _ in range(2):
            paid: Any = [Tendered("check", Decimal(40))], [ToAccount(account.id, Decimal(40))]
            receipt = post_payment(oak.clerk, tenders=paid[0], accounts=paid[1], on=DAY, source="by mail")
        void_receipt(oak.supervisor, receipt_id=receipt, why="twice", on=DAY)
        words = {"revenue_code": "OTHER", "reason": "Other", "text": "x", "on": DAY}
        made = propose_adjustment(
            oak.clerk,
            account_id=account.id,
            kind="credit",
            amount=Decimal(3),
            **words,  # type: ignore[arg-type]  # a few words
        )
        approve_adjustment(oak.supervisor, adjustment_id=made, on=DAY)
        deposit(oak.clerk, account_id=account.id)
        refunded(live)
        written_off(live)
    return live


def test_what_an_office_did_holds(lived_in: World) -> None:
    assert broken(lived_in, *FAULTS) == []


@pytest.mark.parametrize("code", FAULTS)
def test_a_planted_fault_is_found(lived_in: World, code: str) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in FAULTS[code]:
            cursor.execute(statement)
    found = broken(lived_in, code)
    assert found
    assert all(words.startswith(f"oak {code}: ") for words in found)
