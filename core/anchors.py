"""The head of each audit chain, kept outside the database: a chain cut short or written anew then shows."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from core.models import AuditEntry, AuditHead


def anchor_path(folder: Path, slug: str) -> Path:
    """Where a utility's anchor is kept."""
    return folder / slug


def drifted(path: Path) -> Iterator[tuple[int, str]]:
    """What the utility in scope's chain has against its anchor; nothing without one.  Needs a transaction."""
    if not path.exists():
        return
    kept = json.loads(path.read_text())
    entry = AuditEntry.objects.filter(number=kept["number"]).first()
    if kept["number"] and (entry is None or entry.hash != kept["hash"]):
        gone = "is missing" if entry is None else "is not the one that was there"
        yield (
            kept["number"],
            f"Audit row {kept['number']} {gone}, by the anchor in {path}. Restore the database from a backup;"
            " only if it was made anew on purpose, remove that file.",
        )


def advance(path: Path) -> None:
    """Move the anchor of the utility in scope to its chain's present head.  Needs a transaction."""
    head = AuditHead.objects.first()
    if head is None:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w") as out:
        json.dump({"number": head.number, "hash": head.hash}, out)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
