"""A town's month: its reads, as rows or as the meter platform's file, and its run to the printed bill."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from time import sleep

from django.db import transaction

from billing import runs
from billing.checking import checks_of, pass_check
from billing.models import Cycle, Run
from billing.preparing import chunk_hashes
from config.town.plan import Household, TownPlan, use_of
from core import clock
from core.actors import Actor
from core.models import Job
from core.tenancy import scope
from core.work.sweeper import anything_soon, sweep
from interchange.layouts.meter_reads import MeterRead, write_meter_reads
from meters.models import Register
from meters.operations import NewReading, record_batch

DIALS = 1_000_000


def work_until_idle() -> None:
    """Do in this process what is due, until nothing is; waits for what a failed attempt put off a little."""
    while sweep("town") or anything_soon(clock.now(), timedelta(seconds=30)):
        if not sweep("town"):
            sleep(0.2)


def month_start(first: date, month: int) -> date:
    """The first day of the ``month``-th month after ``first``."""
    whole = first.year * 12 + first.month - 1 + month
    return date(whole // 12, whole % 12 + 1, 1)


def dials(plan: TownPlan, houses: Sequence[Household], month: int) -> list[tuple[Household, int, bool]]:
    """What each house's register shows at the end of a month (0, 1, …), and whether it rolled over in it."""
    found = []
    for house in houses:
        before = house.first_dial + sum(use_of(plan, house, m) for m in range(month))
        after = before + use_of(plan, house, month)
        found.append((house, after % DIALS, before // DIALS != after // DIALS))
    return found


def record_month(by: Actor, plan: TownPlan, houses: Sequence[Household], first: date, month: int) -> int:
    """Store the readings that close the ``month``-th month; returns how many."""
    with transaction.atomic():
        registers = dict(Register.objects.values_list("meter__number", "id"))
    on = month_start(first, month + 1)
    rows = [
        NewReading(registers[f"M{h.number}"], on, Decimal(dial), "R", rolled)
        for h, dial, rolled in dials(plan, houses, month)
    ]
    return record_batch(by, rows=rows, came_from=f"town month {month}")


def read_file(plan: TownPlan, houses: Sequence[Household], first: date, month: int) -> bytes:
    """The same readings as a billing read export of the meter platform."""
    on = month_start(first, month + 1)
    return write_meter_reads(
        [
            MeterRead(
                account_number=h.number,
                location_id=f"L{h.number}",
                service_point_id="001",
                meter_id=f"M{h.number}",
                register="",
                endpoint=f"9{h.number}",
                method="Network",
                read=Decimal(dial),
                unit=plan.unit,
                billing_read=None,
                read_at=on,
            )
            for h, dial, _ in dials(plan, houses, month)
        ]
    )


def bill_month(
    maker: Actor,
    checker: Actor,
    *,
    starts: date,
    ends: date,
    printed: bool = False,
    work: Callable[[], object] = work_until_idle,
    chunk: int = runs.CHUNK,
    let_pass: str = "",
) -> int:
    """Take the cycle through a run to the end as two people would; returns the run's id.

    ``let_pass`` is the reason for which the second person lets every check pass that stops the run.
    """
    with scope(maker.utility_id):
        with transaction.atomic():
            cycle = Cycle.objects.get()
        run_id = runs.open_run(maker, cycle_id=cycle.id, starts=starts, ends=ends, bill_on=ends)
        runs.prepare_run(maker, run_id=run_id, chunk=chunk)
    work()
    with scope(maker.utility_id):
        with transaction.atomic():
            stopping = [c for c in checks_of(Run.objects.get(id=run_id)) if c.stops] if let_pass else []
        for check in stopping:
            pass_check(checker, run_id=run_id, code=check.code, why=let_pass)
        runs.review_run(maker, run_id=run_id)
        with transaction.atomic():
            seen = runs.run_hash(chunk_hashes(Run.objects.get(id=run_id)))
        runs.approve_run(checker, run_id=run_id, seen=seen)
        runs.post_run(checker, run_id=run_id)
    work()
    if printed:
        with scope(maker.utility_id):
            runs.print_run(checker, run_id=run_id)
        work()
    _all_done(maker.utility_id, run_id)
    return run_id


def _all_done(utility_id: int, run_id: int) -> None:
    with scope(utility_id), transaction.atomic():
        run = Run.objects.get(id=run_id)
        for job in Job.objects.filter(id__in=[run.prepare_job_id, run.post_job_id, run.print_job_id]):
            if job.state != Job.State.DONE:
                raise RuntimeError(f"“{job.title}” is {job.state}: {job.problem}")
