"""Endpoints of rate tables as files: taken away whole, and brought in as drafts."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Document
from core.api.views import OperationView
from rates.api.serializers import VersionSerializer
from rates.filing import bring_in, table_as_file
from rates.models import RateTable, RateVersion


class FileVersionSerializer(serializers.Serializer[Any]):
    """A version in the file, for the days from ``from`` up to, not including, ``until``."""

    until = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    table = Document()

    def get_fields(self) -> dict[str, Any]:
        """With ``from``, which is no name in Python."""
        return {"from": serializers.DateField(), **super().get_fields()}


class RateFileSerializer(serializers.Serializer[Any]):
    """A rate table as a file, which another installation takes in as it is."""

    code = serializers.CharField()
    name = serializers.CharField()
    service_type = serializers.CharField()
    versions = FileVersionSerializer(many=True)


class BringInSerializer(serializers.Serializer[Any]):
    """A file to be brought in; ``code`` stands for the one it names.

    A file of one table without versions needs ``code`` and ``starts``.
    """

    content = Document()
    code = serializers.CharField(max_length=20, allow_blank=True, default="")
    starts = Day(allow_null=True, default=None)


class BroughtInSerializer(serializers.Serializer[Any]):
    """The drafts that were made of a file."""

    drafts = VersionSerializer(many=True)


class RateFileView(OperationView):
    """A rate table as a file."""

    permissions = {"GET": "rates.view"}
    serializer_class = RateFileSerializer

    def get(self, request: Any, rate_id: int) -> Response:
        """The table with the versions that were put in force; before any was, its drafts."""
        return Response(table_as_file(RateTable.objects.get(id=rate_id)))


class RateFilesView(OperationView):
    """Files of rate tables brought in."""

    permissions = {"POST": "rates.edit"}
    serializer_class = BroughtInSerializer

    @extend_schema(request=BringInSerializer, responses={201: BroughtInSerializer})
    def post(self, request: Any) -> Response:
        """Make drafts of a file's versions, and the table if there is none of its code; all or nothing."""
        return self.perform(bring_in, _drafts, **self.given(BringInSerializer))


def _drafts(ids: list[int]) -> Any:
    rows = RateVersion.objects.filter(id__in=ids).select_related("table").order_by("starts", "id")
    return BroughtInSerializer({"drafts": rows}).data
