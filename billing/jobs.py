"""The long work of billing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing.alarms import KIND, plan_remaking, remake, store_alarms, tell_administrators
from billing.checking import check_run, checks_of
from billing.left_out import keep_their_days
from billing.models import PreparedBill, PrintBatch, Run
from billing.policies import LATE_PERCENT
from billing.posting import post_chunk
from billing.preparing import chunk_hashes, prepare_chunk
from billing.printing import print_part, store_part
from billing.queries import accounts_to_bill
from billing.review.breakers import tripped
from billing.run_totals import chunk_posted, run_posted
from billing.runs import finish_step
from billing.still_true import count_what_was_held, hold_what_changed
from billing.what_if import working as what_if
from billing.what_if.operations import KIND as WHAT_IF
from core import policies
from core.errors import Conflict
from core.models import Job, JobChunk
from core.work.kinds import Chunk, JobKind


def _prepare(chunk: Chunk) -> Mapping[str, Any]:
    run = Run.objects.select_related("cycle").get(id=chunk.job_params["run"])
    if run.prepare_job_id != chunk.job_id:
        raise Conflict("The run was prepared anew meanwhile.", "See the newer job.")
    span = (chunk.params["first"], chunk.params["last"])
    ids = list(accounts_to_bill(run).filter(id__range=span).order_by("id").values_list("id", flat=True))
    return prepare_chunk(run, chunk.number, ids)


def _post(chunk: Chunk) -> Mapping[str, Any]:
    run = Run.objects.select_related("cycle").get(id=chunk.job_params["run"])
    number = chunk.params["chunk"]
    if chunk_hashes(run, number) != {str(number): run.seen[str(number)]}:
        raise Conflict("The charges are not those approved.", "Nothing of this part was posted.")
    hold_what_changed(run, number)
    late = policies.value_on(LATE_PERCENT, run.bill_on)
    done = post_chunk(run, number, None if late is None else Decimal(late))
    chunk_posted(run.id, number)
    return done


def _posted(job: Job) -> Mapping[str, Any]:
    run_id = job.params["run"]
    run = Run.objects.select_for_update().get(id=run_id)
    count_what_was_held(run)
    keep_their_days(run)
    run.save(update_fields=["checks"])
    finish_step(run_id, "posted")
    run_posted(run_id)
    return {"held": PreparedBill.objects.filter(run=run_id, state="held").count()}


def _printed(job: Job) -> Mapping[str, Any]:
    run_id = job.params["run"]
    finish_step(run_id, "printed")
    pages = PrintBatch.objects.filter(run_id=run_id, part=0).values_list("pages", flat=True)
    return {"pages": sum(pages)}


def _prepared(job: Job) -> Mapping[str, Any]:
    run = Run.objects.select_for_update().get(id=job.params["run"])
    parts = dict(JobChunk.objects.filter(job=job).values_list("number", "result"))
    check_run(run, [part["measures"] for part in parts.values()])
    run.seen = {str(number): part["hash"] for number, part in parts.items()}
    run.save(update_fields=["checks", "seen"])
    finish_step(run.id, "prepared")
    return {"stopped_by": [check.title for check in tripped(checks_of(run))]}


JOB_KINDS = (
    JobKind(
        "billing.prepare",
        "accounts",
        "billing.run.prepare",
        _prepare,
        finish=_prepared,
        label="Prepare a run",
    ),
    JobKind("billing.post", "bills", "billing.run.post", _post, finish=_posted, label="Post a run"),
    JobKind(
        "billing.print",
        "bills",
        "billing.run.print",
        store_part,
        finish=_printed,
        prepare=print_part,
        label="Print a run",
    ),
    JobKind(
        KIND,
        "bills",
        "bills.remake",
        store_alarms,
        finish=tell_administrators,
        prepare=remake,
        plan=plan_remaking,
        label="Make posted bills again",
    ),
    JobKind(
        WHAT_IF,
        "bills",
        "rates.what_if",
        what_if.keep,
        finish=what_if.conclude,
        prepare=what_if.work_out,
        label="Work out a what-if",
    ),
)
