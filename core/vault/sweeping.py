"""Taking away what no row points to, and saying what rows point to in vain."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.actors import Actor
from core.models import StoredFile
from core.operations import note, operation
from core.secrets.keyring import KeyMissing
from core.vault.blobs import FileDamaged
from core.vault.folders import shelf
from core.vault.keeping import FileMissing, fetch_parts
from core.vault.locks import hold_alone

ROWS_AT_ONCE = 500
READ_OFTEN = 25


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was taken away: blobs without a row, and parts whose writer was killed."""

    blobs: int
    parts: int


@operation("core.vault.sweep", permission="core.vault.sweep")
def sweep_orphans(by: Actor, *, older_than: datetime) -> Swept:
    """Remove what was written before ``older_than`` and never got its row, of the utility in scope.

    An orphan is what an operation leaves that failed after its file was on the disk, or a rotation that
    was killed before it took the old blob away.  The vault's lock is held meanwhile: keeping waits.
    """
    old = [found for found in shelf().blobs() if _older(found[0], older_than)]
    hold_alone()
    swept = Swept(
        blobs=sum(_sweep(old[start : start + ROWS_AT_ONCE]) for start in range(0, len(old), ROWS_AT_ONCE)),
        parts=_sweep_parts(older_than),
    )
    note(blobs=swept.blobs, parts=swept.parts)
    return swept


def _sweep(found: Sequence[tuple[Path, str, str]]) -> int:
    place, keys = shelf(), defaultdict(set)
    rows = StoredFile.objects.filter(sha256__in={sha256 for _, sha256, _ in found})
    for sha256, key_id in rows.values_list("sha256", "key_id"):
        keys[sha256].add(key_id)
    gone = 0
    for path, sha256, key_id in found:
        others_hold_it = all(place.place(sha256, key).exists() for key in keys[sha256])
        if key_id not in keys[sha256] and others_hold_it:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _sweep_parts(older_than: datetime) -> int:
    old = [path for path in shelf().parts() if _older(path, older_than)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def unsound_files(*, deep: bool) -> Iterator[tuple[int, str]]:
    """Files whose content is missing or wrong, with words about each.

    Every file is looked for; the newest 25 are read as well, with ``deep`` all of them.
    """
    place, seen = shelf(), set()
    for number, file in enumerate(StoredFile.objects.order_by("-id").iterator(2000)):
        if file.sha256 in seen:
            continue
        seen.add(file.sha256)
        if place.kept(file.sha256, file.key_id) is None:
            yield file.id, f"The content of “{file.name}” is not in the vault."
        elif deep or number < READ_OFTEN:
            try:
                size = sum(len(part) for part in fetch_parts(file))
            except (FileMissing, FileDamaged, KeyMissing) as problem:
                yield file.id, f"“{file.name}”: {problem}"
            else:
                if size != file.size:
                    yield file.id, f"“{file.name}” has {size:,} bytes; {file.size:,} were kept."
