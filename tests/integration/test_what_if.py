"""Posted bills under other rate tables: worked by hand, kept, resumed, told what cannot be priced."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from time import sleep
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from billing.models import Bill
from billing.what_if import operations
from billing.what_if.operations import NewTable, ask_what_if, delete_what_if, rename_what_if
from billing.what_if.queries import figures_of, what_ifs
from billing.what_if.sums import Figures
from billing.what_if_models import WhatIf, WhatIfBill
from config.town.month import work_until_idle
from config.town.plan import use_of
from core.errors import Conflict, NotAllowed, Refused
from core.models import Job
from core.tenancy import scope
from core.work.jobs import cancel_job, retry_job
from rates.models import RateTable, RateVersion
from rates.operations import create_table, draft_version
from tests.conftest import World
from tests.world.tables import table_hash
from tests.world.towns import Town

BILLS = 12


def table_id(town: Town, code: str) -> int:
    with scope(town.utility.id), transaction.atomic():
        return int(RateTable.objects.get(code=code).id)


def content_of(town: Town, code: str) -> dict[str, Any]:
    with scope(town.utility.id), transaction.atomic():
        return deepcopy(dict(RateVersion.objects.get(table__code=code, state="active").content))


def asked(town: Town, *tables: NewTable, name: str = "Trial", work: bool = True) -> int:
    with scope(town.utility.id):
        found = ask_what_if(town.billing, name=name, tables=tables)
    if work:
        work_until_idle()
    return found


def percent(town: Town, code: str, by: str) -> NewTable:
    return NewTable(table_id(town, code), percent=Decimal(by))


def figures(town: Town, what_if_id: int) -> Figures:
    with scope(town.utility.id), transaction.atomic():
        found = figures_of(WhatIf.objects.get(id=what_if_id))
    assert found is not None
    return found


def changes(town: Town, what_if_id: int) -> Mapping[str, Decimal | None]:
    """What each account's bill would change by."""
    with scope(town.utility.id), transaction.atomic():
        rows = WhatIfBill.objects.filter(what_if=what_if_id)
        return dict(rows.values_list("bill__account__number", "change"))


@pytest.mark.req("RAT-08")
def test_each_customer_and_the_total_under_dearer_refuse(live: World) -> None:
    """Ten per cent more: 16.00 to 17.60, 8.00 to 8.80, a further cart 4.00 to 4.40.

    So a bill rises by 1.60 + 0.80 = 2.40, and by 0.40 for each cart after the first.
    """
    oak = live.oak
    what_if = asked(oak, percent(oak, "REFUSE", "10"))
    expected = {h.number: Decimal("2.40") + Decimal("0.40") * (h.carts - 1) for h in oak.houses}
    assert changes(oak, what_if) == expected
    found = figures(oak, what_if)
    assert found.whole.change == sum(expected.values())
    assert (found.whole.bills, found.whole.higher, found.whole.lower) == (BILLS, BILLS, 0)
    with scope(oak.utility.id), transaction.atomic():
        assert found.whole.old == sum(Bill.objects.values_list("charges", flat=True))


@pytest.mark.req("RAT-08", "RAT-11")
def test_what_rests_on_another_service_is_worked_out_from_it(live: World) -> None:
    """Sewer is billed by the water meter: 0.50 more for each thousand gallons above two thousand."""
    oak = live.oak
    content = content_of(oak, "SEWER")
    content["components"][1]["blocks"][1]["price"] = "3.75"
    what_if = asked(oak, NewTable(table_id(oak, "SEWER"), content=content))
    found = changes(oak, what_if)
    for house in oak.houses:
        gallons = Decimal(use_of(oak.plan, house, 0)) * 100 * 1728 / 231  # a cubic foot is 1728/231 gallons
        above = max(Decimal(0), gallons - 2000) / 1000
        cents = Decimal("0.01")
        expected = (above * Decimal("3.75")).quantize(cents) - (above * Decimal("3.25")).quantize(cents)
        assert found[house.number] == expected, house.number


@pytest.mark.req("RAT-08")
def test_a_draft_is_tried_before_it_is_in_force_and_no_bill_is_changed(live: World) -> None:
    """One dollar more on the sewer's minimum."""
    oak = live.oak
    content = content_of(oak, "SEWER")
    content["components"][0]["amount"] = "25.64"
    with scope(oak.utility.id):
        draft = draft_version(
            oak.admin, table_id=table_id(oak, "SEWER"), content=content, starts=date(2027, 1, 1)
        )
    before = table_hash("billing_bill", "billing_preparedbill", "ledger_", "rates_", "customers_")
    what_if = asked(oak, NewTable(table_id(oak, "SEWER"), version_id=draft))
    assert set(changes(oak, what_if).values()) == {Decimal("1.00")}
    assert table_hash("billing_bill", "billing_preparedbill", "ledger_", "rates_", "customers_") == before
    found = figures(oak, what_if)
    assert found.services["sewer"].change == BILLS
    assert found.services["water"].change == found.services["refuse"].change == 0


def test_bills_that_a_table_cannot_price_are_told_with_their_reason(live: World) -> None:
    """A table that knows one cart only: houses with more cannot be priced."""
    oak = live.oak
    content = content_of(oak, "REFUSE")
    carts = {"quantity": "carts", "unit": "carts", "bands": [{"up_to": "1", "amount": "20.00"}]}
    head = {"id": "carts", "kind": "bands", "text": "Carts", "revenue_code": "TRASH"}
    content["components"] = [{**head, **carts}]
    what_if = asked(oak, NewTable(table_id(oak, "REFUSE"), content=content))
    many = {h.number for h in oak.houses if h.carts > 1}
    found = changes(oak, what_if)
    assert {number for number, change in found.items() if change is None} == many
    told = figures(oak, what_if)
    assert told.unpriced["rating"].bills == len(many)
    assert told.whole.bills == BILLS - len(many)
    with scope(oak.utility.id), transaction.atomic():
        assert "no amount for" in WhatIfBill.objects.filter(what_if=what_if, new=None)[0].detail


def test_two_towns_ask_and_neither_sees_the_other(live: World) -> None:
    ours, theirs = (asked(t, percent(t, "REFUSE", "50"), name=t.plan.name) for t in (live.oak, live.elm))
    for town, own, other in ((live.oak, ours, theirs), (live.elm, theirs, ours)):
        with scope(town.utility.id), transaction.atomic():
            assert list(what_ifs().values_list("id", flat=True)) == [own]
            assert not WhatIfBill.objects.filter(what_if=other).exists()
            assert WhatIfBill.objects.filter(what_if=own).count() == BILLS


def test_a_cancelled_one_tells_no_figures_and_goes_on_when_asked(live: World) -> None:
    oak = live.oak
    what_if = asked(oak, percent(oak, "WATER", "4"), work=False)
    with scope(oak.utility.id):
        with transaction.atomic():
            job = WhatIf.objects.get(id=what_if).job_id
        assert job is not None
        cancel_job(oak.supervisor, job_id=job)
        work_until_idle()
        with transaction.atomic():
            assert WhatIf.objects.get(id=what_if).figures == {}
        retry_job(oak.supervisor, job_id=job)
    work_until_idle()
    assert figures(oak, what_if).whole.bills == BILLS
    with scope(oak.utility.id), transaction.atomic():
        assert WhatIfBill.objects.filter(what_if=what_if).count() == BILLS
        assert Job.objects.get(id=job).state == "done"


def test_it_is_renamed_and_thrown_away(live: World) -> None:
    oak = live.oak
    what_if = asked(oak, percent(oak, "WATER", "4"))
    with scope(oak.utility.id):
        rename_what_if(oak.billing, what_if_id=what_if, name="Water, four more", note_text="For March")
        with transaction.atomic():
            assert str(WhatIf.objects.get(id=what_if)) == "Water, four more"
        delete_what_if(oak.billing, what_if_id=what_if)
        with transaction.atomic():
            assert not WhatIf.objects.exists()
            assert not WhatIfBill.objects.exists()


def test_one_at_work_is_not_thrown_away(live: World) -> None:
    oak = live.oak
    what_if = asked(oak, percent(oak, "WATER", "4"), work=False)
    with scope(oak.utility.id), pytest.raises(Conflict, match="still being worked out"):
        delete_what_if(oak.billing, what_if_id=what_if)


def test_a_question_that_asks_nothing_is_refused_with_its_place(live: World) -> None:
    oak = live.oak
    water = table_id(oak, "WATER")
    broken = content_of(oak, "WATER")
    broken["components"][0]["blocks"][0]["up_to"] = "900"
    for tables, says in (
        ((), "No table"),
        ((NewTable(water),), "not clear what prices"),
        ((NewTable(water, percent=Decimal(-100)),), "cannot be meant"),
        ((NewTable(water, content=broken),), r"components\[0\]\.blocks\[1\]"),
        ((NewTable(water, content=content_of(oak, "SEWER")),), "WATER is for water"),
    ):
        with scope(oak.utility.id), pytest.raises(Refused, match=says):
            ask_what_if(oak.billing, name="Trial", tables=tables)


def test_who_may_only_look_asks_nothing(live: World) -> None:
    with scope(live.oak.utility.id), pytest.raises(NotAllowed):
        ask_what_if(live.oak.clerk, name="Trial", tables=[percent(live.oak, "WATER", "4")])


def test_the_pages_say_it_all(live: World) -> None:
    oak = live.oak
    what_if = asked(oak, percent(oak, "REFUSE", "10"), name="Refuse ten up")
    clerk = oak.client("clerk")
    page = clerk.get(f"/rates/what-if/{what_if}/").content.decode()
    assert "Refuse ten up" in page
    assert "+10.0" in page
    rows = clerk.get(f"/rates/what-if/{what_if}/bills/?export=csv").getvalue().decode()
    assert len(rows.splitlines()) == BILLS + 1
    number = bill_number(oak, "100001")
    twice = clerk.get(f"/rates/what-if/{what_if}/bills/{number}/").content.decode()
    assert "17.60" in twice
    assert "16.00" in twice
    assert clerk.get(f"/rates/what-if/{what_if}/packet.pdf").content.startswith(b"%PDF")


def bill_number(town: Town, account: str) -> int:
    with scope(town.utility.id), transaction.atomic():
        return int(Bill.objects.get(account__number=account).number)


def test_it_is_asked_on_screen(live: World) -> None:
    oak = live.oak
    biller = oak.client("billing")
    refuse = table_id(oak, "REFUSE")
    form = {
        "name": "Refuse ten up",
        "basis": "latest",
        f"how_{refuse}": "percent",
        f"percent_{refuse}": "+10 %",
        "idempotency_key": "asked-on-screen",
    }
    answer = biller.post("/rates/what-if/new/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    work_until_idle()
    page = biller.get(answer["Location"]).content.decode()
    assert json.dumps("Refuse ten up")[1:-1] in page


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the rows of the second of three parts are written and before they are kept."""
    oak = live.oak
    monkeypatch.setattr(operations, "PART", 5)
    what_if = asked(oak, percent(oak, "REFUSE", "10"), work=False)
    env = {**live.env(), "CURBSTOP_FAIL_AT": "job.written:2", "CURBSTOP_LEASE_SECONDS": "3"}
    command = [sys.executable, "manage.py", "worker", "--until-idle"]
    killed = subprocess.run(command, cwd=settings.ROOT, env=env, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with scope(oak.utility.id), transaction.atomic():
        assert WhatIfBill.objects.filter(what_if=what_if).count() == 5
        assert WhatIf.objects.get(id=what_if).figures == {}
    sleep(3)  # until the dead worker's lease is over
    work_until_idle()
    expected = {h.number: Decimal("2.40") + Decimal("0.40") * (h.carts - 1) for h in oak.houses}
    assert changes(oak, what_if) == expected
    assert figures(oak, what_if).whole.change == sum(expected.values())


@pytest.mark.req("RAT-08")
def test_bills_are_tried_under_another_rate_of_the_same_service(live: World) -> None:
    """Refuse under a table that asks 30.00 of each: 24.00 and 4.00 for each further cart are no more."""
    oak = live.oak
    flat = {"id": "flat", "kind": "fixed", "text": "Refuse", "revenue_code": "TRASH", "amount": "30.00"}
    content = {"name": "Flat refuse", "service_type": "refuse", "components": [flat]}
    with scope(oak.utility.id):
        other = create_table(oak.admin, code="R-FLAT", name="Flat refuse", service_type="refuse")
        draft = draft_version(oak.admin, table_id=other, content=content, starts=date(2027, 1, 1))
    biller, refuse = oak.client("billing"), table_id(oak, "REFUSE")
    assert "by R-FLAT, version from Jan 1, 2027 (draft)" in biller.get("/rates/what-if/new/").content.decode()
    form = {
        "name": "Flat",
        "basis": "latest",
        "idempotency_key": "another-rate",
        f"how_{refuse}": f"v{draft}",
    }
    answer = biller.post("/rates/what-if/new/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    work_until_idle()
    what_if = int(answer["Location"].rstrip("/").rpartition("/")[2])
    expected = {h.number: Decimal("6.00") - 4 * (h.carts - 1) for h in oak.houses}
    assert changes(oak, what_if) == expected
    assert biller.get(f"/rates/what-if/{what_if}/tables/REFUSE/").status_code == 200
