"""Endpoints of rate tables: prepared by one, put in force by another."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core import clock
from core.api.views import OperationView
from rates.api import serializers
from rates.filters import AnyVersionFilter, RateFilter, VersionFilter
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, create_table, draft_version
from rates.queries import tables_on


def version_shown(version_id: int) -> Any:
    """A version with its content; raises ``RateVersion.DoesNotExist``."""
    return serializers.VersionDetailSerializer(
        RateVersion.objects.select_related("table").get(id=version_id)
    ).data


class RatesView(OperationView):
    """Rate tables."""

    permissions = {"GET": "rates.view", "POST": "rates.edit"}
    serializer_class = serializers.RateSerializer
    filterset_class = RateFilter
    queryset = RateTable.objects.none()

    @extend_schema(responses=serializers.RateSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Rate tables, with what is in force today."""
        return self.page_of(tables_on(clock.today(request._request.utility.tz)))

    @extend_schema(request=serializers.NewRateSerializer, responses={201: serializers.RateSerializer})
    def post(self, request: Any) -> Response:
        """Make a rate table without versions."""
        tables = tables_on(clock.today(request._request.utility.tz))
        return self.perform(
            create_table,
            lambda table_id: self.get_serializer(tables.get(id=table_id)).data,
            **self.given(serializers.NewRateSerializer),
        )


class RateView(OperationView):
    """One rate table."""

    permissions = {"GET": "rates.view"}
    serializer_class = serializers.RateSerializer

    def get(self, request: Any, rate_id: int) -> Response:
        """A rate table, with what is in force today."""
        table = tables_on(clock.today(request._request.utility.tz)).get(id=rate_id)
        return Response(self.get_serializer(table).data)


class VersionsView(OperationView):
    """The versions of a rate table."""

    permissions = {"GET": "rates.view", "POST": "rates.edit"}
    serializer_class = serializers.VersionSerializer
    filterset_class = VersionFilter
    queryset = RateVersion.objects.none()

    @extend_schema(responses=serializers.VersionSerializer(many=True))
    def get(self, request: Any, rate_id: int) -> Response:
        """Every version the table had or will have."""
        table = RateTable.objects.get(id=rate_id)
        return self.page_of(RateVersion.objects.filter(table=table).select_related("table"))

    @extend_schema(
        request=serializers.NewVersionSerializer, responses={201: serializers.VersionDetailSerializer}
    )
    def post(self, request: Any, rate_id: int) -> Response:
        """Prepare a version; it prices nothing until a second person puts it in force."""
        given = self.given(serializers.NewVersionSerializer)
        return self.perform(draft_version, version_shown, table_id=rate_id, **given)


class AllVersionsView(OperationView):
    """The versions of all rate tables."""

    permissions = {"GET": "rates.view"}
    serializer_class = serializers.VersionSerializer
    filterset_class = AnyVersionFilter
    queryset = RateVersion.objects.none()

    @extend_schema(operation_id="all_rate_versions_list", responses=serializers.VersionSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Versions of every table: those that wait, those in force on a day, those of a service."""
        return self.page_of(RateVersion.objects.select_related("table"))


class ActivateView(OperationView):
    """Putting a version in force."""

    permissions = {"POST": "rates.activate"}
    serializer_class = serializers.VersionDetailSerializer

    @extend_schema(request=serializers.ActivationSerializer, responses=serializers.VersionDetailSerializer)
    def post(self, request: Any, version_id: int) -> Response:
        """Put the draft in force; the open version before it ends where it starts."""
        given = self.given(serializers.ActivationSerializer)
        return self.perform(activate_version, version_shown, status=200, version_id=version_id, **given)
