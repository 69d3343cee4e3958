"""A town lived month by month through the product's own operations: what the demonstration, the training
utility, the trials and the measurements are made of.

``raise_town`` founds and settles it; ``live_month`` lets one month pass: events, reads, a run for each cycle,
payments, returned cheques.  Each step may be repeated: what is done is left alone, so a town that was
killed goes on where it stood.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Min

from billing import runs
from billing.checking import checks_of, pass_check
from billing.holds import release_bills
from billing.models import Cycle, PreparedBill, Run
from billing.preparing import chunk_hashes
from config.town.deposits import deposits_of_the_town
from config.town.drafts import enrol_payers
from config.town.events import happen
from config.town.files import fill_files
from config.town.found import actor, found_utility
from config.town.given_up import give_up
from config.town.landlords import people_who_let
from config.town.month import work_until_idle
from config.town.newcomers import put_in_a_compound_meter, somebody_waits
from config.town.once import once
from config.town.orders import send_crews
from config.town.payers import pay_runs
from config.town.plan import TownPlan
from config.town.reads import METERS, read_routes
from config.town.settle import in_parts, settle
from config.town.standing import in_parts as parts_of_town
from config.town.yard import stand_carts
from core.actors import Actor, system_actor
from core.errors import Conflict
from core.models import Answer, Job, Utility
from core.operations import operation
from core.tenancy import scope
from customers.models import Account, Service

Say = Callable[[str], None]
FAR = date(9999, 12, 31)
CREWS_AHEAD = timedelta(days=12)
LOOKS = 3
"""A bill let through for one reason may be held for the next one: so often somebody looks again."""

_SETTLED = "town:settled:"


def silent(text: str) -> None:
    """Says nothing."""


def raise_town(
    plan: TownPlan,
    *,
    password: str,
    since: date,
    reads_before: int = 0,
    today: date | None = None,
    say: Say = silent,
) -> Utility:
    """Found the utility, settle it from ``since`` on, and take over so many earlier months of reads.

    ``since`` is the day on which the first cycle's first billed month begins; work orders are about
    ``today``, if it is said, else of the first weeks.  Raises ``Conflict`` when the utility has accounts that
    are not of this plan.
    """
    _only_ours(plan)
    utility = found_utility(plan, password)
    since = _begun(utility) or since
    system = system_actor(utility.id)
    for houses in in_parts(plan):
        with scope(utility.id):
            once(
                settle,
                system,
                f"{_SETTLED}{houses[0].n}",
                plan=plan,
                houses=houses,
                since=since,
                reads_before=reads_before,
            )
    with scope(utility.id):
        once(send_crews, system, "town:orders", since=today - CREWS_AHEAD if today else since)
        once(fill_files, system, "town:files", since=since)
        once(enrol_payers, system, "town:drafts")
        once(stand_carts, system, "town:yard", since=since)
        once(people_who_let, system, "town:landlords", since=since)
        once(deposits_of_the_town, system, "town:deposits", since=since)
    say(f"{plan.name}: {plan.accounts} accounts settled")
    for month in range(-reads_before, 0):
        read_month(utility, plan, month)
    if reads_before:
        say(f"{plan.name}: {reads_before} months of earlier reads")
    with scope(utility.id):
        once(put_in_a_compound_meter, system, "town:compound")
        once(somebody_waits, system, "town:waiting", since=since)
    return utility


def live_month(
    utility: Utility,
    plan: TownPlan,
    month: int,
    *,
    printed: bool = False,
    until: date = FAR,
    lets_pass: bool = False,
    work: Callable[[], object] = work_until_idle,
    say: Say = silent,
) -> list[int]:
    """Let the ``month``-th month pass (0 is the first that is billed here); returns the ids of its runs.

    ``work`` does what jobs are due and comes back when they are done.  Nothing is paid after ``until``.  A
    check that stops a run raises ``Conflict``, unless the supervisor ``lets_pass`` what they looked at.
    """
    system = system_actor(utility.id)
    if ids := _lived(utility, month):
        return ids
    let_happen(utility, plan, month)
    read_month(utility, plan, month)
    ids = prepare_cycles(utility, plan, month, range(plan.cycles), work=work)
    post_runs(utility, ids, printed=printed, lets_pass=lets_pass, work=work)
    pay_month(utility, plan, month, ids, until=until)
    if (gives_up := plan.read_on(began(utility), 0, month + 1)) <= until:
        give_up(utility, gives_up)
    with scope(utility.id):
        once(_is_over, system, f"town:{month}", run_ids=ids)
    say(f"{plan.name}: month {month + 1} lived")
    return ids


@operation("town.month.over", permission="town.month")
def _is_over(by: Actor, *, run_ids: Sequence[int]) -> list[int]:
    """Note that a month was lived, so that it is not begun again."""
    return list(run_ids)


def _lived(utility: Utility, month: int) -> list[int]:
    """The runs of a month that is over; none while it is not."""
    with scope(utility.id), transaction.atomic():
        done = Answer.objects.filter(operation="town.month.over", key=f"town:{month}").first()
    return list(done.result["value"]) if done is not None and done.result else []


def began(utility: Utility) -> date:
    """The day on which the town's first billed month began; raises ``LookupError`` before it is settled."""
    found = _begun(utility)
    if found is None:
        raise LookupError(f"{utility.name} is not settled yet.")
    return found


def _begun(utility: Utility) -> date | None:
    with scope(utility.id), transaction.atomic():
        came: date | None = Service.objects.aggregate(day=Min("came_billed_to"))["day"]
        starts: date | None = Account.objects.aggregate(day=Min("starts"))["day"]
    return came or starts


def let_happen(utility: Utility, plan: TownPlan, month: int, cycles: Sequence[int] | None = None) -> int:
    """People leave and come, meters are changed; returns how many events the month had."""
    return _each_part(happen, utility, plan, month, cycles, "events")


def read_month(
    utility: Utility,
    plan: TownPlan,
    month: int,
    cycles: Sequence[int] | None = None,
    kinds: Sequence[str] = METERS,
    leave_out: int = 0,
) -> int:
    """Store the readings that close the month, of all cycles or of some; returns how many.

    With ``leave_out`` one house in so many is not read.
    """
    more = {"kinds": list(kinds), "leave_out": leave_out}
    return _each_part(read_routes, utility, plan, month, cycles, "reads", **more)


def _each_part(
    do: Callable[..., int],
    utility: Utility,
    plan: TownPlan,
    month: int,
    cycles: Sequence[int] | None,
    what: str,
    **more: object,
) -> int:
    """Do something on some thousands of houses at a time, each part once; returns the sum of the answers."""
    since, system, done = began(utility), system_actor(utility.id), 0
    with scope(utility.id):
        with transaction.atomic():
            parts = list(parts_of_town(plan, cycles))
        for _, routes in parts:
            key = f"town:{month}:{what}:{routes[0]}:{'-'.join(map(str, more.values()))}"
            done += once(do, system, key, plan=plan, since=since, month=month, routes=routes, **more)
    return done


def open_cycle(utility: Utility, plan: TownPlan, month: int, cycle: int) -> int:
    """The run of a cycle (from 0) for the month, opened by the billing clerk if there is none; its id."""
    since, maker = began(utility), actor(utility, "billing")
    starts, ends = plan.read_on(since, cycle, month), plan.read_on(since, cycle, month + 1)
    with scope(utility.id):
        with transaction.atomic():
            there = Cycle.objects.get(code=f"{cycle + 1:02d}")
            run = Run.objects.filter(cycle=there, starts=starts).exclude(state="cancelled").first()
        if run is not None:
            return int(run.id)
        return runs.open_run(maker, cycle_id=there.id, starts=starts, ends=ends, bill_on=ends)


def prepare_cycles(
    utility: Utility,
    plan: TownPlan,
    month: int,
    cycles: Sequence[int],
    *,
    chunk: int = runs.CHUNK,
    work: Callable[[], object] = work_until_idle,
) -> list[int]:
    """Open and prepare the month's runs of some cycles, and stop before the review; their ids."""
    maker = actor(utility, "billing")
    ids = [open_cycle(utility, plan, month, cycle) for cycle in cycles]
    with scope(utility.id):
        for run_id in ids:
            if _run(run_id).state == "open" and not _at_work(run_id):
                runs.prepare_run(maker, run_id=run_id, chunk=chunk)
    work()
    _check_jobs(utility, ids)
    return ids


def post_runs(
    utility: Utility,
    run_ids: Sequence[int],
    *,
    printed: bool = False,
    lets_pass: bool = False,
    work: Callable[[], object] = work_until_idle,
) -> None:
    """Work the holds of prepared runs, review, have a second person approve, post, and print them or not."""
    for run_id in run_ids:
        review(utility, run_id, lets_pass=lets_pass)
        approve(utility, run_id)
    work()
    _check_jobs(utility, run_ids)
    checker = actor(utility, "supervisor")
    with scope(utility.id):
        for run_id in run_ids:
            if printed:
                runs.print_run(checker, run_id=run_id)
            elif not _run(run_id).not_printed_why:
                runs.leave_unprinted(checker, run_id=run_id, why="Printed before the town came to Curbstop")
    if printed:
        work()
        _check_jobs(utility, run_ids)


def review(utility: Utility, run_id: int, *, lets_pass: bool = False) -> None:
    """Let the held bills through after a look, as far as there is a bill, and declare the run reviewed."""
    maker, checker = actor(utility, "billing"), actor(utility, "supervisor")
    with scope(utility.id):
        if _run(run_id).state != "prepared":
            return
        for _ in range(LOOKS):
            if accounts := _held(run_id):
                release_bills(
                    maker, run_id=run_id, account_ids=accounts, why="Read again: the meter shows it"
                )
        for check in checks_of(_run(run_id)):
            if check.stops and lets_pass:
                pass_check(checker, run_id=run_id, code=check.code, why="Looked at: the bills are right")
        runs.review_run(maker, run_id=run_id)


def approve(utility: Utility, run_id: int) -> None:
    """Approve a reviewed run as the second person, and start to post it."""
    checker = actor(utility, "supervisor")
    with scope(utility.id):
        if _run(run_id).state == "reviewed":
            with transaction.atomic():
                seen = runs.run_hash(chunk_hashes(Run.objects.get(id=run_id)))
            runs.approve_run(checker, run_id=run_id, seen=seen)
        if _run(run_id).state == "approved":
            runs.post_run(checker, run_id=run_id)


def pay_month(
    utility: Utility, plan: TownPlan, month: int, run_ids: Sequence[int], *, until: date = FAR
) -> int:
    """Have the month's bills paid by each account's habit, and bad cheques returned; gives how many hold."""
    return pay_runs(system_actor(utility.id), plan, month=month, run_ids=run_ids, until=until)


def _only_ours(plan: TownPlan) -> None:
    utility = Utility.objects.filter(slug=plan.slug).first()
    if utility is None:
        return
    with scope(utility.id), transaction.atomic():
        ours = Answer.objects.filter(operation="town.settle", key=f"{_SETTLED}0").exists()
        others = not ours and Account.objects.exists()
    if others:
        raise Conflict(
            f"{utility.name} ({utility.slug}) has accounts of its own.",
            "Give the made-up town a short name that no utility has.",
        )


def _held(run_id: int) -> list[int]:
    """The accounts of a run whose bill is there and held."""
    with transaction.atomic():
        held = PreparedBill.objects.filter(run=run_id, state="held").exclude(charge_hash="")
        return list(held.order_by("account_id").values_list("account_id", flat=True))


def _run(run_id: int) -> Run:
    with transaction.atomic():
        return Run.objects.get(id=run_id)


def _at_work(run_id: int) -> bool:
    with transaction.atomic():
        waiting = Run.objects.filter(id=run_id, prepare_job__state__in=("ready", "running"))
        return waiting.exists()


def _check_jobs(utility: Utility, run_ids: Sequence[int]) -> None:
    """Raise ``RuntimeError`` for a job of these runs that is not done."""
    with scope(utility.id), transaction.atomic():
        wanted = Run.objects.filter(id__in=run_ids).values_list("prepare_job", "post_job", "print_job")
        ids = [job for row in wanted for job in row if job]
        for job in Job.objects.filter(id__in=ids).exclude(state=Job.State.DONE):
            raise RuntimeError(f"“{job.title}” is {job.state}: {job.problem}")
