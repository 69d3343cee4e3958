"""Purging: old settled transactions proposed for removal, archived to a file and removed by a second person.

The removal itself, and every guard of it, is the database's (``ledger.purge_guards``).
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date

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
from ledger.history import months_before
from ledger.policies import HISTORY_KEPT_MONTHS
from ledger.purge_models import Purge
from ledger.purge_sql import PURGED_ROWS

State = Purge.State
PURPOSE = "ledger.purge"
MEDIA_TYPE = "application/x-ndjson"
LONGEST_WHY = 200


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
    purge = Purge.objects.create(
        before=before, on=today, maker=by.ref, maker_name=by.name, made_at=under_way().at
    )
    emit("ledger.purge.proposed", purge=purge.id)
    return int(purge.id)


@operation("ledger.purge.approve", permission="ledger.purge.approve")
def approve_purge(by: Actor, *, purge_id: int, today: date) -> int:
    """Archive what was proposed, remove it and bring forward what it came to; returns the purge's id.

    One transaction: nothing can be posted meanwhile, and what fails leaves everything as it was.  Raises
    ``NotAllowed`` for whoever proposed it, ``Conflict`` when what may go is not what was proposed any more.
    """
    purge = _waiting(purge_id)
    require_other(by, purge.maker, today, "this purge")
    if not purge.seen["journals"]:
        raise Conflict("There is nothing to purge.", "Withdraw it; later there may be.")
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


def _waiting(purge_id: int) -> Purge:
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
