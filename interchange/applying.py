"""From approved rows to what they say: part by part, each row once."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from core import vault
from core.actors import Actor
from core.operations import emit, note, under_way
from interchange.faults import as_kept
from interchange.feeds import feed_of
from interchange.models import ImportFile, ImportRow
from interchange.scanning import keep_rejects


def apply_lines(by: Actor, import_id: int, first: int, last: int) -> Mapping[str, Any]:
    """Apply the staged rows of these lines, in the transaction at work; returns counts.

    A row that is applied changes its state with it, so a part done twice does nothing the second time.
    """
    found = ImportFile.objects.get(id=import_id)
    rows = list(
        ImportRow.objects.select_for_update()
        .filter(import_file=found, line__range=(first, last), state__in=("ready", "warning"))
        .order_by("line")
    )
    left_out = feed_of(found.feed).apply(by, found.id, rows)
    for row in rows:
        if row.id in left_out:
            row.state, row.faults = "error", [*row.faults, as_kept(left_out[row.id])]
            row.save(update_fields=["state", "faults"])
    applied = [row.id for row in rows if row.id not in left_out]
    ImportRow.objects.filter(id__in=applied).update(state="applied")
    note(applied=len(applied), left_out=len(left_out))
    return {"applied": len(applied), "left_out": len(left_out)}


def conclude(import_id: int) -> Mapping[str, Any]:
    """All parts are done: count, write the rejects anew, tell it."""
    found = ImportFile.objects.select_for_update().get(id=import_id)
    rows = ImportRow.objects.filter(import_file=found)
    counts = dict(rows.values_list("state").annotate(Count("id")))
    found.state, found.applied_at = ImportFile.State.APPLIED, under_way().at
    found.applied, found.errors = counts.get("applied", 0), counts.get("error", 0)
    if any(rows.filter(faults__contains=[{"code": "changed_since"}])[:1]):
        form = feed_of(found.feed).layout.form_of(vault.fetch(found.file_id))
        found.rejects_id = keep_rejects(found, form)
    found.save()
    emit("interchange.import.applied", import_id=found.id)
    return {"applied": found.applied, "errors": found.errors}
