"""What a bill was worked out from is changed before it is posted: nobody approves or posts the old price."""

from dataclasses import replace
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connections

from billing.models import PreparedBill
from billing.runs import approve_run, post_run, review_run
from billing.still_true import hold_what_changed
from config.town.month import work_until_idle
from core import clock
from core.errors import Conflict
from core.prove import Asked, prove
from core.tenancy import scope
from customers.models import Service
from customers.tax_exempt import set_tax_exemptions
from meters.meter_file import change_meter, registers_as_they_are
from meters.models import Installation
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, draft_version
from tests.integration.test_planted_disasters import ACCOUNTS, new_rate, times
from tests.integration.test_run_review import do, totals
from tests.world.grown import ENDS, STARTS, Grown, client


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


def posted(town: Grown, run: int) -> int:
    do(town, "supervisor", post_run, run_id=run)
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
def test_a_bill_whose_facts_changed_after_the_approval_is_held_and_the_others_are_posted(
    grown: Grown, ready: int
) -> None:
    approved(grown, ready)
    row = grown.staged(ready)[3]
    exempt(grown, row)
    assert posted(grown, ready) == ACCOUNTS - 1
    (held,) = grown.staged(ready, state="held")
    assert (held.account_id, held.reason) == (row.account_id, "changed_since")
    assert held.detail == "Changed since the run was approved: the tax exemptions."
    assert totals(grown, ready, "posted") == sum(
        (r.total for r in grown.staged(ready, state="posted")), Decimal(0)
    )
    asked = Asked(grown.utility, clock.now(), deep=True)
    assert [f for f in prove(asked) if f.offences] == []


def test_the_page_of_the_run_says_what_posting_held(grown: Grown, ready: int) -> None:
    approved(grown, ready)
    exempt(grown, grown.staged(ready)[3])
    posted(grown, ready)
    page = client(grown, "billing").get(f"/runs/{ready}/").content.decode()
    assert "1 held: changed after it was approved" in page
    assert "the next run bills it" in page


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
