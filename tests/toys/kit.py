"""Making the app for trials known inside a test, and one worker's rounds without a program."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.test import override_settings

from core import clock
from core.app_lists import gather
from core.work.kinds import all_job_kinds
from core.work.sweeper import sweep
from tests.toys.trial import Trial


@contextmanager
def trial_at(utility_id: int, env: dict[str, str] | None = None) -> Iterator[Trial]:
    """A trial at one utility, with the toy kinds of work known here and in the programs it starts."""
    added = {
        "INSTALLED_APPS": [*settings.INSTALLED_APPS, "tests.toys"],
        "EVENT_WIRING": "tests.toys.jobs.CONSUMERS",
    }
    with override_settings(**added):
        _forget()
        trial = Trial(utility_id, env or {})
        try:
            yield trial
        finally:
            trial.end()
    _forget()


def rounds(trial: Trial, most: int = 50, at: datetime | None = None) -> int:
    """Sweep for the trial's utility until nothing more is done; returns how many things were."""
    done = 0
    for _ in range(most):
        now_done = sweep("test", now=lambda: at or clock.now(), utility_id=trial.utility_id)
        done += now_done
        if not now_done:
            return done
    raise AssertionError(f"Still at work after {most} rounds.")


def _forget() -> None:
    gather.cache_clear()
    all_job_kinds.cache_clear()


def broken_bell() -> None:
    """A doorbell whose broker is away."""
    raise ConnectionRefusedError("no broker here")
