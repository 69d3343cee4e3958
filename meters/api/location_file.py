"""The endpoint that changes the file of a location."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Id
from core.api.texts import TextsSerializer
from core.api.views import OperationView
from meters.api.serializers import LocationSerializer
from meters.location_file import MOST_SEQUENCE, Position, change_location
from meters.models import Location
from meters.queries import locations
from meters.texts import LOCATION_TEXTS


class LocationFileSerializer(LocationSerializer):
    """A location with parcel and position, in degrees."""

    latitude = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True, read_only=True)
    longitude = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True, read_only=True)

    class Meta:
        model = Location
        fields = (*LocationSerializer.Meta.fields, "parcel", "latitude", "longitude")


class LocationChangeSerializer(TextsSerializer):
    """Fields of a location; those not named stay as they are.  Latitude and longitude go together."""

    texts = LOCATION_TEXTS
    route_id = Id(required=False)
    sequence = serializers.IntegerField(min_value=0, max_value=MOST_SEQUENCE, required=False)
    in_limits = serializers.BooleanField(required=False)
    latitude = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=-90, max_value=90, required=False, allow_null=True
    )
    longitude = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=-180, max_value=180, required=False, allow_null=True
    )


class LocationFileView(OperationView):
    """The file of one location."""

    permissions = {"GET": "meters.view", "PATCH": "meters.edit"}
    serializer_class = LocationFileSerializer

    def get(self, request: Any, location_id: int) -> Response:
        """Address, route, zone, parcel and position."""
        return Response(self._shown(location_id))

    @extend_schema(request=LocationChangeSerializer, responses=LocationFileSerializer)
    def patch(self, request: Any, location_id: int) -> Response:
        """Change the fields that are named."""
        given = self.given(LocationChangeSerializer)
        rest: dict[str, Any] = {
            name: given.pop(name) for name in ("route_id", "sequence", "in_limits") if name in given
        }
        if {"latitude", "longitude"} & set(given):
            rest["position"] = Position(given.pop("latitude", None), given.pop("longitude", None))
        return self.perform(
            change_location, self._shown, status=200, location_id=location_id, fields=given, **rest
        )

    def _shown(self, location_id: int) -> Any:
        return self.get_serializer(locations().get(id=location_id)).data
