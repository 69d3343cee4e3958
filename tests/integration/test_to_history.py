"""Completed transactions go to history when somebody decides so; what opens again is back."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from collections_app.models import Payment
from collections_app.operations import Tendered, ToAccount, post_payment
from collections_app.returns import return_payment
from config.town.month import work_until_idle
from core.errors import Conflict, NotAllowed, Refused
from core.models import Schedule
from core.policies import set_policy
from core.tenancy import scope
from core.work.schedules import run_schedule_now
from ledger.history import KIND, look_before, months_before, move_to_history, totals_of
from ledger.history_models import HistoryMove
from ledger.history_queries import places_of
from ledger.models import CreditLeft, OpenItem
from ledger.policies import HISTORY_AFTER_MONTHS
from ledger.receivables import payoff
from tests.conftest import World
from tests.world.proof import broken

PAID = date(2026, 9, 10)
TODAY = date(2026, 9, 20)


def pay(live: World, amount: Decimal, number: str = "100001") -> int:
    account = live.oak.account(number)
    tenders, to = [Tendered("check", amount)], [ToAccount(account.id, amount)]
    receipt = post_payment(live.oak.clerk, tenders=tenders, accounts=to, on=PAID, source="by mail")
    with transaction.atomic():
        return int(Payment.objects.get(receipt=receipt).id)


def owed(live: World, number: str = "100001") -> Decimal:
    account = live.oak.account(number).id
    with transaction.atomic():
        return payoff([account])[account]


def move(live: World, before: date = TODAY) -> HistoryMove:
    looked = look_before(live.oak.supervisor, before=before, today=TODAY)
    move_to_history(live.oak.supervisor, move_id=looked, today=TODAY)
    with transaction.atomic():
        return HistoryMove.objects.get(id=looked)


def in_history(live: World, number: str = "100001") -> int:
    """How many charges and credits of the account."""
    account = live.oak.account(number).id
    with transaction.atomic():
        return (
            OpenItem.objects.filter(account=account, to_history=TODAY).count()
            + CreditLeft.objects.filter(account=account, to_history=TODAY).count()
        )


@pytest.mark.req("HIS-02")
def test_a_paid_bill_and_its_payment_go_together_and_change_no_balance(live: World) -> None:
    with scope(live.oak.utility.id):
        bill = owed(live)
        pay(live, bill)
        done = move(live)
        charges = [t for t in totals_of(done.moved) if t.kind == "charge"]
        credits = [t for t in totals_of(done.moved) if t.kind == "credit"]
        assert sum(t.amount for t in charges) == bill == credits[0].amount
        assert in_history(live) == sum(t.count for t in charges) + 1
        assert owed(live) == 0
        with transaction.atomic():
            assert set(places_of(live.oak.account()).values()) == {"in_history"}
    assert broken(live) == []


@pytest.mark.req("HIS-02")
def test_what_is_partly_open_stays_with_all_that_hangs_on_it(live: World) -> None:
    with scope(live.oak.utility.id):
        pay(live, owed(live) - Decimal("0.01"))
        looked = look_before(live.oak.supervisor, before=TODAY, today=TODAY)
        with transaction.atomic():
            assert HistoryMove.objects.get(id=looked).seen == []
        with pytest.raises(Conflict, match="nothing to move"):
            move_to_history(live.oak.supervisor, move_id=looked, today=TODAY)


def test_what_was_settled_on_the_day_or_later_stays(live: World) -> None:
    with scope(live.oak.utility.id):
        pay(live, owed(live))
        looked = look_before(live.oak.supervisor, before=PAID, today=TODAY)
        with transaction.atomic():
            assert HistoryMove.objects.get(id=looked).seen == []


@pytest.mark.req("HIS-02", "HIS-07")
def test_a_check_that_comes_back_later_brings_the_charges_back(live: World) -> None:
    with scope(live.oak.utility.id):
        bill = owed(live)
        payment = pay(live, bill)
        move(live)
        return_payment(live.oak.supervisor, payment_id=payment, reason="Account closed", on=TODAY)
        assert owed(live) == bill
        with transaction.atomic():
            again = OpenItem.objects.filter(account=live.oak.account(), open__gt=0)
            assert again.count() > 0
            assert not again.filter(to_history__isnull=False).exists()
    assert broken(live) == []


def test_it_is_moved_once(live: World) -> None:
    with scope(live.oak.utility.id):
        pay(live, owed(live))
        done = move(live)
        with pytest.raises(Conflict):
            move_to_history(live.oak.supervisor, move_id=done.id, today=TODAY)
        looked = look_before(live.oak.supervisor, before=TODAY, today=TODAY)
        with transaction.atomic():
            assert HistoryMove.objects.get(id=looked).seen == []


def test_a_day_to_come_and_a_clerk_are_refused(live: World) -> None:
    with scope(live.oak.utility.id):
        with pytest.raises(Refused, match="still to come"):
            look_before(live.oak.supervisor, before=date(2026, 9, 21), today=TODAY)
        with pytest.raises(NotAllowed):
            look_before(live.oak.clerk, before=TODAY, today=TODAY)


@pytest.mark.req("HIS-02")
def test_it_is_counted_and_moved_on_the_screen(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        pay(live, owed(live))
    desk = oak.client("supervisor")
    counted = desk.post(
        "/ledger/history/new/", {"before": "2026-09-20", "idempotency_key": "history-1"}, follow=True
    )
    assert b"Move them" in counted.content
    path = counted.redirect_chain[-1][0]
    done = desk.post(f"{path}move/", {"idempotency_key": "history-2"}, follow=True)
    assert b"items went to history" in done.content
    account = "/accounts/100001/?tab=transactions"
    assert b"Journal" not in desk.get(f"{account}&place=current").content
    assert b"Nothing fits" in desk.get(f"{account}&place=current").content


@pytest.mark.parametrize(
    ("months", "first"), [(0, date(2026, 3, 1)), (3, date(2025, 12, 1)), (26, date(2024, 1, 1))]
)
def test_months_before(months: int, first: date) -> None:
    assert months_before(date(2026, 3, 31), months) == first


def test_a_large_town_is_counted_and_moved_by_jobs(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.history.AT_ONCE", 5)
    oak = live.oak
    with scope(oak.utility.id):
        for number in ("100001", "100009"):
            pay(live, owed(live, number), number)
        looked = look_before(oak.supervisor, before=TODAY, today=TODAY)
        with transaction.atomic():
            assert HistoryMove.objects.get(id=looked).state == "looking"
        with pytest.raises(Conflict, match="being counted"):
            move_to_history(oak.supervisor, move_id=looked, today=TODAY)
    work_until_idle()
    with scope(oak.utility.id):
        move_to_history(oak.supervisor, move_id=looked, today=TODAY)
    work_until_idle()
    with scope(oak.utility.id), transaction.atomic():
        done = HistoryMove.objects.get(id=looked)
    assert (done.state, done.moved) == ("done", done.seen)
    with scope(oak.utility.id):
        assert in_history(live) > 0
        assert in_history(live, "100009") > 0


@pytest.mark.req("HIS-02")
def test_after_the_months_of_the_policy_it_is_moved_by_itself(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        pay(live, owed(live))
        look_before(oak.supervisor, before=TODAY, today=TODAY)
        with transaction.atomic():
            monthly = Schedule.objects.get(kind=KIND)
        set_policy(oak.admin, code=HISTORY_AFTER_MONTHS, value="0", starts=date(2026, 1, 1))
        run_schedule_now(oak.supervisor, schedule_id=monthly.id)
    work_until_idle()
    with scope(oak.utility.id), transaction.atomic():
        done = HistoryMove.objects.latest("id")
        moved = OpenItem.objects.filter(account=oak.account(), to_history__isnull=False).count()
    assert (done.state, done.job_id is not None, bool(done.moved)) == ("done", True, True)
    assert moved > 0
