"""A request as the views of the site see it."""

from django.contrib.sessions.backends.base import SessionBase
from django.forms import BaseForm
from django.http import HttpRequest

from core.actors import Actor
from core.errors import Refused
from core.models import Utility


class UtilityRequest(HttpRequest):
    """A request inside ``@page`` or ``@form``: the utility and the actor are known.

    ``refused`` and ``form`` are set when the page is shown again after a form was refused.
    """

    utility: Utility
    actor: Actor
    session: SessionBase
    refused: Refused | None
    form: BaseForm | None


def utility_of(request: HttpRequest) -> Utility | None:
    """The utility that the host names; ``None`` on the bare host."""
    found: Utility | None = getattr(request, "utility", None)
    return found


def is_htmx(request: HttpRequest) -> bool:
    """Whether only a part of the page is asked for."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
