"""The vault: what is kept comes back, and what went wrong on the way leaves nothing behind."""

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import transaction

from core import clock
from core.actors import Actor
from core.errors import NotFound
from core.models import StoredFile
from core.operations import operation
from core.tenancy import scope
from core.vault import FileDamaged, FileMissing, fetch, keep, stored
from core.vault.sweeping import Swept, sweep_orphans, unsound_files
from core.vault.web import download
from tests.conftest import World
from tests.world.databases import Databases

READS = b"account,read\n100001,227\n" * 20_000
KEEP_IN_ANOTHER_PROCESS = """
import sys, django
django.setup()
from tests.integration.test_vault import kept
from core.actors import system_actor
from core.tenancy import scope
with scope(int(sys.argv[1])):
    kept(system_actor(int(sys.argv[1])), name="reads.csv", content=b"the reads")
"""


@operation("trial.keep", permission="interchange.import")
def kept(by: Actor, *, name: str, content: Any, fail: bool = False) -> int:
    file_id = keep(name, content, "text/csv", "trial")
    if fail:
        raise ValueError("the import failed after the file was kept")
    return file_id


@pytest.fixture
def own_vault(databases: Databases, tmp_path: Path, settings: Any) -> None:
    """A vault of this test alone that has the world's files in it."""
    if Path(site.VAULT_DIR).exists():
        shutil.copytree(site.VAULT_DIR, tmp_path / "vault")
    settings.VAULT_DIR = tmp_path / "vault"


@pytest.fixture
def oak(own_vault: None, world: World) -> World:
    """Oak in scope, rolled back; what other processes must see asks for ``committed``."""
    return world


@pytest.fixture
def committed(own_vault: None, live: World) -> Iterator[World]:
    with scope(live.oak.utility.id):
        yield live


def blobs(content_row: StoredFile) -> list[Path]:
    return sorted(Path(site.VAULT_DIR).rglob(f"{content_row.sha256}.*"))


def row(file_id: int) -> StoredFile:
    with transaction.atomic():
        return stored(file_id)


@pytest.mark.req("SYS-05")
def test_a_file_comes_back_and_lies_encrypted_under_its_hash(oak: World) -> None:
    file = row(kept(oak.oak.system, name="../../July reads.csv", content=io.BytesIO(READS)))
    (blob,) = blobs(file)
    assert (file.name, file.size, file.made_by) == ("July reads.csv", len(READS), "system")
    assert blob.relative_to(site.VAULT_DIR).parts[:2] == (str(oak.oak.utility.id), file.sha256[:2])
    assert b"100001" not in blob.read_bytes()
    with transaction.atomic():
        assert fetch(file.id) == READS


def test_the_same_content_is_one_blob_and_two_rows(oak: World) -> None:
    first = row(kept(oak.oak.system, name="a.csv", content=READS))
    second = row(kept(oak.oak.system, name="b.csv", content=[READS[:100], READS[100:]]))
    assert (first.sha256, first.name, second.name) == (second.sha256, "a.csv", "b.csv")
    assert len(blobs(first)) == 1


def test_a_file_of_another_utility_is_not_there(committed: World) -> None:
    file_id = kept(committed.oak.system, name="a.csv", content=READS)
    with transaction.atomic():
        assert fetch(file_id) == READS
    with scope(committed.elm.utility.id), transaction.atomic(), pytest.raises(NotFound):
        fetch(file_id)


def test_what_a_failed_operation_left_is_swept_and_nothing_else(oak: World) -> None:
    file_id = kept(oak.oak.system, name="good.csv", content=READS)
    before = sum(1 for _ in Path(site.VAULT_DIR).rglob("*.k1"))
    with pytest.raises(ValueError, match="after the file was kept"):
        kept(oak.oak.system, name="bad.csv", content=b"another content", fail=True)
    assert sum(1 for _ in Path(site.VAULT_DIR).rglob("*.k1")) == before + 1
    long_ago, soon = datetime(2020, 1, 1, tzinfo=UTC), clock.now() + timedelta(seconds=5)
    assert sweep_orphans(oak.oak.system, older_than=long_ago) == Swept(0, 0)
    assert sweep_orphans(oak.oak.system, older_than=soon).blobs >= 1
    with transaction.atomic():
        assert fetch(file_id) == READS
        assert list(unsound_files(deep=True)) == []


def test_killed_between_the_blob_and_its_row_the_next_attempt_succeeds(committed: World) -> None:
    utility_id = committed.oak.utility.id
    env = {
        **committed.env(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CURBSTOP_FAIL_AT": "vault.renamed",
    }
    done = subprocess.run(
        [sys.executable, "-c", KEEP_IN_ANOTHER_PROCESS, str(utility_id)], env=env, cwd=site.ROOT, check=False
    )
    with transaction.atomic():
        assert (done.returncode, StoredFile.objects.filter(purpose="trial").count()) == (-9, 0)
    file = row(kept(committed.oak.system, name="reads.csv", content=b"the reads"))
    assert len(blobs(file)) == 1
    with transaction.atomic():
        assert fetch(file.id) == b"the reads"


def test_missing_and_changed_files_are_found_out(oak: World) -> None:
    lost = row(kept(oak.oak.system, name="lost.csv", content=b"lost"))
    changed = row(kept(oak.oak.system, name="changed.csv", content=b"changed"))
    blobs(lost)[0].unlink()
    blobs(changed)[0].write_bytes(blobs(changed)[0].read_bytes()[:-1] + b"!")
    with transaction.atomic():
        found = dict(unsound_files(deep=True))
        assert "not in the vault" in found[lost.id]
        assert "not what was kept" in found[changed.id]
        with pytest.raises(FileMissing, match="Restore .* from a backup"):
            fetch(lost.id)
        with pytest.raises(FileDamaged):
            fetch(changed.id)


def test_a_download_carries_its_name_harmlessly_and_is_never_sniffed(oak: World) -> None:
    file = row(kept(oak.oak.system, name='é"; x=\n<b>.csv', content=READS))
    response = download(file)
    assert response.getvalue() == READS
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%A9")
    assert "\n" not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_page_of_a_stranger_is_saved_never_shown(oak: World) -> None:
    file = row(kept(oak.oak.system, name="x.html", content=b"<script>"))
    file.media_type = "text/html"
    response = download(file, inline=True)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="x.html"'


def test_keys_are_rotated_and_every_file_still_comes_back(committed: World, settings: Any) -> None:
    file = row(kept(committed.oak.system, name="a.csv", content=READS))
    newer = {"k2": "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI="}
    settings.CURBSTOP_KEYS = {**site.CURBSTOP_KEYS, **newer}
    call_command("rotate_keys", batch=1)
    settings.CURBSTOP_KEYS = newer
    assert [path.suffix for path in blobs(file)] == [".k2"]
    with transaction.atomic():
        assert fetch(file.id) == READS
        assert list(unsound_files(deep=True)) == []
