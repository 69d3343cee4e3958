"""A large purge is a job: one, by a second person, and a worker may die in the middle of it."""

import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models.functions import Now

from config.town.month import work_until_idle
from core.errors import Conflict, NotAllowed
from core.models import AuditEntry, Job, JobChunk, StoredFile
from core.policies import set_policy
from core.tenancy import scope
from core.vault import fetch
from core.work.jobs import cancel_job, retry_job
from ledger import purge_jobs
from ledger.policies import HISTORY_KEPT_MONTHS
from ledger.purge_models import Purge
from ledger.purging import approve_purge, begin_purge, propose_purge, refuse_purge, withdraw_purge
from tests.conftest import World
from tests.trials.month import Month
from tests.world.partners import Partner
from tests.world.proof import broken
from tests.world.purges import BEFORE, TODAY, balances, old_history
from tests.world.towns import Town


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is large is lowered, not how it is done."""
    monkeypatch.setattr(purge_jobs, "AT_ONCE", 1)


@pytest.fixture
def crew(live: World, tmp_path: Path) -> Iterator[Month]:
    with Month(live, tmp_path) as found:
        yield found


def proposed(town: Town) -> int:
    """Two accounts' old history, proposed by the supervisor."""
    old_history(town, "100001", "100002")
    with scope(town.utility.id):
        return propose_purge(town.supervisor, before=BEFORE, today=TODAY)


def approved(town: Town, purge: int) -> int:
    """Approved by the administrator; the job's id."""
    with scope(town.utility.id):
        approve_purge(town.admin, purge_id=purge, today=TODAY)
        with transaction.atomic():
            return int(Job.objects.get(kind=purge_jobs.KIND).id)


def worked(town: Town) -> None:
    with scope(town.utility.id):
        work_until_idle()


def row(town: Town, purge: int) -> Purge:
    with scope(town.utility.id), transaction.atomic():
        return Purge.objects.get(id=purge)


def lease_over(town: Town, job_id: int) -> None:
    """As if the minutes had passed in which a part is left to a worker that says nothing."""
    with scope(town.utility.id), transaction.atomic():
        rows = JobChunk.objects.filter(job_id=job_id, state="running", lease_until__gt=Now())
        assert rows.update(lease_until=Now()) == 1


@pytest.mark.req("HIS-02")
def test_a_large_purge_is_a_job_of_who_approved_it(live: World) -> None:
    oak = live.oak
    purge, before = proposed(oak), balances(oak)
    job_id = approved(oak, purge)
    assert row(oak, purge).state == "waiting"
    worked(oak)
    done = row(oak, purge)
    assert (done.state, done.checker, done.totals_before) == ("done", oak.admin.ref, done.totals_after)
    with scope(oak.utility.id), transaction.atomic():
        job = Job.objects.get(id=job_id)
        assert (job.state, job.total, job.result["done"]) == ("done", 4, 4)
        assert AuditEntry.objects.get(operation="ledger.purge").actor_name == oak.admin.name
    assert balances(oak) == before
    assert broken(live) == []


def test_whoever_clicks_twice_starts_one_job(live: World) -> None:
    oak = live.oak
    purge = proposed(oak)
    approved(oak, purge)
    with scope(oak.utility.id):
        with pytest.raises(Conflict, match="being purged"):
            approve_purge(oak.admin, purge_id=purge, today=TODAY)
        with pytest.raises(Conflict, match="being purged"):
            refuse_purge(oak.admin, purge_id=purge, why="too early")
        with pytest.raises(Conflict, match="being purged"):
            withdraw_purge(oak.supervisor, purge_id=purge)
        with transaction.atomic():
            assert Job.objects.filter(kind=purge_jobs.KIND).count() == 1


def test_whoever_proposed_it_neither_approves_nor_tries_the_job_again(live: World) -> None:
    oak = live.oak
    purge = proposed(oak)
    with scope(oak.utility.id), pytest.raises(NotAllowed, match="may not approve"):
        approve_purge(oak.supervisor, purge_id=purge, today=TODAY)
    job_id = approved(oak, purge)
    with scope(oak.utility.id):
        cancel_job(oak.admin, job_id=job_id)
        retry_job(oak.supervisor, job_id=job_id)
    worked(oak)
    assert row(oak, purge).state == "waiting"
    page = oak.client("admin").get(f"/ledger/purges/{purge}/").content.decode()
    assert "could not be purged" in page
    assert "may not approve it too" in page
    assert "Approve and purge" in page


def test_its_page_shows_the_work_and_then_what_was_done(live: World) -> None:
    oak = live.oak
    purge, desk = proposed(oak), oak.client("admin")
    path = f"/ledger/purges/{purge}/"
    begun = desk.post(f"{path}approve/", {"idempotency_key": str(uuid4())}, follow=True).content.decode()
    with scope(oak.utility.id), transaction.atomic():
        job_id = Job.objects.get(kind=purge_jobs.KIND).id
    assert "A job purges it now" in begun
    assert f'href="/jobs/{job_id}/"' in begun
    assert "0 of 4" in begun.replace("</b>", "").replace("<b>", "")
    assert "Approve and purge" not in begun
    assert "every 2s" in begun
    twice = desk.post(f"{path}approve/", {"idempotency_key": str(uuid4())}, follow=True).content.decode()
    assert "It is being purged." in twice
    worked(oak)
    done = desk.get(path).content.decode()
    assert "Control totals before and after" in done
    assert "every 2s" not in done
    assert f'href="{path}"' in desk.get(f"/jobs/{job_id}/").content.decode()


def test_a_job_that_could_not_leaves_the_purge_to_be_approved_again(live: World) -> None:
    oak = live.oak
    purge = proposed(oak)
    first = approved(oak, purge)
    with scope(oak.utility.id):
        cancel_job(oak.admin, job_id=first)
        approve_purge(oak.admin, purge_id=purge, today=TODAY)
    worked(oak)
    assert row(oak, purge).state == "done"
    with scope(oak.utility.id):
        retry_job(oak.admin, job_id=first)
    worked(oak)
    with scope(oak.utility.id), transaction.atomic():
        assert Job.objects.get(id=first).state == "failed"
        assert StoredFile.objects.filter(purpose="ledger.purge").count() == 1
    assert broken(live) == []


@pytest.mark.req("HIS-02", "SYS-04")
def test_a_worker_killed_in_the_middle_leaves_it_to_the_next(live: World, crew: Month) -> None:
    oak = live.oak
    purge, before = proposed(oak), balances(oak)
    job_id = approved(oak, purge)
    crew.kill_at("purge.archived")
    assert row(oak, purge).state == "waiting"
    assert balances(oak) == before
    lease_over(oak, job_id)
    crew.kill_at("job.written")
    lease_over(oak, job_id)
    crew.worker()
    crew.until_done(job_id)
    with scope(oak.utility.id), transaction.atomic():
        done = Purge.objects.get(id=purge)
        assert [done.archive_id] == list(
            StoredFile.objects.filter(purpose="ledger.purge").values_list("id", flat=True)
        )
        assert len(fetch(done.archive_id or 0).splitlines()) > done.seen["journals"]
        assert AuditEntry.objects.filter(operation="ledger.purge").count() == 1
    assert done.totals_before == done.totals_after
    assert balances(oak) == before
    assert broken(live) == []


def test_nobody_waits_for_the_job_s_locks_to_be_told(live: World, crew: Month) -> None:
    oak = live.oak
    purge = proposed(oak)
    job_id = approved(oak, purge)
    sleeper = crew.frozen_at("purge.archived")
    page = oak.client("admin").get(f"/ledger/purges/{purge}/").content.decode()
    assert "being purged" in page
    with scope(oak.utility.id), pytest.raises(Conflict, match="being purged"):
        approve_purge(oak.admin, purge_id=purge, today=TODAY)
    sleeper.send_signal(signal.SIGCONT)
    crew.until_done(job_id)
    assert row(oak, purge).state == "done"


def test_much_history_is_looked_at_by_a_job(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge_jobs, "LOOK_AT_ONCE", 1)
    oak = live.oak
    old_history(oak, "100001")
    desk, given = oak.client("supervisor"), {"before": "2026-10-01"}
    asked = desk.post("/ledger/purges/new/", {**given, "idempotency_key": str(uuid4())})
    with scope(oak.utility.id), transaction.atomic():
        job_id = Job.objects.get(kind=purge_jobs.LOOK_KIND).id
        assert not Purge.objects.exists()
    assert asked.headers["Location"] == f"/jobs/{job_id}/"
    assert "One is being looked at" in desk.get("/ledger/purges/").content.decode()
    with scope(oak.utility.id), pytest.raises(Conflict, match="being looked"):
        begin_purge(oak.supervisor, before=BEFORE, today=TODAY)
    worked(oak)
    with scope(oak.utility.id), transaction.atomic():
        made = Purge.objects.get()
    assert (made.maker, made.seen["groups"]) == (oak.supervisor.ref, 1)
    assert f'href="/ledger/purges/{made.id}/"' in desk.get(f"/jobs/{job_id}/").content.decode()


def test_little_history_is_looked_at_at_once(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        set_policy(oak.admin, code=HISTORY_KEPT_MONTHS, value="1", starts=date(2026, 1, 1))
        made = begin_purge(oak.supervisor, before=BEFORE, today=TODAY)
        with transaction.atomic():
            assert made == {"purge": Purge.objects.get().id, "job": None}


@pytest.mark.req("HIS-02")
def test_partners_are_told_the_job(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge_jobs, "LOOK_AT_ONCE", 1)
    oak = live.oak
    old_history(oak, "100001")
    one, other = Partner(oak), Partner(oak, name="Second")
    asked = one.ask("POST", "purges/", {"before": "2026-10-01"}, "look")
    again = one.ask("POST", "purges/", {"before": "2026-10-01"}, "look")
    assert (asked.status_code, asked.json()) == (again.status_code, again.json())
    assert asked.status_code == 202
    worked(oak)
    (found,) = one.get("purges/")["results"]
    assert (found["state"], found["job_id"]) == ("waiting", None)
    begun = other.ask("POST", f"purges/{found['id']}/approve/", None, "approve")
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    assert other.ask("POST", f"purges/{found['id']}/approve/", None, "twice").status_code == 409
    worked(oak)
    done = one.get(f"purges/{found['id']}/")
    assert (done["state"], done["job_id"]) == ("done", begun.json()["job_id"])
    assert begun.json()["job_id"] > asked.json()["job_id"]
