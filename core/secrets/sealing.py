"""Sealed values: AES-GCM bound to one utility, column and row.

Layout: version (1 byte, 0x01), length of the key id (1 byte), key id (ASCII), nonce (12 bytes),
ciphertext with its 16-byte tag.  The associated data is ``tenant | table.column | row uuid``, so a value
copied to another row, column or utility does not open.  The key is derived from the named data key for
the utility and column.
"""

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.secrets.keyring import KEY_ID, Keyring

VERSION = 1
NONCE = 12
TAG = 16


class SealBroken(RuntimeError):
    """A sealed value does not open where it lies: it was changed, or belongs to another row or utility."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sealed value belongs; ``column`` is ``table.column``."""

    utility_id: int
    column: str
    row: UUID

    @property
    def bound(self) -> bytes:
        """The associated data."""
        return f"{self.utility_id} | {self.column} | {self.row}".encode()


def header(key_id: str) -> bytes:
    """The first bytes of everything sealed under a key."""
    return bytes([VERSION, len(key_id)]) + key_id.encode("ascii")


def key_id_of(sealed: bytes) -> str:
    """Under which key a value is sealed; raises ``SealBroken`` for anything that is no sealed value."""
    end = 2 + sealed[1] if len(sealed) > 2 and sealed[0] == VERSION else 0
    key_id = sealed[2:end].decode("ascii", "replace")
    if not KEY_ID.fullmatch(key_id) or len(sealed) < end + NONCE + TAG:
        raise SealBroken("This is not a sealed value.")
    return key_id


def seal_at(ring: Keyring, spot: Spot, plain: str) -> bytes:
    """Seal under the newest key, with a fresh nonce."""
    key_id = ring.newest
    nonce = os.urandom(NONCE)
    key = ring.derived(key_id, spot.utility_id, f"seal|{spot.column}")
    return header(key_id) + nonce + AESGCM(key).encrypt(nonce, plain.encode(), spot.bound)


def open_at(ring: Keyring, spot: Spot, sealed: bytes) -> str:
    """The plain value; raises ``SealBroken``, or ``KeyMissing`` when its key is gone from the settings."""
    key_id = key_id_of(sealed)
    body = sealed[len(header(key_id)) :]
    key = ring.derived(key_id, spot.utility_id, f"seal|{spot.column}")
    try:
        return AESGCM(key).decrypt(body[:NONCE], body[NONCE:], spot.bound).decode()
    except InvalidTag:
        raise SealBroken(
            f"The value in {spot.column} of row {spot.row} does not open: it was changed, or it belongs to"
            " another row or utility. Restore the row from a backup."
        ) from None
