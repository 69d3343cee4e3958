"""``python -m scripts.contact_sheet``: every screen of the demonstration, light and dark, 1280 and 1920 wide.

Serves the demonstration town (``make demo`` first), walks over it as several operators, and lays all
pictures on one sheet, ``docs/pictures/contact-sheet.webp``.  With ``--axe``,
what axe finds serious at either width in either theme is told and fails it.  With ``--full FOLDER``, each
screen is also kept there from its head to its foot, as large as it is.
"""

import argparse
import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import django
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("CURBSTOP_CLUSTER", "site")
django.setup()

from config.town.demo import PASSWORD  # noqa: E402 - Django first
from scripts.walk import walk  # noqa: E402 - Django first

ROOT = Path(__file__).resolve().parent.parent
SHEET = ROOT / "docs" / "pictures" / "contact-sheet.webp"
TOWN = "oakhollow"
ROLES = ("supervisor", "admin", "clerk")
SIZES = ((1280, 800), (1920, 1080))
THEMES = ("light", "dark")
THUMB = (400, 250)
LABEL = 22
GAP = 8
SIDE_BY_SIDE = 4  # a picture of this kind is no higher than 16,383 points
SINGLE = {
    ("core:home", "light"): "home",
    ("core:home", "dark"): "home-dark",
    ("customers:account", "light"): "account",
    ("customers:account", "dark"): "account-dark",
    ("customers:account usage", "light"): "usage",
    ("ledger:accounts", "light"): "accounts",
    ("billing:bill", "light"): "bill",
    ("billing:run", "light"): "run",
    ("billing:run", "dark"): "run-dark",
    ("collections:counter 2", "light"): "counter",
    ("core:job", "light"): "job",
    ("core:policies", "light"): "policies",
    ("interchange:imports", "light"): "imports",
    ("reports:report 3", "light"): "report",
}
"""The screens that are also kept in full, 1280 wide, for the first page of the documentation."""
SHOWN = "/accounts/100001/"
"""The account that is looked at: one with bills and payments, whichever the walk came by first."""
DRAWN = "() => !document.querySelector('#swagger-ui') || document.querySelector('#swagger-ui .info')"
"""The description of the interface draws itself after the page is there; all others are there at once."""

CHROMIUM = os.environ.get("CURBSTOP_CHROMIUM", "/usr/bin/chromium")


@contextmanager
def served() -> Iterator[str]:
    """The demonstration's site on a free port; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "CURBSTOP_SERVES": "1"}
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "/dev/null", "-b", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "--threads", "4"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://{TOWN}.localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def signed_in(browser: Browser, base: str, role: str, theme: str) -> Page:
    """A window of that role, into which the barrier inspector may be put."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(base + "/sign-in/")
    page.fill("input[name=login]", f"{role}@{TOWN}")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(base + "/")
    return page


def paths(browser: Browser, base: str) -> dict[str, tuple[str, str]]:
    """Screen → the role that sees it first and its path."""
    found: dict[str, tuple[str, str]] = {}
    for role in ROLES:
        page = signed_in(browser, base, role, "light")
        seen = walk(page, base, lambda screen, path: None, extra=("/search/?q=oak",), known=found)
        for dead in seen.dead:
            print(f"dead: {dead} ({role})")
        for screen, path in seen.seen.items():
            found.setdefault(screen, (role, path))
        page.context.close()
    for name, (role, _) in [(n, seen) for n, seen in found.items() if n.startswith("customers:account ")]:
        found[name] = (role, f"{SHOWN}?tab={name.split()[1]}")
    found["customers:account"] = ("supervisor", SHOWN)
    return found


@dataclass
class Looks:
    """What is made of each screen: its small pictures; ``inspected`` counts the looks axe took."""

    wanted: argparse.Namespace
    made: dict[str, list[Image.Image]]
    inspected: int = 0
    troubles: list[str] = field(default_factory=list)

    def look(self, page: Page, screen: str, theme: str, size: tuple[int, int]) -> None:
        """One screen as it stands in the window, at one width in one theme."""
        from tests.browser.conftest import barriers

        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(60)
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        if size == SIZES[0] and (kept := SINGLE.get((screen, theme))):
            image.save(SHEET.with_name(f"{kept}.png"), optimize=True)
        self.made[screen].append(image.resize(THUMB, Image.Resampling.LANCZOS))
        if self.wanted.full:
            name = screen.replace(":", "-").replace(" ", "-")
            page.screenshot(path=self.wanted.full / f"{name}-{size[0]}-{theme}.png", full_page=True)
        if self.wanted.axe:
            self.inspected += 1
            self.troubles += [f"{theme} {size[0]} {line}" for line in barriers(page)]


def pictures(
    browser: Browser, base: str, screens: dict[str, tuple[str, str]], wanted: argparse.Namespace
) -> Looks:
    """Four small pictures of each screen, and what axe found at each."""
    looks = Looks(wanted, {screen: [] for screen in screens})
    for theme in THEMES:
        windows = {role: signed_in(browser, base, role, theme) for role in ROLES}
        for screen, (role, path) in screens.items():
            windows[role].goto(base + path)
            windows[role].wait_for_function(DRAWN)
            for size in SIZES:
                looks.look(windows[role], screen, theme, size)
    return looks


def sheet(made: dict[str, list[Image.Image]], screens: dict[str, tuple[str, str]]) -> Image.Image:
    """All of them on one picture, each row named by its screen and path."""
    wide = len(SIZES) * len(THEMES) * (THUMB[0] + GAP)
    high = THUMB[1] + LABEL + GAP
    rows = -(-len(made) // SIDE_BY_SIDE)
    whole = Image.new("RGB", (SIDE_BY_SIDE * wide + GAP, rows * high + GAP), "#dfe3e8")
    draw, font = ImageDraw.Draw(whole), ImageFont.load_default(15)
    for n, (screen, thumbs) in enumerate(sorted(made.items())):
        left, top = (n // rows) * wide + GAP, (n % rows) * high + GAP
        draw.text((left, top), f"{screen}   {screens[screen][1][:90]}", fill="#1d2733", font=font)
        for i, thumb in enumerate(thumbs):
            whole.paste(thumb, (left + i * (THUMB[0] + GAP), top + LABEL))
    return whole


def main() -> int:
    """Walk, look, lay out."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--axe", action="store_true", help="look for barriers")
    told.add_argument("--full", type=Path, metavar="FOLDER", help="keep every screen in full there")
    wanted = told.parse_args()
    if wanted.full:
        wanted.full.mkdir(parents=True, exist_ok=True)
    with served() as base, sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        screens = paths(browser, base)
        looks = pictures(browser, base, screens, wanted)
        browser.close()
    sheet(looks.made, screens).save(SHEET, quality=70, method=6)
    print(f"{len(screens)} screens, {4 * len(screens)} pictures on {SHEET.relative_to(ROOT)}")
    if wanted.axe:
        print(f"axe looked {looks.inspected} times and found {len(looks.troubles)} serious")
    for trouble in looks.troubles:
        print(f"axe: {trouble}")
    return 1 if looks.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
