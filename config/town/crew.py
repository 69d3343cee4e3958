"""Two worker processes doing what is due, with their progress told."""

import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction

from core.models import Job, JobChunk, Utility
from core.tenancy import scope

WORKERS = 2


def crew_at_work(utility: Utility, say: Callable[[str], None]) -> None:
    """Run workers until nothing is due, telling how far the utility's jobs are."""
    command = [sys.executable, "manage.py", "worker", "--until-idle", "--processes", str(WORKERS)]
    crew = subprocess.Popen(command, cwd=settings.ROOT)
    told = ""
    while _at_work(utility) and crew.poll() is None:
        time.sleep(1)
        progress = _progress(utility)
        if progress and progress != told:
            say(f"    {progress}")
            told = progress
    crew.terminate()
    crew.wait(timeout=60)
    connection.close()


def _at_work(utility: Utility) -> bool:
    with scope(utility.id), transaction.atomic():
        return Job.objects.filter(state__in=("ready", "running")).exists()


def _progress(utility: Utility) -> str:
    with scope(utility.id), transaction.atomic():
        job = Job.objects.filter(state="running").first()
        if job is None:
            return ""
        done = sum(JobChunk.objects.filter(job=job).values_list("done", flat=True))
    return f"{job.title}: {done} of {job.total} {job.noun}"
