"""Registers, totals and exception lists against the bills themselves."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from billing.models import Bill
from config.town.month import bill_month
from core.tenancy import scope
from tests.conftest import World
from tests.world.desk import prepared_september, readings_of_september
from tests.world.listings import asked, made

AUGUST = {"since": "2026-08-01", "through": "2026-09-30"}
CHARGED = 'SELECT sum(amount) FROM ledger_charge WHERE "on" BETWEEN %s AND %s'


@pytest.mark.req("BIL-09", "REP-15")
def test_billing_totals_are_the_charges_of_the_bills(world: World) -> None:
    found = made("billing-totals", **AUGUST)
    assert found.total("amount") == asked(CHARGED, "2026-08-01", "2026-09-30")[0] > 0
    routes = found.column("amount", "subtotal")
    assert len(routes) == world.oak.plan.routes
    assert sum(routes) == found.total("amount")


@pytest.mark.req("BIL-09")
def test_billing_totals_hold_what_the_registers_advanced(world: World) -> None:
    found = made("billing-totals", **AUGUST)
    use = asked("SELECT sum(use) FROM billing_registeruse")[0]
    assert sum(metered or 0 for metered in found.column("metered")) == use
    water = [r for r in found.rows("rate", "what", "metered", "unit") if r[2] is not None]
    assert {(rate, unit) for rate, _, _, unit in water} == {("WATER", "CCF")}


@pytest.mark.req("BIL-09")
def test_grand_totals_by_rate_keep_units_apart(world: World) -> None:
    found = made("billing-totals", **AUGUST)
    by_rate = zip(found.column("rate", "recap"), found.column("unit", "recap"), strict=True)
    assert ("SEWER", "GAL") in set(by_rate)
    assert found.total("quantity") is None, "carts, gallons and hundreds of cubic feet make no sum"
    recaps = zip(found.column("amount", "recap"), found.column("rate", "recap"), strict=True)
    assert sum(amount or 0 for amount, rate in recaps if rate) == found.total("amount")


def test_a_cancelled_bill_is_taken_off_the_totals(world: World) -> None:
    before = made("billing-totals", **AUGUST).total("amount")
    bill = Bill.objects.order_by("id")[0]
    Bill.objects.filter(id=bill.id).update(is_live=False)
    assert made("billing-totals", **AUGUST).total("amount") == before - bill.charges
    assert made("bill-count", **AUGUST).total("bills") == world.oak.plan.accounts - 1


@pytest.mark.req("BIL-09")
def test_bills_are_counted_by_route_and_zip(world: World) -> None:
    found = made("bill-count", **AUGUST)
    bills, charges = asked("SELECT count(*), sum(charges) FROM billing_bill")
    assert (found.total("bills"), found.total("charges")) == (bills, charges)
    assert sum(found.column("bills", "recap")) == bills
    assert all(len(zip_code) == 5 for zip_code in found.column("zip"))


@pytest.mark.req("BIL-09", "REP-15")
def test_billing_records_list_every_charge_under_its_rate(world: World) -> None:
    found = made("billing-records", **AUGUST)
    count, amount = asked("SELECT count(*), sum(amount) FROM ledger_charge")
    assert (len(found.column("amount")), found.total("amount")) == (count, amount)
    assert set(found.column("rate")) == {"WATER", "SEWER", "REFUSE"}
    water = made("billing-records", rate="WATER", **AUGUST)
    assert (
        water.total("amount")
        == asked(
            "SELECT sum(g.amount) FROM ledger_charge g JOIN customers_service s ON s.id = g.service_id"
            " WHERE s.service_type = 'water'"
        )[0]
    )


def test_billing_records_of_a_route_are_those_of_its_accounts(world: World) -> None:
    found = made("billing-records", route="002", **AUGUST)
    assert set(found.column("route")) == {"002"}
    assert 0 < found.total("amount") < asked("SELECT sum(amount) FROM ledger_charge")[0]


@pytest.mark.req("BIL-02")
def test_the_preliminary_register_is_what_posting_then_charges(live: World) -> None:
    prepared_september(live.oak)
    with scope(live.oak.utility.id), transaction.atomic():
        run = asked("SELECT max(id) FROM billing_run")[0]
        staged = asked(
            "SELECT sum(total) FILTER (WHERE state = 'ready'),"
            " coalesce(sum(total) FILTER (WHERE state = 'held'), 0)"
            " FROM billing_preparedbill WHERE run_id = %s",
            run,
        )
        totals = made("preliminary-register", run=str(run))
        assert (totals.total("ready"), totals.total("held")) == staged
        assert sum(totals.column("ready", "recap")[: len(set(totals.column("category")))]) == staged[0]
        accounts = made("preliminary-register", run=str(run), show="accounts")
        assert accounts.total("billed") == staged[0]
        assert len(accounts.column("account")) == live.oak.plan.accounts


@pytest.mark.req("BIL-03")
def test_missing_readings_are_listed_and_nothing_else(live: World) -> None:
    prepared_september(live.oak, without=2)
    with scope(live.oak.utility.id), transaction.atomic():
        run = str(asked("SELECT max(id) FROM billing_run")[0])
        missing = made("run-exceptions", run=run, list="missing")
        assert missing.column("account") == [house.number for house in live.oak.houses[-2:]]
        held = made("run-exceptions", run=run, list="held")
        assert set(held.column("account")) >= set(missing.column("account"))
        assert made("run-exceptions", run=run, list="first").column("account") == []


@pytest.mark.req("BIL-03")
def test_bills_over_an_amount_and_first_bills_are_listed(world: World) -> None:
    over = made("run-exceptions", run="1", list="over", over="100")
    count = asked("SELECT count(*) FROM billing_preparedbill WHERE total > 100")[0]
    assert len(over.column("made")) == count > 0
    assert min(over.column("made")) > Decimal(100)
    assert len(made("run-exceptions", run="1", list="first").column("account")) == world.oak.plan.accounts


@pytest.mark.req("BIL-02", "REP-15")
def test_customers_without_a_reading_are_in_the_final_register_when_asked_for(live: World) -> None:
    town = live.oak
    readings_of_september(town, without=1)
    bill_month(town.billing, town.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1), printed=False)
    with scope(town.utility.id), transaction.atomic():
        run = str(asked("SELECT max(id) FROM billing_run")[0])
        without, listed = made("billing-register", run=run), made("billing-register", run=run, unread="with")
        assert without.total("charges") == listed.total("charges") > 0
        assert set(listed.column("account")) - set(without.column("account")) == {town.houses[-1].number}
