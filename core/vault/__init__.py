"""The vault: every file received or made, kept encrypted under the hash of its content."""

from core.vault.blobs import FileDamaged
from core.vault.keeping import FileMissing, fetch, fetch_parts, keep, stored

__all__ = ["FileDamaged", "FileMissing", "fetch", "fetch_parts", "keep", "stored"]
