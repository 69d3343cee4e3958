"""The open drawer in the bar at the top of every page."""

from django.urls import reverse

from collections_app import queries
from core.actors import Actor
from core.reading import read_only


def open_drawer_of(actor: Actor) -> dict[str, object] | None:
    """The operator's open drawer and its page, or where to open one; ``None`` for who takes no money."""
    if not actor.may("payments.post"):
        return None
    with read_only():
        found = queries.open_drawer_name(actor.ref)
    if found is None:
        return {"label": "No drawer open", "url": reverse("collections:drawer_open"), "is_open": False}
    session_id, name = found
    return {"label": name, "url": reverse("collections:drawer", args=[session_id]), "is_open": True}
