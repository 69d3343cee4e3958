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
        session = queries.open_session(actor.ref)
    if session is None:
        return {"label": "No drawer open", "url": reverse("collections:drawer_open"), "is_open": False}
    url = reverse("collections:drawer", args=[session.id])
    return {"label": session.drawer.name, "url": url, "is_open": True}
