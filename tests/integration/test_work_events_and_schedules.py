"""Events take effect once whatever is repeated; schedules come due once, and once more after a sleep."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from core import clock
from core.errors import Conflict, Refused
from core.models import Counter, Due, Job, Occurrence, OutboxEvent, Schedule
from core.tenancy import scope
from core.work.jobs import retry_job
from core.work.outbox import MOST_ATTEMPTS, deliver, retry_event
from core.work.schedules import change_schedule, come_due, create_schedule, pause_schedule, run_schedule_now
from tests.conftest import World
from tests.toys.kit import rounds, trial_at
from tests.toys.trial import Trial

NIGHTLY = {"every": "day", "at": "02:00"}


@pytest.fixture
def trial(live: World) -> Iterator[Trial]:
    with trial_at(live.oak.utility.id) as found:
        yield found


def event_of(trial: Trial) -> OutboxEvent:
    with scope(trial.utility_id), transaction.atomic():
        return OutboxEvent.objects.filter(name="toy.numbered").latest("id")


def deafen(trial: Trial, deaf: bool) -> None:
    with scope(trial.utility_id), transaction.atomic():
        if deaf:
            Counter.objects.create(series="toy.deaf")
        else:
            Counter.objects.filter(series="toy.deaf").update(series="toy.heard")


def make(trial: Trial, **what: Any) -> int:
    with scope(trial.utility_id):
        wanted = {"name": "Nightly", "kind": "toy.number", "rule": NIGHTLY, **what}
        return create_schedule(trial.by, **wanted)


def due_of(trial: Trial, schedule_id: int) -> datetime:
    with scope(trial.utility_id), transaction.atomic():
        due = Schedule.objects.get(pk=schedule_id).next_due
    assert due is not None
    return due


def turn(trial: Trial, schedule_id: int, at: datetime) -> bool:
    with scope(trial.utility_id):
        return come_due(schedule_id, at)


def test_an_event_delivered_again_takes_effect_once(trial: Trial) -> None:
    trial.start(parts=1)
    rounds(trial)
    event = event_of(trial)
    with scope(trial.utility_id):
        with transaction.atomic():
            OutboxEvent.objects.filter(pk=event.id).update(state="waiting")
        assert deliver(event.id, clock.now()) is True
        assert deliver(event.id, clock.now()) is False
    assert (trial.count().answers, trial.processed()) == (1, 1)


def test_a_consumer_that_fails_is_asked_again_later(trial: Trial) -> None:
    deafen(trial, True)
    trial.start(parts=1)
    rounds(trial)
    told = event_of(trial)
    deafen(trial, False)
    rounds(trial, at=clock.now() + timedelta(hours=2))
    assert (told.state, told.attempts, told.problem) == ("waiting", 1, "toy.answer: Nobody listens.")
    assert (event_of(trial).state, event_of(trial).problem, trial.count().answers) == ("done", "", 1)


def test_an_event_nobody_can_answer_is_dead_until_somebody_sees_to_it(trial: Trial) -> None:
    deafen(trial, True)
    trial.start(parts=1)
    rounds(trial)
    for hour in range(1, MOST_ATTEMPTS):
        rounds(trial, at=clock.now() + timedelta(hours=2 * hour))
    dead = event_of(trial)
    deafen(trial, False)
    with scope(trial.utility_id):
        retry_event(trial.by, event_id=dead.id)
    rounds(trial)
    assert (dead.state, dead.attempts) == ("dead", MOST_ATTEMPTS)
    assert (event_of(trial).state, trial.count().answers, trial.count().waiting) == ("done", 1, 0)


@pytest.mark.req("SYS-04")
def test_a_schedule_comes_due_once_however_often_it_is_looked_at(trial: Trial) -> None:
    schedule_id = make(trial)
    due = due_of(trial, schedule_id)
    assert turn(trial, schedule_id, due - timedelta(seconds=1)) is False
    assert turn(trial, schedule_id, due) is True
    assert turn(trial, schedule_id, due) is False
    rounds(trial)
    assert [state for _, state in trial.occurrences()] == ["started"]
    assert trial.count().numbers == [1, 2, 3, 4, 5, 6]
    assert due_of(trial, schedule_id) > due


def test_the_sweep_finds_a_schedule_by_its_due_row(trial: Trial) -> None:
    schedule_id = make(trial)
    rounds(trial, at=due_of(trial, schedule_id))
    assert trial.count().numbers == [1, 2, 3, 4, 5, 6]


def test_after_a_sleep_one_occurrence_is_caught_up_and_the_others_are_kept_as_missed(trial: Trial) -> None:
    schedule_id = make(trial)
    due = due_of(trial, schedule_id)
    turn(trial, schedule_id, due + timedelta(days=3, hours=5))
    with scope(trial.utility_id), transaction.atomic():
        last = Occurrence.objects.select_related("job").latest("due_at")
        assert last.job is not None
        assert last.job.params == {"on": str(last.business_date), "missed": 3}
        assert last.job.title.endswith("(catching up)")
    assert [state for _, state in trial.occurrences()] == ["missed", "missed", "missed", "started"]


def test_a_paused_schedule_rests_and_is_not_caught_up(trial: Trial) -> None:
    schedule_id = make(trial)
    due = due_of(trial, schedule_id)
    with scope(trial.utility_id):
        pause_schedule(trial.by, schedule_id=schedule_id, paused=True)
        assert come_due(schedule_id, due) is False
        pause_schedule(trial.by, schedule_id=schedule_id, paused=False)
    assert trial.occurrences() == []
    assert due_of(trial, schedule_id) > clock.now()


def test_a_changed_time_counts_from_now_on(trial: Trial) -> None:
    schedule_id = make(trial)
    with scope(trial.utility_id):
        change_schedule(trial.by, schedule_id=schedule_id, name="Noon", rule={"every": "day", "at": "12:00"})
    wake = Due.objects.get(tenant_id=trial.utility_id, kind="schedule", ref=schedule_id)
    assert wake.due_at == due_of(trial, schedule_id)
    assert wake.due_at.minute == 0


def test_run_now_starts_the_work_beside_its_times_and_not_twice_at_once(trial: Trial) -> None:
    schedule_id = make(trial)
    due = due_of(trial, schedule_id)
    with scope(trial.utility_id):
        job_id = run_schedule_now(trial.by, schedule_id=schedule_id)
        with pytest.raises(Conflict, match="still at work"):
            run_schedule_now(trial.by, schedule_id=schedule_id)
    rounds(trial)
    assert trial.progress(job_id).job.state == "done"
    assert due_of(trial, schedule_id) == due


def test_work_that_cannot_be_planned_is_a_failed_job_that_can_be_tried_again(trial: Trial) -> None:
    schedule_id = make(trial, params={"unset": True})
    turn(trial, schedule_id, due_of(trial, schedule_id))
    with scope(trial.utility_id):
        with transaction.atomic():
            job = Job.objects.latest("id")
            Job.objects.filter(pk=job.id).update(params={"on": job.params["on"]})
        retry_job(trial.by, job_id=job.id)
    rounds(trial)
    assert (job.state, job.problem) == ("failed", "A threshold is not set. Set it under Policies.")
    assert trial.progress(job.id).done == 6


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"rule": {"every": "day", "at": "25:00"}}, "not a time of day"),
        ({"name": " "}, "has no name"),
        ({"kind": "toy.prepared"}, "cannot be started by a schedule"),
    ],
)
def test_a_schedule_that_means_nothing_is_refused(trial: Trial, what: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        make(trial, **what)
