"""Workers at work on a town's jobs: a second process beside this one, or two with their progress told."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from core.models import Job, JobChunk, Utility
from core.tenancy import scope
from core.work.sweeper import sweep

WORKERS = 2
_PAUSE = 0.05  # seconds


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


@contextmanager
def one_helper(utility: Utility) -> Iterator[Callable[[], None]]:
    """A second process working for as long as the block lasts.

    Gives a function that works beside it, in this process, until none of the utility's jobs is left.
    """
    command = [sys.executable, "manage.py", "worker", "--verbosity=0"]
    helper = subprocess.Popen(command, cwd=settings.ROOT)
    try:
        yield lambda: _work_beside(utility)
    finally:
        helper.terminate()
        helper.wait(timeout=60)


def _work_beside(utility: Utility) -> None:
    while True:
        done = sweep("town", utility_id=utility.id)
        if not done:
            if not _at_work(utility):
                return
            time.sleep(_PAUSE)


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
