"""Imports for partner systems: send a file, see how it stands, approve it."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.views import OperationView
from interchange.feeds import FEEDS
from interchange.models import ImportFile, ImportRow
from interchange.pipeline import approve_import, receive_file
from interchange.queries import import_file, imports, rows_of


class FaultSerializer(serializers.Serializer[Any]):
    """Something wrong; line 0 is the file as a whole."""

    line = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(choices=[("file", "file"), ("row", "row"), ("warning", "warning")])
    code = serializers.CharField()
    problem = serializers.CharField()
    remedy = serializers.CharField(allow_blank=True)


class ImportSerializer(serializers.ModelSerializer[ImportFile]):
    """An import.  ``fingerprint`` is what an approval repeats as ``seen``."""

    name = serializers.CharField(source="file.name", read_only=True)
    faults = FaultSerializer(many=True)
    job = serializers.IntegerField(source="job_id", allow_null=True, read_only=True)

    class Meta:
        model = ImportFile
        fields = (
            "id",
            "feed",
            "name",
            "sha256",
            "state",
            "received_at",
            "received_by_name",
            "approved_at",
            "approved_by_name",
            "applied_at",
            "ready",
            "warnings",
            "errors",
            "skipped",
            "applied",
            "fingerprint",
            "faults",
            "job",
        )


class RowSerializer(serializers.ModelSerializer[ImportRow]):
    """A staged row and what is wrong with it."""

    values = serializers.DictField()
    faults = FaultSerializer(many=True)

    class Meta:
        model = ImportRow
        fields = ("id", "line", "state", "values", "faults", "raw")


class NewImportSerializer(serializers.Serializer[Any]):
    """A file to bring in, as a multipart form."""

    feed = serializers.ChoiceField(choices=[(feed.code, feed.title) for feed in FEEDS])
    file = serializers.FileField(allow_empty_file=True)


class ApprovalSerializer(serializers.Serializer[Any]):
    """The fingerprint of the rows that were looked at."""

    seen = serializers.CharField(max_length=64)


class ImportFilter(django_filters.FilterSet):
    """By feed and state."""

    feed = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=ImportFile.State.choices)

    class Meta:
        model = ImportFile
        fields: tuple[str, ...] = ()


class RowFilter(django_filters.FilterSet):
    """By state: ready, warning, error, skipped, applied."""

    state = django_filters.CharFilter()

    class Meta:
        model = ImportRow
        fields: tuple[str, ...] = ()


class ImportsView(OperationView):
    """Files that came in."""

    permissions = {"GET": "interchange.view", "POST": "interchange.import"}
    needs_key = True
    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    queryset = ImportFile.objects.none()

    @extend_schema(operation_id="imports_list", responses=ImportSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Imports, newest first."""
        rows = self.paginate_queryset(self.filter_queryset(imports()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @extend_schema(request={"multipart/form-data": NewImportSerializer}, responses={201: ImportSerializer})
    def post(self, request: Any) -> Response:
        """Bring in a file; it is scanned, and applied only when it is approved."""
        given = self.given(NewImportSerializer)
        return self.perform(
            receive_file,
            lambda import_id: ImportSerializer(import_file(import_id)).data,
            feed=given["feed"],
            name=given["file"].name,
            content=given["file"].read(),
            today=clock.today(request._request.utility.tz),
        )


class ImportView(OperationView):
    """One import."""

    permissions = {"GET": "interchange.view"}
    serializer_class = ImportSerializer

    def get(self, request: Any, import_id: int) -> Response:
        """How the import stands, with the faults of the file as a whole."""
        return Response(ImportSerializer(import_file(import_id)).data)


class ImportRowsView(OperationView):
    """The staged rows of an import."""

    permissions = {"GET": "interchange.view"}
    serializer_class = RowSerializer
    filterset_class = RowFilter
    queryset = ImportRow.objects.none()

    @extend_schema(operation_id="import_rows_list", responses=RowSerializer(many=True))
    def get(self, request: Any, import_id: int) -> Response:
        """A page of the rows."""
        rows = self.paginate_queryset(self.filter_queryset(rows_of(import_file(import_id).id)))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class ApprovalView(OperationView):
    """The approval of an import."""

    permissions = {"POST": "interchange.approve"}
    needs_key = True
    serializer_class = ApprovalSerializer

    @extend_schema(request=ApprovalSerializer, responses={201: ImportSerializer})
    def post(self, request: Any, import_id: int) -> Response:
        """Approve the rows under the fingerprint; they are applied by a job."""
        return self.perform(
            approve_import,
            lambda _: ImportSerializer(import_file(import_id)).data,
            import_id=import_id,
            seen=self.given()["seen"],
            today=clock.today(request._request.utility.tz),
        )
