"""Partner keys: ``Authorization: Bearer cs_<prefix>_<secret>``."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.acting import partner_actor
from core.actors import Actor
from core.models import PartnerKeyIndex
from core.partner_keys import find_key
from core.reading import read_only

SCHEME = "bearer"


def key_of(request: HttpRequest) -> PartnerKeyIndex | None:
    """The live key that the request carries, looked up before any scope; ``None`` without one."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return find_key(text.strip()) if scheme.lower() == SCHEME else None


class PartnerKeyAuthentication(BaseAuthentication):
    """Makes the actor of the key that ``OperationView`` found, in the scope of its utility."""

    def authenticate(self, request: Request) -> tuple[Actor, PartnerKeyIndex] | None:
        """The partner as actor; ``None`` without the header, so that the answer is 401."""
        if not request.headers.get("Authorization"):
            return None
        key: PartnerKeyIndex | None = getattr(request._request, "partner_key", None)
        actor = None
        if key is not None:
            with read_only():
                actor = partner_actor(key.prefix)
        if key is None or actor is None:
            raise AuthenticationFailed("This key is not known or was revoked.")
        request._request.actor = actor  # type: ignore[attr-defined]  # as on the site's own requests
        return actor, key

    def authenticate_header(self, request: Request) -> str:
        """What a request without a key is told."""
        return 'Bearer realm="api"'


class PartnerKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How the API's description names the keys."""

    target_class = "core.api.authentication.PartnerKeyAuthentication"
    name = "partnerKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "A partner key: cs_<prefix>_<secret>."}
