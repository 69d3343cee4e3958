"""What the API says of routes, locations, meters, registers and readings."""

from typing import Any

from rest_framework import serializers

from core.api.fields import Quantity
from meters.models import Installation, Location, Meter, Reading, Register, Route, ServicePoint


class RouteSerializer(serializers.ModelSerializer[Route]):
    """A route and how many locations it has."""

    locations = serializers.IntegerField(read_only=True)

    class Meta:
        model = Route
        fields = ("id", "code", "name", "locations")


class LocationSerializer(serializers.ModelSerializer[Location]):
    """A premise; ``sequence`` is its place on the route."""

    route_id = serializers.IntegerField(read_only=True)
    route = serializers.CharField(source="route.code", read_only=True)
    address = serializers.CharField(read_only=True)

    class Meta:
        model = Location
        fields = (
            "id",
            "code",
            "route_id",
            "route",
            "sequence",
            "address",
            "street_number",
            "street_name",
            "unit_label",
            "city",
            "state",
            "zip_code",
            "zone",
            "in_limits",
        )


class PointSerializer(serializers.ModelSerializer[ServicePoint]):
    """A place at a location where one service is taken."""

    service_type = serializers.CharField(read_only=True)

    class Meta:
        model = ServicePoint
        fields = ("id", "code", "service_type")


class InstallationSerializer(serializers.ModelSerializer[Installation]):
    """A meter at a service point for ``[starts, ends)``."""

    meter_id = serializers.IntegerField(read_only=True)
    meter = serializers.CharField(source="meter.number", read_only=True)
    service_point_id = serializers.IntegerField(read_only=True)
    location_id = serializers.IntegerField(source="service_point.location_id", read_only=True)

    class Meta:
        model = Installation
        fields = ("id", "meter_id", "meter", "service_point_id", "location_id", "starts", "ends")


class LocationDetailSerializer(serializers.Serializer[Any]):
    """A location with its service points and what is and was installed there."""

    location = LocationSerializer()
    service_points = PointSerializer(many=True)
    installations = InstallationSerializer(many=True)


class MeterSerializer(serializers.ModelSerializer[Meter]):
    """A meter, and the location where it is at present."""

    service_type = serializers.CharField(read_only=True)
    location = serializers.CharField(source="place_code", allow_null=True, read_only=True)
    address = serializers.CharField(source="place", allow_null=True, read_only=True)
    installed_on = serializers.DateField(allow_null=True, read_only=True)
    master = serializers.CharField(source="master.number", allow_null=True, read_only=True, default=None)

    class Meta:
        model = Meter
        fields = (
            "id",
            "number",
            "serial",
            "size",
            "brand",
            "service_type",
            "endpoint",
            "kind",
            "style",
            "place_text",
            "cut_on",
            "cut_off",
            "master",
            "location",
            "address",
            "installed_on",
        )


class RegisterSerializer(serializers.ModelSerializer[Register]):
    """A set of dials.

    Use = (later − earlier, modulo 10 to the power of ``dials``) × 10 to the power of ``dead_zeros``
    × ``multiplier``; readings are without the dead zeros.
    """

    meter_id = serializers.IntegerField(read_only=True)
    meter = serializers.CharField(source="meter.number", read_only=True)
    multiplier = Quantity()

    class Meta:
        model = Register
        fields = (
            "id",
            "meter_id",
            "meter",
            "code",
            "unit",
            "dials",
            "multiplier",
            "may_run_backwards",
            "dead_zeros",
        )


class ReadingSerializer(serializers.ModelSerializer[Reading]):
    """What a register showed on a day; ``location`` is where its meter was then."""

    register_id = serializers.IntegerField(read_only=True)
    meter = serializers.CharField(source="register.meter.number", read_only=True)
    register = serializers.CharField(source="register.code", read_only=True)
    unit = serializers.CharField(source="register.unit", read_only=True)
    dial = Quantity()
    source = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a field of that name
    replaces_id = serializers.IntegerField(allow_null=True, read_only=True)
    location = serializers.CharField(source="place_code", allow_null=True, read_only=True)

    class Meta:
        model = Reading
        fields = (
            "id",
            "register_id",
            "meter",
            "register",
            "unit",
            "on",
            "dial",
            "source",
            "rolled_over",
            "is_live",
            "replaces_id",
            "came_from",
            "location",
        )
