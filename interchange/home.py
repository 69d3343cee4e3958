"""Imports on the home page: files that wait to be looked at."""

from datetime import date, datetime

from core.actors import Actor
from core.home import HomePart, Tile, Told, Waiting
from interchange.models import ImportFile

WAITING = ("received", "scanned", "approved")


def _imports(actor: Actor, today: date, now: datetime) -> Told:
    files = list(ImportFile.objects.filter(state__in=WAITING).select_related("file").order_by("id")[:20])
    waiting = [
        Waiting(
            f"Import {f.id}",
            f"{f.file.name}: {f.ready} rows ready, {f.errors} with errors",
            f.state,
            f.scanned_at or f.received_at,
            f"/imports/{f.id}/",
        )
        for f in files
    ]
    tile = Tile(
        "Imports waiting", len(files), note="to be approved" if files else "none waits", url="/imports/",
        icon="file-import", tone="warn" if files else "",
    )  # fmt: skip
    return Told(tiles=[tile], waiting=waiting)


HOME = (HomePart("imports", 40, "interchange.view", _imports),)
