"""The API's own description, and its pages."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


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
