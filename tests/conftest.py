"""The fixtures of the test world.

``live`` commits: a copy of the world that is thrown away afterwards.  ``world`` rolls back: faster, for
what needs neither a second connection nor deferred checks.  Both are PostgreSQL as the unprivileged role.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction

from core.models import Utility
from core.tenancy import scope
from core.tenancy.provision import provision
from tests.world.databases import Databases
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


@pytest.fixture(scope="session")
def databases(_vault: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Databases]:
    """The template with both towns in it, made once a process."""
    made = Databases()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        made.create("template")
        made.use("template")
        provision(verbosity=0)
        raise_town(OAK)
        raise_town(ELM)
        _close()
        made.create("quiet", "template")
        yield made
        _close()
        made.drop("live", "quiet", "template")


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
