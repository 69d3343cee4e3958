"""One receipt of several accounts and tenders, laid by hand or not, and a change of operator."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from collections_app.models import Drawer, Receipt
from core.actors import Actor
from core.operations import operation
from core.policies import set_policy
from core.tenancy import scope
from customers.models import Account
from ledger.models import Application, OpenItem
from tests.conftest import World
from tests.world.desk import open_till, send, text_of
from tests.world.towns import FIRST, Town

TWO = {"account": "100001", "amount": "10.00", "account_2": "100002", "amount_2": "20.00"}


@operation("test.cash_only", permission="customers.edit")
def cash_only(by: Actor, *, number: str) -> int:
    return Account.objects.filter(number=number).update(cash_only=True)


def pay(client: Client, **fields: str) -> Any:
    return send(client, "/counter/", opened=f"/counter/?account={fields['account']}", **fields)


def seen(town: Town, ask: Any) -> Any:
    with scope(town.utility.id), transaction.atomic():
        return ask()


def open_charges(town: Town, number: str) -> list[OpenItem]:
    mine = OpenItem.objects.filter(account__number=number, open__gt=0).order_by("id")
    return list(seen(town, lambda: list(mine)))


@pytest.mark.req("COL-04")
def test_one_check_pays_two_accounts_and_cash_gives_the_change(live: World) -> None:
    open_till(live.oak)
    clerk = live.oak.client("clerk")
    tenders = {"kind": "check", "tender": "25.00", "reference": "1042", "kind_2": "cash", "tender_2": "20.00"}
    done = text_of(clerk.get(pay(clerk, **TWO, **tenders)["Location"]))
    assert "15.00" in done
    assert "100002" in done
    page = text_of(clerk.get("/receipts/1/"))
    assert "Check 1042" in page
    assert clerk.get("/receipts/1/roll.pdf").content.startswith(b"%PDF")


def test_an_account_and_a_tender_more_keep_what_was_typed(live: World) -> None:
    open_till(live.oak)
    asked = {**TWO, "kind": "check", "tender": "25.00", "more": "tender"}
    page = live.oak.client("clerk").get("/counter/", asked)
    first = page.context["form"].initial
    assert (first["amount_2"], first["tender"], first["tender_2"]) == (Decimal(20), Decimal(25), Decimal(5))
    assert first["kind_2"] == "cash"


@pytest.mark.req("COL-03")
def test_a_payment_laid_by_hand_goes_where_it_was_laid(live: World) -> None:
    open_till(live.oak)
    last = open_charges(live.oak, "100001")[-1]
    split = {f"split_1_{last.charge_id}": "5.00"}
    what = {"account": "100001", "amount": "5.00", "kind": "cash", "tender": "5.00", "hand": "1"}
    pay(live.oak.client("clerk"), **what, **split)
    laid = seen(live.oak, lambda: list(Application.objects.values_list("charge_id", "amount")))
    assert laid == [(last.charge_id, Decimal("5.00"))]


@pytest.mark.parametrize(("part", "told"), [("4.00", "1.00"), ("6.00", "more than the 5.00 paid")])
def test_what_is_laid_by_hand_adds_up(live: World, part: str, told: str) -> None:
    open_till(live.oak)
    first = open_charges(live.oak, "100001")[0]
    split = {f"split_1_{first.charge_id}": part}
    what = {"account": "100001", "amount": "5.00", "kind": "cash", "tender": "5.00", "hand": "1"}
    answer = pay(live.oak.client("clerk"), **what, **split)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert seen(live.oak, Receipt.objects.count) == 0


def test_a_cash_only_account_pays_otherwise_with_the_right_and_a_reason(live: World) -> None:
    open_till(live.oak, "supervisor")
    with scope(live.oak.utility.id):
        cash_only(live.oak.admin, number="100001")
    supervisor = live.oak.client("supervisor")
    what = {"account": "100001", "amount": "5.00", "kind": "check", "tender": "5.00"}
    refused = pay(supervisor, **what)
    assert "cash_only_reason" in refused.context["form"].errors
    assert pay(supervisor, **what, cash_only_reason="Cashier's check").status_code == 302


def test_without_a_drawer_no_money_is_taken_and_the_page_says_where_to_open_one(live: World) -> None:
    clerk = live.oak.client("clerk")
    what = {"account": "100001", "amount": "5.00", "kind": "cash", "tender": "5.00"}
    refused = pay(clerk, **what)
    assert refused.status_code == 409
    assert "/drawers/open/?next=" in refused.content.decode()
    drawer = seen(live.oak, lambda: Drawer.objects.get().id)
    opened = send(clerk, "/drawers/open/", opening="100", drawer=drawer, next="/counter/?account=100001")
    assert opened["Location"] == "/counter/?account=100001"
    assert pay(clerk, **what).status_code == 302


def test_a_locked_screen_is_signed_in_to_again_where_it_was(live: World) -> None:
    clerk = live.oak.client("clerk")
    back = clerk.post("/lock/", {"next": "/counter/?account=100001&amount=5.00"})["Location"]
    assert back.startswith("/sign-in/?next=%2Fcounter%2F%3Faccount%3D100001")
    assert "Carla Clerk has left the screen" in text_of(clerk.get(back))
    assert clerk.get("/counter/")["Location"].startswith("/sign-in/")
    given = {"login": "supervisor@oak", "password": live.password, "next": "/counter/?account=100001"}
    signed = clerk.post(back, given)
    assert signed["Location"] == "/counter/?account=100001"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_a_locked_screen_leads_nowhere_else(live: World, elsewhere: str) -> None:
    assert "next=%2F&" in live.oak.client("clerk").post("/lock/", {"next": elsewhere})["Location"]


@pytest.mark.req("COL-02")
def test_a_drawer_is_opened_counted_and_closed_on_screen(live: World) -> None:
    clerk, session = live.oak.client("clerk"), open_till(live.oak)
    what = {"account": "100001", "amount": "5.00", "kind": "cash", "tender": "20.00"}
    pay(clerk, **what)
    short = send(clerk, f"/drawers/{session}/close/", counted_cash="104.00")
    assert "1.00 short of the expected 105.00" in text_of(short)
    assert send(clerk, f"/drawers/{session}/close/", counted_cash="104.00", sure="on").status_code == 302
    page = clerk.get(f"/drawers/{session}/")
    assert 'class="drawer-difference" role="status">-1.00<' in page.content.decode()
    for form in ("letter", "roll"):
        assert clerk.get(f"/drawers/{session}/{form}.pdf").content.startswith(b"%PDF")


def test_a_drawer_that_is_counted_blind_shows_nothing_before(live: World) -> None:
    with scope(live.oak.utility.id):
        set_policy(live.oak.admin, code="collections.blind_close", value="yes", starts=FIRST)
    clerk, session = live.oak.client("clerk"), open_till(live.oak)
    pay(clerk, account="100001", amount="5.00", kind="cash", tender="5.00")
    pages = [clerk.get(f"/drawers/{session}/"), clerk.get(f"/drawers/{session}/close/")]
    assert all("105.00" not in text_of(page) for page in pages)
    assert clerk.get(f"/drawers/{session}/letter.pdf").status_code == 404
    assert send(clerk, f"/drawers/{session}/close/", counted_cash="104.00").status_code == 302
