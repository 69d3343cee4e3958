"""Gathers the addresses of the apps that have pages or endpoints."""

from importlib.util import find_spec

from django.urls import URLResolver, include, path

APPS = (
    "core",
    "rates",
    "meters",
    "customers",
    "ledger",
    "billing",
    "collections_app",
    "interchange",
    "reports",
)


def gathered(part: str) -> list[URLResolver]:
    """``<app>/<part>/urls.py`` of every app that has it; ``part`` is ``web`` or ``api``."""
    modules = [f"{app}.{part}" for app in APPS if find_spec(f"{app}.{part}")]
    return [path("", include(f"{module}.urls")) for module in modules if find_spec(f"{module}.urls")]
