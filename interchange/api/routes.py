"""The file of a route for a hand-held reader, for partner systems."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from core import clock
from core.api.documents import PdfRenderer
from core.api.fields import Day
from core.api.views import OperationView
from interchange.route_files import route_file


class CsvRenderer(PdfRenderer):
    """Lets a request ask for CSV alone."""

    media_type = "text/csv"
    format = "csv"


class AskedSerializer(serializers.Serializer[Any]):
    """The day of the round, today without it; and whether what is read already is in the file too."""

    on = Day(required=False)
    all = serializers.BooleanField(default=False)


class RouteFileView(OperationView):
    """A route as a file."""

    permissions = {"GET": "readings.view"}
    serializer_class = AskedSerializer
    renderer_classes = (JSONRenderer, CsvRenderer)

    @extend_schema(parameters=[AskedSerializer], responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Any, route_id: int) -> HttpResponse:
        """What is to be read on the route as CSV; filled in, it comes back as hand-held reads."""
        asked = self.asked(AskedSerializer)
        on = asked.get("on") or clock.today(request.utility.tz)
        name, content = route_file(route_id, on, only_left=not asked["all"])
        answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
