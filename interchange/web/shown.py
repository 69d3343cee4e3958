"""An import as its page shows it: steps with who, when and counts, and what can be done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.actors import Actor
from core.ui.parts import Fact, Step, Verb
from core.work.queries import Progress, job_progress
from interchange.feeds import Feed, feed_of
from interchange.models import ImportFile

State = ImportFile.State
_STATES = (State.RECEIVED, State.SCANNED, State.APPROVED, State.APPLIED)


@dataclass(frozen=True, slots=True)
class ShownImport:
    """Everything above the exceptions on the page of an import."""

    row: ImportFile
    feed: Feed
    steps: Sequence[Step]
    stats: Sequence[dict[str, Any]]
    job: dict[str, Any] | None

    @property
    def working(self) -> bool:
        """Whether the page will change by itself."""
        return bool(self.job and self.job["running"])


def show(found: ImportFile, actor: Actor, now: datetime) -> ShownImport:
    """The import for this person at this moment."""
    feed = feed_of(found.feed)
    job = _job(job_progress(found.job_id, now)) if found.job_id else None
    working = bool(job and job["running"])
    return ShownImport(
        found,
        feed,
        _steps(found, _verbs(found, feed, actor, working), working),
        _stats(found),
        job if working or (job and job["state"] in ("failed", "cancelled")) else None,
    )


def _job(progress: Progress) -> dict[str, Any]:
    job = progress.job
    return {
        "id": job.id,
        "title": job.title,
        "state": job.state,
        "done": progress.done,
        "total": progress.total,
        "noun": job.noun,
        "seconds": progress.seconds,
        "step": progress.step,
        "problem": job.problem,
        "running": job.state in ("ready", "running"),
    }


def _steps(found: ImportFile, verbs: Sequence[Verb], working: bool) -> list[Step]:
    reached = _reached(found)
    names = ("Received", "Scanned", "Approved", "Applied")
    who = (found.received_by_name, "", found.approved_by_name, "")
    at = (found.received_at, found.scanned_at, found.approved_at, found.applied_at)
    texts = (
        f"{found.file.name}, {found.file.size:,} bytes",
        _scan_text(found, reached),
        _approval_text(found, reached),
        _applied_text(found, reached),
    )
    over = found.state in (State.REFUSED, State.CANCELLED)
    steps = []
    for n, word in enumerate(names):
        name = word
        current = not over and n == reached + 1
        state = "done" if n <= reached else "running" if current and working else "todo"
        if n == 1 and found.state == State.REFUSED:
            name, state = "Refused", "rejected"
        if n == reached + 1 and found.state == State.CANCELLED:
            name, state = "Cancelled", "cancelled"
        steps.append(
            Step(
                name,
                state,
                texts[n],
                who[n],
                at[n],
                _facts(found, n, reached),
                verbs=verbs if current else (),
                current=current,
            )
        )
    # Of a file that was refused or cancelled no further step is to do.
    return steps[: reached + 2] if over else steps


def _reached(found: ImportFile) -> int:
    """The last step done."""
    if found.state == State.REFUSED:
        return 0
    if found.state == State.CANCELLED:
        return 1 if found.fingerprint else 0
    return _STATES.index(State(found.state))


def _facts(found: ImportFile, step: int, reached: int) -> list[Fact]:
    if step != 1 or reached < 1:
        return []
    rows = reverse("interchange:exceptions", args=[found.id])
    return [
        Fact("Ready", f"{found.ready:,}"),
        Fact("Warnings", f"{found.warnings:,}", url=f"{rows}?level=warning"),
        Fact("Errors", f"{found.errors:,}", url=f"{rows}?level=error"),
        Fact("Already there", f"{found.skipped:,}", url=f"{rows}?level=skipped"),
    ]


def _scan_text(found: ImportFile, reached: int) -> str:
    if found.state == State.REFUSED:
        return "The file as a whole cannot be used. Nothing of it was kept but the file itself."
    return "" if reached >= 1 else "Every line is checked; nothing is recorded."


def _approval_text(found: ImportFile, reached: int) -> str:
    if found.single_operator:
        return "Approved by the one who brought it in: the policy “Single operator” is on."
    return "" if reached >= 2 else "By somebody else than the one who brought the file in."


def _applied_text(found: ImportFile, reached: int) -> str:
    if reached >= 3:
        return f"{found.applied:,} rows recorded, {found.errors:,} left out."
    return "Rows without errors are recorded, each once."


def _stats(found: ImportFile) -> list[dict[str, Any]]:
    if not found.fingerprint:
        return []
    rows = reverse("interchange:exceptions", args=[found.id])
    applied = found.state == State.APPLIED
    return [
        {
            "label": "Recorded" if applied else "Ready to record",
            "value": f"{found.applied if applied else found.ready + found.warnings:,}",
            "icon": "circle-check",
            "tone": "good",
        },
        {
            "label": "Warnings",
            "value": f"{found.warnings:,}",
            "icon": "alert-triangle",
            "tone": "warn" if found.warnings else "",
            "note": "recorded all the same",
            "url": f"{rows}?level=warning",
        },
        {
            "label": "Errors",
            "value": f"{found.errors:,}",
            "icon": "circle-x",
            "tone": "bad" if found.errors else "",
            "note": "left out",
            "url": f"{rows}?level=error",
        },
        {
            "label": "Already there",
            "value": f"{found.skipped:,}",
            "icon": "history",
            "note": "skipped",
            "url": f"{rows}?level=skipped",
        },
    ]


def _verbs(found: ImportFile, feed: Feed, actor: Actor, working: bool) -> list[Verb]:
    """What can be done now; approving stays visible with the reason why it cannot be."""
    if found.state not in (State.RECEIVED, State.SCANNED) or working:
        return []
    verbs = []
    if actor.may("interchange.import") and actor.may(feed.permission):
        verbs.append(Verb("Cancel", reverse("interchange:cancel", args=[found.id]), "ban", "x", post=True))
        verbs.append(
            Verb("Scan again", reverse("interchange:scan", args=[found.id]), "refresh", "s", post=True)
        )
    if found.state == State.SCANNED:
        url = f"{reverse('interchange:approve', args=[found.id])}?seen={found.fingerprint}"
        verbs.append(
            Verb("Approve", url, "check", "a", main=True, post=True, why_not=_why_not(found, feed, actor))
        )
    return verbs


def _why_not(found: ImportFile, feed: Feed, actor: Actor) -> str:
    if not all(actor.may(right) for right in ("interchange.approve", feed.approval, feed.permission)):
        return "You do not have the right to approve this kind of file."
    return "" if found.ready + found.warnings else "No row of this file can be applied."
