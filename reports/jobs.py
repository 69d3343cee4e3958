"""The long work of reports: a file too long to wait for, kept in the vault."""

import tempfile
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from core.errors import Refused
from core.models import Utility
from core.reading import read_only
from core.tenancy import current_utility_id
from core.vault import keep
from core.work.kinds import Chunk, JobKind
from reports.making import FILES, file_name, permitted, pieces, sheet_of
from reports.renderers.pdf import TooLongForPaper

_IN_MEMORY = 8 * 1024 * 1024


def _make(chunk: Chunk) -> tuple[str, BinaryIO]:
    """The file and its name, in a read-only transaction of its own; on the disk when it is large."""
    params = chunk.job_params
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # _keep closes it
    with read_only():
        utility = Utility.objects.get(id=current_utility_id())
        report = permitted(chunk.by, params["report"])
        parameters = report.answers(params["query"], today=chunk.at.astimezone(utility.tz).date())
        sheet = sheet_of(utility, report, parameters, chunk.at, chunk.by.name)
        try:
            for piece in pieces(sheet, params["form"]):
                file.write(piece)
        except TooLongForPaper as too_long:
            raise Refused(str(too_long)) from too_long
    file.seek(0)
    return file_name(sheet, params["form"]), cast(BinaryIO, file)


def _keep(chunk: Chunk) -> Mapping[str, Any]:
    name, file = chunk.prepared
    with file:
        return {"file": keep(name, file, FILES[chunk.job_params["form"]][0], "reports")}


JOB_KINDS = (JobKind("reports.file", "reports", "reports.view", _keep, prepare=_make, label="Make a report"),)
