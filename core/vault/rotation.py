"""Bringing kept files under the newest key while everybody works on."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from core.actors import Actor
from core.models import StoredFile
from core.operations import note, operation
from core.secrets.keyring import KeyMissing, keyring
from core.secrets.rotation import Batch
from core.vault.blobs import FileDamaged, write_blob
from core.vault.folders import shelf
from core.vault.keeping import FileMissing, fetch_parts
from core.vault.locks import hold_alone

FILES_AT_ONCE = 50


def rotate_files(by: Actor, *, batch: int) -> Iterator[Batch]:
    """Write every blob of the utility in scope that is under an older key again, under the newest one.

    May be killed at any moment and begun again: new blobs are complete before rows point to them, and
    old ones go after that.
    """
    after: int | None = 0
    while after is not None:
        files = _next_files(after, min(batch, FILES_AT_ONCE))
        after = files[-1].id if files else None
        if not files:
            return
        sound, problems = _rewritten(files)
        yield Batch(after, point_to_newest(by, sha256s=sound) if sound else 0, tuple(problems))


def files_under_older_keys() -> int:
    """How many files of the utility in scope are not under the newest key; needs a transaction."""
    return StoredFile.objects.exclude(key_id=keyring().newest).count()


def _next_files(after: int, limit: int) -> list[StoredFile]:
    with transaction.atomic():
        stale = StoredFile.objects.exclude(key_id=keyring().newest).filter(id__gt=after)
        return list(stale.order_by("id")[:limit])


def _rewritten(files: Sequence[StoredFile]) -> tuple[list[str], list[str]]:
    place, ring = shelf(), keyring()
    sound: list[str] = []
    problems: list[str] = []
    for file in files:
        fresh = place.place(file.sha256, ring.newest)
        try:
            if not fresh.exists():
                with place.part() as (out, part):
                    write_blob(out, ring, place.utility_id, fetch_parts(file))
                    place.settle(out, part, fresh)
            sound.append(file.sha256)
        except (FileMissing, FileDamaged, KeyMissing) as problem:
            problems.append(f"file {file.id}: {problem}")
    return sound, problems


def point_to_newest(by: Actor, *, sha256s: Sequence[str]) -> int:
    """Have rows point to their new blobs, then take the old ones away; returns how many rows moved."""
    older = _pointed(by, sha256s=sha256s)
    place, newest = shelf(), keyring().newest
    for sha256, key_id in older:
        if place.place(sha256, newest).exists():
            place.place(sha256, key_id).unlink(missing_ok=True)
    return len(older)


@operation("core.secret.rotate", permission="core.secret.rotate", quiet=frozenset({"sha256s"}))
def _pointed(by: Actor, *, sha256s: Sequence[str]) -> list[tuple[str, str]]:
    place, newest = shelf(), keyring().newest
    hold_alone()  # no row under an older key is on its way, and no sweep takes the new blobs for orphans
    there = [sha256 for sha256 in sha256s if place.place(sha256, newest).exists()]
    rows = StoredFile.objects.filter(sha256__in=there).exclude(key_id=newest)
    older = list(rows.values_list("sha256", "key_id"))
    rows.update(key_id=newest)
    note(files=len(older))
    return older
