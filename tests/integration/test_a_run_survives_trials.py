"""The same at every point three times, with the lease a utility has, and at thirty random moments."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.conftest import World
from tests.trials.month import SECONDS, STEPS, Month, proved, wake
from tests.trials.outcome import Outcome

pytestmark = pytest.mark.trials
pytest_plugins = ["tests.trials.fixtures"]

POINTS = {
    "prepare": ("job.claimed", "job.written", "job.committed"),
    "post": ("ledger.between", "billing.before_numbers", "numbers.taken", "job.written", "job.committed"),
    "print": ("job.claimed", "press.middle", "vault.renamed", "job.written"),
}
THRICE = [
    *(("prepare", f"{point}:{n}") for point in POINTS["prepare"] for n in (1, 2, 3)),
    *(("post", f"{point}:{n}") for point in ("ledger.between", "numbers.taken") for n in (1, 2, 3)),
    *(("print", f"{point}:{n}") for point in ("press.middle", "vault.renamed") for n in (1, 2, 3)),
    *((step, point) for point in ("outbox.sent", "mail.sent") for step in STEPS),
]


@pytest.fixture
def month(undisturbed: Outcome, live: World, tmp_path: Path) -> Iterator[Month]:
    with Month(live, tmp_path) as found:
        found.open()
        yield found


def tell(record_property: Any, found: Outcome) -> None:
    """What the run was proved to have come to."""
    for name, value in (
        ("bills", len(found.numbers)),
        ("dollars", found.dollars()),
        ("journals", len(found.journals)),
        ("pages", found.sheets),
    ):
        record_property(name, value)


def up_to(month: Month, step: str) -> int:
    """The run brought to a step by a worker that is gone again, and the step begun."""
    if before := STEPS[: STEPS.index(step)]:
        month.finish(*before)
        month.stop()
    return month.begin(step)


def after(month: Month, step: str) -> tuple[str, ...]:
    return STEPS[STEPS.index(step) + 1 :]


@pytest.mark.parametrize(("step", "edge"), THRICE)
def test_killed_at(month: Month, undisturbed: Outcome, record_property: Any, step: str, edge: str) -> None:
    job_id = up_to(month, step)
    month.kill_at(edge)
    month.worker()
    resumed = month.until_done(job_id)
    record_property("resumed_and_done_s", f"{resumed:.1f}")
    assert resumed < SECONDS
    month.finish(*after(month, step))
    assert proved(month, undisturbed)
    tell(record_property, undisturbed)


@pytest.mark.parametrize("edge", ["job.claimed:2", "numbers.taken:1", "numbers.taken:3"])
def test_frozen_past_its_lease(month: Month, undisturbed: Outcome, record_property: Any, edge: str) -> None:
    job_id = up_to(month, "post")
    sleeper = month.frozen_at(edge)
    month.worker()
    resumed = month.until_done(job_id)
    record_property("resumed_and_done_s", f"{resumed:.1f}")
    assert resumed < SECONDS
    wake(sleeper)
    month.finish("print")
    assert proved(month, undisturbed)
    tell(record_property, undisturbed)


@pytest.mark.parametrize("edge", ["ledger.between:2", "numbers.taken:2", "job.written:3"])
def test_its_server_process_ended(
    month: Month, undisturbed: Outcome, record_property: Any, edge: str
) -> None:
    job_id = up_to(month, "post")
    worker = month.frozen_at(edge)
    assert month.end_backends() == 1
    worker.send_signal(signal.SIGCONT)
    resumed = month.until_done(job_id)
    record_property("resumed_and_done_s", f"{resumed:.1f}")
    month.finish("print")
    assert proved(month, undisturbed)
    tell(record_property, undisturbed)


@pytest.mark.parametrize("step", STEPS)
def test_the_sweeper_killed(month: Month, undisturbed: Outcome, record_property: Any, step: str) -> None:
    job_id = up_to(month, step)
    crew = month.worker("", "--processes=2")
    month.until(lambda: month.parts_done(job_id))
    crew.kill()
    month.worker()
    record_property("resumed_and_done_s", f"{month.until_done(job_id):.1f}")
    month.finish(*after(month, step))
    assert proved(month, undisturbed)
    tell(record_property, undisturbed)


@pytest.mark.parametrize("parts", [0, 1, 2])
def test_redis_emptied(
    live: World, tmp_path: Path, undisturbed: Outcome, broker: str, record_property: Any, parts: int
) -> None:
    with Month(live, tmp_path, {"REDIS_URL": broker}) as month:
        month.open()
        month.celery()
        for step in STEPS:
            job_id = month.begin(step)
            month.until(lambda job_id=job_id: month.parts_done(job_id) >= parts)  # type: ignore[misc]  # bound now
            redis.Redis.from_url(broker).flushall()
            month.until_done(job_id)
        month.until_quiet()
        assert proved(month, undisturbed)
    tell(record_property, undisturbed)


@pytest.mark.parametrize("seed", range(30))
def test_at_random(month: Month, undisturbed: Outcome, record_property: Any, seed: int) -> None:
    chance, longest, done = random.Random(seed), 0.0, []
    for step in STEPS:
        job_id = month.begin(step)
        done += [disturb(month, step, job_id, chance) for _ in range(chance.randint(0, 2))]
        month.worker()
        longest = max(longest, month.until_done(job_id))
    for sleeper in month.programs:
        if sleeper.poll() is None:
            sleeper.send_signal(signal.SIGCONT)
    month.until_quiet()
    time.sleep(2)
    record_property("done", ", ".join(done) or "nothing")
    record_property("longest_step_s", f"{longest:.1f}")
    assert longest < SECONDS
    assert proved(month, undisturbed)
    tell(record_property, undisturbed)


def disturb(month: Month, step: str, job_id: int, chance: random.Random) -> str:
    """One mishap of a step: at a point, or after a while; returns what it was."""
    way = chance.choice(("kill", "stop", "kill", "stop", "moment", "servers"))
    if way in ("kill", "stop"):
        edge = f"{chance.choice(POINTS[step])}:{chance.randint(1, 3)}:{way}"
        first = month.worker(edge)
        month.until(lambda: first not in month.at_work() or month.state(job_id) == "done")
        return f"{step} {edge}"
    seconds = chance.uniform(0.5, 6)
    worker = month.worker()
    time.sleep(seconds)
    if way == "servers":
        return f"{step}: {month.end_backends()} server processes after {seconds:.1f} s"
    os.killpg(worker.pid, signal.SIGKILL)
    return f"{step} kill after {seconds:.1f} s"
