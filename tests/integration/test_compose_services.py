"""Each service of docker-compose.yml starts with its exact command, on real PostgreSQL and Redis."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml

from config.embedded import ensure_cluster

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
SECONDS_TO_START = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [*SERVICES["redis"]["command"], "--port", str(port), "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    wait_until(lambda: answers(port), server)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def environment(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What .env gives the services, for the cluster of the tests."""
    cluster = ensure_cluster("test")
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATABASE_URL": cluster.app_url,
        "OWNER_DATABASE_URL": cluster.owner_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "s" * 50,
        "CURBSTOP_KEYS": f'{{"k1": "{base64.b64encode(bytes(32)).decode()}"}}',
        "CURBSTOP_VAULT": str(tmp_path_factory.mktemp("state") / "vault"),
        "ALLOWED_HOSTS": "localhost,.localhost",
        "SITE_HOST": "localhost",
        "CURBSTOP_WEB_WORKERS": "1",
    }


@pytest.fixture(scope="module")
def provisioned(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment after the one-shot ``migrate`` service has ended well."""
    command = SERVICES["migrate"]["command"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Only that service is told who owns the tables.
    return {name: value for name, value in environment.items() if name != "OWNER_DATABASE_URL"}


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not ready():
        assert process.poll() is None, f"ended with {process.returncode} before it was ready"
        assert time.monotonic() < deadline, f"not ready after {SECONDS_TO_START} s"
        time.sleep(0.1)


def start_and_end(
    service: str, environment: Mapping[str, str], folder: Path, ready: Callable[[str], bool]
) -> int:
    """Start the service's command, wait until it is ready judging by its log, end it as Docker does."""
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            SERVICES[service]["command"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        wait_until(lambda: ready(log.read_text()), process)
        process.terminate()
        return process.wait(30)
    except AssertionError as failed:
        raise AssertionError(f"{failed}\n{log.read_text()[-3000:]}") from failed
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_web_answers_requests_and_its_log_tells_neither_what_was_asked_nor_from_where(
    provisioned: Mapping[str, str], tmp_path: Path
) -> None:
    port = free_port()
    seen: list[int] = []

    def ready(_: str) -> bool:
        if answers(port):
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "Referer": "https://x/?q=078051120"}
            connection.request("GET", "/sign-in/?q=078-05-1120", headers=headers)
            seen.append(connection.getresponse().status)
        return bool(seen)

    assert start_and_end("web", {**provisioned, "CURBSTOP_BIND": f"127.0.0.1:{port}"}, tmp_path, ready) == 0
    assert seen[0] < 500
    log = (tmp_path / "log").read_text()
    assert '"GET /sign-in/ HTTP/1.1"' in log
    assert "0780" not in log.replace("-", "")


def test_the_worker_waits_for_work(provisioned: Mapping[str, str], tmp_path: Path) -> None:
    assert start_and_end("worker", provisioned, tmp_path, lambda log: " ready." in log) == 0


def test_beat_keeps_time(provisioned: Mapping[str, str], tmp_path: Path) -> None:
    bell = redis.Redis.from_url(provisioned["REDIS_URL"])
    bell.flushdb()
    assert start_and_end("beat", provisioned, tmp_path, lambda log: bell.llen("celery") == 1) == 0


def test_no_service_has_a_secret_in_the_file() -> None:
    given = {
        f"{service}: {name}"
        for service, definition in SERVICES.items()
        for name, value in definition.get("environment", {}).items()
        if any(word in name for word in ("KEY", "PASSWORD", "URL")) and not str(value).startswith("${")
    }
    assert given == set()


def test_only_the_migration_knows_the_owner_of_the_tables() -> None:
    told = [
        name
        for name, definition in SERVICES.items()
        if "OWNER_DATABASE_URL" in definition.get("environment", {})
    ]
    assert told == ["migrate"]


def test_every_lasting_service_has_a_health_check() -> None:
    assert [
        name for name, definition in SERVICES.items() if name != "migrate" and "healthcheck" not in definition
    ] == []


def test_the_example_names_every_variable_the_services_need() -> None:
    needed = set((ROOT / "docker-compose.yml").read_text().replace("$$", "").split("${")[1:])
    named = {line.split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line}
    assert {text.split(":")[0].split("}")[0] for text in needed} <= named
