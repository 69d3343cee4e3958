"""The fixtures of the test world.

``live`` commits: a copy of the world that is thrown away afterwards.  ``world`` rolls back: faster, for
what needs neither a second connection nor deferred checks.  Both are PostgreSQL as the unprivileged role.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction

from config.embedded import place_of, running_cluster
from core.models import Utility
from core.tenancy import scope
from core.tenancy.provision import provision
from tests.world.databases import WORLD, Databases
from tests.world.grown import _grown, grown  # noqa: F401 - fixtures
from tests.world.towns import ELM, OAK, PASSWORD, Town, meet, raise_town


@dataclass
class World:
    """Two towns and the database they are in."""

    oak: Town
    elm: Town
    databases: Databases
    part: str
    password: str = PASSWORD

    def env(self) -> dict[str, str]:
        """The environment in which another process works on this database."""
        return self.databases.env(self.part)


LONGEST = (
    *("test_a_run_survives", "test_work_survives", "test_work_doorbell", "test_rekeying"),
    *("test_fifty_at_once", "test_planted_numbers", "test_hostile_requests"),
    *("test_api_apart", "test_api_rights", "test_api_schema"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest goes first, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: (item.path.stem not in LONGEST, item.path.parent.name != "browser"))


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The world's own databases take the place of Django's."""


@pytest.fixture(scope="session", autouse=True)
def _vault() -> Iterator[None]:
    """Files of the tests lie in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="curbstop-vault-") as folder:
        settings.VAULT_DIR = Path(folder) / "vault"
        yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The world of a run goes with the run, not with the first of its processes that ends."""
    if not os.environ.get("PYTEST_XDIST_WORKER") and running_cluster(place_of("test")):
        Databases().drop(WORLD)


@pytest.fixture(scope="session")
def databases(
    _vault: None, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Databases]:
    """The template with both towns in it; the first process of a run makes it and the others copy it."""
    made = Databases()
    folder = tmp_path_factory.getbasetemp()
    shared = (folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder) / "files-of-the-world"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        with shared.with_suffix(".lock").open("w") as lock:
            flock(lock, LOCK_EX)
            if not shared.exists():
                _make_world(made, shared)
        shutil.copytree(shared, settings.VAULT_DIR)
        made.create("template", WORLD)
        made.create("quiet", "template")
        yield made
        _close()
        made.drop("live", "quiet", "template")


def _make_world(made: Databases, files: Path) -> None:
    """Both towns settled and billed; what they keep in files is put beside the lock."""
    made.drop_left_over()
    made.create(WORLD)
    made.use(WORLD)
    provision(verbosity=0)
    raise_town(OAK)
    raise_town(ELM)
    _close()
    shutil.move(settings.VAULT_DIR, files)


@pytest.fixture
def live(databases: Databases, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The world, committed; whatever the test does is gone after it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        databases.create("live", "template")
        databases.use("live")
        cache.clear()
        yield _world(databases, "live")
        _close()


@pytest.fixture
def world(databases: Databases, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The world inside a transaction of Oak's that is rolled back."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        databases.use("quiet")
        found = _world(databases, "quiet")
        with scope(found.oak.utility.id), transaction.atomic():
            yield found
            transaction.set_rollback(True)
        _close()


def _world(databases: Databases, part: str) -> World:
    towns = {u.slug: u for u in Utility.objects.all()}
    return World(meet(OAK, towns["oak"]), meet(ELM, towns["elm"]), databases, part)


def _close() -> None:
    for connection in connections.all():
        connection.close()
