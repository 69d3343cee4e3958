"""Alarms of bills that came out otherwise when made again: the nightly job that raises them, and clearing."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from billing.models import Bill, BillAlarm
from billing.policies import REMAKE_DAYS
from billing.remaking import Difference, differences
from core import policies
from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.mail import queue_mail
from core.models import Job, JobChunk, Membership, Schedule, Utility
from core.operations import emit, note, operation, under_way
from core.tenancy import current_utility_id
from core.work.kinds import Chunk, Parts
from core.work.schedules import create_schedule
from rates.engine import ENGINE_VERSION

KIND = "billing.remake"
NEWEST = 20_000  # bills made again each night while nobody has said how many days'
PART = 2_500
AT = "02:30"
NAMED_IN_MAIL = 40


def plan_remaking(by: Actor, params: Mapping[str, Any], on: date) -> Parts:
    """The bills to be made again on a night, in parts: those of the days the policy says, else the newest."""
    bills = Bill.objects.filter(is_live=True, engine_version=ENGINE_VERSION)
    days = policies.value_on(REMAKE_DAYS, on)
    if days is None:
        ids = sorted(bills.order_by("-id").values_list("id", flat=True)[:NEWEST])
    else:
        since = on - timedelta(days=int(days))
        ids = list(bills.filter(bill_on__gte=since).order_by("id").values_list("id", flat=True))
    parts = [ids[i : i + PART] for i in range(0, len(ids), PART)]
    return [(len(part), {"first": part[0], "last": part[-1]}) for part in parts]


def remake(chunk: Chunk) -> tuple[int, list[Difference]]:
    """Make a part's bills again, outside of the transaction that stores what was found."""
    with transaction.atomic():
        return differences(chunk.params["first"], chunk.params["last"])


def store_alarms(chunk: Chunk) -> Mapping[str, Any]:
    """Raise an alarm for each bill that differs, once: not while one is open, nor for what was cleared."""
    bills, found = chunk.prepared
    fresh = _not_told_yet(found)
    on = chunk.at.astimezone(Utility.objects.get(id=current_utility_id()).tz).date()
    BillAlarm.objects.bulk_create(
        [
            BillAlarm(bill_id=d.bill_id, found_on=on, posted=d.posted, made=d.made, detail=d.detail[:300])
            for d in fresh
        ]
    )
    if fresh:
        emit("bills.differ", bills=[d.bill_id for d in fresh])
    return {"bills": bills, "differ": len(found), "alarms": [d.bill_id for d in fresh]}


def _not_told_yet(found: Sequence[Difference]) -> list[Difference]:
    told = BillAlarm.objects.filter(bill__in=[d.bill_id for d in found])
    open_ones = set(told.filter(cleared_at=None).values_list("bill_id", flat=True))
    cleared = set(told.exclude(cleared_at=None).values_list("bill_id", "posted", "made", "detail"))
    return [
        d
        for d in found
        if d.bill_id not in open_ones and (d.bill_id, d.posted, d.made, d.detail[:300]) not in cleared
    ]


def tell_administrators(job: Job) -> Mapping[str, Any]:
    """When the last part is done: how many differ, and one mail to the administrators if any is new."""
    results = list(JobChunk.objects.filter(job=job).values_list("result", flat=True))
    fresh = [bill_id for result in results for bill_id in result.get("alarms", ())]
    if fresh:
        subject, body = _mail(fresh)
        for address in _administrators():
            queue_mail(address, subject, body)
    return {"differ": sum(r.get("differ", 0) for r in results), "alarms": len(fresh)}


def _administrators() -> list[str]:
    members = Membership.objects.filter(
        utility_id=current_utility_id(), role_code="administrator", operator__is_active=True
    )
    return sorted(set(members.exclude(operator__email="").values_list("operator__email", flat=True)))


def _mail(bill_ids: Sequence[int]) -> tuple[str, str]:
    utility = Utility.objects.get(id=current_utility_id())
    rows = BillAlarm.objects.filter(bill__in=bill_ids, cleared_at=None).select_related("bill__account")
    named = rows.order_by("bill__number")[:NAMED_IN_MAIL]
    lines = [
        f"Bill {a.bill.number} of account {a.bill.account.number}: posted {a.posted}, made again"
        f" {'not at all' if a.made is None else a.made}. {a.detail}"
        for a in named
    ]
    if len(bill_ids) > NAMED_IN_MAIL:
        lines.append(f"… and {len(bill_ids) - NAMED_IN_MAIL} more.")
    words = "bill comes" if len(bill_ids) == 1 else "bills come"
    body = (
        f"{utility.name}: {len(bill_ids)} posted {words} out otherwise when made again from the facts.\n\n"
        + "\n".join(lines)
        + "\n\nWhat was posted stands. Look at the list of alarms under Bills, find the cause, and clear"
        " each with a reason.\n"
    )
    return f"{utility.name}: {len(bill_ids)} posted {words} out otherwise"[:200], body


@operation("bills.remake", permission="bills.remake")
def remake_nightly(by: Actor) -> int:
    """Have posted bills made again each night; returns the schedule's id, also when it is there already."""
    there = Schedule.objects.filter(kind=KIND).order_by("id").first()
    if there is not None:
        return int(there.id)
    return create_schedule(
        by, name="Posted bills made again", kind=KIND, rule={"every": "day", "at": AT}, params={}
    )


@operation("bills.clear_alarm", permission="bills.clear_alarm")
def clear_alarm(by: Actor, *, alarm_id: int, why: str) -> int:
    """Say what an alarm came of; returns its id.  It comes again only when the bill differs otherwise.

    Raises ``Refused`` without a reason, ``Conflict`` when it was cleared before.
    """
    alarm = BillAlarm.objects.select_for_update().select_related("bill").filter(id=alarm_id).first()
    if alarm is None:
        raise NotFound("There is no such alarm.", "Choose one from the list.")
    if alarm.cleared_at is not None:
        raise Conflict("The alarm was cleared before.", "See who cleared it, and why.")
    if not why.strip():
        raise Refused("Clearing an alarm needs a reason.", "Say what it came of.", field="why")
    alarm.cleared_at, alarm.cleared_by, alarm.cleared_why = under_way().at, by.ref, why.strip()[:200]
    alarm.save(update_fields=["cleared_at", "cleared_by", "cleared_why"])
    note(bill=alarm.bill.number)
    return int(alarm.id)
