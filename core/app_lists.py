"""Lists that every app may keep in a module of the same name: what core gathers without knowing any app."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings


@cache
def gather(module: str, name: str) -> tuple[Any, ...]:
    """The values of the tuple ``name`` in each app's ``<app>/<module>.py``, in the order of the apps.

    An app without the module adds nothing; a module without the tuple is a mistake and raises
    ``AttributeError``.
    """
    found: list[Any] = []
    ours = [c for c in apps.get_app_configs() if Path(c.path).parent == settings.ROOT]
    for config in ours:  # a library's module of the same name means something else
        place = f"{config.name}.{module}"
        if find_spec(place):
            found.extend(getattr(import_module(place), name))
    return tuple(found)
