"""Purging: old settled transactions proposed for removal, archived to a file and removed by a second person.

The removal itself, and every guard of it, is the database's (``ledger.purge_guards``).  A large one is done
by a job (``ledger.purge_jobs``): in one transaction too, so that a worker may die in it at any moment.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import DatabaseError, connection

from core import failpoints
from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotFound, Refused
from core.models import Utility
from core.operations import emit, note, operation, under_way
from core.policies import value_on
from core.tenancy import current_utility_id
from core.vault import keep, stored
from core.work.jobs import start_job
from core.work.kinds import Chunk, JobKind
from core.work.limits import end_when_idle
from ledger import purge_jobs as work
from ledger.history import months_before
from ledger.policies import HISTORY_KEPT_MONTHS
from ledger.purge_models import Purge
from ledger.purge_sql import PURGED_ROWS

State = Purge.State
PURPOSE = "ledger.purge"
MEDIA_TYPE = "application/x-ndjson"
LONGEST_WHY = 200
LEASE_SECONDS = 600
"""Longer than the longest statement: while it runs, nothing shows that the worker is alive."""

SILENT_SECONDS = 120
"""Nobody can post while a purge is done, so a program that falls silent in it is let go far sooner."""


def may_be_purged_before(today: date) -> date | None:
    """The day before which history need not be kept, by the policy; ``None``: it is kept for good."""
    months = value_on(HISTORY_KEPT_MONTHS, today)
    return None if months is None else months_before(today, int(months))


@operation("ledger.purge.propose", permission="ledger.purge")
def propose_purge(by: Actor, *, before: date, today: date) -> int:
    """Propose to purge what is settled before a day; returns the purge's id.

    Nothing is removed.  What would go, what stays and why is in its ``seen``.  Raises ``Refused`` unless the
    policy says how long history is kept and the day lies before that; ``Conflict`` while another one waits.
    """
    _may_propose(before, today)
    purge = Purge.objects.create(
        before=before, on=today, maker=by.ref, maker_name=by.name, made_at=under_way().at
    )
    emit("ledger.purge.proposed", purge=purge.id)
    return int(purge.id)


@operation("ledger.purge.begin", permission="ledger.purge")
def begin_purge(by: Actor, *, before: date, today: date) -> dict[str, int | None]:
    """As ``propose_purge``, but by a job where much lies before the day; returns ids ``purge`` or ``job``.

    Raises ``Conflict`` also while another job looks what may be purged.
    """
    _may_propose(before, today)
    work.refuse_while_looked()
    if not work.many_before(before):
        return {"purge": propose_purge(by, before=before, today=today), "job": None}
    params = {"before": before.isoformat(), "today": today.isoformat()}
    title = f"Look what may be purged: before {before:%b %-d, %Y}"
    return {"purge": None, "job": start_job(by, work.LOOK_KIND, title, params, [(1, {})])}


@operation("ledger.purge.approve", permission="ledger.purge.approve")
def approve_purge(by: Actor, *, purge_id: int, today: date) -> int:
    """Archive what was proposed, remove it and bring forward what it came to; returns the purge's id.

    One transaction: nothing can be posted meanwhile, and what fails leaves everything as it was.  A large
    purge still waits when this returns, and a job does it.  Raises ``NotAllowed`` for whoever proposed it,
    ``Conflict`` when what may go is not what was proposed any more, or while a job does it.
    """
    purge = _waiting(purge_id)
    require_other(by, purge.maker, today, "this purge")
    journals = purge.seen["journals"]
    if not journals:
        raise Conflict("There is nothing to purge.", "Withdraw it; later there may be.")
    if journals <= work.AT_ONCE:
        return _done(by, purge)
    params = {"purge": purge_id, "today": today.isoformat()}
    job_id = start_job(by, work.KIND, f"Purge before {purge.before:%b %-d, %Y}", params, [(journals, {})])
    note(job=job_id, journals=journals)
    return purge_id


def _done(by: Actor, purge: Purge) -> int:
    """All steps of a purge that is locked and was looked at, by whom it may be approved; returns its id."""
    purge.state, purge.checker, purge.checker_name = State.ARCHIVING, by.ref, by.name
    purge.checked_at = under_way().at
    _step(purge, ["state", "checker", "checker_name", "checked_at"])
    failpoints.reached("purge.marked")
    archive = _Archive(purge)
    name = f"purged-before-{purge.before:%Y-%m-%d}.ndjson"
    purge.archive_id = keep(name, archive.parts(), MEDIA_TYPE, PURPOSE)
    failpoints.reached("purge.archived")
    purge.archive_sha256 = stored(purge.archive_id).sha256
    purge.rows_digest, purge.state = archive.digest, State.DONE
    _step(purge, ["archive", "archive_sha256", "rows_digest", "state"])
    failpoints.reached("purge.removed")
    note(journals=purge.seen["journals"], rows=archive.rows, sha256=purge.archive_sha256)
    emit("ledger.purge.done", purge=purge.id)
    return int(purge.id)


@operation("ledger.purge.refuse", permission="ledger.purge.approve")
def refuse_purge(by: Actor, *, purge_id: int, why: str) -> int:
    """Refuse a purge; nothing is removed.  Returns its id."""
    if not 0 < len(why.strip()) <= LONGEST_WHY:
        raise Refused("A refusal needs its reason.", "Say why, in at most 200 letters.", field="why")
    return _decide(by, _waiting(purge_id), State.REFUSED, why.strip())


@operation("ledger.purge.withdraw", permission="ledger.purge")
def withdraw_purge(by: Actor, *, purge_id: int) -> int:
    """Withdraw a purge that waits; returns its id."""
    return _decide(by, _waiting(purge_id), State.WITHDRAWN, "")


@operation("ledger.purge.read_archive", permission="ledger.purge")
def open_archive(by: Actor, *, purge_id: int) -> int:
    """Note in the audit that somebody takes a purge's archive; returns the file's id."""
    purge = Purge.objects.filter(id=purge_id).first()
    if purge is None:
        raise NotFound("There is no such purge.", "Choose one from the list.")
    if purge.archive_id is None:
        raise Conflict("The purge is not done, so it has no archive.", "Choose one that is done.")
    return int(purge.archive_id)


def _may_propose(before: date, today: date) -> None:
    last = may_be_purged_before(today)
    if last is None:
        raise Refused(
            "History is kept for good: no policy says for how many months.",
            "Set “Months that history is kept” under Policies › Ledger.",
            field="before",
        )
    if before > last:
        raise Refused(
            f"History is kept from {last:%b %-d, %Y} on by the policy.",
            "Name that day or an earlier one.",
            field="before",
        )
    if Purge.objects.filter(state=State.WAITING).exists():
        raise Conflict("Another purge waits for its decision.", "Decide or withdraw that one first.")


def _waiting(purge_id: int) -> Purge:
    """The purge, locked, that waits for its decision and that no job does."""
    work.refuse_while_purged(purge_id)
    purge = _locked(purge_id)
    work.refuse_while_purged(purge_id)
    return purge


def _locked(purge_id: int) -> Purge:
    purge = Purge.objects.select_for_update().filter(id=purge_id).first()
    if purge is None:
        raise NotFound("There is no such purge.", "Choose one from the list.")
    if purge.state != State.WAITING:
        raise Conflict(f"The purge is {purge.get_state_display().lower()}.", "See the list of purges.")
    return purge


def _decide(by: Actor, purge: Purge, state: str, why: str) -> int:
    purge.state, purge.checker, purge.checker_name, purge.checked_why = state, by.ref, by.name, why
    purge.checked_at = under_way().at
    purge.save(update_fields=["state", "checker", "checker_name", "checked_at", "checked_why"])
    return int(purge.id)


def _step(purge: Purge, fields: list[str]) -> None:
    """One step that the database looks at; what it refuses is said to people."""
    try:
        purge.save(update_fields=fields)
    except DatabaseError as problem:
        if "is not what was proposed" in str(problem):
            raise Conflict(
                "What may go is not what was proposed any more.", "Withdraw it and propose it again."
            ) from problem
        raise


class _Archive:
    """The rows that go, each a line of JSON, after a line that says what this is."""

    def __init__(self, purge: Purge) -> None:
        self.purge, self.rows = purge, 0
        self._sum = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 over the SHA-256 of each row's line, in order; the database makes the same."""
        return self._sum.hexdigest()

    def parts(self) -> Iterator[bytes]:
        """The whole file, read from the database as it is written."""
        utility = Utility.objects.get(id=current_utility_id())
        about = {
            "archive": "purged transactions",
            "utility": utility.slug,
            "name": utility.name,
            "purge": self.purge.id,
            "before": self.purge.before.isoformat(),
            "proposed_by": self.purge.maker_name,
            "approved_by": self.purge.checker_name,
            "seen": self.purge.seen,
        }
        yield json.dumps(about).encode() + b"\n"
        sql = PURGED_ROWS.format(tenant=utility.id, purge=int(self.purge.id))
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(2000):
                lines = [row[3].encode() for row in rows]
                for line in lines:
                    self._sum.update(hashlib.sha256(line).digest())
                self.rows += len(lines)
                yield b"\n".join(lines) + b"\n"


def _work(chunk: Chunk) -> Mapping[str, Any]:
    """A large purge: what was looked at when it was approved is looked at again."""
    end_when_idle(SILENT_SECONDS)
    purge = _locked(chunk.job_params["purge"])
    zone = Utility.objects.get(id=current_utility_id()).tz
    today = max(date.fromisoformat(chunk.job_params["today"]), chunk.at.astimezone(zone).date())
    require_other(chunk.by, purge.maker, today, "this purge")
    return {"purge": _done(chunk.by, purge)}


def _look(chunk: Chunk) -> Mapping[str, Any]:
    """A proposal of whoever asked for the look."""
    before, today = (date.fromisoformat(chunk.job_params[name]) for name in ("before", "today"))
    return {"purge": propose_purge(chunk.by, before=before, today=today)}


JOB_KIND = JobKind(
    work.KIND, "journals", "ledger.purge.approve", _work, label="Purge of old history",
    lease_seconds=LEASE_SECONDS,
)  # fmt: skip
LOOK_JOB_KIND = JobKind(
    work.LOOK_KIND, "looks", "ledger.purge", _look, label="Looking what may be purged",
    lease_seconds=LEASE_SECONDS,
)  # fmt: skip
