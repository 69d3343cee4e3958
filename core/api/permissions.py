"""Rights of the API: each view says which right each method needs."""

from typing import Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.actors import Actor
from core.web.views import lacks


class HasPermission(BasePermission):
    """Holds the actor to ``view.permissions[method]``; a method that is not there is not offered."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the partner may; raises ``NotAllowed`` naming the right that is lacking."""
        actor = request.user
        if not isinstance(actor, Actor):
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        needed = view.permissions.get(method)
        if needed is None:
            raise MethodNotAllowed(method)
        if needed and not actor.may(needed):
            raise lacks(actor, needed)
        return True
