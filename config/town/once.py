"""Doing a step once, however often it is asked for."""

from collections.abc import Callable
from typing import Any

from core.actors import Actor


def once(do: Callable[..., Any], by: Actor, key: str, **what: Any) -> Any:
    """Run an operation under an idempotency key: asked again, it gives its first answer and does nothing."""
    return do(by, **what, key=key)
