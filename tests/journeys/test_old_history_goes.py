"""On screen: a purge is proposed, approved by another one, and told of wherever the old rows were."""

import hashlib
import json
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from billing.models import Bill
from collections_app.models import Payment
from core.models import AuditEntry
from core.tenancy import scope
from ledger.purge_models import Purge
from tests.conftest import World
from tests.world.proof import broken
from tests.world.purges import balances, close_until, owed, pay, to_history


def send(desk: Client, path: str, **given: str) -> str:
    """What a form answers, followed to its page."""
    answer = desk.post(path, {**given, "idempotency_key": str(uuid4())}, follow=True)
    assert answer.status_code == 200, (path, answer.content[:2000])
    return answer.content.decode()


@pytest.mark.req("HIS-02")
def test_old_history_goes(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        paid = pay(oak, "100001", owed(oak, "100001"))
        with transaction.atomic():
            payment = Payment.objects.select_related("receipt").get(id=paid)
            bill = Bill.objects.get(account=oak.account("100001"))
        to_history(oak)
        close_until(oak, payment.receipt.on.replace(month=10, day=1))
    before = balances(oak)
    supervisor, admin = oak.client("supervisor"), oak.client("admin")
    send(admin, "/policies/ledger.history_kept_months/", value="0", starts="2026-01-01")
    proposed = send(supervisor, "/ledger/purges/new/", before="2026-10-01")
    assert "You proposed it, so a second person approves it." in proposed
    with scope(oak.utility.id), transaction.atomic():
        waiting = Purge.objects.get().id
    assert "waits" in admin.get("/").content.decode().lower()
    done = send(admin, f"/ledger/purges/{waiting}/approve/")
    assert "Control totals before and after" in done
    told = "Purged with the history before"
    for path in (
        f"/bills/{bill.number}/",
        f"/receipts/{payment.receipt.number}/",
        f"/ledger/journals/{payment.journal_id}/",
    ):
        assert told in admin.get(path).content.decode(), path
    report = admin.get("/reports/monthly-trial-balance/?since=2026-08&through=2026-09")
    assert "were purged and are not listed one by one" in report.content.decode()
    history = admin.get("/accounts/100001/?tab=transactions").content.decode()
    assert "Brought forward" in history
    taken = supervisor.post(f"/ledger/purges/{waiting}/archive/", {"idempotency_key": str(uuid4())})
    content = b"".join(taken.streaming_content)  # type: ignore[attr-defined]  # it is streamed
    with scope(oak.utility.id), transaction.atomic():
        assert Purge.objects.get().archive_sha256 == hashlib.sha256(content).hexdigest()
        assert AuditEntry.objects.filter(operation="ledger.purge.read_archive").exists()
    assert json.loads(content.splitlines()[0])["utility"] == "oak"
    assert balances(oak) == before
    assert broken(live) == []
