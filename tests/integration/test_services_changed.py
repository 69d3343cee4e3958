"""A service is changed by form and API: its rate, what the rate asks for, its days; what a bill then does."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing import runs
from billing.models import Bill, PreparedBill, Run
from billing.preparing import chunk_hashes
from billing.remaking import differences
from config.town.found import tariff
from config.town.month import work_until_idle
from core.errors import Conflict, Refused
from core.models import Change
from core.tenancy import scope
from customers.models import Account, Service
from customers.operations import add_service
from customers.service_file import change_service
from ledger.models import Charge
from meters.models import Reading, Register
from meters.operations import NewReading, record_batch
from tests.conftest import World
from tests.journeys.test_rates_in_a_bill import OCTOBER, SEPTEMBER, charges, metered, only_this, rate
from tests.world.desk import prepared_september, send, text_of
from tests.world.fields import sent, wrong_on
from tests.world.partners import Partner

MIDDLE = date(2026, 9, 16)


def service(live: World, kind: str = "water", number: str = "100001") -> Service:
    with scope(live.oak.utility.id), transaction.atomic():
        rows = Service.objects.filter(account__number=number, service_type=kind).select_related("rate")
        return rows.order_by("-starts", "-id")[0]


def page_of(one: Service, number: str = "100001") -> str:
    return f"/accounts/{number}/services/{one.id}/change/"


def change(live: World, one: Service, since: date | None = None, **changes: Any) -> int:
    with scope(live.oak.utility.id):
        return change_service(live.oak.clerk, service_id=one.id, changes=changes, since=since)


@pytest.mark.req("CUS-08", "CUS-04")
def test_a_clerk_finds_a_rate_by_a_part_of_its_name_and_the_service_has_it(live: World) -> None:
    with scope(live.oak.utility.id):
        table = rate(live, "W-NEW", tariff("dunsmuir-water-2016"))
    clerk, one = live.oak.client("clerk"), service(live)
    found = text_of(clerk.get("/rates/options/?of=rate&rate=dunsmuir&at=id_rate&kind=water"))
    chosen = clerk.get(f"{page_of(one)}?rate=w-new")
    assert "W-NEW" in found
    assert "The rate changes from" in text_of(chosen)
    answer = send(clerk, f"{page_of(one)}?rate=W-NEW", units="3", starts=str(one.starts))
    assert answer.status_code == 302, wrong_on(answer)
    now = service(live)
    assert (now.id, now.rate_id, now.units) == (one.id, table, Decimal(3))


def test_a_rate_of_another_kind_is_not_found_for_it(live: World) -> None:
    page = live.oak.client("clerk").get(f"{page_of(service(live))}?rate=refuse")
    assert "No rate has “refuse”" in text_of(page)


@pytest.mark.req("CUS-04")
def test_before_and_after_are_kept_with_who_did_it(live: World) -> None:
    one = service(live)
    change(live, one, units=Decimal(4))
    with scope(live.oak.utility.id), transaction.atomic():
        kept = Change.objects.filter(table="customers_service", row_id=one.id).latest("id")
    found = [Decimal(str((side or {})["units"])) for side in (kept.before, kept.after)]
    assert found == [1, 4]


def test_the_second_of_two_clerks_is_told_and_loses_nothing(live: World) -> None:
    first, second, one = live.oak.client("supervisor"), live.oak.client("clerk"), service(live)
    page = second.get(page_of(one)).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(idempotency_key|seen)" value="([^"]+)"', page))
    assert sent(first, page_of(one), units="2").status_code == 302
    answer = second.post(page_of(one), {**hidden, "units": "5", "starts": str(one.starts)})
    assert answer.status_code == 409
    assert live.oak.supervisor.name in answer.content.decode()
    assert service(live).units == 2


def test_the_first_day_of_a_billed_service_stays_and_it_ends_no_earlier_than_billed(live: World) -> None:
    one = service(live, "refuse")
    with pytest.raises(Conflict, match="billed up to Sep 1, 2026"):
        change(live, one, starts=date(2026, 8, 15))
    with pytest.raises(Conflict, match="billed up to Sep 1, 2026"):
        change(live, one, ends=date(2026, 8, 20))
    change(live, one, ends=MIDDLE)
    assert service(live, "refuse").ends == MIDDLE
    change(live, one, ends=None)
    assert service(live, "refuse").ends is None


@pytest.mark.req("CUS-04")
def test_one_service_ends_and_the_account_goes_on(live: World) -> None:
    one = service(live, "refuse")
    answer = sent(live.oak.client("clerk"), page_of(one), ends="2026-09-16")
    assert answer.status_code == 302, wrong_on(answer)
    with scope(live.oak.utility.id), transaction.atomic():
        assert Account.objects.get(number="100001").ends is None
    assert service(live, "refuse").ends == MIDDLE
    assert service(live).ends is None


def test_a_metered_service_ends_only_on_a_day_on_which_its_meter_was_read(live: World) -> None:
    one = service(live)
    answer = sent(live.oak.client("clerk"), page_of(one), ends="2026-09-16")
    assert "no reading of Sep 16, 2026" in wrong_on(answer)["ends"]
    assert service(live).ends is None


def test_a_partner_changes_a_service_with_its_version_once(live: World) -> None:
    one, partner = service(live, "refuse"), Partner(live.oak)
    shown = partner.get(f"services/{one.id}/")
    body = {"units": "2", "version": shown["version"]}
    first = partner.ask("PATCH", f"services/{one.id}/", body)
    again = partner.ask("PATCH", f"services/{one.id}/", {**body, "units": "3"})
    assert (first.status_code, first.json()["units"]) == (200, "2")
    assert again.status_code == 409
    unknown = partner.ask("PATCH", f"services/{one.id}/", {"billed_to": "2026-09-01"})
    assert unknown.status_code in (400, 422)


def test_a_wrong_change_says_at_which_field_and_what_to_do(live: World) -> None:
    with pytest.raises(Refused) as refused:
        change(live, service(live), units=Decimal(-1))
    assert refused.value.field == "units"
    with pytest.raises(Refused) as other:
        change(live, service(live), billed_to=SEPTEMBER)
    assert other.value.field == "billed_to"


def two_rates(live: World, since: date | None) -> tuple[Account, dict[str, Decimal]]:
    """A gas meter read at 400 in the middle of September and at 1,000 on its end; its rate is changed."""
    account = live.oak.account()
    cheap = tariff("sample-gas")
    with scope(live.oak.utility.id):
        only_this(live, account)
        point, register = metered(live, account, "gas", "5/8", cheap["unit"])
        old, new = rate(live, "GAS-1", cheap), rate(live, "GAS-2", dearer(cheap))
        one = add_service(
            live.oak.clerk, account_id=account.id, rate_id=old, starts=SEPTEMBER, service_point_id=point
        )
        reads = [(MIDDLE, "400"), (OCTOBER, "1000")]
        rows = [NewReading(register, on, Decimal(dial)) for on, dial in reads]
        record_batch(live.oak.system, rows=rows, came_from="test")
        change_service(live.oak.clerk, service_id=one, changes={"rate_id": new}, since=since)
    return account, charges(live, account)


def dearer(content: dict[str, Any]) -> dict[str, Any]:
    """The same table, its customer charge 100.00 instead of 80.00."""
    parts = [{**one, "amount": "100.00"} if one["id"] == "service" else one for one in content["components"]]
    return {**content, "components": parts}


@pytest.mark.req("CUS-08")
def test_a_rate_changed_in_the_middle_prices_all_that_is_not_billed_yet(live: World) -> None:
    _, found = two_rates(live, None)
    # 1,000 × .4374 at the new table, whose customer charge is 100.00.
    assert (found["commodity"], found["service"]) == (Decimal("437.40"), Decimal("100.00"))


@pytest.mark.req("CUS-08")
def test_a_rate_changed_from_a_day_on_bills_both_parts_by_themselves(live: World) -> None:
    account, _ = two_rates(live, MIDDLE)
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account=account, starts=SEPTEMBER)
        rows = Charge.objects.filter(journal=bill.journal_id, component__in=("commodity", "service"))
        found = list(rows.order_by("service", "component").values_list("component", "amount"))
    # Up to the 16th 400 × .4374 = 174.96 and 80.00; from then 600 × .4374 = 262.44 and 100.00.
    assert found == [
        ("commodity", Decimal("174.96")),
        ("service", Decimal("80.00")),
        ("commodity", Decimal("262.44")),
        ("service", Decimal("100.00")),
    ]


def test_a_rate_that_looks_at_the_water_used_sees_both_parts_of_a_service(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        with transaction.atomic():
            registers = {r.meter.number: r for r in Register.objects.select_related("meter")}
        split, whole = registers["M100001"], registers["M100002"]
        last = {r.id: last_of(r) for r in (split, whole)}
        reads = [(split, MIDDLE, 3), (split, OCTOBER, 7), (whole, OCTOBER, 7)]
        rows = [NewReading(r.id, on, last[r.id] + used) for r, on, used in reads]
        record_batch(oak.system, rows=rows, came_from="test")
    change(live, service(live), since=MIDDLE, units=Decimal(2))
    charges(live, live.oak.account())
    with scope(oak.utility.id), transaction.atomic():
        sewer = {
            number: list(
                Charge.objects.filter(service__account__number=number, service__service_type="sewer")
                .filter(journal__in=Bill.objects.filter(starts__gte=SEPTEMBER).values("journal"))
                .order_by("component")
                .values_list("component", "quantity", "amount")
            )
            for number in ("100001", "100002")
        }
        _, found = differences(1, 10_000)
    assert sewer["100001"] == sewer["100002"] != []
    assert found == []


def last_of(register: Register) -> Decimal:
    with transaction.atomic():
        return Reading.objects.filter(register=register, is_live=True).latest("on").dial


def test_a_day_from_which_nothing_changes_is_refused(live: World) -> None:
    with pytest.raises(Refused, match="Neither the rate"):
        change(live, service(live), since=MIDDLE, ends=None)


def test_a_bill_under_review_is_made_again_from_the_changed_service(live: World) -> None:
    run = int(prepared_september(live.oak).strip("/").split("/")[-1])
    one = service(live, "refuse")
    change(live, one, ends=MIDDLE)
    with scope(live.oak.utility.id), transaction.atomic():
        row = PreparedBill.objects.get(run_id=run, account__number="100001")
        periods = {p[0]: p[2] for p in row.measured[0]}
    assert periods[one.id] == "2026-09-16"


def test_while_a_bill_is_approved_its_services_stay_until_it_is_posted(live: World) -> None:
    oak, run = live.oak, int(prepared_september(live.oak).strip("/").split("/")[-1])
    one = service(live, "refuse")
    with scope(oak.utility.id):
        runs.review_run(oak.billing, run_id=run)
        with transaction.atomic():
            seen = runs.run_hash(chunk_hashes(Run.objects.get(id=run)))
        runs.approve_run(oak.supervisor, run_id=run, seen=seen)
    with pytest.raises(Conflict, match="approved with a bill of this account"):
        change(live, one, ends=MIDDLE)
    with scope(oak.utility.id):
        runs.post_run(oak.supervisor, run_id=run)
    work_until_idle()
    with pytest.raises(Conflict, match="billed up to Oct 1, 2026|billed up to Sep 30, 2026"):
        change(live, one, ends=MIDDLE)
