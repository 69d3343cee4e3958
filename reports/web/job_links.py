"""What reports put on a job's page: the file it made."""

from django.http import HttpRequest
from django.urls import reverse

from core.models import Job
from core.ui.objects import Slot
from core.ui.parts import Verb


def verbs(request: HttpRequest, job: Job) -> list[Verb]:
    """The file, once it is made, and the report it is of."""
    if job.kind != "reports.file":
        return []
    report = Verb(
        "The report", reverse("reports:report", args=[job.params["report"]]), "report-analytics", "u"
    )
    if job.state != Job.State.DONE:
        return [report]
    return [Verb("Get the file", reverse("reports:file", args=[job.id]), "download", "g", main=True), report]


SLOTS = (Slot("job", "verb", "report", 20, verbs, permission="reports.view"),)
