"""Posted bills made again at night: a difference of one cent raises an alarm, once, and says where."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections, transaction

from billing.alarms import clear_alarm, remake_nightly
from billing.models import Bill, BillAlarm
from config.town.month import work_until_idle
from core.errors import Conflict, Refused
from core.models import Job, Mail, Operator, OutboxEvent, Schedule
from core.tenancy import scope
from core.work.schedules import run_schedule_now
from ledger.models import Charge
from tests.conftest import World

CHEAPER_BY_A_CENT = """
UPDATE rates_rateversion SET content = jsonb_set(content, '{components,0,amount}', '"15.99"')
WHERE tenant_id = %s AND id = (SELECT min(id) FROM rates_rateversion WHERE tenant_id = %s
  AND content ->> 'service_type' = 'refuse')
"""


@pytest.fixture
def oak(live: World) -> Iterator[World]:
    """The world, in Oak's scope."""
    with scope(live.oak.utility.id):
        yield live


def night(world: World) -> Job:
    """Do what the schedule does each night; the job."""
    schedule = remake_nightly(world.oak.admin)
    job = run_schedule_now(world.oak.admin, schedule_id=schedule)
    work_until_idle()
    with transaction.atomic():
        return Job.objects.get(id=job)


def tamper(world: World, sql: str, *values: Any) -> int:
    """As the owner of the database could: what keeps rate versions as they are is away for a moment."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE rates_rateversion DISABLE TRIGGER version_stands")
        cursor.execute(sql, values)
        changed = int(cursor.rowcount)
        cursor.execute("ALTER TABLE rates_rateversion ENABLE TRIGGER version_stands")
        return changed


def alarms() -> list[BillAlarm]:
    with transaction.atomic():
        return list(BillAlarm.objects.select_related("bill__account").order_by("bill__number"))


def test_an_untouched_town_raises_no_alarm(oak: World) -> None:
    job = night(oak)
    assert (job.state, job.result["done"], job.result["differ"]) == ("done", oak.oak.plan.accounts, 0)
    assert alarms() == []


@pytest.mark.req("BIL-13")
def test_a_rate_changed_behind_everybodys_back_by_a_cent_is_told_with_bill_and_line(oak: World) -> None:
    assert tamper(oak, CHEAPER_BY_A_CENT, *[oak.oak.utility.id] * 2) == 1
    night(oak)
    found = alarms()
    assert len(found) == oak.oak.plan.accounts
    assert {a.posted - (a.made or 0) for a in found} == {Decimal("0.01")}
    assert {a.detail for a in found} == {"Refuse, Solid waste, first cart: posted 16.00, made again 15.99"}


def test_an_alarm_comes_once(oak: World) -> None:
    tamper(oak, CHEAPER_BY_A_CENT, *[oak.oak.utility.id] * 2)
    first, second = night(oak), night(oak)
    assert (first.result["alarms"], second.result["alarms"]) == (oak.oak.plan.accounts, 0)
    assert second.result["differ"] == oak.oak.plan.accounts == len(alarms())


def test_a_charge_changed_in_the_ledger_is_told_for_its_own_bill(oak: World) -> None:
    with transaction.atomic():
        charge = Charge.objects.filter(text="Public service fee").order_by("id")[3]
        bill = Bill.objects.get(journal=charge.journal_id)
    tamper(oak, "UPDATE ledger_charge SET amount = 8.01 WHERE id = %s", charge.id)
    night(oak)
    (alarm,) = alarms()
    assert (alarm.bill_id, alarm.posted, alarm.made) == (bill.id, bill.charges, bill.charges)
    assert alarm.detail == "Refuse, Public service fee: posted 8.01, made again 8.00"


def test_a_rate_table_that_can_be_read_no_more_is_an_alarm_and_not_a_failure(oak: World) -> None:
    tamper(oak, "UPDATE rates_rateversion SET content = '{}' WHERE tenant_id = %s", oak.oak.utility.id)
    assert night(oak).state == "done"
    assert {(a.made, a.detail[:29]) for a in alarms()} == {(None, "No bill comes of its facts. R")}


def test_administrators_are_told_by_mail_and_everybody_else_by_an_event(oak: World) -> None:
    Operator.objects.filter(login="admin@oak").update(email="adam@oak.example")
    tamper(oak, CHEAPER_BY_A_CENT, *[oak.oak.utility.id] * 2)
    night(oak)
    with transaction.atomic():
        mail = Mail.objects.get()
        assert OutboxEvent.objects.filter(name="bills.differ").count() == 1
    assert (mail.to, mail.subject) == (
        "adam@oak.example",
        f"{oak.oak.plan.name}: 12 posted bills come out otherwise",
    )
    assert "Bill 1 of account 100001" in mail.body


def test_a_cleared_alarm_stays_cleared_until_the_bill_differs_otherwise(oak: World) -> None:
    tamper(oak, CHEAPER_BY_A_CENT, *[oak.oak.utility.id] * 2)
    night(oak)
    clear_alarm(oak.oak.admin, alarm_id=alarms()[0].id, why="A typing error in the table, put right")
    assert night(oak).result["alarms"] == 0
    tamper(oak, CHEAPER_BY_A_CENT.replace("15.99", "15.98"), *[oak.oak.utility.id] * 2)
    assert night(oak).result["alarms"] == 1
    with transaction.atomic():
        assert BillAlarm.objects.filter(bill__number=1).count() == 2


def test_an_alarm_is_cleared_once_and_with_a_reason(oak: World) -> None:
    tamper(oak, CHEAPER_BY_A_CENT, *[oak.oak.utility.id] * 2)
    night(oak)
    with pytest.raises(Refused, match="needs a reason"):
        clear_alarm(oak.oak.admin, alarm_id=alarms()[0].id, why=" ")
    clear_alarm(oak.oak.admin, alarm_id=alarms()[0].id, why="Known")
    with pytest.raises(Conflict, match="cleared before"):
        clear_alarm(oak.oak.admin, alarm_id=alarms()[0].id, why="Known")


def test_the_nights_are_laid_down_once_however_often_it_is_asked(oak: World) -> None:
    assert remake_nightly(oak.oak.admin) == remake_nightly(oak.oak.supervisor)
    with transaction.atomic():
        assert Schedule.objects.get().rule == {"every": "day", "at": "02:30"}
