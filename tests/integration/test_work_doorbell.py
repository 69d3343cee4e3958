"""Celery and Redis only shorten the wait: rings may be lost, doubled or late."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.test import override_settings

from config import celery
from core.work.doorbell import ring
from core.work.presence import workers_seen
from tests.conftest import World
from tests.toys.kit import trial_at
from tests.toys.trial import ROOT, Trial


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """A Redis of this test's own that keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(["redis-server", *options, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


@pytest.fixture
def trial(live: World, broker: str) -> Iterator[Trial]:
    with trial_at(live.oak.utility.id, {**live.env(), "REDIS_URL": broker}) as found:
        yield found


def celery_worker(trial: Trial, tmp_path: Path) -> None:
    env = {**trial.env, "DJANGO_SETTINGS_MODULE": "tests.toys.settings"}
    options = ["--concurrency=1", "--beat", f"--schedule={tmp_path / 'beat'}", "--loglevel=ERROR"]
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", *options]
    trial.programs.append(subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True))


@pytest.mark.req("SYS-04")
def test_redis_emptied_in_the_middle_loses_and_doubles_nothing(
    trial: Trial, broker: str, tmp_path: Path
) -> None:
    celery_worker(trial, tmp_path)
    job_id = trial.start(parts=6, rows=2, slow=0.3)
    trial.until(lambda: trial.progress(job_id).parts_done, 40)
    redis.Redis.from_url(broker).flushall()
    trial.until_quiet(job_id)
    count = trial.count()
    assert (count.numbers, count.ends, count.answers, count.broken) == (list(range(1, 13)), 1, 6, [])


def test_rings_that_come_twice_and_late_change_nothing(trial: Trial, broker: str, tmp_path: Path) -> None:
    bell = Celery(broker=broker)
    job_id = trial.start(parts=2, rows=2)
    for _ in range(5):
        bell.send_task("core.work.look")
    celery_worker(trial, tmp_path)
    trial.until_quiet(job_id)
    bell.send_task("core.work.look")
    assert len(workers_seen()) == 1
    assert trial.count().numbers == [1, 2, 3, 4]
    assert (trial.count().ends, trial.count().answers) == (1, 2)


def test_a_broker_that_is_away_is_rung_in_vain_and_soon_given_up(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(celery.app.conf, "broker_url", nowhere)
    monkeypatch.setattr(celery.app.amqp, "_producer_pool", None)  # else that of the broker before
    began = time.monotonic()
    with override_settings(REDIS_URL=nowhere):
        ring()
    assert time.monotonic() - began < 5
    assert "they find the work at their next round" in caplog.text
