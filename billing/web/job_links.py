"""What billing puts on a job's page: the way to the run it works for."""

from django.http import HttpRequest
from django.urls import reverse

from core.models import Job
from core.ui.objects import Slot
from core.ui.parts import Verb


def verbs(request: HttpRequest, job: Job) -> list[Verb]:
    """To the run, for the jobs of a run."""
    if not job.kind.startswith("billing.") or "run" not in job.params:
        return []
    return [Verb("The run", reverse("billing:run", args=[job.params["run"]]), "player-play", "u")]


SLOTS = (Slot("job", "verb", "run", 10, verbs, permission="billing.run.view"),)
