"""Endpoints of routes, locations, meters, registers and readings."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core import clock
from core.api.views import OperationView
from meters import queries
from meters.api import serializers, taking
from meters.api.meter_file import MeterFileSerializer, NewMeterBody, file_of, parts_of
from meters.filters import LocationFilter, MeterFilter, ReadingFilter, RegisterFilter, RouteFilter
from meters.meter_file import add_meter
from meters.models import Location, Meter, Reading, Register, Route


class RoutesView(OperationView):
    """Routes."""

    permissions = {"GET": "meters.view"}
    serializer_class = serializers.RouteSerializer
    filterset_class = RouteFilter
    queryset = Route.objects.none()

    @extend_schema(responses=serializers.RouteSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Routes in which locations are read."""
        return self.page_of(queries.routes())


class LocationsView(OperationView):
    """Locations."""

    permissions = {"GET": "meters.view"}
    serializer_class = serializers.LocationSerializer
    filterset_class = LocationFilter
    queryset = Location.objects.none()

    @extend_schema(responses=serializers.LocationSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Premises where service is delivered."""
        return self.page_of(queries.locations())


class LocationView(OperationView):
    """One location."""

    permissions = {"GET": "meters.view"}
    serializer_class = serializers.LocationDetailSerializer

    def get(self, request: Any, location_id: int) -> Response:
        """A premise with its service points and meters."""
        location = queries.locations().get(id=location_id)
        found = {
            "location": location,
            "service_points": queries.points_of(location),
            "installations": queries.installed_at(location.id),
        }
        return Response(self.get_serializer(found).data)


class MetersView(OperationView):
    """Meters."""

    permissions = {"GET": "meters.view", "POST": "meters.edit"}
    serializer_class = serializers.MeterSerializer
    filterset_class = MeterFilter
    queryset = Meter.objects.none()

    @extend_schema(responses=serializers.MeterSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Meters, in the ground and in store."""
        return self.page_of(queries.meters())

    @extend_schema(request=NewMeterBody, responses={201: MeterFileSerializer})
    def post(self, request: Any) -> Response:
        """Add a meter; it is in store until it is installed."""
        given = self.given(NewMeterBody)
        return self.perform(
            add_meter,
            lambda meter_id: MeterFileSerializer(file_of(meter_id)).data,
            service_type=given["service_type"],
            **parts_of(given),
        )


class RegistersView(OperationView):
    """Registers."""

    permissions = {"GET": "meters.view"}
    serializer_class = serializers.RegisterSerializer
    filterset_class = RegisterFilter
    queryset = Register.objects.select_related("meter")

    @extend_schema(responses=serializers.RegisterSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Registers of meters: readings name them by their id."""
        return self.page_of(self.get_queryset())


class ReadingsView(OperationView):
    """Readings."""

    permissions = {"GET": "readings.view", "POST": "readings.import"}
    needs_key = True
    serializer_class = serializers.ReadingSerializer
    filterset_class = ReadingFilter
    queryset = Reading.objects.none()

    @extend_schema(responses=serializers.ReadingSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Readings, newest entry first."""
        return self.page_of(queries.readings())

    @extend_schema(request=taking.SentReadingsSerializer, responses={201: taking.AnsweredReadingsSerializer})
    def post(self, request: Any) -> Response:
        """Take the readings that are right; the others wait for a person, each with the reason."""
        return taking.take(self, clock.today(request.utility.tz))
