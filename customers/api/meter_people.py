"""The endpoint of who has and had the place of a meter."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.views import OperationView
from customers.meter_people import people_of_place
from customers.models import Account
from meters.models import Meter
from meters.queries import installations_of


class AtPlaceSerializer(serializers.ModelSerializer[Account]):
    """An account at the place of a meter, ``[starts, ends)``."""

    account_id = serializers.IntegerField(source="id", read_only=True)
    customer_id = serializers.IntegerField(read_only=True)
    customer = serializers.CharField(source="customer.name", read_only=True)

    class Meta:
        model = Account
        fields = ("account_id", "number", "customer_id", "customer", "starts", "ends")


class MeterPeopleSerializer(serializers.Serializer[Any]):
    """The current account at the place of a meter, and up to three before it, the latest first."""

    current = AtPlaceSerializer(allow_null=True)
    previous = AtPlaceSerializer(many=True)


class MeterPeopleView(OperationView):
    """Current and previous customers of a meter."""

    permissions = {"GET": "customers.view"}
    serializer_class = MeterPeopleSerializer

    def get(self, request: Any, meter_id: int) -> Response:
        """Who has and had the place where the meter sits: derived from the accounts, never typed."""
        places = installations_of(Meter.objects.get(id=meter_id))
        today = clock.today(request.utility.tz)
        found = people_of_place(places[0].service_point.location_id, today) if places else []
        answer = {
            "current": next((one.account for one in found if one.is_current), None),
            "previous": [one.account for one in found if not one.is_current],
        }
        return Response(self.get_serializer(answer).data)
