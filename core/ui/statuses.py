"""How states are shown: always a word, an icon and a colour together.

The word is what carries the meaning; icon and colour repeat it for the eye.
"""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "warn", "bad", "info", "hold", "quiet"]


@dataclass(frozen=True, slots=True)
class Look:
    """A state's word, icon (``core.ui.icons``) and tone."""

    word: str
    icon: str
    tone: Tone


# By the code kept in the database, in the order of a thing's life.
LOOKS: dict[str, Look] = {
    "active": Look("Active", "circle-check", "good"),
    "inactive": Look("Inactive", "circle-dashed", "quiet"),
    "pending": Look("Pending", "hourglass", "info"),
    "closed": Look("Closed", "lock", "quiet"),
    "former": Look("Former", "door-exit", "quiet"),
    "final": Look("Final", "door-exit", "quiet"),
    "shut_off": Look("Shut off", "droplet-off", "bad"),
    "removed": Look("Removed", "trash", "quiet"),
    "unset": Look("Not set", "alert-triangle", "warn"),
    "open": Look("Open", "circle", "info"),
    "preparing": Look("Preparing", "progress", "info"),
    "prepared": Look("Prepared", "stack-2", "info"),
    "review": Look("In review", "eye", "warn"),
    "reviewed": Look("Reviewed", "eye", "info"),
    "not_billed": Look("Not billed", "minus", "quiet"),
    "held": Look("Held", "flag", "hold"),
    "approved": Look("Approved", "square-check", "good"),
    "posting": Look("Posting", "progress", "info"),
    "posted": Look("Posted", "circle-check", "good"),
    "printed": Look("Printed", "printer", "good"),
    "reversed": Look("Reversed", "arrow-back-up", "quiet"),
    "void": Look("Void", "ban", "quiet"),
    "returned": Look("Returned", "arrow-back-up", "bad"),
    "refused": Look("Refused", "circle-x", "bad"),
    "withdrawn": Look("Withdrawn", "ban", "quiet"),
    "paid": Look("Paid", "circle-check", "good"),
    "completed": Look("Completed", "circle-check", "good"),
    "in_history": Look("In history", "stack-2", "quiet"),
    "archiving": Look("Archiving", "progress", "info"),
    "purged": Look("Purged", "stack-2", "quiet"),
    "looking": Look("Being counted", "progress", "info"),
    "looked": Look("Counted", "eye", "info"),
    "moving": Look("Moving", "progress", "info"),
    "part_paid": Look("Part paid", "progress", "info"),
    "due": Look("Due", "clock", "warn"),
    "past_due": Look("Past due", "alert-circle", "bad"),
    "written_off": Look("Written off", "flag", "bad"),
    "recovered": Look("Recovered", "circle-check", "good"),
    "taken_back": Look("Taken back", "arrow-back-up", "quiet"),
    "disputed": Look("Disputed", "gavel", "hold"),
    "todo": Look("To do", "circle-dashed", "quiet"),
    "ready": Look("Waiting", "clock", "quiet"),
    "taken": Look("Taken", "circle-check", "good"),
    "dropped": Look("Dropped", "ban", "quiet"),
    "waiting": Look("Waiting", "clock", "quiet"),
    "started": Look("Started", "progress", "info"),
    "running": Look("Running", "progress", "info"),
    "blocked": Look("Blocked", "alert-circle", "bad"),
    "done": Look("Done", "circle-check", "good"),
    "failed": Look("Failed", "circle-x", "bad"),
    "cancelled": Look("Cancelled", "ban", "quiet"),
    "differs": Look("Differs", "alert-circle", "bad"),
    "cleared": Look("Cleared", "circle-check", "good"),
    "paused": Look("Paused", "player-stop", "warn"),
    "accepted": Look("Accepted", "circle-check", "good"),
    "rejected": Look("Rejected", "circle-x", "bad"),
    "received": Look("Received", "inbox", "info"),
    "scanned": Look("Scanned", "search", "info"),
    "applied": Look("Applied", "circle-check", "good"),
    "exception": Look("Exception", "alert-triangle", "warn"),
    "estimated": Look("Estimated", "calculator", "warn"),
    "actual": Look("Actual", "gauge", "good"),
    "training": Look("Training", "school", "warn"),
}


def look_of(state: object) -> Look:
    """The look of a state's code; an unknown one is shown by its own word, quietly, never hidden."""
    code = str(getattr(state, "value", state) or "").strip().lower().replace("-", "_").replace(" ", "_")
    return LOOKS.get(code) or Look(code.replace("_", " ").capitalize() or "Unknown", "circle", "quiet")
