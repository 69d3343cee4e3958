"""Databases of the tests: a world made once a run, a template of it in each process, and copies of that.

The world is migrated and filled as the owner and the application role would do it.  A test that
commits gets a copy of its own, thrown away afterwards by the owner; tests that roll back share one.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connections

from config.embedded import Cluster, ensure_cluster
from core.tenancy.provision import narrowed

WORLD = "world"


class Databases:
    """The databases of this process on the test cluster."""

    def __init__(self) -> None:
        self.cluster: Cluster = ensure_cluster("test")
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        self.run = os.getppid() if worker else os.getpid()
        self.prefix = f"t_{os.getpid()}_{worker or 'solo'}"

    def name(self, part: str) -> str:
        """``part`` is world, which the processes of a run share, or this one's template, quiet or live."""
        return f"t_{self.run}_{WORLD}" if part == WORLD else f"{self.prefix}_{part}"

    def create(self, part: str, template: str | None = None) -> None:
        """A fresh database, owned by the owner role."""
        with self._owner() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name(part)}" WITH (FORCE)')
            # Copying files beats writing each page through the log by half, as nothing waits for the disk.
            source = f' TEMPLATE "{self.name(template)}" STRATEGY FILE_COPY' if template else ""
            cursor.execute(f'CREATE DATABASE "{self.name(part)}"{source}')
            cursor.execute(narrowed(self.name(part)))

    def drop(self, *parts: str) -> None:
        """Away with them."""
        with self._owner() as cursor:
            for part in parts:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name(part)}" WITH (FORCE)')

    def drop_left_over(self) -> None:
        """Away with those of processes that were killed before they could do it themselves."""
        with self._owner() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^t_[0-9]+_'")
            for (name,) in cursor.fetchall():
                if not Path(f"/proc/{name.split('_')[1]}").exists():
                    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def use(self, part: str) -> None:
        """Let Django's connections lead there."""
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = self.name(part)

    def app_url(self, part: str) -> str:
        """For another process: the application role's address."""
        return _renamed(self.cluster.app_url, self.name(part))

    def owner_url(self, part: str) -> str:
        """For another process: the owner's address."""
        return _renamed(self.cluster.owner_url, self.name(part))

    def superuser_url(self, part: str) -> str:
        """For a backup, which sees every utility."""
        return _renamed(self.cluster.superuser_url, self.name(part))

    def env(self, part: str) -> dict[str, str]:
        """The environment in which another process works on a database."""
        return {
            **os.environ,
            "DATABASE_URL": self.app_url(part),
            "OWNER_DATABASE_URL": self.owner_url(part),
            "SECRET_KEY": settings.SECRET_KEY,
            "CURBSTOP_KEYS": json.dumps(settings.CURBSTOP_KEYS),
            "CURBSTOP_VAULT": str(settings.VAULT_DIR),
            "CURBSTOP_HTTPS": "0",
        }

    @contextmanager
    def _owner(self) -> Iterator[psycopg2.extensions.cursor]:
        connection = psycopg2.connect(self.cluster.owner_url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


def _renamed(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))
