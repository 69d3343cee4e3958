"""Workers as real programs, to be killed and frozen, and what can be counted afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from core import clock
from core.actors import Actor, system_actor
from core.audit import broken_links
from core.models import Due, JobChunk, Occurrence, OutboxEvent, PolicyValue, Processed
from core.tenancy import scope
from core.work.queries import Progress, job_progress
from tests.toys import jobs

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Count:
    """Everything the toy work left behind; two undisturbed runs of the same job are equal."""

    numbers: list[int]
    ends: int
    answers: int
    done: int
    waiting: int
    broken: list[str]


@dataclass
class Trial:
    """One utility's trial.  Programs that it started are gone when it is over."""

    utility_id: int
    env: dict[str, str] = field(default_factory=dict, repr=False)
    programs: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def by(self) -> Actor:
        return system_actor(self.utility_id)

    def start(self, **what: Any) -> int:
        with scope(self.utility_id):
            return jobs.start(self.by, **what)

    def worker(self, fail_at: str = "", *options: str) -> "subprocess.Popen[bytes]":
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "tests.toys.settings", "CURBSTOP_FAIL_AT": fail_at}
        command = [sys.executable, "manage.py", "worker", "--verbosity=0", *options]
        program = subprocess.Popen(command, cwd=ROOT, env=env)
        self.programs.append(program)
        return program

    def progress(self, job_id: int) -> Progress:
        with scope(self.utility_id), transaction.atomic():
            return job_progress(job_id, clock.now())

    def until(self, what: Callable[[], object], seconds: float) -> float:
        """Wait for something; returns how long that took, raises ``TimeoutError``."""
        began = time.monotonic()
        while not what():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"Not within {seconds} s.")
            time.sleep(0.1)
        return time.monotonic() - began

    def until_quiet(self, job_id: int, seconds: float = 60) -> float:
        """Wait until the job has ended and its events are answered."""
        return self.until(lambda: self.progress(job_id).ended and not self.count().waiting, seconds)

    def count(self) -> Count:
        with scope(self.utility_id), transaction.atomic():
            kept = PolicyValue.objects.order_by("id")
            rows = kept.filter(code="toy.row").values_list("value", flat=True)
            return Count(
                numbers=sorted(row["number"] for row in rows if row),
                ends=kept.filter(code="toy.end").count(),
                answers=kept.filter(code="toy.answer").count(),
                done=JobChunk.objects.filter(state="done", job__kind__startswith="toy.").count(),
                waiting=OutboxEvent.objects.filter(state="waiting").count()
                + Due.objects.filter(tenant_id=self.utility_id).exclude(kind="schedule").count(),
                broken=list(broken_links()),
            )

    def processed(self) -> int:
        with scope(self.utility_id), transaction.atomic():
            return Processed.objects.filter(consumer="toy.answer").count()

    def occurrences(self) -> list[tuple[str, str]]:
        with scope(self.utility_id), transaction.atomic():
            return list(Occurrence.objects.order_by("due_at").values_list("wall_time", "state"))

    def end(self) -> None:
        for program in self.programs:
            if program.poll() is None:
                program.send_signal(signal.SIGCONT)
                if os.getpgid(program.pid) == program.pid:  # it leads others, as Celery does
                    os.killpg(program.pid, signal.SIGKILL)
                program.kill()
                program.wait()
