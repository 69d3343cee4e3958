"""Render the screens with sample figures, photograph them and look for barriers.

    python scripts/gallery.py                 # static pages and pictures below var/gallery
    python scripts/gallery.py --only account --axe

Needs no database: the sample figures stand in ``scripts/gallery_samples``.  Pages are served to the browser
on this machine with the same strict content policy as the site, and anything the policy refuses is reported.
"""

import argparse
import functools
import http.server
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var" / "gallery"
sys.path.insert(0, str(ROOT))
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'"
CHROMIUM = os.environ.get("CURBSTOP_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = ((1280, 800), (1920, 1080))


def configure() -> None:
    """The few settings templates need, so the gallery stands without the site."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "core"],
        ROOT_URLCONF="scripts.gallery_samples",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [ROOT / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        STATIC_URL="/static/",
        STATICFILES_DIRS=[ROOT / "static"],
        USE_TZ=True,
        TIME_ZONE="America/Chicago",
        SECRET_KEY="only for pictures",
    )
    django.setup()


def write_pages(only: str) -> list[str]:
    """Render every sample and gather the static files; returns the names of the pages."""
    from django.contrib.staticfiles import finders
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    from scripts.gallery_samples import samples

    shutil.rmtree(OUT / "site", ignore_errors=True)
    for finder in finders.get_finders():
        for path, storage in finder.list(["*.map"]):
            if path.startswith(("admin/", "fonts/")):
                continue
            target = OUT / "site" / "static" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(storage.open(path).read())
    names = []
    for sample in samples():
        if only and only not in sample.name:
            continue
        request = RequestFactory().get(sample.path)
        html = render_to_string(sample.template, sample.context, request=request)
        (OUT / "site" / f"{sample.name}.html").write_text(html, encoding="utf-8")
        names.append(sample.name)
    return names


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the pages with the content policy of the site."""

    def end_headers(self) -> None:
        """Add the policy."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *words: Any) -> None:
        """Say nothing."""


def photograph(names: list[str], port: int, axe: bool) -> int:
    """Take the pictures; returns how many troubles were found."""
    from playwright.sync_api import sync_playwright

    troubles: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for width, height in SIZES:
            for theme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme, bypass_csp=axe
                )
                page = context.new_page()
                listen(page, troubles)
                for name in (n for n in names if n != "job-live"):
                    page.goto(f"http://127.0.0.1:{port}/{name}.html", wait_until="networkidle")
                    page.evaluate("scrollTo(0, 0)")
                    page.screenshot(path=OUT / f"{name}-{width}-{theme}.png", full_page=width == 1280)
                    if axe and width == 1280:
                        troubles += [f"{name} {theme}: {t}" for t in barriers(page)]
                context.close()
        browser.close()
    for trouble in dict.fromkeys(troubles):
        print(trouble)
    return len(troubles)


def listen(page: Any, troubles: list[str]) -> None:
    """Gather what the browser complains of: refused by the policy, missing, broken."""
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    page.on("response", lambda r: troubles.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on("pageerror", lambda e: troubles.append(str(e)))


def barriers(page: Any) -> list[str]:
    """What axe finds on a page, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [
        f"{v['impact']} {v['id']}: {node['target']} {node.get('failureSummary', '')[:300]!r}"
        for v in found
        for node in v["nodes"][:3]
    ]


def main() -> int:
    """Render, serve, photograph; the exit status is 1 when anything was found."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--only", default="", help="part of a page's name")
    words.add_argument("--axe", action="store_true", help="look for barriers too")
    words.add_argument("--no-pictures", action="store_true")
    asked = words.parse_args()
    configure()
    names = write_pages(asked.only)
    if asked.no_pictures:
        return 0
    handler = functools.partial(Quiet, directory=str(OUT / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return 1 if photograph(names, server.server_port, asked.axe) else 0


if __name__ == "__main__":
    raise SystemExit(main())
