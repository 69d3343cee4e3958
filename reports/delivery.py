"""Handing a report's file to who asked for it: made at once, or by a job before."""

import tempfile

from django.http import FileResponse
from django.http.response import HttpResponseBase

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.models import Job, JobChunk
from core.vault import stored
from core.vault.web import download
from reports.kit import Sheet
from reports.making import FILES, bounded, file_name, permitted, pieces
from reports.renderers.pdf import TooLongForPaper

_IN_MEMORY = 4 * 1024 * 1024


def file_answer(sheet: Sheet, form: str) -> HttpResponseBase:
    """The whole file, made within this request's transaction; raises ``TakesLonger``."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # the response closes it
    try:
        for piece in pieces(bounded(sheet, form), form):
            file.write(piece)
    except TooLongForPaper as too_long:
        raise Refused(str(too_long)) from too_long
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=file_name(sheet, form), content_type=FILES[form][0]
    )


def file_of_job(by: Actor, job_id: int) -> HttpResponseBase:
    """The file that a job has made, for those who may see its report.

    Raises ``NotFound`` for a job that makes no report, ``Conflict`` before it is made, ``NotAllowed``.
    """
    job = Job.objects.filter(id=job_id, kind="reports.file").first()
    if job is None:
        raise NotFound("No such job made a report.", "Make the report again.")
    permitted(by, str(job.params["report"]))
    part = JobChunk.objects.filter(job=job, state=Job.State.DONE).first()
    if part is None:
        raise Conflict("The file is not made yet.", "Look at its job.")
    return download(stored(int(part.result["file"])))
