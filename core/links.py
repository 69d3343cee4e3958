"""Links to screens, from wherever they are made, and whether somebody may follow them."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse


def screen(name: str, *args: str | int) -> str:
    """The path of a utility's screen, also while the bare host answers, where the interface may be asked."""
    return reverse(name, urlconf=settings.ROOT_URLCONF, args=args)


def may_follow(may: Callable[[str], bool], address: str) -> bool:
    """Whether an operator with these rights may open the address; one that is no screen of ours is let be."""
    try:
        view = resolve(urlsplit(address).path, urlconf=settings.ROOT_URLCONF).func
    except Resolver404:
        return True
    rights: dict[str, str] = getattr(view, "permissions", {})
    right = rights.get("GET") or ""
    return not right or may(right)
