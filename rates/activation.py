"""What must be confirmed before a version is put in force: asked of the apps that know what it touches.

An app lists functions in its ``<app>/activation.py`` as ``BEFORE_ACTIVATION``; each is called with the
version and what the person says they have seen, and raises ``Conflict`` until that is what there is to see.
"""

from core.app_lists import gather
from rates.models import RateVersion

BEFORE_ACTIVATION: tuple[object, ...] = ()
"""Rates themselves ask nothing."""


def require_confirmed(version: RateVersion, seen: str) -> None:
    """Call it in the operation that puts a version in force, before anything of it is written."""
    for ask in gather("activation", "BEFORE_ACTIVATION"):
        ask(version, seen)
