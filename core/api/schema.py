"""The API's own description, and its pages."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.problems import problem


class SchemaView(SpectacularAPIView):
    """The description as OpenAPI 3.  It holds nothing of any utility."""

    public = True
    permissions = {"GET": ""}
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class DocsView(SpectacularSwaggerSplitView):
    """The description to read and try; its script is a file of its own, as the content policy wants."""

    public = True
    permissions = {"GET": ""}
    template_name = "settings/api_docs.html"
    url_name = "api:schema"
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class MissingView(APIView):
    """An address of the API where nothing is."""

    public = True
    permissions = {"GET": ""}
    schema = None
    metadata_class = None
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def get(self, request: Request, rest: str) -> Response:
        """Not found, as a problem."""
        return problem(404, f"There is nothing at {request.path}.", code="NotFound")

    post = put = patch = delete = get
