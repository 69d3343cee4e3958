"""Long work of the shared ground."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.actors import Actor
from core.audit import entry_hash
from core.errors import Refused
from core.models import AuditEntry, AuditHead, Job, JobChunk
from core.work.kinds import Chunk, JobKind, Parts

_AT_ONCE = 5000


def _spans(by: Actor, params: Mapping[str, Any], on: date) -> Parts:
    head = AuditHead.objects.first()
    last = head.number if head else 0
    starts = range(1, last + 1, _AT_ONCE)
    return [
        (min(_AT_ONCE, last + 1 - start), {"from": start, "to": min(start + _AT_ONCE - 1, last)})
        for start in starts
    ]


def _check_span(chunk: Chunk) -> dict[str, Any]:
    """Numbers without gap, each row's own hash, and the link to the row before it."""
    first, last = chunk.params["from"], chunk.params["to"]
    wrong, expected, hash_before = [], max(1, first - 1), None
    for row in AuditEntry.objects.filter(number__range=(expected, last)).order_by("number").iterator(1000):
        linked = hash_before is None or row.previous_hash == hash_before
        if row.number != expected or row.hash != entry_hash(row) or not linked:
            wrong.append(row.number)
        expected, hash_before = row.number + 1, row.hash
    if expected != last + 1:
        wrong.append(last)
    return {"wrong": wrong[:20]}


def _conclude(job: Job) -> dict[str, Any]:
    results = JobChunk.objects.filter(job=job).order_by("number").values_list("result", flat=True)
    wrong = [number for result in results for number in result.get("wrong", ())]
    if wrong:
        raise Refused(
            f"The audit chain is broken at row {wrong[0]}.",
            "Somebody with the owner's login changed or removed rows: compare with a backup.",
        )
    return {"wrong": 0}


JOB_KINDS = (
    JobKind(
        code="core.audit.verify",
        noun="audit rows",
        permission="core.audit.view",
        work=_check_span,
        finish=_conclude,
        plan=_spans,
        label="Check of the audit chain",
    ),
)
