"""The proof finds what was changed behind everybody's back."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction

from core import clock
from core.models import Mail, Utility
from core.prove import Asked, Invariant, all_invariants, prove, snapshot
from core.tenancy import scope
from tests.conftest import World


@pytest.fixture
def asked(live: World, tmp_path: Path) -> Asked:
    return Asked(live.oak.utility, clock.now(), anchors=tmp_path / "anchors")


def broken(asked: Asked, code: str) -> list[str]:
    (found,) = prove(asked, [i for i in all_invariants() if i.code == code])
    return [words for _, words in found.offences]


def as_owner(sql: str, *values: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)


def test_the_shared_ground_of_the_world_holds(asked: Asked) -> None:
    ground = [i for i in all_invariants() if i.code in {"U1", "Y1", "K1", "T1", "J1"}]
    assert [(f.invariant.code, f.offences) for f in prove(asked, ground)] == [(i.code, ()) for i in ground]


@pytest.mark.req("SYS-02")
def test_a_changed_audit_row_is_found(asked: Asked) -> None:
    as_owner(
        "UPDATE core_auditentry SET actor_name = 'Nobody' WHERE tenant_id = %s AND number = 2",
        asked.utility.id,
    )
    assert broken(asked, "U1") == ["Audit row 2 was changed after it was written."]


@pytest.mark.req("SYS-02")
def test_a_chain_cut_short_with_its_head_is_found_by_the_anchor(asked: Asked) -> None:
    assert broken(asked, "U1") == []
    number = json.loads((asked.anchors / "oak").read_text())["number"]  # type: ignore[operator]  # given above
    as_owner("DELETE FROM core_auditentry WHERE tenant_id = %s AND number = %s", asked.utility.id, number)
    as_owner(
        "UPDATE core_audithead h SET number = e.number, hash = e.hash FROM core_auditentry e"
        " WHERE h.tenant_id = %s AND e.tenant_id = h.tenant_id AND e.number = %s",
        asked.utility.id,
        number - 1,
    )
    (words,) = broken(asked, "U1")
    assert words.startswith(f"Audit row {number} is missing, by the anchor in ")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            "ALTER TABLE meters_meter NO FORCE ROW LEVEL SECURITY",
            "meters_meter has no row security in force.",
        ),
        ("CREATE POLICY all_of_it ON meters_meter USING (true)", "has not exactly the one policy"),
        ("CREATE TABLE stray (id bigint PRIMARY KEY)", "stray has no row security in force."),
        ("ALTER TABLE meters_register ADD FOREIGN KEY (meter_id) REFERENCES x (id)", "into another utility"),
    ],
    ids=["not forced", "a second policy", "a table without any", "a reference without its utility"],
)
def test_a_table_whose_guard_was_taken_off_is_found(asked: Asked, harm: str, said: str) -> None:
    if "REFERENCES x" in harm:
        as_owner("CREATE UNIQUE INDEX by_id ON meters_meter (id)")
        harm = harm.replace("REFERENCES x", "REFERENCES meters_meter")
    as_owner(harm)
    assert any(said in words for words in broken(asked, "T1"))


def test_what_waits_without_anything_to_wake_it_is_found(asked: Asked) -> None:
    with scope(asked.utility.id), transaction.atomic():
        mail = Mail.objects.create(to="a@example.com", subject="s", body="b", made_at=clock.now())
    assert broken(asked, "J1") == [f"Mail {mail.id} waits, and nothing will wake it."]


def test_a_proof_sees_one_moment_and_writes_nothing(live: World) -> None:
    with scope(live.oak.utility.id), snapshot():
        before = Utility.objects.count()
        as_owner(
            "INSERT INTO core_utility (slug, name, zone, is_training) VALUES ('ash', 'Ash', 'UTC', false)"
        )
        assert Utility.objects.count() == before
        with pytest.raises(DatabaseError, match="read-only"), transaction.atomic():
            Utility.objects.filter(slug="oak").update(name="x")
    with transaction.atomic():
        assert Utility.objects.count() == before + 1


def test_sql_is_sent_as_it_stands_and_its_rows_offend(asked: Asked) -> None:
    invariant = Invariant(
        "X1", "a test", "SELECT id, 'role ' || code FROM core_role WHERE code LIKE '%cler%'"
    )
    (found,) = prove(asked, [invariant])
    assert [words for _, words in found.offences] == ["role clerk"]


def test_the_command_ends_badly_and_names_the_rows(
    asked: Asked, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STATE_DIR = tmp_path
    as_owner(
        "UPDATE core_auditentry SET actor_name = 'Nobody' WHERE tenant_id = %s AND number = 3",
        asked.utility.id,
    )
    with pytest.raises(CommandError, match="1 invariant is broken"):
        call_command("prove", utility="oak", verbosity=0)
    assert "U1   the audit chain is whole" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no utility “yew”"):
        call_command("prove", utility="yew")
