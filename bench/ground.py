"""A database of its own to measure in: the site's server settings, row security and all triggers on."""

import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from config.embedded import Cluster, ensure_cluster

ROOT = Path(__file__).resolve().parent.parent


class Ground:
    """A fresh database, or a copy of another's, and the environment in which the product's programs work."""

    def __init__(self, name: str, like: "Ground | None" = None) -> None:
        self.cluster: Cluster = ensure_cluster("site")
        self.name = f"bench_{name}"
        self.folder = Path(tempfile.mkdtemp(prefix="curbstop-bench-"))
        copied = f' TEMPLATE "{like.name}" STRATEGY FILE_COPY' if like else ""
        self._do(
            f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" OWNER curbstop_owner{copied}',
        )

    def env(self) -> dict[str, str]:
        """For the product's own programs."""
        return {
            **os.environ,
            "DATABASE_URL": self._url(self.cluster.app_url),
            "OWNER_DATABASE_URL": self._url(self.cluster.owner_url),
            "SECRET_KEY": "bench",
            "CURBSTOP_KEYS": json.dumps({"k1": base64.b64encode(secrets.token_bytes(32)).decode()}),
            "CURBSTOP_VAULT": str(self.folder / "vault"),
            "CURBSTOP_HTTPS": "0",
        }

    def superuser_url(self) -> str:
        """For writing past the triggers what is there to be looked for."""
        return self._url(self.cluster.superuser_url)

    def program(self, *words: str, more: Mapping[str, str] | None = None) -> str:
        """Run ``python …`` on this database and give what it printed; raises when it fails."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**self.env(), **(more or {})},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def crew(self, processes: int) -> float:
        """Work until nothing is due; gives the most memory one of the processes ever held, in megabytes."""
        command = [sys.executable, "manage.py", "worker", "--until-idle", "--processes", str(processes)]
        crew = subprocess.Popen(command, cwd=ROOT, env=self.env(), stdout=subprocess.DEVNULL)
        peak = 0.0
        while crew.poll() is None:
            peak = max([peak, *(_peak(pid) for pid in [crew.pid, *_children(crew.pid)])])
            time.sleep(0.25)
        if crew.returncode:
            raise SystemExit(f"The worker ended with {crew.returncode}.")
        return peak

    def away(self) -> None:
        """Drop the database and what was put beside it."""
        self._do(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def _url(self, url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(path=f"/{self.name}"))

    def _do(self, *statements: str) -> None:
        connection = psycopg2.connect(self.cluster.superuser_url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak(pid: int) -> float:
    """Megabytes a process held at its fullest; nothing when it has gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 1024 if found else 0.0
