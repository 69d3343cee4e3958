"""What goes wrong with payments is counted on the account, cleared after clean days, set back by hand."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from collections_app.models import Payment
from collections_app.operations import Tendered, ToAccount, post_payment
from collections_app.returns import Returned, return_batch, return_payment
from config.town.month import work_until_idle
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Schedule
from core.operations import act_as
from core.policies import set_policy
from core.tenancy import scope
from core.work.schedules import run_schedule_now
from customers.models import Note, Standing
from customers.policies import CLEAN_DAYS
from customers.standing import NIGHTLY, clear_old, counters_of, raise_counter, raise_counters, reset_counter
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.towns import Town

PAID, BACK = date(2026, 9, 10), date(2026, 9, 15)
WHY = "Not sufficient funds"


def paid(town: Town, number: str, amount: str = "30.00") -> int:
    """A payment's id; its cheque may come back.  In the town's scope."""
    account = town.account(number).id
    receipt = post_payment(
        town.clerk,
        tenders=[Tendered("check", Decimal(amount))],
        accounts=[ToAccount(account, Decimal(amount))],
        on=PAID,
        source="by mail",
    )
    with transaction.atomic():
        return int(Payment.objects.get(receipt=receipt).id)


def counters(town: Town, number: str = "100001") -> dict[str, tuple[int, date | None]]:
    with scope(town.utility.id), transaction.atomic():
        return {one.kind: (one.count, one.last_on) for one in counters_of(town.account(number))}


def bounced(town: Town, number: str = "100001", times: int = 1) -> int:
    """Cheques that came back, the last on ``BACK``; the id of the counter."""
    with scope(town.utility.id):
        for n in range(times)[::-1]:
            day = BACK - timedelta(days=n)
            return_payment(town.supervisor, payment_id=paid(town, number), reason=WHY, on=day)
        with transaction.atomic():
            return int(Standing.objects.get(account=town.account(number), kind="returned").id)


@pytest.mark.req("HIS-06")
def test_each_returned_cheque_counts_with_its_day(live: World) -> None:
    assert counters(live.oak) == {"returned": (0, None), "late_fee": (0, None), "cut_off": (0, None)}
    bounced(live.oak, times=2)
    assert counters(live.oak)["returned"] == (2, BACK)
    assert counters(live.oak, "100002")["returned"] == (0, None)
    assert counters(live.elm)["returned"] == (0, None)


@pytest.mark.req("HIS-06")
def test_a_batch_counts_each_account_as_often_as_it_is_named(live: World) -> None:
    with scope(live.oak.utility.id):
        back = [Returned(paid(live.oak, n), WHY) for n in ("100001", "100001", "100003")]
        return_batch(live.oak.system, returns=back, on=BACK)
    assert counters(live.oak)["returned"] == (2, BACK)
    assert counters(live.oak, "100003")["returned"] == (1, BACK)


@pytest.mark.req("HIS-06")
@pytest.mark.parametrize("kind", ["late_fee", "cut_off"])
def test_late_fees_and_cut_off_lists_count_within_the_operation_that_makes_them(
    live: World, kind: str
) -> None:
    account = live.oak.account().id
    with scope(live.oak.utility.id):
        for day in (BACK, PAID):
            with act_as(live.oak.system, "trial.collect"):
                raise_counter(account, kind, day)
        with pytest.raises(RuntimeError, match="not inside an operation"), transaction.atomic():
            raise_counters(kind, BACK, [account])
    # The later day stays the last one, whichever comes in first.
    assert counters(live.oak)[kind] == (2, BACK)


@pytest.mark.req("HIS-06")
def test_a_counter_is_cleared_when_the_days_have_been_clean(live: World) -> None:
    bounced(live.oak, times=2)
    after = BACK + timedelta(days=90)
    with scope(live.oak.utility.id):
        set_policy(live.oak.admin, code=CLEAN_DAYS, value="90", starts=PAID)
        with act_as(live.oak.system, "trial.night"):
            assert clear_old(after) == 0
        with act_as(live.oak.system, "trial.night"):
            assert clear_old(after + timedelta(days=1)) == 1
        with transaction.atomic():
            found = Standing.objects.get()
    assert (found.count, found.last_on, found.cleared_on) == (0, BACK, after + timedelta(days=1))


@pytest.mark.req("HIS-06")
def test_without_the_policy_nothing_is_ever_cleared(live: World) -> None:
    bounced(live.oak)
    with scope(live.oak.utility.id), act_as(live.oak.system, "trial.night"):
        assert clear_old(date(2099, 1, 1)) == 0
    assert counters(live.oak)["returned"] == (1, BACK)


def test_the_first_count_schedules_the_clearing_once(live: World) -> None:
    bounced(live.oak, times=2)
    with scope(live.oak.utility.id), transaction.atomic():
        assert Schedule.objects.filter(kind=NIGHTLY).count() == 1


@pytest.mark.req("HIS-06")
def test_a_counter_is_set_back_by_hand_with_a_reason_that_stays(live: World) -> None:
    counter = bounced(live.oak, times=2)
    with scope(live.oak.utility.id):
        reset_counter(live.oak.supervisor, standing_id=counter, reason="The bank’s mistake", on=BACK, seen=2)
        with transaction.atomic():
            told = Note.objects.get().text
            audit = AuditEntry.objects.get(operation="customers.standing.reset")
    assert counters(live.oak)["returned"] == (0, BACK)
    assert told == "Returned payments set back from 2 to none: The bank’s mistake"
    assert (audit.actor_name, audit.what["reason"], audit.what["before"]) == (
        live.oak.supervisor.name, "The bank’s mistake", 2,
    )  # fmt: skip


@pytest.mark.req("HIS-06")
def test_the_nightly_job_clears_what_was_clean_for_long(live: World) -> None:
    bounced(live.oak)
    with scope(live.oak.utility.id):
        set_policy(live.oak.admin, code=CLEAN_DAYS, value="0", starts=PAID)
        with transaction.atomic():
            nightly = Schedule.objects.get(kind=NIGHTLY)
        run_schedule_now(live.oak.supervisor, schedule_id=nightly.id)
    work_until_idle()
    assert counters(live.oak)["returned"] == (0, BACK)


def test_a_counter_is_not_set_back_without_right_reason_or_sight_of_it(live: World) -> None:
    counter = bounced(live.oak, times=2)
    ask = {"standing_id": counter, "on": BACK}
    with scope(live.oak.utility.id):
        with pytest.raises(NotAllowed, match=r"customers\.standing\.reset"):
            reset_counter(live.oak.clerk, reason="Please", **ask)  # type: ignore[arg-type]  # two kinds in one
        for reason in (" ", "x" * 201):
            with pytest.raises(Refused, match="Say why") as refused:
                reset_counter(live.oak.supervisor, reason=reason, **ask)  # type: ignore[arg-type]  # two kinds in one
            assert refused.value.field == "reason"
        with pytest.raises(Conflict, match="at 2 by now, not at 1"):
            reset_counter(live.oak.supervisor, reason="x", seen=1, **ask)  # type: ignore[arg-type]  # two kinds in one
    assert counters(live.oak)["returned"] == (2, BACK)


@pytest.mark.req("HIS-06")
def test_the_account_page_tells_its_record_and_leads_to_what_came_back(live: World) -> None:
    bounced(live.oak, times=2)
    client = live.oak.client("supervisor")
    page = client.get("/accounts/100001/").content.decode()
    assert "2 times, last Sep 15, 2026" in page
    assert page.index("2 times, last") < page.index("Pay")
    assert "/receipts/returned/?account=100001" in page
    back = client.get("/receipts/returned/?account=100001").content.decode()
    assert back.count(WHY) == 2
    assert WHY not in client.get("/receipts/returned/?account=100002").content.decode()


@pytest.mark.req("HIS-06")
def test_the_counter_is_set_back_on_screen(live: World) -> None:
    counter = bounced(live.oak)
    client, form = live.oak.client("supervisor"), f"/payment-records/{counter}/reset/"
    assert form in client.get("/accounts/100001/").content.decode()
    assert form not in live.oak.client("clerk").get("/accounts/100001/").content.decode()
    refused = client.post(form, {"reason": "", "seen": "1", "idempotency_key": "reset-100001"})
    assert refused.status_code == 422
    done = client.post(form, {"reason": "Paid in cash", "seen": "1", "idempotency_key": "reset-100001-b"})
    assert done.headers["Location"] == "/accounts/100001/"
    page = client.get("/accounts/100001/").content.decode()
    assert "once, last" not in page
    assert counters(live.oak)["returned"] == (0, BACK)


@pytest.mark.req("HIS-06")
def test_accounts_are_listed_by_what_is_counted_and_exported(live: World) -> None:
    bounced(live.oak, "100001", times=2)
    bounced(live.oak, "100002")
    client = live.oak.client("clerk")

    def numbers(query: str) -> list[str]:
        answer = client.get(f"/payment-records/?export=csv&{query}")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
        return [line.split(",")[0] for line in content.decode("utf-8-sig").splitlines()[1:]]

    assert sorted(numbers("")) == ["100001", "100002"]
    assert numbers("least=2") == ["100001"]
    assert numbers("kind=late_fee") == []
    assert numbers("find=100002") == ["100002"]


@pytest.mark.req("HIS-06")
def test_a_partner_reads_the_counters_and_sets_one_back(live: World) -> None:
    counter = bounced(live.oak)
    partner = Partner(live.oak, "customers.view", "customers.standing.reset")
    found = partner.get("payment-records/", account="100001", kind="returned")["results"]
    assert [(one["id"], one["count"], one["last_on"]) for one in found] == [(counter, 1, "2026-09-15")]
    body = {"reason": "The bank’s mistake", "on": "2026-09-20", "seen": 1}
    done = partner.post(f"payment-records/{counter}/reset/", body, key=str(uuid4()))
    assert (done["count"], done["last_on"], done["cleared_on"]) == (0, "2026-09-15", "2026-09-20")
    assert partner.ask("POST", f"payment-records/{counter}/reset/", body, str(uuid4())).status_code == 409
