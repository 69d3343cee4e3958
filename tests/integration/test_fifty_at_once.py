"""Fifty identical requests at the same moment: one effect, fifty equal answers."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, connections, transaction

from billing import runs
from billing.models import Cycle, Run
from billing.preparing import chunk_hashes
from collections_app.models import Receipt
from collections_app.operations import Tendered, ToAccount, post_payment
from config.town.month import record_month, work_until_idle
from core.actors import Actor
from core.errors import KeyReused
from core.tenancy import scope
from tests.conftest import World
from tests.world.desk import open_till
from tests.world.partners import Partner
from tests.world.serving import Answered, Asked, Server, served, signed_in
from tests.world.towns import FIRST, Town

FIFTY = 50
PAID = Decimal("10.00")


@pytest.fixture
def server(live: World) -> Iterator[Server]:
    with served(live) as found:
        yield found


def by_api(town: Town, path: str, body: dict[str, object], key: str = "once") -> Asked:
    partner = Partner(town)
    headers = {
        "Authorization": f"Bearer {partner.key}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    return Asked("POST", f"/api/v1/{path}", town.host, json.dumps(body), headers)


def by_form(town: Town, role: str, path: str, **fields: str) -> Asked:
    body = urlencode({"idempotency_key": "once-and-no-more", **fields})
    return Asked("POST", path, town.host, body, signed_in(town.client(role)))


def payment(town: Town, amount: Decimal = PAID) -> dict[str, object]:
    account = town.account().id
    return {
        "on": "2026-09-15",
        "tenders": [{"kind": "cash", "amount": str(amount)}],
        "accounts": [{"account_id": account, "amount": str(amount)}],
    }


def taken() -> tuple[int, Decimal, int]:
    """Receipts of all towns, what they came to, and journals of payments."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM collections_app_receipt),"
            " (SELECT coalesce(sum(debit), 0) FROM ledger_posting p JOIN ledger_chartaccount c"
            "  ON (c.tenant_id, c.id) = (p.tenant_id, p.chart_account_id)"
            "  WHERE c.role IN ('drawer', 'bank')),"
            " (SELECT count(*) FROM ledger_journal WHERE why = 'payment')"
        )
        receipts, dollars, journals = cursor.fetchone()
    return receipts, dollars, journals


def one(answers: list[Answered], status: int) -> Answered:
    """The one answer that all got."""
    assert {answer.status for answer in answers} == {status}
    (only,) = set(answers)
    return only


@pytest.mark.req("SYS-03")
def test_a_payment_by_the_api_is_taken_once(live: World, server: Server) -> None:
    only = one(server.ask_at_once([by_api(live.oak, "payments/", payment(live.oak))] * FIFTY), 201)
    assert json.loads(only.body)["receipt"]["total"] == "10.00"
    assert taken() == (1, PAID, 1)


def test_a_payment_at_the_counter_is_taken_once(live: World, server: Server) -> None:
    open_till(live.oak, opening="0.00")
    fields = {"account": "100001", "amount": "10.00", "kind": "cash", "tender": "10.00", "reference": ""}
    only = one(server.ask_at_once([by_form(live.oak, "clerk", "/counter/", **fields)] * FIFTY), 302)
    assert only.location == "/counter/?receipt=1"
    assert taken() == (1, PAID, 1)


def test_one_key_for_two_amounts_is_good_for_one_of_them(live: World, server: Server) -> None:
    asked = by_api(live.oak, "payments/", payment(live.oak))
    other = replace(asked, body=json.dumps(payment(live.oak, Decimal("11.00"))))
    answers = server.ask_at_once([asked, other] * (FIFTY // 2))
    done, refused = ([a for a in answers if a.status == status] for status in (201, 409))
    assert (len(done), len(refused)) == (25, 25)
    amount = Decimal(json.loads(one(done, 201).body)["receipt"]["total"])
    assert json.loads(one(refused, 409).body)["type"] == "urn:curbstop:problem:key-reused"
    assert taken() == (1, amount, 1)


def test_a_reference_is_taken_once_under_fifty_keys(live: World, server: Server) -> None:
    asked = by_api(live.oak, "payments/", payment(live.oak) | {"reference": "LB-1"})
    each = [replace(asked, headers={**asked.headers, "Idempotency-Key": f"key {n}"}) for n in range(FIFTY)]
    answers = server.ask_at_once(each)
    assert sorted(answer.status for answer in answers) == [201, *[409] * (FIFTY - 1)]
    assert taken() == (1, PAID, 1)


def test_a_receipt_is_voided_once(live: World, server: Server) -> None:
    account = live.oak.account().id
    with scope(live.oak.utility.id):
        receipt = post_payment(
            live.oak.clerk,
            tenders=[Tendered("cash", PAID)],
            accounts=[ToAccount(account, PAID)],
            on=date(2026, 9, 15),
            source="bank",
        )
    asked = by_api(live.oak, f"receipts/{receipt}/void/", {"why": "Counted wrong", "on": "2026-09-16"})
    one(server.ask_at_once([asked] * FIFTY), 201)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_journal WHERE reverses_id IS NOT NULL")
        assert cursor.fetchone() == (1,)


def approved_run(town: Town) -> int:
    """September of the town, approved and not posted."""
    with scope(town.utility.id):
        record_month(town.system, town.plan, town.houses, FIRST, 1)
        with transaction.atomic():
            cycle = Cycle.objects.get().id
        first, last = date(2026, 9, 1), date(2026, 10, 1)
        run_id = runs.open_run(town.billing, cycle_id=cycle, starts=first, ends=last, bill_on=last)
        runs.prepare_run(town.billing, run_id=run_id)
    work_until_idle()
    with scope(town.utility.id):
        runs.review_run(town.billing, run_id=run_id)
        with transaction.atomic():
            seen = runs.run_hash(chunk_hashes(Run.objects.get(id=run_id)))
        runs.approve_run(town.supervisor, run_id=run_id, seen=seen)
    return run_id


@pytest.mark.parametrize("way", ["api", "form"])
def test_a_run_is_posted_once(way: str, live: World, server: Server) -> None:
    run = approved_run(live.oak)
    if way == "api":
        only = one(server.ask_at_once([by_api(live.oak, f"runs/{run}/post/", {})] * FIFTY), 202)
        assert json.loads(only.body)["run"]["id"] == run
    else:
        asked = by_form(live.oak, "supervisor", f"/runs/{run}/post/")
        assert one(server.ask_at_once([asked] * FIFTY), 302).location == f"/runs/{run}/"
    work_until_idle()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT account_id),"
            " (SELECT count(*) FROM core_job WHERE kind = 'billing.post' AND tenant_id = %s)"
            " FROM billing_bill WHERE run_id = %s",
            [live.oak.utility.id, run],
        )
        assert cursor.fetchone() == (12, 12, 2)  # the jobs of August and of September


def pay(by: Actor, account: int, amount: Decimal, key: str) -> int:
    """One payment on a connection of this thread's own."""
    with scope(by.utility_id), closing(connection):
        given = [Tendered("cash", amount)], [ToAccount(account, amount)]
        once: dict[str, Any] = {"key": key}  # taken by the decorator
        day = date(2026, 9, 15)
        return post_payment(by, tenders=given[0], accounts=given[1], on=day, source="bank", **once)


def test_the_operation_itself_is_done_once(live: World) -> None:
    account = live.oak.account().id
    with ThreadPoolExecutor(FIFTY) as threads:
        receipts = set(threads.map(lambda _: pay(live.oak.clerk, account, PAID, "once"), range(FIFTY)))
    assert len(receipts) == 1
    assert taken() == (1, PAID, 1)
    with pytest.raises(KeyReused):
        pay(live.oak.clerk, account, PAID + 1, "once")
    assert taken() == (1, PAID, 1)


def test_fifty_different_payments_are_fifty_receipts_without_a_gap(live: World) -> None:
    account = live.oak.account().id
    with ThreadPoolExecutor(FIFTY) as threads:
        list(threads.map(lambda n: pay(live.oak.clerk, account, PAID, f"payment {n}"), range(FIFTY)))
    assert taken() == (FIFTY, FIFTY * PAID, FIFTY)
    with scope(live.oak.utility.id), transaction.atomic():
        numbers = Receipt.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, FIFTY + 1))


def test_the_same_key_of_another_operator_is_another_payment(live: World) -> None:
    account = live.oak.account().id
    both = {pay(by, account, PAID, "once") for by in (live.oak.clerk, live.oak.supervisor)}
    assert len(both) == 2
