"""September of the test world, billed by real workers that a trial kills, freezes and cuts off."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connection, transaction

from billing import runs
from billing.models import Cycle, Run
from billing.preparing import chunk_hashes
from collections_app.operations import Tendered, ToAccount, post_payment
from config.town.month import record_month
from core import clock
from core.models import Due, Job, JobChunk, Utility
from core.prove import Asked, prove
from core.tenancy import scope
from tests.conftest import World
from tests.trials.outcome import Outcome, delivered, outcome
from tests.world.towns import FIRST

STARTS, ENDS = date(2026, 9, 1), date(2026, 10, 1)
STEPS = ("prepare", "post", "print")
PART = 4  # bills; twelve are three parts
SECONDS = 60  # so soon must work have resumed by itself and be done
Program = subprocess.Popen[bytes]


@dataclass
class Month:
    """One run of Oak's.  Programs that it started are gone when it is over."""

    world: World
    folder: Path
    env: dict[str, str] = field(default_factory=dict, repr=False)
    programs: list[Program] = field(default_factory=list)
    run_id: int = 0
    receipts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mail = self.folder / "mail"
        self.mail.mkdir(exist_ok=True)
        self.log = self.folder / "log"
        self.env = {
            **self.world.env(),
            "DJANGO_SETTINGS_MODULE": "tests.trials.settings",
            "CURBSTOP_TRIAL_MAIL": str(self.mail),
            **self.env,
        }

    def __enter__(self) -> "Month":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def open(self) -> None:
        """Read the meters, take a payment and an overpayment, and open the run."""
        oak = self.world.oak
        with scope(oak.utility.id):
            record_month(oak.system, oak.plan, oak.houses, FIRST, 1)
            with transaction.atomic():
                cycle = Cycle.objects.get()
            self.receipts = [self.pay("100001", "10.00"), self.pay("100002", "500.00")]
            self.run_id = runs.open_run(
                oak.billing, cycle_id=cycle.id, starts=STARTS, ends=ENDS, bill_on=ENDS
            )

    def pay(self, number: str, amount: str) -> int:
        """A payment that came in elsewhere; returns the receipt's id."""
        account, dollars = self.world.oak.account(number), Decimal(amount)
        with scope(self.world.oak.utility.id):
            return post_payment(
                self.world.oak.clerk,
                tenders=[Tendered("cash", dollars)],
                accounts=[ToAccount(account.id, dollars)],
                on=STARTS,
                source="lock box",
                reference=f"slip {number}",
            )

    def begin(self, step: str) -> int:
        """Start a step of the run; returns the job's id."""
        return {"prepare": self.prepare, "post": self.post, "print": self.print}[step]()

    def prepare(self) -> int:
        """Start preparing."""
        with scope(self.world.oak.utility.id):
            return runs.prepare_run(self.world.oak.billing, run_id=self.run_id, chunk=PART)

    def post(self) -> int:
        """Review, have a second person approve, and start posting."""
        maker, checker = self.world.oak.billing, self.world.oak.supervisor
        with scope(maker.utility_id):
            runs.review_run(maker, run_id=self.run_id)
            with transaction.atomic():
                seen = runs.run_hash(chunk_hashes(Run.objects.get(id=self.run_id)))
            runs.approve_run(checker, run_id=self.run_id, seen=seen)
            return runs.post_run(checker, run_id=self.run_id)

    def post_again(self) -> int:
        """Ask for the posting once more, on a connection of the caller's own thread."""
        checker = self.world.oak.supervisor
        try:
            with scope(checker.utility_id):
                return runs.post_run(checker, run_id=self.run_id)
        finally:
            connection.close()

    def print(self) -> int:
        """Start printing."""
        with scope(self.world.oak.utility.id):
            return runs.print_run(self.world.oak.supervisor, run_id=self.run_id, chunk=PART)

    def worker(self, fail_at: str = "", *options: str) -> Program:
        """A worker as a program of its own, to be killed at a point or by hand."""
        return self.program([sys.executable, "manage.py", "worker", "--verbosity=0", *options], fail_at)

    def program(self, command: list[str], fail_at: str = "") -> Program:
        """Any program on this database, leader of its own process group."""
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                command,
                cwd=settings.ROOT,
                env={**self.env, "CURBSTOP_FAIL_AT": fail_at},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.programs.append(started)
        return started

    def celery(self, fail_at: str = "") -> Program:
        """A worker that is rung by Celery, with the beat in it."""
        beat = self.folder / f"beat{len(self.programs)}"
        options = ["--concurrency=1", "--beat", f"--schedule={beat}", "--loglevel=ERROR"]
        return self.program(
            [sys.executable, "-m", "celery", "-A", "config.celery", "worker", *options], fail_at
        )

    def kill_at(self, *edges: str) -> None:
        """One worker after the other comes to its edge and dies there."""
        for edge in edges:
            code = self.worker(edge).wait(SECONDS)
            assert code == -signal.SIGKILL, f"{edge}: ended with {code}\n{self.said()}"

    def finish(self, *steps: str) -> None:
        """Take the run on through the steps with the workers that are there, or a new one."""
        if not self.at_work():
            self.worker()
        for step in steps:
            self.until_done(self.begin(step))
        self.until_quiet()

    def frozen_at(self, edge: str) -> Program:
        """A worker that stands still at an edge, everything in its hands."""
        sleeper = self.worker(f"{edge}:stop")
        self.until(lambda: _stands(sleeper.pid))
        return sleeper

    def stop(self) -> None:
        """Let the workers that are at work finish and go; the frozen ones stay."""
        for program in self.at_work():
            program.terminate()
            program.wait(SECONDS)

    def at_work(self) -> list[Program]:
        """The programs that have neither ended nor are frozen."""
        return [p for p in self.programs if p.poll() is None and not _stands(p.pid)]

    def until(self, what: Callable[[], object], seconds: float = SECONDS) -> float:
        """Wait for something; returns how long that took."""
        began = time.monotonic()
        while not what():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"Not within {seconds} s.\n{self.said()}")
            time.sleep(0.1)
        return time.monotonic() - began

    def until_done(self, job_id: int) -> float:
        """Wait until a job is done; returns the seconds, raises ``TimeoutError`` after ``SECONDS``."""
        return self.until(lambda: self.state(job_id) == "done")

    def until_quiet(self) -> float:
        """Wait until nothing of the utility waits: events answered, mails sent."""
        return self.until(lambda: not self._waiting())

    def state(self, job_id: int) -> str:
        """How a job stands."""
        with scope(self.world.oak.utility.id), transaction.atomic():
            return str(Job.objects.get(id=job_id).state)

    def parts_done(self, job_id: int) -> int:
        """How many parts of a job are done."""
        with scope(self.world.oak.utility.id), transaction.atomic():
            return JobChunk.objects.filter(job_id=job_id, state="done").count()

    def outcome(self) -> Outcome:
        """Everything that is there now."""
        with scope(self.world.oak.utility.id), transaction.atomic():
            return outcome(self.run_id)

    def broken(self) -> list[str]:
        """What does not hold of either utility, every file read and every bill made again."""
        return [
            f"{utility.slug} {found.invariant.code}: {words}"
            for utility in Utility.objects.all()
            for found in prove(Asked(utility, clock.now(), deep=True))
            for _, words in found.offences
        ]

    def backends(self) -> list[int]:
        """The server processes of this database's workers."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE application_name = 'curbstop-worker' AND datname = current_database()"
            )
            return [pid for (pid,) in cursor.fetchall()]

    def end_backends(self) -> int:
        """The cluster's superuser ends the workers' server processes; returns how many there were."""
        found = self.backends()
        superuser = psycopg2.connect(self.world.databases.cluster.superuser_url)
        try:
            with superuser.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [found])
        finally:
            superuser.close()
        return len(found)

    def said(self) -> str:
        """The end of what the programs logged."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def end(self) -> None:
        """Nothing that the trial started goes on."""
        for program in self.programs:
            try:
                os.killpg(program.pid, signal.SIGKILL)
            except ProcessLookupError:  # the program and all its own have ended
                pass
            program.wait()

    def _waiting(self) -> bool:
        rows = Due.objects.filter(tenant_id=self.world.oak.utility.id)
        return rows.exclude(kind="schedule").exists()


def proved(month: Month, undisturbed: Outcome) -> bool:
    """The disturbed run equals the other to the cent, each mail went out once, and everything holds."""
    assert month.outcome() == undisturbed
    assert len(delivered(month.mail)) == len(undisturbed.mails)
    assert month.broken() == []
    return True


def wake(*sleepers: Program) -> None:
    """Let frozen workers go on, and give them time to find that their part is in other hands."""
    for sleeper in sleepers:
        sleeper.send_signal(signal.SIGCONT)
    time.sleep(2)


def _stands(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
