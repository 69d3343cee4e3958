"""The day's register and the drawers' close-outs against what was taken."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from collections_app.drawers import Counted, close_drawer, open_drawer
from collections_app.models import Drawer
from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from core import clock
from core.money import parse_amount
from core.tenancy import scope
from tests.conftest import World
from tests.world.listings import asked, made, made_on

DAY = date(2026, 9, 15)


def drawer_opened(world: World) -> int:
    with transaction.atomic():
        drawer = Drawer.objects.order_by("id")[0].id
    return int(open_drawer(world.oak.clerk, drawer_id=drawer, opening=parse_amount("100"), on=DAY))


def take(world: World, session: int, kind: str, *parts: tuple[str, str]) -> int:
    accounts = [ToAccount(world.oak.account(number).id, parse_amount(dollars)) for number, dollars in parts]
    paid = sum((parse_amount(dollars) for _, dollars in parts), Decimal(0))
    return int(
        post_payment(
            world.oak.clerk, tenders=[Tendered(kind, paid)], accounts=accounts, on=DAY, session_id=session
        )
    )


@pytest.mark.req("COL-02", "REP-12")
def test_the_register_of_a_day_adds_up_by_operator_and_tender(live: World) -> None:
    with scope(live.oak.utility.id):
        session = drawer_opened(live)
        take(live, session, "cash", ("100003", "30"))
        take(live, session, "check", ("100001", "20"), ("100002", "25"))
        with transaction.atomic():
            found = made("daily-register", on="2026-09-15")
            taken = asked("SELECT sum(total) FROM collections_app_receipt")[0]
    assert found.total("amount") == taken == found.total("cash") + found.total("check")
    assert (found.total("cash"), found.total("check")) == (Decimal(30), Decimal(45))
    assert found.column("account") == ["100003", "100001", "100002"]
    assert set(found.column("operator")) == {live.oak.clerk.name}


@pytest.mark.req("COL-02")
def test_the_register_can_be_had_by_account_and_for_one_operator(live: World) -> None:
    with scope(live.oak.utility.id):
        session = drawer_opened(live)
        take(live, session, "cash", ("100003", "30"))
        take(live, session, "cash", ("100001", "20"))
        with transaction.atomic():
            sorted_ = made("daily-register", on="2026-09-15", order="account")
            mine = made("daily-register", on="2026-09-15", operator=live.oak.clerk.ref)
            yesterday = made("daily-register", on="2026-09-14")
    assert sorted_.column("account") == ["100001", "100003"]
    assert len(mine.column("account")) == 2
    assert yesterday.column("account") == []


def test_a_void_stands_in_the_register_and_takes_its_money_off(live: World) -> None:
    with scope(live.oak.utility.id):
        session = drawer_opened(live)
        receipt = take(live, session, "cash", ("100003", "30"))
        void_receipt(live.oak.supervisor, receipt_id=receipt, why="wrong account", on=DAY)
        with transaction.atomic():
            found = made("daily-register", on="2026-09-15")
    assert found.total("amount") == found.total("cash") == 0
    assert sorted(found.column("kind")) == ["Receipt", "Void"]
    assert "Void: wrong account" in found.column("by")


@pytest.mark.req("COL-02")
def test_the_close_out_tells_expected_counted_and_short(live: World) -> None:
    tz = live.oak.utility.tz
    with scope(live.oak.utility.id), timezone.override(tz):
        session = drawer_opened(live)
        take(live, session, "cash", ("100003", "30"))
        counted = [Counted("cash", parse_amount("129"))]
        close_drawer(live.oak.clerk, session_id=session, counted=counted, on=DAY)
        with transaction.atomic():
            found = made_on(clock.today(tz), "drawer-closeouts")
            short = asked(
                "SELECT sum(p.debit) FROM ledger_posting p JOIN ledger_chartaccount c"
                " ON c.id = p.chart_account_id WHERE c.role = 'over_short'"
            )[0]
    assert found.rows("opening", "expected", "counted", "over") == [
        (Decimal(100), Decimal(130), Decimal(129), Decimal(-1))
    ]
    assert found.total("over") == -short
