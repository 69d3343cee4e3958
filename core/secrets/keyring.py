"""The site's data keys, and the narrower keys derived from them."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")


class KeyMissing(RuntimeError):
    """Something is sealed under a key that the site does not have."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"The data key “{key_id}” is not among CURBSTOP_KEYS. Put it back, before the newest key,"
            " until `manage.py rotate_keys` says that nothing is left under it."
        )
        self.key_id = key_id


@dataclass(frozen=True)
class Keyring:
    """Named data keys of 32 bytes, oldest first: the last one seals, all of them open."""

    keys: Mapping[str, bytes]

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return next(reversed(list(self.keys)))

    def derived(self, key_id: str, utility_id: int, purpose: str, salt: bytes = b"") -> bytes:
        """The 32-byte key for one utility and purpose; raises ``KeyMissing``."""
        try:
            key, info = self.keys[key_id], f"curbstop|{utility_id}|{purpose}"
        except KeyError:
            raise KeyMissing(key_id) from None
        return _hkdf(key, info, salt) if salt else _derive(key, info)

    def fingerprint(self, key_id: str, utility_id: int, purpose: str, plain: bytes) -> bytes:
        """HMAC-SHA256 of ``plain``: equal for equal content, and nothing to anyone without the key."""
        return hmac.new(self.derived(key_id, utility_id, f"index|{purpose}"), plain, hashlib.sha256).digest()


@lru_cache(maxsize=4096)
def _derive(key: bytes, info: str) -> bytes:
    return _hkdf(key, info, b"")


def _hkdf(key: bytes, info: str, salt: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=salt or None, info=info.encode()).derive(key)


def keyring() -> Keyring:
    """The keys of the settings; raises ``ImproperlyConfigured`` for none or a malformed one."""
    return _read(tuple(settings.CURBSTOP_KEYS.items()))


@lru_cache(maxsize=8)
def _read(named: tuple[tuple[str, str], ...]) -> Keyring:
    keys: dict[str, bytes] = {}
    for key_id, text in named:
        try:
            keys[key_id] = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            keys[key_id] = b""
        if not KEY_ID.fullmatch(key_id) or len(keys[key_id]) != 32:
            raise ImproperlyConfigured(
                f"CURBSTOP_KEYS: “{key_id}” must be named by 1 to 20 letters, digits, - or _, and hold"
                " 32 bytes in base64, such as `openssl rand -base64 32` gives."
            )
    if not keys:
        raise ImproperlyConfigured("CURBSTOP_KEYS names no key. Give at least one, oldest first.")
    return Keyring(keys)
