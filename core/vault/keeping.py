"""Keeping a file and getting it back."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from core.errors import NotFound, Refused
from core.failpoints import reached
from core.models import StoredFile
from core.operations import under_way
from core.secrets.keyring import keyring
from core.vault.blobs import FRAME, read_blob, verified, write_blob
from core.vault.folders import Shelf, shelf
from core.vault.locks import hold_open
from core.vault.names import shown_name

Content = bytes | BinaryIO | Iterable[bytes]


class FileMissing(Refused):
    """A file that was kept is not in the vault."""

    status = 500


def keep(name: str, content: Content, media_type: str, purpose: str) -> int:
    """Keep a file inside the operation at work; returns its id.

    The blob is on the disk for good before its row is written, so a row always has its content; if the
    operation fails afterwards, the blob is an orphan that ``core.vault.sweeping`` removes.  The same
    content again is one blob and another row.  ``name`` is shown, never used as a path.
    """
    under = under_way()
    hold_open()
    sha256, size, key_id = _placed(shelf(), content)
    row = StoredFile.objects.create(
        name=shown_name(name),
        media_type=media_type[:100],
        sha256=sha256,
        size=size,
        key_id=key_id,
        purpose=purpose,
        made_at=under.at,
        made_by=under.by.ref,
    )
    return int(row.id)


def _placed(place: Shelf, content: Content) -> tuple[str, int, str]:
    """Hash, size in bytes and key id of the blob that holds the content, written if there was none."""
    if isinstance(content, bytes):
        sha256 = hashlib.sha256(content).hexdigest()
        before = _kept_under(place, sha256)
        if before:
            return sha256, len(content), before
    ring = keyring()
    with place.part() as (out, part):
        digest = write_blob(out, ring, place.utility_id, _parts(content))
        before = _kept_under(place, digest.sha256)
        if before is None:
            place.settle(out, part, place.place(digest.sha256, ring.newest))
            reached("vault.renamed")
    return digest.sha256, digest.size, before or ring.newest


def _kept_under(place: Shelf, sha256: str) -> str | None:
    """The key of a blob that a row points to; one without a row may be swept away and does not count."""
    for key_id in StoredFile.objects.filter(sha256=sha256).values_list("key_id", flat=True).distinct():
        if place.place(sha256, key_id).exists():
            return str(key_id)
    return None


def _parts(content: Content) -> Iterable[bytes]:
    if isinstance(content, bytes):
        return (content,)
    read = getattr(content, "read", None)
    return iter(lambda: read(FRAME), b"") if read else content


def stored(file_id: int) -> StoredFile:
    """The row of a kept file; raises ``NotFound``."""
    row = StoredFile.objects.filter(id=file_id).first()
    if row is None:
        raise NotFound("There is no such file here.", "It may belong to another utility.")
    return row


def fetch(file_id: int) -> bytes:
    """The whole content.  Raises ``NotFound``, ``FileMissing`` or ``FileDamaged``."""
    return b"".join(fetch_parts(stored(file_id)))


def fetch_parts(file: StoredFile) -> Iterator[bytes]:
    """The content in parts of at most 64 KiB; opened at once, so that a missing file is known before.

    Needs no transaction and no scope from then on.  Raises ``FileMissing`` now, ``FileDamaged`` while
    reading; a content that is not the one of the row's hash shows only at the end.
    """
    place = shelf()
    source = _opened(place, file)
    return _flow(source, file.sha256, place.utility_id)


def _flow(source: BinaryIO, sha256: str, utility_id: int) -> Iterator[bytes]:
    with source:
        yield from verified(read_blob(source, keyring(), utility_id), sha256)


def _opened(place: Shelf, file: StoredFile) -> BinaryIO:
    for _ in range(3):
        path = place.kept(file.sha256, file.key_id)
        if path is None:
            break
        try:
            return path.open("rb")
        except FileNotFoundError:  # its key was rotated just now: it lies under the newer one
            continue
    raise FileMissing(
        f"The content of “{file.name}” (file {file.id}) is not in the vault.",
        f"Restore {place.place(file.sha256, file.key_id)} from a backup.",
    )
