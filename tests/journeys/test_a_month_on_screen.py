"""A month on screen: from an opened run to printed bills and a payment, by three people."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from billing.models import Bill, Run
from collections_app.models import Receipt
from config.town.month import work_until_idle
from core.models import Job
from core.tenancy import scope
from ledger.models import OpenItem, Posting
from tests.conftest import World
from tests.world.desk import BILLED_ON, file_of, key_of, open_till, prepared_september, review, send, text_of
from tests.world.towns import Town


def found_in(town: Town, ask: Any) -> Any:
    with scope(town.utility.id), transaction.atomic():
        return ask()


def reviewed_and_approved(town: Town) -> str:
    run = prepared_september(town)
    assert review(town.client("billing"), run).status_code == 302
    supervisor = town.client("supervisor")
    seen = supervisor.get(f"{run}approve/").context["sent"]
    assert send(supervisor, f"{run}approve/", seen=seen)["Location"] == run
    return run


@pytest.mark.req("BIL-01")
def test_a_month_goes_from_an_open_run_to_printed_bills(live: World) -> None:
    run = reviewed_and_approved(live.oak)
    supervisor = live.oak.client("supervisor")
    assert f"Post {live.oak.plan.accounts} bills" in text_of(supervisor.get(f"{run}post/"))
    assert send(supervisor, f"{run}post/")["Location"] == run
    work_until_idle()
    assert send(supervisor, f"{run}print/", order="route").status_code == 302
    work_until_idle()
    assert "Printed" in text_of(supervisor.get(run))
    pdf = file_of(supervisor.get(f"{run}bills.pdf"))
    assert pdf.startswith(b"%PDF")
    assert supervisor.get(f"{run}pages/").context["total"] == live.oak.plan.accounts
    sums = found_in(live.oak, lambda: Posting.objects.aggregate(debit=Sum("debit"), credit=Sum("credit")))
    assert sums["debit"] == sums["credit"]


@pytest.mark.req("BIL-01")
def test_until_it_is_approved_every_step_can_be_repeated_and_nothing_is_posted(live: World) -> None:
    run = prepared_september(live.oak)
    biller = live.oak.client("billing")
    assert review(biller, run).status_code == 302
    assert send(biller, f"{run}prepare/", opened=run).status_code == 302
    work_until_idle()
    assert "Prepared" in text_of(biller.get(run))
    assert found_in(live.oak, Bill.objects.filter(bill_on=BILLED_ON).count) == 0


def test_a_step_that_is_not_the_next_is_refused_and_changes_nothing(live: World) -> None:
    run = prepared_september(live.oak)
    supervisor = live.oak.client("supervisor")
    key = key_of(supervisor.get(run))
    assert supervisor.post(f"{run}post/", {"idempotency_key": key}).status_code == 409
    assert supervisor.post(f"{run}print/", {"idempotency_key": key}).status_code == 409
    assert found_in(live.oak, lambda: Run.objects.get(starts="2026-09-01").state) == "prepared"


def test_posting_pressed_twice_posts_each_bill_once(live: World) -> None:
    run = reviewed_and_approved(live.oak)
    supervisor = live.oak.client("supervisor")
    key = key_of(supervisor.get(f"{run}post/"))
    for _ in range(2):
        assert supervisor.post(f"{run}post/", {"idempotency_key": key})["Location"] == run
    assert supervisor.post(f"{run}post/", {"idempotency_key": "another-key"}).status_code == 302
    work_until_idle()
    assert found_in(live.oak, Job.objects.filter(kind="billing.post", title__contains="Sep").count) == 1
    assert found_in(live.oak, Bill.objects.filter(bill_on=BILLED_ON).count) == live.oak.plan.accounts


def test_a_posted_run_is_left_unprinted_with_a_reason(live: World) -> None:
    run = reviewed_and_approved(live.oak)
    supervisor = live.oak.client("supervisor")
    send(supervisor, f"{run}post/")
    work_until_idle()
    assert send(supervisor, f"{run}no-print/", why=" ").status_code == 422
    assert send(supervisor, f"{run}no-print/", why="All of them by e-mail").status_code == 302
    assert "Left unprinted: All of them by e-mail" in text_of(supervisor.get(run))


def test_a_bill_is_paid_at_the_counter_by_scan_enter_enter(live: World) -> None:
    open_till(live.oak)
    clerk = live.oak.client("clerk")
    bill = found_in(live.oak, lambda: Bill.objects.get(account__number="100002"))
    cents = int(bill.total_due * 100)
    till = clerk.get("/counter/scan/", {"code": f"A100002*{cents}"}).json()["url"]
    page = clerk.get(till)
    exact = page.context["form"].initial
    form = {k: exact[k] for k in ("account", "amount", "tender", "kind")} | {"idempotency_key": key_of(page)}
    done = [clerk.post("/counter/", form)["Location"] for _ in range(2)]
    assert done[0] == done[1]
    assert "No change due" in text_of(clerk.get(done[0]))
    receipt = found_in(live.oak, Receipt.objects.get)
    assert (receipt.total, receipt.change, receipt.number) == (bill.total_due, Decimal(0), 1)
    left = found_in(
        live.oak, lambda: OpenItem.objects.filter(account__number="100002").aggregate(x=Sum("open"))
    )
    assert left["x"] == 0
