"""Workers killed and frozen at every edge: nothing lost, nothing doubled, and the work resumes by itself."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.conftest import World
from tests.toys.kit import trial_at
from tests.toys.trial import Count, Trial

UNDISTURBED = Count(numbers=list(range(1, 13)), ends=1, answers=4, done=4, waiting=0, broken=[])
EDGES = ["job.claimed:2", "job.written:2", "job.committed:4", "outbox.sent:2"]
MORE_EDGES = [
    f"{name}:{time}"
    for name in ("job.claimed", "job.written", "job.committed", "outbox.sent")
    for time in (1, 3, 4)
]


@pytest.fixture
def trial(live: World) -> Iterator[Trial]:
    with trial_at(live.oak.utility.id, live.env()) as found:
        yield found


def frozen(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def settled(program: Any) -> None:
    """A program that was woken has come to rest: it does what is due each second, and finds nothing."""
    program.send_signal(signal.SIGCONT)
    time.sleep(2)


def worker_backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'curbstop-worker'"
            " AND datname = current_database()"
        )
        return [pid for (pid,) in cursor.fetchall()]


@pytest.mark.req("SYS-04")
@pytest.mark.parametrize("edge", EDGES)
def test_killed_at_an_edge(trial: Trial, edge: str) -> None:
    job_id = trial.start()
    assert trial.worker(edge).wait(60) == -signal.SIGKILL
    trial.worker()
    assert trial.until_quiet(job_id) < 60
    assert trial.count() == UNDISTURBED


@pytest.mark.parametrize("edge", ["job.claimed:2", "job.written:2"])
def test_frozen_past_its_lease_and_woken_again(trial: Trial, edge: str) -> None:
    job_id = trial.start()
    sleeper = trial.worker(f"{edge}:stop")
    trial.until(lambda: frozen(sleeper.pid), 60)
    trial.worker()
    assert trial.until_quiet(job_id) < 60
    settled(sleeper)
    assert trial.count() == UNDISTURBED
    assert sleeper.poll() is None


def test_frozen_while_it_prepares_and_woken_again(trial: Trial) -> None:
    job_id = trial.start(kind="toy.prepared", slow=6)
    sleeper = trial.worker()
    trial.until(lambda: trial.progress(job_id).done > 0, 60)
    sleeper.send_signal(signal.SIGSTOP)
    trial.worker()
    trial.until(lambda: trial.progress(job_id).parts_done > 0, 40)
    settled(sleeper)
    trial.until_quiet(job_id)
    assert trial.count() == UNDISTURBED


def test_long_preparation_keeps_its_lease(trial: Trial) -> None:
    job_id = trial.start(kind="toy.prepared", parts=1, rows=12, slow=6)
    for _ in range(2):
        trial.worker()
    trial.until_quiet(job_id)
    assert trial.progress(job_id).problems == []
    assert trial.count().numbers == list(range(1, 13))


def test_its_database_process_ended_in_the_middle(trial: Trial) -> None:
    job_id = trial.start(slow=1)
    worker = trial.worker()
    trial.until(lambda: trial.progress(job_id).parts_at_work, 60)
    with connections["default"].cursor() as cursor:
        for pid in worker_backends():
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert trial.until_quiet(job_id) < 60
    assert trial.count() == UNDISTURBED
    assert worker.poll() is None


def test_one_of_several_killed(trial: Trial) -> None:
    job_id = trial.start(parts=8, rows=3, slow=0.3)
    crew = [trial.worker() for _ in range(2)]
    trial.until(lambda: trial.progress(job_id).parts_done, 60)
    crew[0].kill()
    trial.until_quiet(job_id)
    assert trial.count().numbers == list(range(1, 25))
    assert (trial.count().ends, trial.count().answers) == (1, 8)


def test_told_to_stop_it_leaves_at_the_edge_of_a_part(trial: Trial) -> None:
    job_id = trial.start(slow=1)
    worker = trial.worker()
    trial.until(lambda: trial.progress(job_id).parts_at_work, 60)
    worker.terminate()
    assert worker.wait(15) == 0
    progress = trial.progress(job_id)
    assert (progress.parts_done, progress.parts_at_work) == (1, 0)


def test_several_processes_under_one_and_none_left_behind(trial: Trial) -> None:
    job_id = trial.start(parts=6, slow=0.2)
    crew = trial.worker("", "--processes=2")
    trial.until_quiet(job_id)
    assert len(worker_backends()) == 2
    crew.kill()
    crew.wait()
    trial.until(lambda: worker_backends() == [], 10)


def test_until_idle_it_waits_for_what_a_dead_worker_left(trial: Trial) -> None:
    job_id = trial.start()
    trial.worker("job.claimed:2").wait(60)
    assert trial.worker("", "--until-idle").wait(60) == 0
    assert trial.progress(job_id).ended
    assert trial.count() == UNDISTURBED


def test_a_screen_can_tell_that_no_worker_is_there(trial: Trial) -> None:
    job_id = trial.start(slow=2)
    before = trial.progress(job_id).step
    trial.worker()
    trial.until(lambda: trial.progress(job_id).parts_at_work, 60)
    assert before == "No worker is running: nothing will be done yet."
    assert trial.progress(job_id).step == "0 of 4 parts done, 1 at work."


@pytest.mark.trials
@pytest.mark.parametrize("way", ["kill", "stop"])
@pytest.mark.parametrize("edge", MORE_EDGES)
def test_disturbed_at_every_edge(trial: Trial, edge: str, way: str) -> None:
    job_id = trial.start()
    first = trial.worker(f"{edge}:{way}")
    trial.until(lambda: first.poll() is not None or frozen(first.pid), 60)
    trial.worker()
    assert trial.until_quiet(job_id) < 60
    if way == "stop":
        settled(first)
    assert trial.count() == UNDISTURBED


@pytest.mark.trials
@pytest.mark.parametrize("seed", range(30))
def test_disturbed_at_random(trial: Trial, seed: int) -> None:
    chance = random.Random(seed)
    job_id = trial.start(parts=6, rows=2, slow=0.3)
    for _ in range(3):
        worker = trial.worker()
        time.sleep(chance.uniform(1, 4))
        if chance.random() < 0.5:
            worker.kill()
        else:
            worker.send_signal(signal.SIGSTOP)
    trial.worker()
    assert trial.until_quiet(job_id) < 60
    count = trial.count()
    assert (count.numbers, count.ends, count.answers, count.broken) == (list(range(1, 13)), 1, 6, [])
