"""Old history is purged by two persons: archived, removed, brought forward; no balance changes."""

import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction

from collections_app.models import Payment
from collections_app.returns import return_payment
from core import failpoints
from core.errors import Conflict, NotAllowed, Refused
from core.tenancy import scope
from core.vault import fetch
from core.vault.folders import shelf
from ledger.models import Application, Charge, Credit, Journal, OpenItem, Posting
from ledger.purge_models import Purge
from ledger.purging import approve_purge, propose_purge, withdraw_purge
from ledger.queries import happened
from tests.conftest import World
from tests.world.proof import broken
from tests.world.purges import BEFORE, TODAY, balances, old_history, owed, pay, purge


@pytest.mark.req("HIS-02")
def test_what_is_purged_is_gone_and_every_balance_is_as_before(live: World) -> None:
    old_history(live.oak, "100001", "100002")
    before, other = balances(live.oak), balances(live.elm)
    done = purge(live.oak)
    with scope(live.oak.utility.id), transaction.atomic():
        row = Purge.objects.get(id=done)
        gone = Journal.objects.filter(purge=done).exclude(why="brought forward")
        assert row.seen["groups"] == 2
        assert gone.count() == row.seen["journals"] == 4
        assert not Posting.objects.filter(journal__in=gone).exists()
        assert not Application.objects.filter(journal__in=gone).exists()
        assert not Charge.objects.filter(journal__in=gone).exists()
        assert row.totals_before == row.totals_after
    assert balances(live.oak) == before
    assert balances(live.elm) == other
    assert broken(live) == []


@pytest.mark.req("HIS-02")
def test_the_archive_is_read_by_another_program(live: World) -> None:
    old_history(live.oak, "100001")
    with scope(live.oak.utility.id), transaction.atomic():
        account = live.oak.account().id
        lines = Posting.objects.filter(account=account).count()
        texts = set(Charge.objects.filter(account=account).values_list("text", flat=True))
    done = purge(live.oak)
    with scope(live.oak.utility.id), transaction.atomic():
        row = Purge.objects.get(id=done)
        content = fetch(row.archive_id or 0)
        assert row.archive_sha256 == hashlib.sha256(content).hexdigest()
        about, *rows = [json.loads(line) for line in content.splitlines()]
        assert (about["utility"], about["before"]) == ("oak", "2026-10-01")
        assert {r["row"]["text"] for r in rows if r["table"] == "charge"} == texts
        assert sum(r["table"] == "posting" for r in rows) == row.seen["lines"] >= lines
        assert sum(Decimal(str(r["row"]["open"])) for r in rows if r["table"] == "open_item") == 0


@pytest.mark.req("HIS-02")
def test_nothing_open_goes_nor_what_is_tied_to_it_or_to_later_days(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        pay(oak, "100003", owed(oak, "100003") - Decimal("0.01"))
        pay(oak, "100004", owed(oak, "100004"), on=date(2026, 10, 5))
        pay(oak, "100005", owed(oak, "100005") + 5)
    old_history(oak, "100001")
    with scope(oak.utility.id), transaction.atomic():
        open_before = OpenItem.objects.filter(open__gt=0).count()
    done = purge(oak)
    with scope(oak.utility.id), transaction.atomic():
        row = Purge.objects.get(id=done)
        assert row.seen["groups"] == 1
        assert row.seen["stays"]["later"][0] == 1
        assert row.seen["stays"]["open"][0] == 10
        assert OpenItem.objects.filter(open__gt=0).count() == open_before
    assert broken(live) == []


def test_a_month_that_is_not_closed_keeps_all_its_journals(live: World) -> None:
    oak = live.oak
    old_history(oak, "100001")
    with scope(oak.utility.id):
        pay(oak, "100002", owed(oak, "100002"), on=date(2026, 10, 10))
        made = propose_purge(oak.supervisor, before=date(2026, 11, 1), today=TODAY)
        with transaction.atomic():
            seen = Purge.objects.get(id=made).seen
    assert (seen["groups"], seen["stays"]["period"][0]) == (1, 1)


@pytest.mark.req("HIS-02")
def test_it_takes_two_persons_and_a_policy(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id), pytest.raises(Refused, match="kept for good"):
        propose_purge(oak.supervisor, before=BEFORE, today=TODAY)
    old_history(oak, "100001")
    with scope(oak.utility.id):
        with pytest.raises(Refused, match=r"kept from Nov 1, 2026"):
            propose_purge(oak.supervisor, before=date(2026, 11, 2), today=TODAY)
        made = propose_purge(oak.supervisor, before=BEFORE, today=TODAY)
        with pytest.raises(Conflict, match="waits"):
            propose_purge(oak.supervisor, before=BEFORE, today=TODAY)
        with pytest.raises(NotAllowed, match="may not approve"):
            approve_purge(oak.supervisor, purge_id=made, today=TODAY)
        with pytest.raises(NotAllowed):
            approve_purge(oak.clerk, purge_id=made, today=TODAY)
        withdraw_purge(oak.supervisor, purge_id=made)
        with pytest.raises(Conflict, match="withdrawn"):
            approve_purge(oak.admin, purge_id=made, today=TODAY)


def test_what_changed_since_it_was_proposed_is_not_purged(live: World) -> None:
    oak = live.oak
    old_history(oak, "100001", "100002")
    with scope(oak.utility.id):
        with transaction.atomic():
            payment = Credit.objects.filter(account=oak.account("100001")).latest("id")
        made = propose_purge(oak.supervisor, before=BEFORE, today=TODAY)
        with transaction.atomic():
            paid = Payment.objects.get(credit=payment).id
        return_payment(oak.supervisor, payment_id=paid, reason="Account closed", on=date(2026, 10, 20))
        with pytest.raises(Conflict, match="not what was proposed"):
            approve_purge(oak.admin, purge_id=made, today=TODAY)
    assert broken(live) == []


def test_a_purged_payment_cannot_come_back_and_says_why(live: World) -> None:
    oak = live.oak
    old_history(oak, "100001")
    purge(oak)
    with scope(oak.utility.id):
        with transaction.atomic():
            paid = Payment.objects.get(account=oak.account("100001")).id
            history = happened(oak.account("100001"))
        with pytest.raises(Conflict, match=r"purged with the history before Oct 1, 2026"):
            return_payment(oak.supervisor, payment_id=paid, reason="Account closed", on=TODAY)
    assert [(h.what, h.balance) for h in history] == [("Brought forward", Decimal("0.00"))]


@pytest.mark.req("HIS-02")
def test_a_purge_after_a_purge(live: World) -> None:
    oak = live.oak
    old_history(oak, "100001")
    purge(oak)
    with scope(oak.utility.id):
        before = balances(oak)
        made = propose_purge(oak.supervisor, before=BEFORE, today=TODAY)
        with transaction.atomic():
            assert Purge.objects.get(id=made).seen["journals"] == 0
        with pytest.raises(Conflict, match="nothing to purge"):
            approve_purge(oak.admin, purge_id=made, today=TODAY)
    assert balances(oak) == before


OFFENCES = (
    "DELETE FROM ledger_posting",
    "UPDATE ledger_journal SET purge_id = 1",
    'INSERT INTO ledger_purge (before, "on", maker, maker_name, made_at, state, checker, checker_name,'
    " checked_why, seen, archive_sha256, rows_digest)"
    " VALUES ('2026-10-01', '2026-12-15', 'x', 'x', now(), 'done', '', '', '',"
    " '{}', '', '')",
    "UPDATE ledger_purge SET seen = '{}'",
    "UPDATE ledger_purge SET totals_after = '{}'",
    "UPDATE ledger_purge SET state = 'done', checker = 'somebody'",
    "UPDATE ledger_purge SET state = 'archiving', checker = maker",
    "SELECT ledger.purge_remove(1, 1)",
    'INSERT INTO ledger_journal (key, "on", why, lines, total, content_hash, operation_id, posted_at,'
    " purge_id) SELECT 'x', '2026-09-30', 'brought forward', 2, 1, '', gen_random_uuid(), now(), id"
    " FROM ledger_purge",
)


@pytest.mark.parametrize("offence", OFFENCES, ids=range(len(OFFENCES)))
def test_the_site_s_own_login_can_purge_nothing_by_itself(offence: str, live: World) -> None:
    old_history(live.oak, "100001")
    with scope(live.oak.utility.id):
        propose_purge(live.oak.supervisor, before=BEFORE, today=TODAY)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(offence)


def test_half_a_purge_does_not_commit(live: World) -> None:
    old_history(live.oak, "100001")
    with scope(live.oak.utility.id):
        made = propose_purge(live.oak.supervisor, before=BEFORE, today=TODAY)
        with pytest.raises(DatabaseError, match="half done"), transaction.atomic():
            Purge.objects.filter(id=made).update(state="archiving", checker="somebody else")
        with transaction.atomic():
            assert not Journal.objects.filter(purge=made).exists()


@pytest.mark.parametrize("point", ["purge.marked", "purge.archived", "purge.removed"])
def test_a_purge_that_breaks_off_leaves_all_as_it_was_and_is_repeated(
    point: str, live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    oak = live.oak
    old_history(oak, "100001")
    before = balances(oak)
    with scope(oak.utility.id):
        made = propose_purge(oak.supervisor, before=BEFORE, today=TODAY)
        with monkeypatch.context() as wished:
            wished.setattr(failpoints, "_wished", lambda: failpoints.FailAt(point, 1, "raise"))
            wished.setattr(failpoints, "_times", {})
            with pytest.raises(failpoints.Failed):
                approve_purge(oak.admin, purge_id=made, today=TODAY)
        assert balances(oak) == before
        with transaction.atomic():
            assert not Journal.objects.filter(purge=made).exists()
            assert Posting.objects.filter(account=oak.account("100001")).count() > 2
        approve_purge(oak.admin, purge_id=made, today=TODAY)
    assert balances(oak) == before
    assert broken(live) == []


GONE = "(SELECT id FROM ledger_journal WHERE purge_id IS NOT NULL AND why <> 'brought forward' LIMIT 1)"
FORWARD = "(SELECT id FROM ledger_journal WHERE why = 'brought forward' LIMIT 1)"
PLANTED = {
    "L9": f"UPDATE ledger_journal SET total = total + 1 WHERE id = {GONE}",
    "L9b": f"UPDATE ledger_posting SET account_id = NULL WHERE journal_id = {FORWARD} AND debit > 0",
    "L9c": "ALTER TABLE ledger_purge DISABLE TRIGGER USER; UPDATE ledger_purge SET checker = maker",
    "L1": f"UPDATE ledger_journal SET purge_id = NULL WHERE id = {GONE}",
    "L4": f"UPDATE ledger_journal SET total = total, why = 'brought forward' WHERE id = {GONE}",
    "A1": "DELETE FROM ledger_openitem WHERE open > 0 AND tenant_id ="
    " (SELECT tenant_id FROM ledger_purge LIMIT 1)",
}


@pytest.mark.parametrize("code", PLANTED)
def test_the_proof_finds_what_was_done_to_a_purge_behind_its_back(code: str, live: World) -> None:
    old_history(live.oak, "100001")
    purge(live.oak)
    with connections["owner"].cursor() as cursor:
        cursor.execute(PLANTED[code])
    assert broken(live, code) != []


def test_a_changed_byte_of_the_archive_is_found(live: World) -> None:
    old_history(live.oak, "100001")
    done = purge(live.oak)
    with scope(live.oak.utility.id), transaction.atomic():
        row = Purge.objects.select_related("archive").get(id=done)
        assert row.archive is not None
        path = shelf().kept(row.archive.sha256, row.archive.key_id)
    assert path is not None
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    assert broken(live, "F1") != []


def test_what_is_not_in_history_yet_stays(live: World) -> None:
    oak = live.oak
    old_history(oak, "100001")
    with scope(oak.utility.id), transaction.atomic():
        OpenItem.objects.filter(account=oak.account("100001")).update(to_history=None)
    with scope(oak.utility.id):
        made = propose_purge(oak.supervisor, before=BEFORE, today=TODAY)
        with transaction.atomic():
            seen = Purge.objects.get(id=made).seen
    assert (seen["journals"], seen["stays"]["current"]) == (0, [1, 2])


SMUGGLED = """
WITH j AS (
    INSERT INTO ledger_journal (key, "on", why, lines, total, content_hash, operation_id, posted_at, purge_id)
    VALUES ('smuggled', '2026-09-30', 'brought forward', 2, 1, '', gen_random_uuid(), now(), %s) RETURNING id)
INSERT INTO ledger_posting (journal_id, n, chart_account_id, debit, credit)
SELECT j.id, x.n, (SELECT id FROM ledger_chartaccount WHERE role = 'bank'), x.d, 1 - x.d
FROM j, (VALUES (1, 1), (2, 0)) x (n, d)
"""


def test_nothing_is_smuggled_into_a_closed_month_beside_a_purge(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    oak = live.oak
    old_history(oak, "100001")
    with scope(oak.utility.id):
        made = propose_purge(oak.supervisor, before=BEFORE, today=TODAY)

        def smuggle(name: str) -> None:
            if name == "purge.archived":
                with connection.cursor() as cursor:
                    cursor.execute(SMUGGLED, [made])

        monkeypatch.setattr("ledger.purging.failpoints.reached", smuggle)
        with pytest.raises(DatabaseError, match=r"alone brings forward|no lines"):
            approve_purge(oak.admin, purge_id=made, today=TODAY)
        with transaction.atomic():
            assert not Journal.objects.filter(key="smuggled").exists()
