"""A real site and a real browser: the test world served by gunicorn, looked at by Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import World, _world
from tests.world.databases import Databases
from tests.world.towns import PASSWORD

# The browser's driver keeps an event loop in this thread, beside which Django refuses its ORM; nothing here
# is asynchronous, and the site under test runs in a process of its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CURBSTOP_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
STARTS_WITHIN = 40
WAIT = 15_000
PART = "browser"


@dataclass
class Address:
    """Where a site is served.  ``troubles`` gathers what the browser complained of."""

    port: int
    troubles: list[str] = field(default_factory=list)

    def url(self, path: str, town: str = "oak") -> str:
        """The address of a path in a town."""
        return f"http://{town}.localhost:{self.port}{path}"

    def sign_in(self, page: Page, role: str, town: str = "oak") -> None:
        """Sign in by keyboard alone; ends at home."""
        page.goto(self.url("/sign-in/", town))
        expect(page.locator("input[name=login]")).to_be_focused()
        page.keyboard.type(f"{role}@{town}")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(self.url("/", town))

    def change_operator(self, page: Page, role: str, town: str = "oak") -> None:
        """Lock the screen by its key; another one goes on with it."""
        page.keyboard.press("L")
        page.wait_for_url(lambda address: "/sign-in/" in address)
        expect(page.locator("h1")).to_have_text("Locked")
        expect(page.locator("input[name=login]")).to_be_focused()
        page.keyboard.type(f"{role}@{town}")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/sign-in/" not in address)
        page.wait_for_load_state()


@dataclass
class Site(Address):
    """The world behind an address."""

    world: World = field(kw_only=True)


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as a deployment gathers them."""
    folder = tmp_path_factory.mktemp("static")
    env = {**os.environ, "STATIC_ROOT": str(folder), "CURBSTOP_CLUSTER": "test"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=settings.ROOT, env=env, check=True)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the session; each test has a profile of its own."""
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _serve(env: Mapping[str, str], port: int, static_root: Path, log: Path) -> "subprocess.Popen[bytes]":
    env = {**env, "CURBSTOP_SERVES": "1", "CURBSTOP_DEBUG": "0", "STATIC_ROOT": str(static_root)}
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "/dev/null", "-b", f"127.0.0.1:{port}",
        "--workers", "1", "--threads", "4", "--no-control-socket",
    ]  # fmt: skip
    return subprocess.Popen(
        command, cwd=settings.ROOT, env=env, stdout=log.open("wb"), stderr=subprocess.STDOUT
    )


def _until_it_answers(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


@contextmanager
def served(env: Mapping[str, str], static_root: Path, log: Path) -> Iterator[int]:
    """The production server with that environment; its port."""
    port = _free_port()
    server = _serve(env, port, static_root, log)
    try:
        _until_it_answers(f"http://127.0.0.1:{port}/health/", server, log)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def standing(
    databases: Databases,
    static_root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: pytest.FixtureRequest,
) -> Iterator[Site]:
    """The world served once for all tests that change nothing another one looks at."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        databases.create(PART, "template")
        databases.use(PART)
        world = _world(databases, PART)
    with served(world.env(), static_root, tmp_path_factory.mktemp("site") / "site.log") as port:
        yield Site(port, world=world)
    databases.drop(PART)


@pytest.fixture
def site(standing: Site, django_db_blocker: pytest.FixtureRequest) -> Iterator[Site]:
    """The standing site, with this test's connections leading to its database."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        standing.world.databases.use(PART)
        standing.troubles.clear()
        yield standing
        for connection in connections.all():
            connection.close()


@pytest.fixture
def fresh_site(live: World, static_root: Path, tmp_path: Path) -> Iterator[Site]:
    """A site of this test alone, for what changes the world."""
    with served(live.env(), static_root, tmp_path / "site.log") as port:
        yield Site(port, world=live)


def _profile(browser: Browser, site: Address, **options: Any) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US", **options)
    context.set_default_timeout(WAIT)
    return context


def complained(message: ConsoleMessage) -> bool:
    """Whether the console told an error of ours; the browser's PDF viewer asks for an icon of its own."""
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


@contextmanager
def watched(browser: Browser, site: Address) -> Iterator[Page]:
    """A window without a past; at the end the browser must not have complained of anything."""
    context = _profile(browser, site)
    opened = context.new_page()
    opened.on("console", lambda m: site.troubles.append(m.text) if complained(m) else None)
    opened.on("pageerror", lambda e: site.troubles.append(str(e)))
    yield opened
    context.close()
    assert site.troubles == []


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A window on the standing site."""
    with watched(browser, site) as opened:
        yield opened


@pytest.fixture
def inspected(browser: Browser, site: Site) -> Iterator[Page]:
    """A window into which the barrier inspector may be put, which the content policy would refuse."""
    context = _profile(browser, site, bypass_csp=True)
    yield context.new_page()
    context.close()


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical on the page, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    asked = {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, options=asked).response["violations"]
    return [
        f"{page.url} {v['impact']} {v['id']}: {node['target']} {node.get('failureSummary', '')[:200]!r}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"][:3]
    ]
