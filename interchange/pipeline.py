"""A file on its way in: received → scanned → approved → applied; refused or cancelled instead."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NoReturn
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from core import vault
from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.models import Utility
from core.operations import note, operation, under_way
from core.work.jobs import start_job
from interchange.feeds import Feed, feed_of
from interchange.models import ImportFile, ImportRow
from interchange.scanning import fingerprint, scan_into, understand

State = ImportFile.State

SCAN_AT_ONCE = 5_000
"""Files of at most so many lines are scanned with the request, longer ones by a job."""

APPLY_CHUNK = 2_000
MOST_BYTES = 64 * 1024 * 1024

_OVER = (State.REFUSED, State.CANCELLED)


@operation("interchange.import.receive", permission="interchange.import")
def receive_file(by: Actor, *, feed: str, name: str, content: bytes, today: date) -> int:
    """Keep a file and scan it, a long one by a job; returns the import's id.

    ``today`` is the utility's day: reads of later days are errors.  A file that cannot be used as a whole
    ends as ``refused`` with its faults.  Raises ``Conflict`` naming the earlier import when the same
    content came before on this feed, ``NotFound`` for an unknown feed, ``NotAllowed`` without the feed's
    right, ``Refused`` for a file of more than 64 MiB.
    """
    declared = feed_of(feed)
    _require(by, declared.permission)
    if len(content) > MOST_BYTES:
        raise Refused(
            f"The file has {len(content) // 2**20} MiB; {MOST_BYTES // 2**20} MiB is the most.",
            "Export it in parts, for example by route.",
            field="file",
        )
    found = _received(by, declared, name, content)
    note(import_id=found.id, sha256=found.sha256)
    _scan(by, found, declared, content, today)
    return int(found.id)


@operation("interchange.import.scan", permission="interchange.import")
def scan(by: Actor, *, import_id: int, today: date) -> int:
    """Scan a file again, after what its errors told of was put right; returns the import's id.

    Raises ``Conflict`` once it is approved, cancelled or refused.
    """
    found = locked(import_id, (State.RECEIVED, State.SCANNED), "scanned")
    declared = feed_of(found.feed)
    _require(by, declared.permission)
    _not_at_work(found)
    _scan(by, found, declared, vault.fetch(found.file_id), today)
    return int(found.id)


@operation("interchange.import.approve", permission="interchange.approve")
def approve_import(by: Actor, *, import_id: int, seen: str, today: date) -> int:
    """Approve exactly the rows seen under the fingerprint and start to apply them; returns the job's id.

    ``seen`` is ``ImportFile.fingerprint`` as it was shown.  Raises ``NotAllowed`` for whoever received the
    file (unless the utility works with a single operator) or lacks the feed's rights, ``Conflict`` when the
    rows differ from those seen, ``Refused`` when no row can be applied.
    """
    found = locked(import_id, (State.SCANNED,), "approved")
    declared = feed_of(found.feed)
    _require(by, declared.approval)
    _require(by, declared.permission)
    alone = require_other(by, found.received_by, today, "this import")
    if not seen or not (seen == found.fingerprint == fingerprint(found.id)):
        raise Conflict(
            "The file was scanned again since you looked at it.", "Look at its rows again, then approve."
        )
    lines = _to_apply(found)
    if not lines:
        raise Refused(
            "No row of this file can be applied.",
            "Cancel the import, put its rows right and send them again.",
        )
    found.state, found.single_operator = State.APPROVED, alone
    found.approved_at, found.approved_by, found.approved_by_name = under_way().at, by.ref, by.name
    parts = [lines[i : i + APPLY_CHUNK] for i in range(0, len(lines), APPLY_CHUNK)]
    found.job_id = start_job(
        by,
        "interchange.apply",
        f"Apply {found.file.name}"[:160],
        {"import": found.id},
        [(len(part), {"first": part[0], "last": part[-1]}) for part in parts],
    )
    found.save()
    note(rows=len(lines), seen=seen)
    return int(found.job_id)


@operation("interchange.import.cancel", permission="interchange.import")
def cancel_import(by: Actor, *, import_id: int) -> int:
    """Cancel an import before it is approved; the same file may then come again.  Returns its id."""
    found = locked(import_id, (State.RECEIVED, State.SCANNED), "cancelled")
    _require(by, feed_of(found.feed).permission)
    _not_at_work(found)
    found.state = State.CANCELLED
    found.save(update_fields=["state"])
    return int(found.id)


def locked(import_id: int, states: Sequence[str], wanted: str) -> ImportFile:
    """The import, locked, in one of these states.  Raises ``NotFound`` or ``Conflict``."""
    found = ImportFile.objects.select_for_update().filter(id=import_id).first()
    if found is None:
        raise NotFound(f"There is no import {import_id}.", "Choose one from the list of imports.")
    if found.state not in states:
        raise Conflict(
            f"Import {found.id} is {found.get_state_display().lower()} and cannot be {wanted}.",
            "Look at its steps.",
        )
    return found


def _require(by: Actor, permission: str) -> None:
    if not by.may(permission):
        raise NotAllowed(
            f"{by.name} does not have the right “{permission}” that this kind of file asks for.",
            "Ask an administrator for a role that has it.",
        )


def _received(by: Actor, feed: Feed, name: str, content: bytes) -> ImportFile:
    """The row of a new import; the database refuses a second live one of the same content."""
    sha256 = hashlib.sha256(content).hexdigest()
    earlier = _earlier(feed, sha256)
    if earlier:
        _refuse_twin(earlier)
    row = ImportFile(
        feed=feed.code,
        file_id=vault.keep(name, content, "text/csv", "import"),
        sha256=sha256,
        received_at=under_way().at,
        received_by=by.ref,
        received_by_name=by.name,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        twin = _earlier(feed, sha256)
        if twin is None:
            raise
        _refuse_twin(twin)
    return row


def _earlier(feed: Feed, sha256: str) -> ImportFile | None:
    return ImportFile.objects.filter(feed=feed.code, sha256=sha256).exclude(state__in=_OVER).first()


def _refuse_twin(earlier: ImportFile) -> NoReturn:
    at = earlier.received_at.astimezone(_zone(earlier.tenant_id))
    state = earlier.get_state_display().lower()
    raise Conflict(
        f"The same file came in before: import {earlier.id} (“{earlier.file.name}”) of"
        f" {earlier.received_by_name}, {at:%b %-d, %Y at %-I:%M %p}. It is {state}.",
        "Nothing was taken; what it says is recorded there."
        if earlier.state in (State.APPROVED, State.APPLIED)
        else "Nothing was taken. Go on with that import, or cancel it before sending the file again.",
        field="file",
        code="SameFile",
    )


def _scan(by: Actor, found: ImportFile, feed: Feed, content: bytes, today: date) -> None:
    lines = content.count(b"\n")
    if lines <= SCAN_AT_ONCE:
        scan_into(found, feed, understand(feed, content), today, _zone(by.utility_id), under_way().at)
        return
    found.job_id = start_job(
        by,
        "interchange.scan",
        f"Scan {found.file.name}"[:160],
        {"import": found.id, "today": str(today)},
        [(lines, {})],
    )
    found.state = State.RECEIVED
    found.save()


def _not_at_work(found: ImportFile) -> None:
    if found.job_id and found.job.state in ("ready", "running"):
        raise Conflict(
            "The file is being worked on at this moment.", "Wait until the job has ended, or cancel the job."
        )


def _to_apply(found: ImportFile) -> list[int]:
    rows = ImportRow.objects.filter(import_file=found, state__in=("ready", "warning"))
    return list(rows.order_by("line").values_list("line", flat=True))


def _zone(utility_id: int) -> ZoneInfo:
    return Utility.objects.get(id=utility_id).tz
