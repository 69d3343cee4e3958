"""The fixtures of the trials with a whole run."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings

from config.town.month import work_until_idle
from core.models import Utility
from tests.conftest import World
from tests.trials.month import STEPS, Month
from tests.trials.outcome import Outcome
from tests.world.databases import Databases
from tests.world.towns import ELM, OAK, meet


@pytest.fixture(scope="session")
def undisturbed(
    databases: Databases, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    """The month done in this process, step after step."""
    with django_db_blocker.unblock():
        databases.create("live", "template")
        databases.use("live")
        towns = {u.slug: u for u in Utility.objects.all()}
        world = World(meet(OAK, towns["oak"]), meet(ELM, towns["elm"]), databases, "live")
        month = Month(world, tmp_path_factory.mktemp("undisturbed"))
        with override_settings(EVENT_WIRING="tests.trials.letters.CONSUMERS"):
            month.open()
            for step in STEPS:
                month.begin(step)
                work_until_idle()
        assert month.broken() == []
        found = month.outcome()
        connections["default"].close()
        return found


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """A Redis of the test's own that keeps nothing."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(["redis-server", *options, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()
