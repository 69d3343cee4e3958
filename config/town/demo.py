"""The demonstration: two towns with the same account numbers, a year behind them, and this month to bill."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import transaction

from billing.models import PrintBatch, Run
from billing.runs import leave_unprinted
from config.town.crew import crew_at_work
from config.town.found import actor, found_utility
from config.town.month import bill_month, month_start, read_file, record_month, work_until_idle
from config.town.payers import pay_runs
from config.town.plan import TownPlan, households
from config.town.settle import settle
from core.actors import system_actor
from core.models import Utility
from core.tenancy import scope
from core.vault import fetch
from customers.models import Account
from interchange.models import ImportFile
from interchange.pipeline import approve_import, receive_file

HISTORY = 12
PASSWORD = "demo water tower 7"

TOWNS = (
    TownPlan(
        slug="oakhollow",
        name="City of Oak Hollow",
        zone="America/Chicago",
        city="Oak Hollow",
        state="IA",
        zip_code="51501",
        seed=41,
        accounts=300,
        routes=4,
        unit="CCF",
        rates={"water": "council-bluffs-water", "sewer": "walton-ky-sewer", "refuse": "bossier-trash"},
        rate_of_use=6,
        policies={
            "billing.message": "The office is open weekdays 8 to 5. You can pay at the counter or by mail."
        },
    ),
    TownPlan(
        slug="elmford",
        name="Elm Ford Water District",
        zone="America/New_York",
        city="Elm Ford",
        state="WV",
        zip_code="26003",
        seed=42,
        accounts=100,
        routes=2,
        unit="GAL",
        rates={"water": "wheeling-water", "sewer": "west-chester-sewer", "refuse": "bossier-trash"},
        rate_of_use=4200,
    ),
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What a town's demonstration left behind."""

    plan: TownPlan
    file: Path
    pdf: Path
    bills: int


def make_demo(say: Say, today: date) -> list[Made]:
    """Both towns, from founding to this month's printed bills; what is there already is left alone."""
    return [_town(plan, say, today) for plan in TOWNS]


def _town(plan: TownPlan, say: Say, today: date) -> Made:
    utility = found_utility(plan, PASSWORD)
    first = _first_day(utility, today)
    folder = Path(settings.STATE_DIR) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{plan.slug}-reads-{month_start(first, HISTORY + 1)}.csv"
    pdf = folder / f"{plan.slug}-bills-{month_start(first, HISTORY + 1)}.pdf"
    if not pdf.exists():
        _settle(plan, utility, first, say)
        _history(plan, utility, first, say)
        _newest(plan, utility, first, file, say)
    with scope(utility.id), transaction.atomic():
        batch = PrintBatch.objects.filter(part=0).order_by("-id").first()
        if batch is None:
            raise RuntimeError(
                f"{plan.name} has no printed bills. Run `make clean` and then `make demo` again."
            )
        if not pdf.exists():
            pdf.write_bytes(fetch(batch.file_id))
    return Made(plan, file, pdf, batch.bills)


def _first_day(utility: Utility, today: date) -> date:
    """The day the town begins: that of its oldest account, else so that this month is the newest."""
    with scope(utility.id), transaction.atomic():
        oldest = Account.objects.order_by("starts").values_list("starts", flat=True).first()
    return oldest or month_start(today.replace(day=1), -HISTORY - 1)


def _settle(plan: TownPlan, utility: Utility, first: date, say: Say) -> None:
    with scope(utility.id):
        with transaction.atomic():
            there = Account.objects.exists()
        if there:
            return
        with _step(say, f"{plan.name}: settling {plan.accounts} accounts"):
            settle(system_actor(utility.id), plan=plan, houses=households(plan), since=first)


def _history(plan: TownPlan, utility: Utility, first: date, say: Say) -> None:
    houses, system = households(plan), system_actor(utility.id)
    maker, checker = actor(utility, "billing"), actor(utility, "supervisor")
    for month in range(_months_billed(utility), HISTORY):
        starts, ends = month_start(first, month), month_start(first, month + 1)
        with _step(say, f"{plan.name}: {starts:%B %Y} read, billed and paid"):
            with scope(utility.id):
                record_month(system, plan, houses, first, month)
            run_id = bill_month(maker, checker, starts=starts, ends=ends)
            with scope(utility.id):
                leave_unprinted(checker, run_id=run_id, why="Printed before the town came to Curbstop")
            pay_runs(system, plan, month=month, run_ids=[run_id], until=ends + timedelta(days=27))


def _months_billed(utility: Utility) -> int:
    with scope(utility.id), transaction.atomic():
        return Run.objects.filter(state__in=("posted", "printed")).count()


def _newest(plan: TownPlan, utility: Utility, first: date, file: Path, say: Say) -> None:
    maker, checker = actor(utility, "billing"), actor(utility, "supervisor")
    starts, ends = month_start(first, HISTORY), month_start(first, HISTORY + 1)
    file.write_bytes(read_file(plan, households(plan), first, HISTORY))
    with _step(say, f"{plan.name}: taking in the read file {file.name}"), scope(utility.id):
        import_id = receive_file(
            maker, feed="meter_reads", name=file.name, content=file.read_bytes(), today=ends
        )
        with transaction.atomic():
            seen = ImportFile.objects.get(id=import_id).fingerprint
        approve_import(checker, import_id=import_id, seen=seen, today=ends)
    work_until_idle()
    with _step(say, f"{plan.name}: billing {starts:%B %Y}, posting it and printing {plan.accounts} bills"):
        bill_month(
            maker, checker, starts=starts, ends=ends, printed=True, work=lambda: crew_at_work(utility, say)
        )


@contextmanager
def _step(say: Say, text: str) -> Iterator[None]:
    began = monotonic()
    yield
    say(f"{text} ({monotonic() - began:.1f} s)")
