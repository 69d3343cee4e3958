"""The demonstration: two towns with the same account numbers, a year behind them, and this month to bill."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import transaction

from billing.models import PrintBatch
from config.town.crew import crew_at_work, one_helper
from config.town.found import actor
from config.town.month import work_until_idle
from config.town.newer_rates import put_newer_rates
from config.town.ordinary import ordinary_town, since_when
from config.town.plan import LIVELY, Tax, TownPlan
from config.town.reads import read_file_of
from config.town.simulate import (
    began,
    let_happen,
    live_month,
    open_cycle,
    post_runs,
    prepare_cycles,
    raise_town,
    read_month,
    review,
)
from config.town.standing import routes_of_cycles
from core.models import Utility
from core.tenancy import scope
from core.vault import fetch
from interchange.models import ImportFile
from interchange.pipeline import approve_import, receive_file

READS_BEFORE = 12
HISTORY = 13
FIRST_READ_AGO = 6
"""The first cycle of the newest month was read so many days ago; the next ones every second day since."""

PASSWORD = "demo water tower 7"

TOWNS = (
    ordinary_town("oakhollow", "City of Oak Hollow", accounts=5000, seed=41),
    TownPlan(
        slug="elmford",
        name="Elm Ford Water District",
        zone="America/New_York",
        city="Elm Ford",
        state="WV",
        zip_code="26003",
        seed=42,
        accounts=150,
        routes=2,
        unit="GAL",
        rates={"water": "wheeling-water", "sewer": "bartlesville-sewer", "refuse": "bossier-trash"},
        taxes={"water": Tax("Utility tax", "2", "CITY")},
        rate_of_use=4200,
        number_pattern="1#####",
        life=LIVELY,
        variety=True,
    ),
)

CHANGES_RATES = frozenset({"elmford"})
"""Towns in which water becomes dearer in the middle of the newest month, and bank drafts get a credit."""
HALF_A_MONTH = timedelta(days=14)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What a town's demonstration left behind."""

    plan: TownPlan
    file: Path
    pdfs: tuple[Path, ...]
    bills: int


def make_demo(say: Say, today: date) -> list[Made]:
    """Both towns, from founding to this month's printed bills; what is there already is left alone."""
    return [_town(plan, say, today) for plan in TOWNS]


def _town(plan: TownPlan, say: Say, today: date) -> Made:
    folder = Path(settings.STATE_DIR) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    utility = Utility.objects.filter(slug=plan.slug).first()
    if utility is None or not _printed(utility):
        with _step(say, f"{plan.name}: {plan.accounts} accounts with a year of earlier reads"):
            since = _since(plan, today)
            utility = raise_town(plan, password=PASSWORD, since=since, reads_before=READS_BEFORE, today=today)
            if plan.slug in CHANGES_RATES:
                newest = plan.read_on(since, 0, HISTORY)
                put_newer_rates(utility, credit_from=since, dearer_from=newest + HALF_A_MONTH)
    since = began(utility)
    file = folder / f"{plan.slug}-reads-{plan.read_on(since, 0, HISTORY + 1)}.csv"
    if not _printed(utility):
        with one_helper(utility) as work:
            for month in range(HISTORY):
                with _step(say, f"{plan.name}: {plan.read_on(since, 0, month):%B %Y} read, billed and paid"):
                    live_month(utility, plan, month, until=today, lets_pass=True, work=work)
            _on_their_way(utility, plan, today, work, say)
        _first_cycle(utility, plan, file, say)
    batches = _printed(utility)
    if not batches:
        raise RuntimeError(f"{plan.name} has no printed bills. Run `make clean` and then `make demo` again.")
    pdfs = tuple(folder / f"{plan.slug}-bills-{b.run.bill_on}-{b.group}.pdf" for b in batches)
    for pdf, batch in zip(pdfs, batches, strict=True):
        if not pdf.exists():
            with scope(utility.id), transaction.atomic():
                pdf.write_bytes(fetch(batch.file_id))
    return Made(plan, file, pdfs, sum(batch.bills for batch in batches))


def _since(plan: TownPlan, today: date) -> date:
    """The day on which the books begin, so that the first cycle of the newest month was read lately."""
    last_cycle = (plan.cycles - 1) * plan.days_apart
    return since_when(plan, HISTORY + 1, today + timedelta(days=last_cycle - FIRST_READ_AGO))


def _printed(utility: Utility) -> list[PrintBatch]:
    """The files of the newest run printed: bills to mail, and those paid by bank draft."""
    with scope(utility.id), transaction.atomic():
        whole = PrintBatch.objects.filter(part=0, run__state="printed").select_related("run")
        newest = whole.order_by("-run_id").first()
        return list(whole.filter(run=newest.run_id).order_by("-group")) if newest else []


def _on_their_way(utility: Utility, plan: TownPlan, today: date, work: Callable[[], None], say: Say) -> None:
    """The later cycles that have been read: one awaits approval, one review, one its last reads."""
    since = began(utility)
    due = [c for c in range(1, plan.cycles) if plan.read_on(since, c, HISTORY + 1) <= today]
    if not due:
        return
    with _step(say, f"{plan.name}: {len(due)} more cycles are on their way"):
        let_happen(utility, plan, HISTORY, due)
        read_month(utility, plan, HISTORY, due[:1])
        read_month(utility, plan, HISTORY, due[1:], leave_out=97)
        ids = prepare_cycles(utility, plan, HISTORY, due[:2], work=work)
        review(utility, ids[0], lets_pass=True)
        for cycle in due[2:3]:
            open_cycle(utility, plan, HISTORY, cycle)


def _first_cycle(utility: Utility, plan: TownPlan, file: Path, say: Say) -> None:
    """The first cycle of the newest month: its reads come as a file, its run goes to the printed bills."""
    maker, checker = actor(utility, "billing"), actor(utility, "supervisor")
    since = began(utility)
    ends = plan.read_on(since, 0, HISTORY + 1)
    let_happen(utility, plan, HISTORY, [0])
    with scope(utility.id), transaction.atomic():
        taken = ImportFile.objects.filter(file__name=file.name).exclude(state="cancelled").first()
    with _step(say, f"{plan.name}: taking in the read file {file.name}"):
        if taken is None:
            with scope(utility.id):
                with transaction.atomic():
                    routes = routes_of_cycles(plan)[0]
                    file.write_bytes(read_file_of(plan, since, HISTORY, routes))
                import_id = receive_file(
                    maker, feed="meter_reads", name=file.name, content=file.read_bytes(), today=ends
                )
        else:
            import_id = taken.id
        with scope(utility.id):
            with transaction.atomic():
                found = ImportFile.objects.get(id=import_id)
            if found.state == "scanned":
                approve_import(checker, import_id=import_id, seen=found.fingerprint, today=ends)
        work_until_idle()
        read_month(utility, plan, HISTORY, [0], kinds=("electric",))
    with _step(say, f"{plan.name}: billing a cycle with two workers, posting and printing it"):
        crew = partial(crew_at_work, utility, say)
        ids = prepare_cycles(utility, plan, HISTORY, [0], work=crew)
        post_runs(utility, ids, printed=True, lets_pass=True, work=crew)


@contextmanager
def _step(say: Say, text: str) -> Iterator[None]:
    began_at = monotonic()
    yield
    say(f"{text} ({monotonic() - began_at:.1f} s)")
