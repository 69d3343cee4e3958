"""A run that is killed, frozen and cut off at every edge comes out equal to one that nobody disturbed."""

import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connection

from billing import printing
from billing.documents.press import PrintedBatch, merge
from collections_app.operations import void_receipt
from config.town.month import work_until_idle
from core.app_lists import gather
from core.errors import Conflict
from core.tenancy import scope
from core.work import kinds
from core.work.jobs import cancel_job, retry_job
from core.work.sweeper import sweep
from tests.conftest import World
from tests.trials.month import ENDS, SECONDS, STEPS, Month, proved, wake
from tests.trials.outcome import Outcome

pytest_plugins = ["tests.trials.fixtures"]

# How long a lost part is waited for is configuration; the way it is found and done again is not.
SHORT_LEASE = {"CURBSTOP_LEASE_SECONDS": "5"}


@pytest.fixture
def month(undisturbed: Outcome, live: World, tmp_path: Path) -> Iterator[Month]:
    with Month(live, tmp_path, dict(SHORT_LEASE)) as found:
        found.open()
        yield found


def test_the_undisturbed_month_is_what_the_trials_take_it_for(undisturbed: Outcome) -> None:
    assert undisturbed.run == "printed"
    assert undisturbed.numbers == list(range(13, 25))
    assert undisturbed.parts == [(0, 12, 12), (1, 4, 4), (2, 4, 4), (3, 4, 4)]
    assert undisturbed.sheets == 12
    assert undisturbed.dollars() > 0
    assert [subject for subject, _ in undisturbed.mails] == [
        "billing.run.posted",
        "billing.run.prepared",
        "billing.run.printed",
    ]
    assert undisturbed.waiting == 0


@pytest.mark.req("BIL-10", "SYS-04")
def test_killed_while_it_is_prepared(month: Month, undisturbed: Outcome) -> None:
    """After the claim, after the write, after the commit; then with its event answered and not marked."""
    job_id = month.prepare()
    month.kill_at("job.claimed:2", "job.written", "job.committed", "outbox.sent")
    month.worker()
    assert month.until_done(job_id) < SECONDS
    month.finish("post", "print")
    assert proved(month, undisturbed)


@pytest.mark.req("BIL-10")
def test_killed_while_it_is_posted(month: Month, undisturbed: Outcome) -> None:
    """Between journals and open items, after the block of numbers, after the write, after the commit."""
    month.finish("prepare")
    month.stop()
    job_id = month.post()
    month.kill_at("ledger.between", "numbers.taken:2", "job.written", "job.committed")
    month.worker()
    assert month.until_done(job_id) < SECONDS
    month.finish("print")
    assert proved(month, undisturbed)


@pytest.mark.req("BIL-10")
def test_killed_while_it_is_printed(month: Month, undisturbed: Outcome) -> None:
    """In the middle of a PDF, after a part's rename before its row, and the same with the whole."""
    month.finish("prepare", "post")
    month.stop()
    job_id = month.print()
    month.kill_at("press.middle:2", "vault.renamed", "vault.renamed:3")
    month.worker()
    assert month.until_done(job_id) < SECONDS
    month.until_quiet()
    assert proved(month, undisturbed)


def test_its_server_process_ended_while_it_posts(month: Month, undisturbed: Outcome) -> None:
    month.finish("prepare")
    month.stop()
    job_id = month.post()
    worker = month.frozen_at("numbers.taken")
    assert month.end_backends() == 1
    worker.send_signal(signal.SIGCONT)
    assert month.until_done(job_id) < SECONDS
    month.finish("print")
    assert worker.poll() is None
    assert proved(month, undisturbed)


def test_frozen_past_its_lease_and_woken_when_all_is_done(month: Month, undisturbed: Outcome) -> None:
    month.finish("prepare")
    month.stop()
    job_id = month.post()
    sleepers = [month.frozen_at("job.claimed"), month.frozen_at("numbers.taken")]
    month.worker()
    assert month.until_done(job_id) < SECONDS
    month.stop()
    job_id = month.print()
    sleepers.append(month.frozen_at("press.middle"))
    month.worker()
    assert month.until_done(job_id) < SECONDS
    wake(*sleepers)
    month.until_quiet()
    assert proved(month, undisturbed)


@pytest.mark.trials
def test_the_sweeper_killed_and_those_it_hired_killed_again_and_again(
    month: Month, undisturbed: Outcome
) -> None:
    """Every worker of the crew dies in its second part and is replaced; then the crew itself is killed."""
    crew = month.worker("job.written:2", "--processes=2")
    month.until_done(month.prepare())
    job_id = month.post()
    month.until(lambda: month.parts_done(job_id))
    crew.kill()
    month.worker()
    assert month.until_done(job_id) < SECONDS
    month.finish("print")
    assert "another takes its place" in month.said()
    assert proved(month, undisturbed)


def test_several_workers_at_once_are_as_good_as_one(month: Month, undisturbed: Outcome) -> None:
    month.worker("", "--processes=2")
    month.worker()
    month.finish(*STEPS)
    assert "anew" not in month.said()
    assert proved(month, undisturbed)


@pytest.mark.trials
def test_redis_emptied_while_it_posts(live: World, tmp_path: Path, undisturbed: Outcome, broker: str) -> None:
    with Month(live, tmp_path, {**SHORT_LEASE, "REDIS_URL": broker}) as month:
        month.open()
        month.celery("numbers.taken:2")
        month.until_done(month.prepare())
        job_id = month.post()
        month.until(lambda: month.parts_done(job_id))
        redis.Redis.from_url(broker).flushall()
        month.celery()
        month.until_done(job_id)
        redis.Redis.from_url(broker).flushall()
        month.finish("print")
        assert proved(month, undisturbed)


def test_prepared_anew_while_it_is_being_prepared_is_refused(month: Month, undisturbed: Outcome) -> None:
    month.prepare()
    month.frozen_at("job.claimed:2")
    with pytest.raises(Conflict, match="being prepared at this moment"):
        month.prepare()
    month.finish()
    month.finish("post", "print")
    assert proved(month, undisturbed)


def test_two_people_who_post_at_once_start_one_job(month: Month, undisturbed: Outcome) -> None:
    month.finish("prepare")
    first = month.post()
    with ThreadPoolExecutor(8) as crowd:
        jobs = list(crowd.map(lambda _: month.post_again(), range(8)))
    assert set(jobs) == {first}
    month.until_done(first)
    month.finish("print")
    assert proved(month, undisturbed)


def test_cancelled_at_the_edge_of_a_part_while_it_prints_and_taken_up_again(
    month: Month, undisturbed: Outcome
) -> None:
    month.finish("prepare", "post")
    month.stop()
    job_id = month.print()
    worker = month.frozen_at("press.middle:2")
    with scope(month.world.oak.utility.id):
        cancel_job(month.world.oak.supervisor, job_id=job_id)
    worker.send_signal(signal.SIGCONT)
    month.until(lambda: month.state(job_id) == "cancelled")
    assert month.parts_done(job_id) == 2
    assert month.outcome().run == "posted"
    with scope(month.world.oak.utility.id):
        retry_job(month.world.oak.supervisor, job_id=job_id)
    month.until_done(job_id)
    month.until_quiet()
    assert proved(month, undisturbed)


def test_a_receipt_voided_while_its_account_is_posted(month: Month, undisturbed: Outcome) -> None:
    """The void waits for the posting or goes before it; either way each bill says what was true."""
    month.finish("prepare")
    month.stop()
    job_id = month.post()
    sleeper = month.frozen_at("numbers.taken")
    with scope(month.world.oak.utility.id):
        void_receipt(month.world.oak.supervisor, receipt_id=month.receipts[0], why="Wrong account", on=ENDS)
    wake(sleeper)
    month.until_done(job_id)
    month.finish("print")
    now = month.outcome()
    assert (now.run, now.numbers, now.dollars()) == ("printed", undisturbed.numbers, undisturbed.dollars())
    assert [a[0] for a, b in zip(now.bills, undisturbed.bills, strict=True) if a != b] == ["100001"]
    assert month.broken() == []


def test_the_kinds_of_work_are_read_before_any_transaction(
    live: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read cold, on a busy machine, they take longer than a transaction may lie still."""
    inside: list[bool] = []

    def gathered(*names: str) -> tuple[Any, ...]:
        inside.append(connection.in_atomic_block)
        return gather(*names)

    with Month(live, tmp_path) as month:
        month.open()
        month.prepare()
        kinds.all_job_kinds.cache_clear()
        monkeypatch.setattr(kinds, "gather", gathered)
        assert sweep("test") > 0
    assert inside == [False]


def test_the_parts_are_joined_however_long_it_takes(
    month: Month, undisturbed: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(parts: Sequence[PrintedBatch]) -> PrintedBatch:
        time.sleep(3)
        return merge(parts)

    for step in ("prepare", "post"):
        month.begin(step)
        work_until_idle()
    brief = replace(kinds.job_kind("billing.print"), lease_seconds=1)
    monkeypatch.setitem(kinds.all_job_kinds(), "billing.print", brief)
    monkeypatch.setattr(printing, "merge", slowly)
    job_id = month.print()
    work_until_idle()
    assert month.state(job_id) == "done"
    assert month.outcome().parts == undisturbed.parts


def test_a_part_that_fails_keeps_the_whole_from_being_joined_until_it_is_mended(
    month: Month, undisturbed: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_paper(*asked: Any) -> PrintedBatch:
        raise ValueError("no paper")

    for step in ("prepare", "post"):
        month.begin(step)
        work_until_idle()
    job_id = month.print()
    with monkeypatch.context() as broken:
        broken.setattr(printing, "print_statements", without_paper)
        work_until_idle()
    assert (month.state(job_id), month.parts_done(job_id)) == ("failed", 0)
    with scope(month.world.oak.utility.id):
        retry_job(month.world.oak.supervisor, job_id=job_id)
    work_until_idle()
    assert (month.state(job_id), month.outcome().parts) == ("done", undisturbed.parts)
    assert month.broken() == []
