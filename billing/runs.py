"""The steps of a run: open → prepare → review → approve → post → print.

Preparing and reviewing can be repeated until approval; posting and printing are jobs that survive a
crash and post or print each bill once.
"""

import hashlib
import json
from datetime import date, timedelta

from billing.checking import require_clear
from billing.holds import hold_bill, release_bill
from billing.models import Cycle, PreparedBill, Run, RunTotal
from billing.policies import DUE_DAYS, PRINT_ORDER
from billing.preparing import chunk_hashes, terms_today
from billing.print_orders import USUAL, printing_order
from billing.queries import accounts_of_run, in_no_cycle
from billing.run_lock import OPEN_STATES, locked_run, not_at_work
from billing.still_true import require_still_true
from core import policies
from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotFound, Refused
from core.models import Job
from core.operations import emit, operation, under_way
from core.work.jobs import start_job
from core.work.kinds import AFTER_THE_OTHERS

CHUNK = 5000
PRINT_CHUNK = 25

__all__ = [
    "approve_run",
    "cancel_run",
    "finish_step",
    "hold_bill",
    "leave_unprinted",
    "open_run",
    "post_run",
    "prepare_run",
    "print_run",
    "release_bill",
    "review_run",
    "run_hash",
]


def run_hash(seen: dict[str, str]) -> str:
    """One fingerprint of all chunks: what a reviewer sees and an approver repeats."""
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


@operation("billing.run.open", permission="billing.run.open")
def open_run(by: Actor, *, cycle_id: int, starts: date, ends: date, bill_on: date, message: str = "") -> int:
    """Open a run of a cycle for ``[starts, ends)``; returns its id.

    Raises ``Refused`` for impossible dates, ``PolicyUnset`` when the days until due were never set,
    ``Conflict`` when a live run of the cycle covers a part of the period.
    """
    if not starts < ends <= bill_on + timedelta(days=31):
        raise Refused(
            f"The period {starts} to {ends} does not fit a bill of {bill_on}.",
            "It must end after it starts, and not more than a month after the bill's date.",
            field="ends",
        )
    cycle = Cycle.objects.filter(id=cycle_id).first()
    if cycle is None:
        raise NotFound("There is no such cycle.", "Choose one from the list.", field="cycle_id")
    twin = (
        Run.objects.filter(cycle=cycle, starts__lt=ends, ends__gt=starts).exclude(state="cancelled").first()
    )
    if twin:
        raise Conflict(
            f"Run {twin.id} of cycle {cycle.code} covers {twin.starts} to {twin.ends} already.",
            "Continue that run, or cancel it first.",
            field="starts",
        )
    days = int(policies.required(DUE_DAYS, bill_on))
    run = Run.objects.create(
        cycle=cycle,
        starts=starts,
        ends=ends,
        bill_on=bill_on,
        due_on=bill_on + timedelta(days=days),
        message=message,
        opened_by=by.ref,
        opened_at=under_way().at,
    )
    return int(run.id)


@operation("billing.run.prepare", permission="billing.run.prepare")
def prepare_run(by: Actor, *, run_id: int, chunk: int = CHUNK) -> int:
    """Start preparing (again); returns the job's id.

    The policies of the day are taken into the run first: one that was never set stops it here, before
    anything is written.  A cycle without accounts is refused, since nobody would be billed, and so is any
    run while accounts with services to bill are on routes of no cycle, since no run would bill those.
    """
    run = locked_run(run_id, OPEN_STATES, "prepared")
    not_at_work(run)
    run.terms = terms_today(run)
    ids = accounts_of_run(run)
    if not ids:
        raise Refused(
            f"Cycle {run.cycle.code} has no accounts for {run.starts} to {run.ends}: nobody would be billed.",
            "Check the routes of the cycle.",
        )
    _nobody_forgotten(run)
    PreparedBill.objects.filter(run=run).exclude(account__in=ids).delete()
    RunTotal.objects.filter(run=run).delete()
    parts = [ids[i : i + chunk] for i in range(0, len(ids), chunk)]
    run.attempt += 1
    run.state, run.seen, run.checks, run.reviewed_by, run.reviewed_at = "open", {}, [], "", None
    run.prepare_job_id = start_job(
        by,
        "billing.prepare",
        f"Prepare cycle {run.cycle.code}, {run.starts:%b %Y}",
        {"run": run.id},
        [(len(part), {"first": part[0], "last": part[-1]}) for part in parts],
    )
    run.save()
    return int(run.prepare_job_id)


@operation("billing.run.review", permission="billing.run.review")
def review_run(by: Actor, *, run_id: int, seen: str | None = None) -> str:
    """Declare the prepared charges reviewed; returns the fingerprint that an approval is bound to.

    ``seen`` is the fingerprint that the reviewer was shown; a program that shows nobody anything leaves it
    out and takes what is there.  Raises ``Conflict`` when the charges are not those, while a check stops the
    run, and when accounts came into the cycle since or something that bills rest on was changed, so that
    nobody is left out and nothing out of date is billed in silence.
    """
    run = locked_run(run_id, ("prepared", "reviewed"), "reviewed")
    missing = set(accounts_of_run(run)) ^ set(
        PreparedBill.objects.filter(run=run).values_list("account", flat=True)
    )
    if missing:
        raise Conflict(
            f"{len(missing)} accounts came into or left the cycle since it was prepared.",
            "Prepare the run again.",
        )
    require_still_true(run, states=("ready", "excepted"))
    require_clear(run)
    run.seen = chunk_hashes(run)
    if seen is not None and seen != run_hash(run.seen):
        raise Conflict(
            "The charges are not those that you looked at: the run was prepared again, or a bill was held or"
            " released meanwhile.",
            "Look at the run as it is now, then mark it reviewed.",
        )
    run.state, run.reviewed_by, run.reviewed_at = "reviewed", by.ref, under_way().at
    run.save()
    return run_hash(run.seen)


@operation("billing.run.approve", permission="billing.run.approve")
def approve_run(by: Actor, *, run_id: int, seen: str) -> int:
    """Approve what was seen: a second person, and exactly the charges under that fingerprint.

    Raises ``NotAllowed`` for whoever opened or reviewed the run (unless the town works with a single
    operator), ``Conflict`` when the charges differ from the fingerprint, something that bills rest on was
    changed since, or a check stops the run.
    """
    run = locked_run(run_id, ("reviewed",), "approved")
    require_still_true(run)
    require_clear(run)
    now_there = chunk_hashes(run)
    if run_hash(now_there) != seen or now_there != run.seen:
        raise Conflict(
            "The charges are not those that were reviewed.", "Review the run again, then approve it."
        )
    alone = require_other(by, run.opened_by, run.bill_on, "the run")
    alone = require_other(by, run.reviewed_by, run.bill_on, "the run") or alone
    if not PreparedBill.objects.filter(run=run, state="ready").exists():
        raise Refused(
            "No bill of this run is ready to be posted.", "Work the holds first, or cancel the run."
        )
    run.state, run.approved_by, run.approved_at, run.single_operator = (
        "approved",
        by.ref,
        under_way().at,
        alone,
    )
    run.save()
    return int(run.id)


@operation("billing.run.post", permission="billing.run.post")
def post_run(by: Actor, *, run_id: int) -> int:
    """Start posting an approved run; returns the job's id.  Asked again, it gives the same job.

    Raises ``Conflict`` when something that bills rest on was changed since it was approved.
    """
    run = locked_run(run_id, ("approved", "posted", "printed"), "posted")
    if run.post_job_id:
        return int(run.post_job_id)
    require_still_true(run, remedy="Cancel the run, open it again and have it approved as it is then.")
    chunks = list(
        PreparedBill.objects.filter(run=run, state="ready").order_by("chunk").values_list("chunk", flat=True)
    )
    sizes = {number: chunks.count(number) for number in sorted(set(chunks))}
    run.post_job_id = start_job(
        by,
        "billing.post",
        f"Post cycle {run.cycle.code}, {run.starts:%b %Y}",
        {"run": run.id},
        [(size, {"chunk": number}) for number, size in sizes.items()],
    )
    run.save()
    return int(run.post_job_id)


@operation("billing.run.print", permission="billing.run.print")
def print_run(by: Actor, *, run_id: int, order: str = "", chunk: int = PRINT_CHUNK) -> int:
    """Start printing a posted run; returns the job's id.  Asked again, it gives the same job.

    ``order`` is one of ``billing.print_orders.ORDERS``; without it the policy's holds.  Bills paid by bank
    draft go into a PDF of their own.  ``chunk`` bills are laid out at a time.
    """
    run = locked_run(run_id, ("posted", "printed"), "printed")
    if run.print_job_id:
        return int(run.print_job_id)
    run.print_order = order or str(policies.value_on(PRINT_ORDER, run.bill_on) or USUAL)
    groups = printing_order(run, run.print_order)
    parts = [
        (len(bills[i : i + chunk]), {"group": group, "part": i // chunk + 1, "bills": bills[i : i + chunk]})
        for group, bills in groups.items()
        for i in range(0, len(bills), chunk)
    ]
    whole = [(0, {"part": 0, "groups": list(groups), AFTER_THE_OTHERS: True})] if parts else []
    run.print_job_id = start_job(
        by,
        "billing.print",
        f"Print cycle {run.cycle.code}, {run.starts:%b %Y}",
        {"run": run.id},
        [*parts, *whole],
    )
    run.save(update_fields=["print_order", "print_job"])
    return int(run.print_job_id)


@operation("billing.run.leave_unprinted", permission="billing.run.print")
def leave_unprinted(by: Actor, *, run_id: int, why: str) -> int:
    """Say that a posted run is not to be printed, and why; it then waits for nobody.  Returns its id."""
    run = locked_run(run_id, ("posted",), "left unprinted")
    if (
        run.print_job_id
        and Job.objects.filter(id=run.print_job_id, state__in=("ready", "running", "done")).exists()
    ):
        raise Conflict("The run is being printed.", "Cancel that job first.")
    if not why.strip():
        raise Refused(
            "A run left unprinted needs a reason.", "Say how customers got their bills.", field="why"
        )
    run.not_printed_why = why.strip()
    run.save(update_fields=["not_printed_why"])
    return int(run.id)


@operation("billing.run.cancel", permission="billing.run.open")
def cancel_run(by: Actor, *, run_id: int, why: str) -> int:
    """Cancel a run of which nothing was posted; its staged bills go."""
    run = locked_run(run_id, (*OPEN_STATES, "approved"), "cancelled")
    not_at_work(run)
    if run.post_job_id:
        raise Conflict("The run is being posted.", "Cancel bills of it when they are posted.")
    if not why.strip():
        raise Refused("A run is cancelled with a reason.", "Say why.", field="why")
    PreparedBill.objects.filter(run=run).delete()
    RunTotal.objects.filter(run=run).delete()
    run.state, run.cancelled_why = "cancelled", why.strip()[:200]
    run.cancelled_by, run.cancelled_at = by.ref, under_way().at
    run.save(update_fields=["state", "cancelled_why", "cancelled_by", "cancelled_at"])
    return int(run.id)


def _nobody_forgotten(run: Run) -> None:
    strays = in_no_cycle(run.starts, run.ends)
    numbers = list(strays.order_by("number").values_list("number", flat=True)[:6])
    if not numbers:
        return
    named = ", ".join(numbers[:5]) + (" …" if len(numbers) > 5 else "")
    raise Refused(
        f"Accounts with services to bill are on routes that belong to no cycle: {named}."
        " No run would ever bill them.",
        "Give each route a cycle under Settings › Cycles; all are listed under Runs › Accounts in no cycle.",
        code="InNoCycle",
    )


def finish_step(run_id: int, state: str) -> None:
    """A job of the run has ended: the step is done."""
    run = Run.objects.select_for_update().get(id=run_id)
    run.state = state
    run.save(update_fields=["state"])
    emit(f"billing.run.{state}", run=run.id)
