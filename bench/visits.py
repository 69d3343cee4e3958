"""The site as it is served in production, visited by clerks at keyboards; what the server itself took."""

import http.client
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

from bench.ground import ROOT, Ground

HOST = "bench.localhost"
PASSWORD = "bench bench bench"


class Visitor:
    """One browser's session; asks one thing after another on a connection that stays."""

    def __init__(self, port: int, login: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.ask("/sign-in/")
        status, _ = self.ask("/sign-in/", {"login": login, "password": PASSWORD})
        if status != 302:
            raise SystemExit(f"{login} could not sign in: {status}.")

    def ask(self, path: str, form: Mapping[str, str] | None = None, *, part: bool = False) -> tuple[int, str]:
        """Status and text of an answer; ``form`` is posted, ``part`` asks as the page's own script does."""
        headers = {"Host": HOST, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if part:
            headers["HX-Request"] = "true"
        body = None
        if form is not None:
            token = self.cookies.get("csrftoken", "")
            body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({k: v.value for k, v in SimpleCookie(line).items()})
        return answer.status, answer.read().decode()


@contextmanager
def served(ground: Ground) -> Iterator[tuple[int, Path]]:
    """The server as a deployment runs it (``gunicorn.conf.py``), on the measuring database.

    Gives its port, and its log of microseconds and paths.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = ground.folder / f"access-{port}.log"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}"]
    command += ["--access-logfile", str(log), "--access-logformat", "%(D)s %(s)s %(m)s %(U)s"]
    env = {**ground.env(), "CURBSTOP_SERVES": "1", "CURBSTOP_DEBUG": "0"}
    server = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        _until_it_answers(port)
        yield port, log
    finally:
        server.terminate()
        server.wait(timeout=30)


def _until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not answer within 30 seconds.")


def together(
    visitors: Sequence[Visitor], paths: Sequence[str], each: int, *, part: bool, pause: float
) -> list[float]:
    """Every visitor asks ``each`` of the paths in an order of its own, looking ``pause`` seconds at each.

    Gives the milliseconds they waited, the queue before the server among them.
    """

    def walk(n: int) -> list[float]:
        waited = []
        for i in range(each):
            path = paths[(n * 7919 + i * 31) % len(paths)]
            before = time.perf_counter()
            status, _ = visitors[n].ask(path, part=part)
            waited.append((time.perf_counter() - before) * 1000)
            if status != 200:
                raise SystemExit(f"{path} answered {status}.")
            time.sleep(pause)
        return waited

    with ThreadPoolExecutor(len(visitors)) as threads:
        return [one for waited in threads.map(walk, range(len(visitors))) for one in waited]


def taken(log: Path, wanted: Callable[[str, str, str], bool]) -> list[float]:
    """Milliseconds the server took for the requests that ``wanted(status, method, path)`` picks."""
    found = []
    for line in log.read_text().splitlines():
        micros, status, method, path = line.split(" ", 3)
        if wanted(status, method, path):
            found.append(int(micros) / 1000)
    return found


def percentile(values: Sequence[float], per_cent: int) -> float:
    """The value below which so many per cent lie; ``values`` is not empty."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * per_cent // 100)]
