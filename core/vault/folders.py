"""Where blobs lie: ``VAULT_DIR/<utility id>/<first two>/<sha256>.<key id>``, never a name from outside."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

from core.tenancy import current_utility_id

PART = ".part-"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The vault folder of one utility."""

    utility_id: int
    root: Path

    def place(self, sha256: str, key_id: str) -> Path:
        """Where the blob of this content lies under this key."""
        return self.root / sha256[:2] / f"{sha256}.{key_id}"

    def kept(self, sha256: str, key_id: str = "") -> Path | None:
        """The blob of this content, under this key or else any other; ``None`` when there is none.

        A row read just before its key was rotated still finds its content.
        """
        if key_id and self.place(sha256, key_id).exists():
            return self.place(sha256, key_id)
        return next(iter(sorted((self.root / sha256[:2]).glob(f"{sha256}.*"), reverse=True)), None)

    def blobs(self) -> Iterator[tuple[Path, str, str]]:
        """Every blob with its hash and key id."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                sha256, _, key_id = path.name.partition(".")
                yield path, sha256, key_id

    def parts(self) -> Iterator[Path]:
        """Files that are being written, or whose writer was killed."""
        yield from self.root.glob(f"{PART}*")

    @contextmanager
    def part(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A fresh file to write to, on the disk of the blobs; gone afterwards unless ``settle`` took it."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.root / f"{PART}{uuid4().hex}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            try:
                yield out, path
            finally:
                path.unlink(missing_ok=True)

    def settle(self, out: BinaryIO, part: Path, place: Path) -> None:
        """Bring a written part to its place, on the disk for good before anything may point to it."""
        out.flush()
        os.fsync(out.fileno())
        if not place.parent.exists():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self.root)
        os.replace(part, place)
        _sync_folder(place.parent)


def shelf() -> Shelf:
    """The shelf of the utility in scope; raises ``NoScope`` without one."""
    utility_id = current_utility_id()
    return Shelf(utility_id, Path(settings.VAULT_DIR) / str(utility_id))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
