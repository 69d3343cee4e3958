"""The keys of what is sealed are renewed while everybody works, by a program that is killed on the way."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from tests.conftest import World
from tests.trials.rekeying import turned


@pytest.fixture
def own_vault(tmp_path: Path, settings: Any) -> Any:
    """Turning the keys turns every kept file as well: those of this test alone."""
    if Path(site.VAULT_DIR).exists():
        shutil.copytree(site.VAULT_DIR, tmp_path / "vault")
    settings.VAULT_DIR = tmp_path / "vault"
    return settings


@pytest.mark.req("SYS-06")
def test_numbers_are_turned_to_a_new_key_by_a_program_killed_twice(live: World, own_vault: Any) -> None:
    trial, _ = turned(live, own_vault, values=2000, clerks=3, kills=2, batch=100, seed=4)
    assert trial.wrong == []
    assert (trial.killed, trial.left()) == (2, 0)
    assert trial.changed
    assert trial.unlike() == []


@pytest.mark.trials
@pytest.mark.parametrize("seed", range(3))
def test_a_hundred_thousand_numbers_are_turned_under_load(
    live: World, own_vault: Any, record_property: Any, seed: int
) -> None:
    trial, seconds = turned(live, own_vault, values=100_000, clerks=8, kills=6, batch=500, seed=seed)
    for name in ("values", "killed", "changed", "read"):
        record_property(name, getattr(trial, name))
    record_property("turned_s", f"{seconds:.1f}")
    assert trial.wrong == []
    assert (trial.killed, trial.left()) == (6, 0)
    assert trial.unlike() == []
