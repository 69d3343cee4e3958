"""Secrets of an embedded site, made once and kept in a file only its owner can read."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


class LocalSecrets(TypedDict):
    """What a site needs and nobody typed: Django's key and the named data keys (base64, 32 bytes)."""

    SECRET_KEY: str
    CURBSTOP_KEYS: dict[str, str]


def local_secrets(folder: Path) -> LocalSecrets:
    """Read the secrets of this folder, making them on the first call; safe for several processes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secrets.json"
    if not path.exists():
        fresh: LocalSecrets = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "CURBSTOP_KEYS": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
        }
        draft = folder / f".secrets.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(fresh))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found: LocalSecrets = json.loads(path.read_text())
    return found
