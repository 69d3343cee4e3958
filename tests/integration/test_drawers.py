"""Drawers: what goes in and out is in the ledger, what is counted is posted, and closed is closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from collections_app.drawers import Counted, close_drawer, move_cash, open_drawer
from collections_app.expected import expected_of
from collections_app.models import DrawerClose, DrawerSession, Receipt, ReceiptVoid
from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from collections_app.register import register_rows, register_totals
from core import clock
from core.errors import Conflict, NotAllowed, Refused
from core.prove import Asked, prove
from core.tenancy import scope
from ledger.models import Posting
from tests.conftest import World
from tests.world.desk import drawer_of, open_till
from tests.world.towns import Town

DAY = date(2026, 9, 20)


def dollars(text: str) -> Decimal:
    return Decimal(text)


def take(
    town: Town, *tenders: tuple[str, str], to: tuple[tuple[str, str], ...] = (), by: str = "clerk"
) -> int:
    accounts = to or (("100001", tenders[0][1]),)
    given = [ToAccount(town.account(number).id, dollars(amount)) for number, amount in accounts]
    with scope(town.utility.id):
        paid = [Tendered(kind, dollars(amount)) for kind, amount in tenders]
        return post_payment(getattr(town, by), tenders=paid, accounts=given, on=DAY)


def close(town: Town, session: int, by: str = "clerk", **counted: str) -> int:
    with scope(town.utility.id):
        counts = [Counted(kind, dollars(amount)) for kind, amount in counted.items()]
        return close_drawer(getattr(town, by), session_id=session, counted=counts, on=DAY)


def seen(town: Town, ask: Callable[[], Any]) -> Any:
    with scope(town.utility.id), transaction.atomic():
        return ask()


def in_the_chart(town: Town, role: str) -> Decimal:
    def ask() -> Decimal:
        sums = Posting.objects.filter(chart_account__role=role).aggregate(d=Sum("debit"), c=Sum("credit"))
        return Decimal(sums["d"] or 0) - Decimal(sums["c"] or 0)

    return Decimal(seen(town, ask))


def broken(town: Town) -> list[str]:
    found = prove(Asked(town.utility, clock.now()))
    return [f"{one.invariant.code}: {words}" for one in found for _, words in one.offences]


def test_an_open_drawer_holds_opening_and_takings_less_change_and_drops(live: World) -> None:
    session = open_till(live.oak, opening="150.00")
    take(live.oak, ("cash", "50.00"), to=(("100001", "42.50"),))
    take(live.oak, ("check", "30.00"))
    with scope(live.oak.utility.id):
        move_cash(live.oak.clerk, session_id=session, kind="drop", amount=dollars("100.00"), on=DAY)
        move_cash(live.oak.clerk, session_id=session, kind="added", amount=dollars("5.00"), on=DAY)
    held = seen(live.oak, lambda: expected_of(DrawerSession.objects.get(id=session)))
    assert (held.of("cash"), held.of("check")) == (dollars("97.50"), dollars("30.00"))
    assert in_the_chart(live.oak, "drawer") == dollars("127.50")
    assert in_the_chart(live.oak, "safe") == dollars("-55.00")
    assert broken(live.oak) == []


@pytest.mark.req("COL-02")
@pytest.mark.parametrize(
    ("counted", "difference"), [("149.00", "-1.00"), ("151.25", "1.25"), ("150.00", "0")]
)
def test_what_is_over_or_short_is_posted_and_all_that_was_counted_goes_to_the_safe(
    live: World, counted: str, difference: str
) -> None:
    session = open_till(live.oak, opening="100.00")
    take(live.oak, ("cash", "50.00"))
    close(live.oak, session, cash=counted)
    done = seen(live.oak, lambda: DrawerClose.objects.get(session=session))
    assert (done.expected, done.over_short) == (dollars("150.00"), dollars(difference))
    assert (done.journal_id is None) == (difference == "0")
    assert in_the_chart(live.oak, "over_short") == -dollars(difference)
    assert in_the_chart(live.oak, "drawer") == 0
    assert in_the_chart(live.oak, "safe") == dollars(counted) - dollars("100.00")
    assert broken(live.oak) == []


def test_each_tender_that_was_taken_is_counted(live: World) -> None:
    session = open_till(live.oak, opening="0.00")
    take(live.oak, ("check", "30.00"))
    with pytest.raises(Refused, match="Check was not counted") as refused:
        close(live.oak, session, cash="0.00")
    assert refused.value.field == "counted_check"


def test_pieces_come_to_the_count(live: World) -> None:
    session = open_till(live.oak, opening="41.25")
    cash = Counted("cash", dollars("41.25"), {"20.00": 2, "0.25": 4})
    with scope(live.oak.utility.id), pytest.raises(Refused, match="pieces come to 41.00"):
        close_drawer(live.oak.clerk, session_id=session, counted=[cash], on=DAY)


def test_more_cash_than_is_there_cannot_be_dropped(live: World) -> None:
    session = open_till(live.oak, opening="20.00")
    take(live.oak, ("check", "30.00"))
    with scope(live.oak.utility.id), pytest.raises(Refused, match="more than the cash"):
        move_cash(live.oak.clerk, session_id=session, kind="drop", amount=dollars("20.01"), on=DAY)


def test_an_operator_has_one_drawer_and_a_drawer_one_operator(live: World) -> None:
    open_till(live.oak)
    with scope(live.oak.utility.id):
        first, second = (drawer_of(live.oak.system, role=role) for role in ("clerk", "supervisor"))
        with pytest.raises(Conflict, match="You have"):
            open_drawer(live.oak.clerk, drawer_id=second, opening=dollars("0.00"), on=DAY)
        with pytest.raises(Conflict, match="open under Carla Clerk"):
            open_drawer(live.oak.supervisor, drawer_id=first, opening=dollars("0.00"), on=DAY)


def test_money_at_the_counter_needs_an_open_drawer_of_ones_own(live: World) -> None:
    session = open_till(live.oak)
    with pytest.raises(Conflict, match="no drawer open"):
        take(live.oak, ("cash", "5.00"), by="supervisor")
    to = [ToAccount(live.oak.account().id, dollars("5.00"))]
    paid = [Tendered("cash", dollars("5.00"))]
    with scope(live.oak.utility.id), pytest.raises(Conflict, match="open under Carla Clerk"):
        post_payment(live.oak.supervisor, tenders=paid, accounts=to, on=DAY, session_id=session)
    close(live.oak, session, cash="100.00")
    with pytest.raises(Conflict, match="no drawer open"):
        take(live.oak, ("cash", "5.00"))


def test_somebody_else_closes_a_drawer_only_with_the_right(live: World) -> None:
    session = open_till(live.oak)
    colleague = replace(live.oak.supervisor, permissions=live.oak.clerk.permissions)
    count = [Counted("cash", dollars("100.00"))]
    with scope(live.oak.utility.id), pytest.raises(NotAllowed, match="open under Carla Clerk"):
        close_drawer(colleague, session_id=session, counted=count, on=DAY)
    close(live.oak, session, by="supervisor", cash="100.00")
    done = seen(live.oak, lambda: DrawerClose.objects.get(session=session))
    assert done.operator == live.oak.supervisor.ref


def test_a_void_comes_out_of_the_drawer_while_it_is_open(live: World) -> None:
    session = open_till(live.oak)
    receipt = take(live.oak, ("cash", "20.00"), to=(("100001", "12.00"),))
    with scope(live.oak.utility.id):
        void_receipt(live.oak.supervisor, receipt_id=receipt, why="Wrong account", on=DAY)
    close(live.oak, session, cash="100.00")
    void = seen(live.oak, ReceiptVoid.objects.get)
    assert void.paid_from == "drawer"
    assert in_the_chart(live.oak, "drawer") == 0
    assert broken(live.oak) == []


def test_a_void_after_the_close_is_paid_from_the_safe_and_leaves_the_closed_drawer_alone(live: World) -> None:
    session = open_till(live.oak)
    receipt = take(live.oak, ("cash", "12.00"))
    close(live.oak, session, cash="112.00")
    with scope(live.oak.utility.id):
        void_receipt(live.oak.supervisor, receipt_id=receipt, why="Wrong account", on=DAY)
    void = seen(live.oak, ReceiptVoid.objects.get)
    assert void.paid_from == "safe"
    assert in_the_chart(live.oak, "drawer") == in_the_chart(live.oak, "safe") == 0
    assert broken(live.oak) == []


ATTACKS = {
    "a receipt": "INSERT INTO collections_app_receipt (series, number, session_id, operator, operator_name,"
    ' "on", at, source, reference, tendered, change, total)'
    " SELECT 'late', 1, session_id, operator, operator_name, \"on\", at, source, '', tendered, change, total"
    " FROM collections_app_receipt LIMIT 1",
    "cash moved": "INSERT INTO collections_app_cashmovement (session_id, kind, amount, why, operator, at)"
    " SELECT id, 'added', 1, '', operator, opened_at FROM collections_app_drawersession LIMIT 1",
    "a second close": "INSERT INTO collections_app_drawerclose (session_id, expected, counted, over_short,"
    " note, operator, operator_name, at) SELECT id, 0, 0, 0, '', operator, operator_name, opened_at"
    " FROM collections_app_drawersession LIMIT 1",
    "opened again": "UPDATE collections_app_drawersession SET closed_at = NULL",
}


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_the_database_refuses_what_would_change_a_closed_drawer(live: World, attack: str) -> None:
    session = open_till(live.oak)
    take(live.oak, ("cash", "12.00"))
    close(live.oak, session, cash="112.00")
    with (
        scope(live.oak.utility.id),
        pytest.raises(DatabaseError, match="closed|once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(ATTACKS[attack])


def test_the_database_closes_no_drawer_that_was_not_counted(live: World) -> None:
    open_till(live.oak)
    with (
        scope(live.oak.utility.id),
        pytest.raises(DatabaseError, match="not counted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE collections_app_drawersession SET closed_at = opened_at")


def test_the_database_takes_no_tender_beside_what_was_tendered(live: World) -> None:
    open_till(live.oak)
    take(live.oak, ("cash", "12.00"))
    with (
        scope(live.oak.utility.id),
        pytest.raises(DatabaseError, match="tenders of receipt 1"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO collections_app_tender (receipt_id, kind, amount, reference)"
            " SELECT id, 'cash', 1, '' FROM collections_app_receipt"
        )


@pytest.mark.req("COL-02")
def test_the_register_lists_receipts_and_voids_as_entered_or_by_account(live: World) -> None:
    session = open_till(live.oak)
    take(live.oak, ("check", "30.00"), to=(("100002", "20.00"), ("100001", "10.00")))
    second = take(live.oak, ("cash", "20.00"), to=(("100001", "15.00"),))
    with scope(live.oak.utility.id):
        void_receipt(live.oak.supervisor, receipt_id=second, why="Twice", on=DAY)
    rows = seen(live.oak, lambda: register_rows(session_id=session))
    assert [(r.number, r.account, r.amount) for r in rows] == [
        (1, "100002", 20), (1, "100001", 10), (2, "100001", 15), (2, "100001", -15),
    ]  # fmt: skip
    by_account = seen(live.oak, lambda: register_rows(session_id=session, order="account"))
    assert [r.account for r in by_account] == ["100001", "100001", "100001", "100002"]
    sums = register_totals(rows)
    assert (sums.net, sums.change) == (dollars("30.00"), dollars("0.00"))
    assert sums.tenders == {"check": dollars("30.00"), "cash": dollars("0.00")}


def test_the_register_of_a_day_is_the_operators_own(live: World) -> None:
    for role in ("clerk", "supervisor"):
        open_till(live.oak, role)
        take(live.oak, ("cash", "5.00"), by=role)
    mine = seen(live.oak, lambda: register_rows(operator=live.oak.clerk.ref, on=DAY))
    assert [row.operator for row in mine] == [live.oak.clerk.ref]
    assert len(seen(live.oak, lambda: register_rows(on=DAY))) == 2
    assert seen(live.oak, lambda: register_rows(on=date(2026, 9, 21))) == []


def test_a_drawer_is_closed_once(live: World) -> None:
    session = open_till(live.oak)
    take(live.oak, ("cash", "12.00"))
    close(live.oak, session, cash="112.00")
    with pytest.raises(Conflict):
        close(live.oak, session, cash="112.00")
    assert seen(live.oak, Receipt.objects.count) == 1
