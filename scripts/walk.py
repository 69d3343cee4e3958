"""A walk over every screen: from each address without a parameter along the links, one page for each route.

So a new screen that anything leads to is seen without being listed anywhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from core.web.route_table import Route, all_routes

EACH_TAB = {"customers:account", "meters:meter", "meters:location"}
"""Pages whose tabs are screens of their own."""

SEVERAL = {"billing:run": 4, "reports:report": 6, "collections:counter": 2}
"""Routes that look different by what they show: how many of them are looked at."""

LEFT_OUT = {"account_logout", "health", "session_stay", "core:outcome"}
LINKS = "els => [...new Set(els.map(e => e.dataset.href || e.getAttribute('href')).filter(Boolean))]"


@dataclass
class Walk:
    """What was seen: screen → path; ``dead`` are links that lead to no page, with the page they are on."""

    seen: dict[str, str] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)


def pages() -> list[Route]:
    """The routes that a person looks at."""
    return [r for r in all_routes() if r.method == "GET" and not r.is_api and r.name not in LEFT_OUT]


def screen_of(path: str) -> str:
    """What a path shows: its route, with the tab where tabs are screens; empty when it is none of ours."""
    parts = urlsplit(path)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return ""
    tab = next((p[4:] for p in parts.query.split("&") if p.startswith("tab=")), "")
    return f"{name} {tab}".strip() if name in EACH_TAB else name


def walk(
    page: Page,
    base: str,
    look: Callable[[str, str], None],
    extra: Iterable[str] = (),
    known: Iterable[str] = (),
) -> Walk:
    """Go over the site as whoever ``page`` is signed in as; ``look(screen, path)`` is called on each.

    Screens that are ``known`` already are not opened again.
    """
    found = Walk()
    waiting = [r.path for r in pages() if "<" not in r.path and not r.public] + list(extra)
    taken: dict[str, int] = {}
    for label in known:
        name = label.rstrip("0123456789 ")
        taken[name] = taken.get(name, 0) + 1
    done: set[str] = set()
    linked: dict[str, str] = {}
    while waiting:
        path = waiting.pop(0)
        screen = screen_of(path)
        most = SEVERAL.get(screen, 1)
        if not screen or screen in LEFT_OUT or path in done or taken.get(screen, 0) >= most:
            continue
        done.add(path)
        status = _open(page, base + path)
        if status is None:
            continue
        if status >= 400:
            if status >= 500 or path in linked:
                found.dead.append(f"{status} {path}, from {linked.get(path, 'its address')}")
            continue
        taken[screen] = taken.get(screen, 0) + 1
        label = screen if taken[screen] == 1 else f"{screen} {taken[screen]}"
        found.seen[label] = path
        look(label, path)
        links = page.eval_on_selector_all("a[href], [data-href]", LINKS)
        for way in [_path(base, path, link) for link in links if _ours(base, path, link)]:
            linked.setdefault(way, path)
            waiting.append(way)
    return found


ASK = """async url => {
    const answer = await fetch(url);
    const kind = answer.headers.get("content-type") || "";
    return [answer.status, kind, kind.includes("text/html") ? (await answer.text()).slice(0, 4000) : ""];
}"""


def _open(page: Page, url: str) -> int | None:
    """The status of a page; nothing for a file, a part of a page, or a way that leads elsewhere."""
    status, kind, text = page.evaluate(ASK, url)
    ok = status < 400
    if "text/html" not in kind:
        return None if ok else int(status)
    if ok and "<html" not in text:
        return None
    shown = page.goto(url)
    return shown.status if shown else None


def _ours(base: str, path: str, link: str) -> bool:
    return urljoin(base + path, link).startswith(base + "/") and not link.startswith("#")


def _path(base: str, path: str, link: str) -> str:
    parts = urlsplit(urljoin(base + path, link))
    return parts.path + (f"?{parts.query}" if parts.query else "")
