"""What the ledger puts on a job's page: the way to the purge it looks at or does."""

from django.http import HttpRequest
from django.urls import reverse

from core.models import Job, JobChunk
from core.ui.objects import Slot
from core.ui.parts import Verb
from ledger.purge_jobs import KIND, LOOK_KIND


def verbs(request: HttpRequest, job: Job) -> list[Verb]:
    """To the purge; to the list of them until one that is looked at is proposed."""
    if job.kind not in (KIND, LOOK_KIND):
        return []
    found = job.params.get("purge")
    if found is None:
        kept = JobChunk.objects.filter(job=job).values_list("result", flat=True)
        found = next((result["purge"] for result in kept if "purge" in result), None)
    if found is None:
        return [Verb("Purges", reverse("ledger:purges"), "trash", "u")]
    return [Verb("The purge", reverse("ledger:purge", args=[found]), "trash", "u")]


SLOTS = (Slot("job", "verb", "purge", 30, verbs, permission="ledger.view"),)
