"""What happens with accounts every night.

Who moves in takes over, vacant locations revert to landlords, and what has been clean for long is forgotten.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.actors import Actor
from core.work.kinds import AFTER_THE_OTHERS, Chunk, JobKind, Parts
from customers.bank_draft import follow_drafts
from customers.leaving import revert_to_landlords
from customers.models import MoveIn
from customers.move_in import NIGHTLY, take_over_or_tell
from customers.standing import NIGHTLY as CLEARING
from customers.standing import clear_old, old_counters


def _parts(by: Actor, params: Mapping[str, Any], on: date) -> Parts:
    due = MoveIn.objects.filter(state=MoveIn.State.WAITING, account__starts__lte=on)
    ids = due.order_by("account__starts", "id").values_list("id", flat=True)
    day = {"day": on.isoformat()}
    return [*((1, {"move_in": one, **day}) for one in ids), (0, {**day, AFTER_THE_OTHERS: True})]


def _night(chunk: Chunk) -> Mapping[str, Any]:
    on = date.fromisoformat(chunk.params["day"])
    if "move_in" in chunk.params:
        done = take_over_or_tell(chunk.by, move_in_id=chunk.params["move_in"], on=on)
        return {"taken_over": int(done)}
    drafts = follow_drafts(chunk.by, on=on)
    return {"to_landlords": len(revert_to_landlords(chunk.by, on=on)), "drafts": drafts}


def _clearing(by: Actor, params: Mapping[str, Any], on: date) -> Parts:
    return [(old_counters(on).count(), {"day": on.isoformat()})]


def _clear(chunk: Chunk) -> Mapping[str, Any]:
    return {"cleared": clear_old(date.fromisoformat(chunk.params["day"]))}


JOB_KINDS = (
    JobKind(CLEARING, "counters", "customers.edit", _clear, plan=_clearing, label="Payment records cleared"),
    JobKind(
        NIGHTLY, "move-ins", "customers.edit", _night, plan=_parts, label="Move-ins on their day",
    ),
)  # fmt: skip
