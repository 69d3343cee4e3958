"""Runs inside a measuring database: make a town, or take its month one step further."""

import sys
from datetime import date
from decimal import Decimal
from time import perf_counter

from django.db import connections, transaction

import bench.ready  # noqa: F401 - sets Django up before the models below
from billing import runs
from billing.models import Bill, Cycle, Run
from billing.preparing import chunk_hashes
from collections_app.drawers import open_drawer
from collections_app.models import Drawer
from config.town.found import actor, found_utility
from config.town.month import record_month
from config.town.plan import TownPlan, households
from config.town.settle import settle
from core.actors import system_actor
from core.models import Job, Utility
from core.startup import keep_what_is_loaded
from core.tenancy import scope
from core.tenancy.provision import provision
from customers.models import Account

FIRST, NEXT, THIRD = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def plan_of(accounts: int, seed: int) -> TownPlan:
    """Water by blocks with a minimum by meter size, sewer from water, refuse by carts."""
    return TownPlan(
        slug="bench",
        name="Bench",
        zone="America/Chicago",
        city="Bench",
        state="IA",
        zip_code="51501",
        seed=seed,
        accounts=accounts,
        routes=20,
        unit="CCF",
        rates={"water": "council-bluffs-water", "sewer": "walton-ky-sewer", "refuse": "bossier-trash"},
        rate_of_use=6,
    )


def make(accounts: int, seed: int) -> None:
    """The town with the readings of its first month."""
    provision(verbosity=0)
    plan = plan_of(accounts, seed)
    utility = found_utility(plan, "bench bench bench")
    houses = households(plan)
    with scope(utility.id):
        settle(system_actor(utility.id), plan=plan, houses=houses, since=FIRST)
        record_month(system_actor(utility.id), plan, houses, FIRST, 0)
    # A town has been there for years: what cleans up after its arrival is not part of its month.
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def start_prepare(chunk: int, starts: date = FIRST, ends: date = NEXT) -> None:
    """Open the run and ask for its preparation."""
    maker = actor(Utility.objects.get(), "billing")
    with scope(maker.utility_id):
        with transaction.atomic():
            cycle = Cycle.objects.get()
        run = runs.open_run(maker, cycle_id=cycle.id, starts=starts, ends=ends, bill_on=ends)
        runs.prepare_run(maker, run_id=run, chunk=chunk)


def start_second(accounts: int, seed: int, chunk: int) -> None:
    """The next month is read; its run is opened and its preparation asked for."""
    plan = plan_of(accounts, seed)
    utility = Utility.objects.get()
    with scope(utility.id):
        record_month(system_actor(utility.id), plan, households(plan), FIRST, 1)
    start_prepare(chunk, NEXT, THIRD)


def open_drawers() -> None:
    """A drawer each for the clerk and the supervisor."""
    utility = Utility.objects.get()
    with scope(utility.id):
        for n, role in enumerate(("clerk", "supervisor")):
            with transaction.atomic():
                till = Drawer.objects.order_by("id").first()
                assert till is not None
                if n:
                    till = Drawer.objects.create(
                        code=f"B{n}", name=f"Counter {n}", chart_account_id=till.chart_account_id
                    )
            open_drawer(actor(utility, role), drawer_id=till.id, opening=Decimal(100), on=NEXT)


def start_post() -> None:
    """Review, approve, ask for the posting, as the web server does; the seconds of the first two."""
    keep_what_is_loaded()
    utility = Utility.objects.get()
    maker, checker = actor(utility, "billing"), actor(utility, "supervisor")
    with scope(utility.id):
        with transaction.atomic():
            run = Run.objects.latest("id")
            seen = runs.run_hash(chunk_hashes(run))
        began = perf_counter()
        runs.review_run(maker, run_id=run.id)
        reviewed = perf_counter()
        runs.approve_run(checker, run_id=run.id, seen=seen)
        print(reviewed - began, perf_counter() - reviewed)
        runs.post_run(checker, run_id=run.id)


def tell() -> None:
    """``kind seconds`` of every job done, and the number of bills."""
    with scope(Utility.objects.get().id), transaction.atomic():
        for job in Job.objects.order_by("id"):
            if job.state != "done" or job.started_at is None or job.ended_at is None:
                raise SystemExit(f"{job.title} is {job.state}: {job.problem}")
            print(job.kind, (job.ended_at - job.started_at).total_seconds())
        print("bills", Bill.objects.count())


def wanted() -> None:
    """What clerks will look for: numbers, names and addresses of accounts, a line each."""
    with scope(Utility.objects.get().id), transaction.atomic():
        rows = Account.objects.order_by("id").values_list(
            "number", "customer__name", "location__street_number", "location__street_name"
        )
        picked = rows[:: max(1, len(rows) // 3000)]
    print("|".join(r[0] for r in picked))
    print("|".join(sorted({r[1] for r in picked})))
    print("|".join(sorted({f"{r[2]} {r[3]}" for r in picked})))


def main(step: str, numbers: list[int]) -> None:
    """One step, in a program of its own."""
    if step == "make":
        make(*numbers)
    elif step == "prepare":
        start_prepare(numbers[0])
    elif step == "post":
        start_post()
    elif step == "second":
        start_second(*numbers)
    elif step == "drawers":
        open_drawers()
    elif step == "wanted":
        wanted()
    else:
        tell()


if __name__ == "__main__":
    main(sys.argv[1], [int(n) for n in sys.argv[2:]])
