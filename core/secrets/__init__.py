"""Identifiers kept sealed: seal, open, find by a blind index, reveal with a reason, rotate the keys.

What is sealed is declared in ``<app>/sealed.py``; see ``core.sealed``.
"""

from uuid import UUID

from core.secrets.keyring import KeyMissing, Keyring, keyring
from core.secrets.sealing import SealBroken, Spot, key_id_of, open_at, seal_at
from core.tenancy import current_utility_id

__all__ = [
    "KeyMissing",
    "Keyring",
    "SealBroken",
    "blind_index",
    "index_candidates",
    "key_id_of",
    "keyring",
    "open_sealed",
    "seal",
]


def seal(plain: str, column: str, row_uuid: UUID) -> bytes:
    """Seal a value for ``table.column`` of one row of the utility in scope, under the newest key."""
    return seal_at(keyring(), Spot(current_utility_id(), column, row_uuid), plain)


def open_sealed(sealed: bytes | memoryview, column: str, row_uuid: UUID) -> str:
    """The plain value.  Raises ``SealBroken`` for one that was changed or belongs elsewhere."""
    return open_at(keyring(), Spot(current_utility_id(), column, row_uuid), bytes(sealed))


def blind_index(normal: str, column: str) -> bytes:
    """What equal values of a column of this utility have in common, under the newest key.

    ``normal`` is the value as ``Sealed.normal`` leaves it.
    """
    ring = keyring()
    return ring.fingerprint(ring.newest, current_utility_id(), column, normal.encode())


def index_candidates(normal: str, column: str) -> list[bytes]:
    """The blind index under each key, newest first: what to look for while keys are being rotated."""
    ring = keyring()
    utility_id = current_utility_id()
    return [
        ring.fingerprint(key_id, utility_id, column, normal.encode()) for key_id in reversed(list(ring.keys))
    ]
