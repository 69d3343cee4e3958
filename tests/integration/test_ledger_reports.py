"""Trial balances, distribution, ageing and statements against the journals themselves."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from collections_app.operations import Tendered, ToAccount, post_payment
from core.money import parse_amount
from core.tenancy import scope
from reports.parameters import ParametersUnusable
from tests.conftest import World
from tests.world.listings import asked, made

SEPTEMBER = {"since": "2026-09-01", "through": "2026-09-30"}


def pay(world: World, number: str, dollars: str, on: date) -> int:
    """Money from the bank, so that no drawer is needed."""
    paid = parse_amount(dollars)
    return int(
        post_payment(
            world.oak.system,
            tenders=[Tendered("transfer", paid)],
            accounts=[ToAccount(world.oak.account(number).id, paid)],
            on=on,
            source="bank",
            reference=f"{number} {on}",
        )
    )


@pytest.fixture
def paid(live: World) -> Iterator[World]:
    """Oak, where one has paid in part, one too much, and the rest nothing; as Oak's scope sees it."""
    with scope(live.oak.utility.id):
        pay(live, "100001", "40.00", date(2026, 9, 10))
        pay(live, "100002", "500.00", date(2026, 9, 12))
        with transaction.atomic():
            yield live


@pytest.mark.req("REP-12")
def test_a_month_s_debits_are_its_credits_and_it_opens_where_the_last_one_closed(paid: World) -> None:
    found = made("monthly-trial-balance", since="2026-08", through="2026-10")
    debits, credits = asked("SELECT sum(debit), sum(credit) FROM ledger_posting")
    assert (found.total("debit"), found.total("credit")) == (debits, credits)
    assert set(found.column("closing", "subtotal")) == {Decimal(0)}
    by_month: dict[str, dict[str, tuple[Any, Any]]] = {}
    for month, code, opening, closing in found.rows("month", "code", "opening", "closing"):
        by_month.setdefault(month, {})[code] = (opening, closing)
    assert {c: closing for c, (_, closing) in by_month["Sep 2026"].items()} == {
        c: opening for c, (opening, _) in by_month["Oct 2026"].items()
    }


def test_a_trial_balance_of_months_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ParametersUnusable, match="last month is before the first"):
        made("monthly-trial-balance", since="2026-10", through="2026-09")


@pytest.mark.req("REP-12")
def test_the_distribution_holds_every_posting_once(paid: World) -> None:
    found = made("gl-distribution", **SEPTEMBER)
    debits, credits = asked("SELECT sum(debit), sum(credit) FROM ledger_posting")
    assert (found.total("debit"), found.total("credit")) == (debits, credits)
    monthly = made("gl-distribution", by="month", **SEPTEMBER)
    assert monthly.total("debit") == debits
    assert len(monthly.column("debit")) <= len(found.column("debit"))


@pytest.mark.req("REP-12")
def test_charged_and_collected_are_told_apart_by_revenue_code(paid: World) -> None:
    found = made("gl-distribution", show="codes", **SEPTEMBER)
    assert found.total("charged") == asked("SELECT sum(amount) FROM ledger_charge")[0]
    assert found.total("collected") == asked("SELECT sum(amount) FROM ledger_application")[0]
    water = sum(c for code, c in found.rows("code", "charged") if code == "WATER")
    assert water == asked("SELECT sum(amount) FROM ledger_charge WHERE revenue_code = 'WATER'")[0]


@pytest.mark.req("REP-12")
def test_buckets_add_up_to_the_balance_and_a_past_day_stays_as_it_was(paid: World) -> None:
    before = made("aged-receivables", as_of="2026-09-09")
    assert before.total("balance") == asked("SELECT sum(amount) FROM ledger_charge")[0]
    after = made("aged-receivables", as_of="2026-10-15")
    buckets = ("current", "to_30", "to_60", "to_90", "older", "credit")
    for row in after.rows(*buckets, "balance"):
        assert sum(row[:-1]) == row[-1]
    open_now, credit = asked(
        "SELECT (SELECT sum(open) FROM ledger_openitem), (SELECT sum(open) FROM ledger_creditleft)"
    )
    assert after.total("balance") == open_now - credit
    assert after.total("credit") == -credit < 0


@pytest.mark.parametrize(
    ("show", "by"), [("summary", "route"), ("summary", "category"), ("detail", "category")]
)
def test_every_way_to_sum_the_ages_gives_the_same_total(paid: World, show: str, by: str) -> None:
    as_told = made("aged-receivables", as_of="2026-10-15")
    found = made("aged-receivables", as_of="2026-10-15", show=show, by=by)
    assert found.total("balance") == as_told.total("balance")
    assert sum(found.column("balance", "subtotal")) == found.total("balance")
    assert sum(found.column("balance", "recap")) == found.total("balance")


def test_ages_can_be_asked_for_one_route_for_the_late_or_for_those_in_credit(paid: World) -> None:
    ask = {"as_of": "2026-10-15"}
    assert made("aged-receivables", which="credit", **ask).column("account") == ["100002"]
    late = made("aged-receivables", which="past_due", **ask)
    assert "100002" not in late.column("account")
    assert len(late.column("account")) == paid.oak.plan.accounts - 1
    assert set(made("aged-receivables", route="001", **ask).column("route")) == {"001"}


@pytest.mark.req("HIS-01")
def test_what_is_open_is_told_current_and_past_due_for_each_account(paid: World) -> None:
    found = made("account-transactions", account="100001", through="2026-10-15")
    still = asked(
        "SELECT sum(open) FROM ledger_openitem WHERE account_id = %s", paid.oak.account("100001").id
    )[0]
    assert found.total("open") == still
    assert set(found.column("state")) == {"Past due"}
    assert set(made("account-transactions", account="100001", through="2026-09-15").column("state")) == {
        "Current"
    }
    assert made("account-transactions", account="100002").column("state")[-1] == "Credit"


@pytest.mark.req("HIS-03")
def test_the_history_ends_at_the_balance_of_the_account(paid: World) -> None:
    found = made("account-transactions", account="100001", show="history", since="2026-08-01")
    assert found.rows("on", "type", "credited") == [
        (date(2026, 9, 1), "Bill", None),
        (date(2026, 9, 10), "Payment", Decimal("40.00")),
    ]
    still = asked(
        "SELECT sum(open) FROM ledger_openitem WHERE account_id = %s", paid.oak.account("100001").id
    )
    assert found.column("balance")[-1] == still[0]


@pytest.mark.req("HIS-03")
def test_a_history_from_a_later_day_begins_with_what_was_brought_forward(paid: World) -> None:
    found = made("account-transactions", account="100001", show="history", since="2026-09-05")
    bill = asked("SELECT charges FROM billing_bill WHERE account_id = %s", paid.oak.account("100001").id)[0]
    assert found.rows("type", "balance") == [("Brought forward", bill), ("Payment", bill - Decimal(40))]


@pytest.mark.req("HIS-01")
def test_statements_come_for_a_range_or_a_route_and_for_nobody_unasked(paid: World) -> None:
    some = made("account-transactions", account="100003", to="100005")
    assert sorted(set(some.column("account"))) == ["100003", "100004", "100005"]
    assert len([line for line in some.lines if line.kind == "heading"]) == 3
    with pytest.raises(ParametersUnusable, match="Give account or route"):
        made("account-transactions")


@pytest.mark.req("HIS-04")
def test_the_use_of_each_register_is_told_with_days_source_and_average(paid: World) -> None:
    found = made("consumption-history", account="100001")
    use, days, unit = asked(
        "SELECT u.use, u.days, u.unit FROM billing_registeruse u JOIN billing_bill b ON b.id = u.bill_id"
        " WHERE b.account_id = %s",
        paid.oak.account("100001").id,
    )
    assert found.rows("use", "days", "unit", "source") == [(use, days, unit, "R Remote")]
    assert found.column("average") == [use]
    pictures = [line.label for line in found.lines if line.kind == "picture"]
    assert len(pictures) == 1
    assert "Water used by month" in pictures[0]
