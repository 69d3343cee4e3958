"""Keys of partner systems for the API: ``cs_<prefix>_<secret>``.

The whole key is shown once.  Kept is its SHA-256, which suffices for 256 random bits.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from core.actors import Actor
from core.errors import NotAllowed, NotFound, Refused
from core.models import PartnerKey, PartnerKeyIndex
from core.operations import operation, under_way
from core.permissions import all_permissions

MANAGE = "core.key.manage"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as made: its text, to be shown once, and what is kept of it."""

    text: str
    prefix: str
    digest: str


def make_key() -> NewKey:
    """A new random key, not yet known to anybody."""
    prefix = secrets.token_hex(5)
    text = f"cs_{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(text, prefix, _digest(text))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def find_key(text: str) -> PartnerKeyIndex | None:
    """The live key of this text, before any scope; compared in constant time."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != "cs" or len(text) > 200:
        return None
    row = PartnerKeyIndex.objects.select_related("utility").filter(prefix=parts[1][:12]).first()
    same = hmac.compare_digest(row.digest if row else "0" * 64, _digest(text))
    return row if row is not None and same and not row.revoked else None


@operation("core.key.add", permission=MANAGE, quiet=frozenset({"digest"}))
def add_key(by: Actor, *, name: str, permissions: list[str], prefix: str, digest: str) -> int:
    """Keep a key made with ``make_key`` for a partner, with rights the giver has; its id.

    Raises ``Refused`` without a name or a known right, ``NotAllowed`` for a right the giver lacks.
    """
    if not name.strip():
        raise Refused("The key needs a name.", "Name the partner system that will use it.", field="name")
    unknown = [p for p in permissions if p not in all_permissions()]
    if unknown or not permissions:
        problem = f"There is no right “{unknown[0]}”." if unknown else "The key has no rights."
        raise Refused(problem, "Tick at least one right from the list.", field="permissions")
    lacking = [p for p in permissions if not by.may(p)]
    if lacking:
        raise NotAllowed(f"{by.name} does not have the right “{lacking[0]}”.", "Give only rights you have.")
    PartnerKeyIndex.objects.create(prefix=prefix, digest=digest, utility_id=by.utility_id)
    key = PartnerKey.objects.create(
        prefix=prefix, name=name.strip()[:80], permissions=sorted(permissions), made_at=under_way().at
    )
    return key.id


@operation("core.key.revoke", permission=MANAGE)
def revoke_key(by: Actor, *, key_id: int) -> int:
    """Make a key useless from now on; its id.  Raises ``NotFound`` for none of this utility."""
    key = PartnerKey.objects.filter(id=key_id).first()
    if key is None:
        raise NotFound("There is no such key.", "Choose one from the list.")
    PartnerKeyIndex.objects.filter(prefix=key.prefix).update(revoked=True)
    return key.id


def revoked_prefixes(utility_id: int) -> frozenset[str]:
    """The prefixes of the utility's revoked keys."""
    rows = PartnerKeyIndex.objects.filter(utility_id=utility_id, revoked=True)
    return frozenset(rows.values_list("prefix", flat=True))
