"""What a bill was worked out from is changed before it is posted: nobody approves or posts the old price."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connections

from billing.holds import hold_bill
from billing.models import PreparedBill
from billing.runs import approve_run, cancel_run, post_run, review_run
from billing.still_true import hold_what_changed
from config.town.month import work_until_idle
from config.town.simulate import open_cycle, read_month
from core import clock
from core.errors import Conflict
from core.prove import Asked, prove
from core.tenancy import scope
from customers.account_file import change_account, set_flags
from customers.leaving import end_account
from customers.models import Service
from customers.operations import add_service
from customers.tax_exempt import set_tax_exemptions
from meters.meter_file import change_meter, registers_as_they_are
from meters.models import Installation
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, draft_version
from tests.integration.test_planted_disasters import ACCOUNTS, new_rate, times
from tests.integration.test_run_review import do, totals
from tests.world.grown import ENDS, MONTH, STARTS, Grown, client


def offences(town: Grown) -> list[object]:
    asked = Asked(town.utility, clock.now(), deep=True)
    return [found for found in prove(asked) if found.offences]


def first_account(town: Grown) -> int:
    """An account of the cycle that has refuse collected."""
    with town.at():
        rows = Service.objects.filter(account__location__route__in=town.routes(), ends=None)
        return int(rows.filter(service_type="refuse").order_by("id")[3].account_id)


@pytest.fixture
def ready(grown: Grown) -> int:
    """A good run, prepared."""
    grown.read()
    return grown.prepare()


def reviewed(town: Grown, run: int) -> str:
    mark: str = do(town, "billing", review_run, run_id=run)
    return mark


def approved(town: Grown, run: int) -> None:
    do(town, "supervisor", approve_run, run_id=run, seen=reviewed(town, run))


def posted(town: Grown, run: int, meanwhile: Callable[[], object] = lambda: None) -> int:
    """The bills of an approved run; ``meanwhile`` happens between its job's start and its first part."""
    do(town, "supervisor", post_run, run_id=run)
    meanwhile()
    work_until_idle()
    return town.bills(run)


def exempt(town: Grown, row: PreparedBill) -> None:
    with scope(town.utility.id):
        set_tax_exemptions(town.by("billing"), account_id=row.account_id, codes=["WET"], today=STARTS)


def multiplied(town: Grown, row: PreparedBill) -> None:
    """The meter of the account's water counts a hundred at a time, it turns out."""
    with town.at():
        point = Service.objects.get(account=row.account_id, service_type="water").service_point_id
        meter = Installation.objects.get(service_point=point, ends=None).meter
        (register,) = registers_as_they_are(meter)
    do(
        town,
        "billing",
        change_meter,
        meter_id=meter.id,
        registers=[replace(register, multiplier=register.multiplier * 100)],
    )


@pytest.mark.req("BIL-01")
def test_a_rate_put_in_force_after_a_run_was_prepared_stops_its_review(grown: Grown, ready: int) -> None:
    new_rate(grown, "WATER", times("1.05"))
    said = rf"rate WATER, which has another version in force \({ACCOUNTS} accounts, 100001 one of them\)"
    with pytest.raises(Conflict, match=said):
        reviewed(grown, ready)
    before = totals(grown, ready, "ready")
    grown.prepare(ready)
    assert totals(grown, ready, "ready") > before
    assert grown.post(ready) == ACCOUNTS


@pytest.mark.req("BIL-01")
def test_a_meter_corrected_after_the_review_stops_the_approval(grown: Grown, ready: int) -> None:
    mark, row = reviewed(grown, ready), grown.staged(ready)[3]
    multiplied(grown, row)
    with pytest.raises(Conflict, match=rf"the meter of the water service \(account {row.account.number}\)"):
        do(grown, "supervisor", approve_run, run_id=ready, seen=mark)


@pytest.mark.req("BIL-01")
def test_a_bill_whose_facts_change_while_it_is_posted_is_held_and_the_others_are_posted(
    grown: Grown, ready: int
) -> None:
    approved(grown, ready)
    row = grown.staged(ready)[3]
    assert posted(grown, ready, lambda: exempt(grown, row)) == ACCOUNTS - 1
    (held,) = grown.staged(ready, state="held")
    assert (held.account_id, held.reason) == (row.account_id, "changed_since")
    assert held.detail == "Changed since the run was approved: the tax exemptions."
    charged = sum((r.total for r in grown.staged(ready, state="posted")), Decimal(0))
    assert totals(grown, ready, "posted") == charged
    assert offences(grown) == []


def test_the_page_of_the_run_says_what_posting_held(grown: Grown, ready: int) -> None:
    approved(grown, ready)
    posted(grown, ready, lambda: exempt(grown, grown.staged(ready)[3]))
    page = client(grown, "billing").get(f"/runs/{ready}/").content.decode()
    assert "1 held: changed after it was approved" in page
    assert "the next run bills these days too" in page


def test_an_approved_run_whose_facts_changed_is_cancelled_and_opened_again(grown: Grown, ready: int) -> None:
    approved(grown, ready)
    exempt(grown, grown.staged(ready)[3])
    with pytest.raises(Conflict, match="the tax exemptions"):
        posted(grown, ready)
    assert "Cancel run…" in client(grown, "billing").get(f"/runs/{ready}/").content.decode()
    do(grown, "billing", cancel_run, run_id=ready, why="An exemption came late")
    assert grown.post(grown.prepare()) == ACCOUNTS


def test_a_run_that_is_being_posted_is_not_cancelled(grown: Grown, ready: int) -> None:
    approved(grown, ready)
    do(grown, "supervisor", post_run, run_id=ready)
    with pytest.raises(Conflict, match="being posted"):
        do(grown, "billing", cancel_run, run_id=ready, why="Too late")


@pytest.mark.parametrize("happens", ["a move-out after the run", "another number of units", "another class"])
def test_what_changes_no_bill_stops_nothing(grown: Grown, ready: int, happens: str) -> None:
    account = grown.staged(ready)[3].account_id
    approved(grown, ready)
    if happens == "a move-out after the run":
        do(grown, "clerk", end_account, account_id=account, on=ENDS + timedelta(8))
    elif happens == "another number of units":
        do(grown, "clerk", change_account, account_id=account, fields={}, units=3)
    else:
        do(grown, "clerk", change_account, account_id=account, fields={"category": "commercial"})
    assert posted(grown, ready) == ACCOUNTS


def test_work_on_a_held_bill_stops_no_approval_of_the_others(grown: Grown, ready: int) -> None:
    row = grown.staged(ready)[3]
    do(grown, "supervisor", hold_bill, run_id=ready, account_id=row.account_id, why="Read it again")
    mark = reviewed(grown, ready)
    multiplied(grown, row)
    do(grown, "supervisor", approve_run, run_id=ready, seen=mark)
    assert posted(grown, ready) == ACCOUNTS - 1


def test_an_account_that_is_to_be_billed_after_all_is_told_at_review(grown: Grown) -> None:
    grown.read()
    account = first_account(grown)
    do(grown, "billing", set_flags, account_id=account, flags={"no_bill": True})
    run = grown.prepare()
    do(grown, "billing", set_flags, account_id=account, flags={"no_bill": False})
    with pytest.raises(Conflict, match="whether it is billed"):
        reviewed(grown, run)


def test_a_flat_service_whose_first_bill_was_left_out_is_billed_from_its_first_day(grown: Grown) -> None:
    grown.read()
    account = first_account(grown)
    with grown.at():
        rate = RateTable.objects.get(code="REFUSE").id
    service = do(
        grown, "clerk", add_service, account_id=account, rate_id=rate, starts=STARTS, attributes={"carts": 1}
    )
    run = grown.prepare()
    do(grown, "supervisor", hold_bill, run_id=run, account_id=account, why="Is it a second cart?")
    assert grown.post(run) == ACCOUNTS - 1
    assert offences(grown) == []
    read_month(grown.utility, grown.plan, MONTH + 1, [0])
    following = grown.prepare(open_cycle(grown.utility, grown.plan, MONTH + 1, 0))
    (row,) = grown.staged(following, account=account)
    assert [p[1] for p in row.measured[0] if p[0] == service] == [STARTS.isoformat()]


def test_a_version_waits_for_the_bills_that_are_being_posted(grown: Grown, ready: int) -> None:
    with grown.at():
        table = RateTable.objects.get(code="WATER")
        content = RateVersion.objects.get(table=table, state="active").content
    draft = do(grown, "admin", draft_version, table_id=table.id, content=times("1.05")(content), starts=ENDS)

    def activate() -> None:
        do(grown, "supervisor", activate_version, version_id=draft)
        connections.close_all()

    other = Thread(target=activate)
    with grown.at():
        assert hold_what_changed(grown.run(ready), grown.staged(ready)[0].chunk) == 0
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(20)
    with grown.at():
        assert RateVersion.objects.get(id=draft).state == "active"
