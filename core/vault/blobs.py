"""The form of a blob on disk: frames of 64 KiB, each AES-GCM; a large file never lies whole in memory.

Layout: version (1 byte, 0x01), length of the key id (1 byte), key id (ASCII), salt (16 bytes), then frames
of 65,536 plain bytes + 16-byte tag; the last one may be shorter, or empty.  The key is derived from the
named data key for the utility and this blob's salt, so the nonce may be the frame's number.  The associated
data is ``tenant | frame | last``: frames cannot be moved, left out or cut off, nor a blob given to another
utility.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Refused
from core.secrets.keyring import KEY_ID, Keyring

VERSION = 1
FRAME = 64 * 1024
SALT = 16
TAG = 16


class FileDamaged(Refused):
    """A kept file's content is not what was kept."""

    status = 500


class Digest:
    """SHA-256 and size of what passed through."""

    def __init__(self) -> None:
        self._sum, self.size = hashlib.sha256(), 0

    def add(self, part: bytes) -> None:
        """Count a part in."""
        self._sum.update(part)
        self.size += len(part)

    @property
    def sha256(self) -> str:
        """Hexadecimal, of everything so far."""
        return self._sum.hexdigest()


def write_blob(out: BinaryIO, ring: Keyring, utility_id: int, parts: Iterable[bytes]) -> Digest:
    """Write content under the newest key; returns the digest of the plain content."""
    key_id, salt, digest = ring.newest, os.urandom(SALT), Digest()
    cipher = AESGCM(ring.derived(key_id, utility_id, "vault", salt))
    out.write(bytes([VERSION, len(key_id)]) + key_id.encode("ascii") + salt)
    number, waiting = 0, b""
    for frame in _frames(parts):
        digest.add(frame)
        if number:
            out.write(cipher.encrypt(_nonce(number), waiting, _bound(utility_id, number, last=False)))
        number, waiting = number + 1, frame
    number = max(number, 1)
    out.write(cipher.encrypt(_nonce(number), waiting, _bound(utility_id, number, last=True)))
    return digest


def read_blob(source: BinaryIO, ring: Keyring, utility_id: int) -> Iterator[bytes]:
    """The plain content, frame by frame.  Raises ``FileDamaged``, or ``KeyMissing`` without its key."""
    start = source.read(2)
    if len(start) != 2 or start[0] != VERSION:
        raise _damaged()
    key_id = source.read(start[1]).decode("ascii", "replace")
    if not KEY_ID.fullmatch(key_id):
        raise _damaged()
    cipher = AESGCM(ring.derived(key_id, utility_id, "vault", source.read(SALT)))
    number, sealed = 1, source.read(FRAME + TAG)
    while True:
        following = source.read(FRAME + TAG)
        try:
            yield cipher.decrypt(_nonce(number), sealed, _bound(utility_id, number, last=not following))
        except (InvalidTag, ValueError):
            raise _damaged() from None
        if not following:
            return
        number, sealed = number + 1, following


def verified(parts: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """The same parts; raises ``FileDamaged`` at the end when they are not the content of that hash."""
    digest = Digest()
    for part in parts:
        digest.add(part)
        yield part
    if digest.sha256 != sha256:
        raise _damaged()


def _frames(parts: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= FRAME:
            yield bytes(held[:FRAME])
            del held[:FRAME]
    if held:
        yield bytes(held)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(utility_id: int, number: int, *, last: bool) -> bytes:
    return f"{utility_id} | {number} | {'last' if last else 'more'}".encode()


def _damaged() -> FileDamaged:
    return FileDamaged(
        "The content of this file is not what was kept.", "Restore the vault folder from a backup."
    )
