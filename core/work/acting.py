"""On whose behalf long work is done: rights are looked up when it is done, not when it was asked for."""

from typing import Any

from core.acting import actor_again
from core.actors import Actor
from core.errors import NotAllowed
from core.tenancy import current_utility_id


def actor_of(kept: dict[str, Any]) -> Actor:
    """The actor kept with a job, with the rights held now; without any when they have left.

    Needs a transaction.
    """
    found = actor_again(kept)
    return found or Actor(kept["kind"], int(kept["id"]), str(kept["name"]), current_utility_id())


def require(by: Actor, permission: str, title: str) -> None:
    """Raise ``NotAllowed``, naming the work, unless the right is held."""
    if not by.may(permission):
        raise NotAllowed(
            f"{by.name} may not do “{title}”: the right “{permission}” is missing.",
            "Ask an administrator for a role that has it, or have somebody who holds it try again.",
        )
