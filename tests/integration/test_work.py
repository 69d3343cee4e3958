"""Jobs: done part by part, each part once, stopped at an edge, told plainly when something is wrong."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils.timezone import get_current_timezone_name

from core import clock
from core.actors import Actor
from core.errors import Conflict, NotAllowed, NotFound
from core.models import AuditEntry, Counter, Due, Job, JobChunk, Membership
from core.operations import operation
from core.tenancy import scope
from core.work.jobs import cancel_job, retry_job, start_job
from core.work.lease import LeaseLost, claim, hold_on
from core.work.queries import rows_done
from core.work.runner import do_part
from core.work.sweeper import sweep
from tests.conftest import World
from tests.toys import jobs as toys
from tests.toys.kit import rounds, trial_at
from tests.toys.trial import Trial


@pytest.fixture
def trial(live: World) -> Iterator[Trial]:
    with trial_at(live.oak.utility.id) as found:
        yield found


def asked(trial: Trial, model: Any, **what: Any) -> list[Any]:
    with scope(trial.utility_id), transaction.atomic():
        return list(model.objects.filter(**what).order_by("id"))


@pytest.mark.req("SYS-04")
def test_a_job_is_done_part_by_part_and_concluded_once(trial: Trial) -> None:
    job_id = trial.start(parts=3, rows=4)
    before = trial.progress(job_id)
    rounds(trial)
    after, count = trial.progress(job_id), trial.count()
    assert (before.done, before.total, before.job.state) == (0, 12, "ready")
    assert (after.done, after.total, after.job.state) == (12, 12, "done")
    assert after.job.result == {"done": 12, "told": True}
    assert (count.numbers, count.ends, count.answers) == (list(range(1, 13)), 1, 3)


def test_each_part_leaves_one_audit_row_that_names_it(trial: Trial) -> None:
    job_id = trial.start(parts=3)
    rounds(trial)
    rows = asked(trial, AuditEntry, operation="toy.number", what__job=job_id)
    assert [row.what["part"] for row in rows] == [1, 2, 3]
    assert len({row.operation_id for row in rows}) == 3
    assert trial.count().broken == []


def test_a_job_without_parts_is_done_at_once(trial: Trial) -> None:
    progress = trial.progress(trial.start(parts=0))
    assert (progress.job.state, progress.job.result) == ("done", {"done": 0, "told": True})
    assert trial.count().waiting == 0


def test_a_job_whose_operation_fails_was_never_there(trial: Trial) -> None:
    @operation("toy.half", permission=toys.RIGHT)
    def half(by: Actor) -> None:
        start_job(by, "toy.number", "Half", {}, [(1, {})])
        raise ZeroDivisionError

    with scope(trial.utility_id), pytest.raises(ZeroDivisionError):
        half(trial.by)
    assert asked(trial, Job, title="Half") == []
    assert trial.count().waiting == 0


def test_an_unknown_kind_of_work_is_refused(trial: Trial) -> None:
    with pytest.raises(NotFound, match="no kind of work “toy.unheard”"):
        trial.start(kind="toy.unheard")


def test_a_part_that_fails_says_why_and_the_others_are_done(trial: Trial) -> None:
    job_id = trial.start(kind="toy.refuse", parts=3, rows=1)
    rounds(trial)
    progress = trial.progress(job_id)
    assert (progress.job.state, progress.done) == ("failed", 2)
    assert progress.job.problem == (
        "1 part failed; the others are done. Part 2: Part 2 cannot be done. Mend it."
    )
    assert [p.number for p in progress.problems] == [2]
    assert trial.count().waiting == 0


def test_trying_again_does_only_what_failed(trial: Trial) -> None:
    job_id = trial.start(kind="toy.refuse", parts=3, rows=1)
    rounds(trial)
    with scope(trial.utility_id):
        with transaction.atomic():
            Counter.objects.create(series="toy.mended")
        retry_job(trial.by, job_id=job_id)
    rounds(trial)
    assert trial.progress(job_id).job.state == "done"
    assert (trial.count().numbers, trial.count().ends) == ([1, 2, 3], 1)


def test_an_error_in_the_program_is_told_without_a_traceback(trial: Trial) -> None:
    job_id = trial.start(kind="toy.fall", parts=1)
    rounds(trial)
    assert trial.progress(job_id).job.problem.endswith("Part 1: ZeroDivisionError: nothing to divide by")


def test_what_is_done_cannot_be_tried_again(trial: Trial) -> None:
    job_id = trial.start(parts=1)
    rounds(trial)
    with scope(trial.utility_id), pytest.raises(Conflict, match="it is done"):
        retry_job(trial.by, job_id=job_id)


def test_cancelling_stops_at_the_edge_of_a_part(trial: Trial) -> None:
    job_id = trial.start(parts=3, rows=2)
    sweep("test", utility_id=trial.utility_id)
    with scope(trial.utility_id):
        cancel_job(trial.by, job_id=job_id)
    rounds(trial)
    progress = trial.progress(job_id)
    assert (progress.job.state, progress.done) == ("cancelled", 2)
    assert (trial.count().numbers, trial.count().ends, trial.count().waiting) == ([1, 2], 0, 0)


def test_a_part_at_work_when_cancelled_is_finished_first(trial: Trial) -> None:
    job_id = trial.start(parts=2)
    with scope(trial.utility_id):
        claim(job_id, "another", clock.now())
        cancel_job(trial.by, job_id=job_id)
        assert do_part(job_id, "test", clock.now) is False
    assert trial.progress(job_id).step == "Stopping at the end of the part at work."


def test_somebody_who_left_gets_nothing_more_done(trial: Trial, live: World) -> None:
    with scope(trial.utility_id):
        job_id = toys.start(live.oak.admin, parts=1)
    member = Membership.objects.get(operator_id=live.oak.admin.id, utility_id=trial.utility_id)
    role, member.role_code = member.role_code, "nobody"
    member.save()
    rounds(trial)
    member.role_code = role
    member.save()
    problem = trial.progress(job_id).job.problem
    assert "the right “core.policy.set” is missing" in problem
    assert trial.count().numbers == []


def test_who_may_not_start_the_work_is_refused(trial: Trial, live: World) -> None:
    nobody = Actor("operator", 999, "Nobody", trial.utility_id)
    with scope(trial.utility_id), pytest.raises(NotAllowed):
        toys.start(nobody)


def test_a_worker_that_slept_through_its_lease_writes_nothing(trial: Trial) -> None:
    job_id = trial.start(parts=1)
    with scope(trial.utility_id):
        first = claim(job_id, "sleeper", clock.now())
        assert first is not None
        with transaction.atomic():
            JobChunk.objects.filter(pk=first.chunk_id).update(lease_until=clock.now())
        second = claim(job_id, "another", clock.now())
        assert second is not None
        with pytest.raises(LeaseLost), transaction.atomic():
            hold_on(first)
        with transaction.atomic():
            hold_on(second)
    assert second.fence == first.fence + 1


def test_a_part_in_other_hands_is_left_alone(trial: Trial) -> None:
    job_id = trial.start(parts=1)
    with scope(trial.utility_id):
        assert claim(job_id, "one", clock.now()) is not None
        assert claim(job_id, "two", clock.now()) is None


def test_four_workers_at_once_do_each_part_once(trial: Trial) -> None:
    job_id = trial.start(parts=12, rows=2)

    def work(_: int) -> None:
        try:
            while not trial.progress(job_id).ended:
                sweep("test", utility_id=trial.utility_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crew:
        list(crew.map(work, range(4)))
    rounds(trial)
    count = trial.count()
    assert (count.numbers, count.ends, count.answers, count.broken) == (list(range(1, 25)), 1, 12, [])


def test_one_utilitys_trouble_does_not_stop_another(trial: Trial, live: World) -> None:
    trial.start(kind="toy.fall", parts=1)
    Due.objects.create(tenant_id=trial.utility_id, kind="unheard", ref=1, due_at=clock.now())
    elm = Trial(live.elm.utility.id)
    job_id = elm.start(parts=2)
    for _ in range(6):
        sweep("test")
    Due.objects.filter(kind="unheard").delete()
    assert elm.progress(job_id).job.state == "done"


def test_a_broker_that_is_away_does_not_fail_the_request(trial: Trial, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.WORK_DOORBELL = "tests.toys.kit.broken_bell"
    job_id = trial.start(parts=1)
    rounds(trial)
    assert trial.progress(job_id).job.state == "done"


def test_a_list_of_jobs_shows_the_rows_done_of_each(trial: Trial) -> None:
    first, second = trial.start(parts=2, rows=3), trial.start(parts=1, rows=5)
    rounds(trial)
    with scope(trial.utility_id), transaction.atomic():
        assert rows_done(list(Job.objects.filter(id__in=[first, second]))) == {first: 6, second: 5}


def test_a_job_has_ended_when_its_last_part_was_done(trial: Trial) -> None:
    job_id = trial.start(parts=1)
    rounds(trial)
    job = trial.progress(job_id).job
    assert job.started_at is not None
    assert job.ended_at is not None
    assert job.ended_at > job.started_at


def test_work_is_done_in_the_time_zone_of_its_utility(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    zones: list[str] = []

    def part(*_: object) -> bool:
        zones.append(get_current_timezone_name())
        return False

    monkeypatch.setattr("core.work.sweeper.do_part", part)
    trial.start(parts=1)
    sweep("test", utility_id=trial.utility_id)
    assert zones == ["America/Chicago"]
