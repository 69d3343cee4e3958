"""The site as it is served, in a process of its own, asked by many at once."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier

from django.test import Client

from tests.conftest import World

ROOT = Path(__file__).resolve().parents[2]
THREADS = 25


@dataclass(frozen=True)
class Asked:
    """A request, whole: everything that is sent."""

    method: str
    path: str
    host: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """What came back, as far as it may differ."""

    status: int
    body: str
    location: str


@dataclass(frozen=True)
class Server:
    """A served site."""

    port: int

    def ask(self, asked: Asked, together: Barrier | None = None) -> Answered:
        """One request on a connection of its own; ``together`` holds it until all are ready."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.connect()
            if together:
                together.wait(timeout=60)
            headers = {"Host": asked.host, **asked.headers}
            connection.request(asked.method, asked.path, asked.body.encode(), headers)
            answer = connection.getresponse()
            return Answered(answer.status, answer.read().decode(), answer.getheader("Location", ""))
        finally:
            connection.close()

    def ask_at_once(self, requests: Sequence[Asked]) -> list[Answered]:
        """All of them at the same moment."""
        together = Barrier(len(requests))
        with ThreadPoolExecutor(len(requests)) as threads:
            return list(threads.map(lambda asked: self.ask(asked, together), requests))


@contextmanager
def served(world: World) -> Iterator[Server]:
    """The production server with two processes on the world's database."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", str(THREADS), "--timeout", "60"]
    process = subprocess.Popen(command, cwd=ROOT, env=world.env(), stderr=subprocess.PIPE)
    try:
        _wait(process, port)
        yield Server(port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(300):
        if process.poll() is not None:
            told = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"The server ended at once: {told}")
        try:
            if Server(port).ask(Asked("GET", "/health/", "localhost")).status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("The server did not answer within 30 seconds.")


def signed_in(client: Client) -> dict[str, str]:
    """The headers of a browser's form: its session and its token."""
    client.get("/", headers={"host": client.defaults["HTTP_HOST"]})
    token = "a" * 32
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": token}
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": token,
        "Content-Type": "application/x-www-form-urlencoded",
    }
