"""What every endpoint stands on.

A GET is one read-only transaction around the handler, with serialisation and rendering inside.  A POST
calls one operation, which opens its own; the answer is then read from the ids it gave, so a repetition
of the request (same ``Idempotency-Key``) is answered alike.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from core.actors import Actor
from core.api.authentication import key_of
from core.api.filtering import StrictFilters, refuse_unknown
from core.errors import NotFound, Refused
from core.reading import read_only
from core.tenancy import scope
from core.web.requests import utility_of

KEY_HEADER = "Idempotency-Key"


class KeyNeeded(Refused):
    """A request that moves money came without an idempotency key."""

    status = 400


class OperationView(GenericAPIView[Any]):
    """The base of an endpoint.

    ``permissions`` names the right of each method; what is not there is not offered.  ``needs_key`` makes
    the header ``Idempotency-Key`` a must, as it is wherever money moves.  ``conflicts`` says in words what
    the database refuses, by the constraint's name: (problem, remedy).
    """

    permissions: ClassVar[dict[str, str]] = {}
    needs_key: ClassVar[bool] = False
    public: ClassVar[bool] = False
    conflicts: ClassVar[dict[str, tuple[str, str]]] = {}
    filter_backends: Any = (StrictFilters,)
    metadata_class = None
    request: Request

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Enter the scope of the key's utility, and for a GET the transaction."""
        key = key_of(request)
        host = utility_of(request)
        request.partner_key = key  # type: ignore[attr-defined]  # read by PartnerKeyAuthentication
        self.elsewhere = key is not None and host is not None and key.utility_id != host.id
        with ExitStack() as around:
            # What an answer calls by its page's name is found on every host, the bare one too.
            around.callback(set_urlconf, get_urlconf())
            set_urlconf(settings.ROOT_URLCONF)
            if key is not None and not self.elsewhere:
                request.utility = key.utility  # type: ignore[attr-defined]  # declared by UtilityRequest
                around.enter_context(scope(key.utility_id))
                around.enter_context(timezone.override(key.utility.tz))
                if request.method in SAFE_METHODS:
                    around.enter_context(read_only())
            response = super().dispatch(request, *args, **kwargs)
            # What is streamed has been opened by now and needs neither scope nor transaction.
            return response.render() if isinstance(response, Response) else response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a key of another utility before anything else: nothing exists here for it."""
        if self.elsewhere:
            raise NotFound(
                "There is nothing here for this key.", "Use the host name of the key's own utility."
            )
        super().initial(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        """The partner system that asks."""
        return cast(Actor, self.request.user)

    def idempotency_key(self) -> str | None:
        """The header's value; raises ``KeyNeeded`` when it must be there and is not, or is no key."""
        key = self.request.headers.get(KEY_HEADER, "").strip()
        if not key and self.needs_key:
            raise KeyNeeded(
                f"The header {KEY_HEADER} is missing.",
                "Send a new unique value with each new request, and the same one when you repeat it.",
            )
        if len(key) > 100 or not key.isprintable():
            raise KeyNeeded(f"The header {KEY_HEADER} is no key.", "Use up to 100 printable characters.")
        return key or None

    def given(self, serializer: type[BaseSerializer[Any]] | None = None) -> dict[str, Any]:
        """The clean body; raises ``ValidationError`` naming the fields."""
        kind = serializer or self.get_serializer_class()
        read = kind(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def asked(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The clean parameters of the address; raises ``ValidationError`` also at those not known."""
        read = serializer(data=self.request.query_params.dict(), context=self.get_serializer_context())
        refuse_unknown(self.request, cast(Any, read).fields)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def page_of(self, rows: QuerySet[Any]) -> Response:
        """A page of what the filters leave of the rows."""
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def perform(
        self, do: Callable[..., Any], show: Callable[[Any], Any], *, status: int = 201, **what: Any
    ) -> Response:
        """One operation, and the answer ``show`` reads from the ids it gave."""
        result = do(self.actor, key=self.idempotency_key(), **what)
        with read_only():
            return Response(show(result), status=status)
