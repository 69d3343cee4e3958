"""Every screen that links lead to: none is dead, none complains, none bars anybody."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from scripts.walk import Walk, walk
from tests.browser.conftest import Site, barriers, complained


def walked(
    browser: Browser, site: Site, role: str, theme: str, known: Iterable[str] = ()
) -> tuple[Walk, list[str]]:
    """One role's walk in one theme past what is known already, and what axe found."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        bypass_csp=True,
        color_scheme="dark" if theme == "dark" else "light",
    )
    page: Page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda e: troubles.append(f"{page.url}: {e}"))
    page.on("console", lambda m: troubles.append(f"{page.url}: {m.text}") if _ours(m) else None)
    site.sign_in(page, role)
    found = walk(page, site.url(""), lambda screen, path: troubles.extend(barriers(page)), known=known)
    context.close()
    return found, troubles


def _ours(message: ConsoleMessage) -> bool:
    """What the walk itself asks for in vain the browser tells too; it is among the dead links."""
    return complained(message) and "Failed to load resource" not in message.text


def test_no_screen_is_dead_or_bars_anybody(browser: Browser, site: Site) -> None:
    seen: dict[str, str] = {}
    for role, theme in (("supervisor", "light"), ("admin", "dark"), ("clerk", "light")):
        found, troubles = walked(browser, site, role, theme, known=list(seen))
        assert "\n".join(found.dead) == ""
        assert "\n".join(troubles) == ""
        seen |= found.seen
    assert len(seen) > 100


@pytest.mark.trials
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("role", ["supervisor", "billing", "admin", "clerk", "viewer"])
def test_no_screen_bars_any_role_in_either_light(browser: Browser, site: Site, role: str, theme: str) -> None:
    found, troubles = walked(browser, site, role, theme)
    assert "\n".join(found.dead) == ""
    assert "\n".join(troubles) == ""
    assert len(found.seen) > 25
