"""Every address of the site with the right it needs, read from the addresses themselves.

A test goes over this table with nobody, somebody of another utility, somebody without the right and
somebody with it; a view that does not say its rights stands here with ``declared=False``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from core.web.views import Own, Routed

Kind = Literal["public", "signed in", "right"]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address.

    ``path`` is as written in the addresses (``/policies/<str:code>/``); ``is_api`` takes a partner key
    instead of a session; ``own_page`` is one of the sign-in library about oneself.
    """

    path: str
    name: str
    method: str
    permission: str
    public: bool
    is_api: bool
    own_page: bool
    declared: bool

    @property
    def kind(self) -> Kind:
        """Who may: everybody, everybody who works here, or who holds the right."""
        return "public" if self.public else "right" if self.permission else "signed in"


def all_routes(urlconf: str | None = None) -> list[Route]:
    """Every route of the utilities' addresses, or of another urlconf such as the bare host's."""
    return list(_walk(get_resolver(urlconf or settings.ROOT_URLCONF), "/", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(n for n in (namespace, entry.namespace or "") if n)
            yield from _walk(entry, path, inner)
        else:
            yield from _routes_of(entry, path, namespace)


def _routes_of(entry: URLPattern, path: str, namespace: str) -> Iterator[Route]:
    is_api, view = _view_of(entry)
    rights: dict[str, str] = getattr(view, "permissions", {})
    public = bool(getattr(view, "public", False))
    name = ":".join(n for n in (namespace, entry.name or "") if n)
    undeclared = [] if public else sorted(_handlers(view) - set(rights))
    if not rights and not undeclared:
        undeclared = ["GET"]
    for method in [*rights, *undeclared]:
        right = rights.get(method, "")
        yield Route(path, name, method, right, public, is_api, isinstance(view, Own), method in rights)


def _view_of(entry: URLPattern) -> tuple[bool, Any]:
    """Whether an address is one of the API, and what says its rights: a decorated view or a view class."""
    view: Any = entry.callback
    if isinstance(view, Routed):
        return False, view
    endpoint = getattr(view, "cls", None)
    return endpoint is not None, endpoint or view


def _handlers(view: Any) -> set[str]:
    """The methods that a view class can answer; a function tells none."""
    return {m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)}
