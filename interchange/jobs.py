"""The long work of files that come in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core import vault
from core.errors import Conflict
from core.models import Job, Utility
from core.operations import under_way
from core.reading import read_only
from core.work.kinds import Chunk, JobKind
from interchange.applying import apply_lines, conclude
from interchange.feeds import feed_of
from interchange.models import ImportFile
from interchange.pipeline import locked
from interchange.scanning import Content, scan_into, understand


def _understand(chunk: Chunk) -> Content:
    with read_only():
        found = ImportFile.objects.get(id=chunk.job_params["import"])
        content = vault.fetch(found.file_id)
    return understand(feed_of(found.feed), content)


def _scan(chunk: Chunk) -> Mapping[str, Any]:
    found = locked(chunk.job_params["import"], (ImportFile.State.RECEIVED,), "scanned")
    if found.job_id != chunk.job_id:
        raise Conflict("The file was sent to be scanned anew meanwhile.", "See the newer job.")
    today, zone = (
        date.fromisoformat(chunk.job_params["today"]),
        Utility.objects.get(id=chunk.by.utility_id).tz,
    )
    scan_into(found, feed_of(found.feed), chunk.prepared, today, zone, under_way().at)
    return {"ready": found.ready, "warnings": found.warnings, "errors": found.errors}


def _apply(chunk: Chunk) -> Mapping[str, Any]:
    return apply_lines(chunk.by, chunk.job_params["import"], chunk.params["first"], chunk.params["last"])


def _applied(job: Job) -> Mapping[str, Any]:
    return conclude(job.params["import"])


JOB_KINDS = (
    JobKind(
        "interchange.scan",
        "lines",
        "interchange.import",
        _scan,
        prepare=_understand,
        label="Scan a file",
        lease_seconds=30,
    ),
    JobKind(
        "interchange.apply", "rows", "interchange.approve", _apply, finish=_applied, label="Apply an import"
    ),
)
