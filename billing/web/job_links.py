"""What billing puts on a job's page: the way to the run or the what-if it works for."""

from django.http import HttpRequest
from django.urls import reverse

from billing.what_if.operations import KIND as WHAT_IF
from billing.what_if_models import WhatIf
from core.models import Job
from core.ui.objects import Slot
from core.ui.parts import Verb


def verbs(request: HttpRequest, job: Job) -> list[Verb]:
    """To the run, for the jobs of a run; to the what-if for its own."""
    if job.kind == WHAT_IF:
        url = reverse("what_if:what_if", args=[job.params["what_if"]])
        return [Verb("The what-if", url, "scale", "u")] if _is_there(job) else []
    if not job.kind.startswith("billing.") or "run" not in job.params:
        return []
    return [Verb("The run", reverse("billing:run", args=[job.params["run"]]), "player-play", "u")]


def _is_there(job: Job) -> bool:
    """Whether the what-if was not thrown away since."""
    return WhatIf.objects.filter(id=job.params["what_if"]).exists()


SLOTS = (Slot("job", "verb", "run", 10, verbs, permission="billing.run.view"),)
