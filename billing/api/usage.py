"""Endpoint of what an account used, register by register."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.usage import SHOWN_MONTHS, latest_months, usage_of
from core.api.fields import Quantity
from core.api.views import OperationView
from customers.models import Account


class UsedSerializer(serializers.Serializer[Any]):
    """A register between two readings, ``(since, on]``; ``use`` in the register's unit.

    ``billed_on`` and ``bill`` are null where no bill here has it; ``source_code`` says how the later
    reading was taken; ``year_before`` the use of the same month a year earlier.
    """

    meter = serializers.CharField()
    billed_on = serializers.DateField(allow_null=True)
    bill = serializers.IntegerField(allow_null=True, help_text="number of the bill")
    since = serializers.DateField()
    on = serializers.DateField()
    days = serializers.IntegerField()
    previous = Quantity()
    present = Quantity()
    use = Quantity()
    source_code = serializers.CharField(source="source")
    source_words = serializers.CharField()
    per_day = Quantity(allow_null=True)
    year_before = Quantity(allow_null=True)


class YearOfUseSerializer(serializers.Serializer[Any]):
    """A calendar year: how much, in how many months, and on average a month."""

    year = serializers.IntegerField()
    months = serializers.IntegerField()
    total = Quantity()
    average = Quantity(help_text="a month")


class RegisterUsageSerializer(serializers.Serializer[Any]):
    """One register of a metered service; a compound meter has one for each of its sides."""

    service_id = serializers.IntegerField(source="service.id")
    service_type = serializers.CharField(source="service.service_type")
    name = serializers.CharField()
    register = serializers.CharField(allow_blank=True)
    unit = serializers.CharField()
    periods = UsedSerializer(many=True)
    years = YearOfUseSerializer(many=True)


class MonthsSerializer(serializers.Serializer[Any]):
    """How many months of each register, counted back from its latest."""

    months = serializers.IntegerField(min_value=1, max_value=1200, default=SHOWN_MONTHS)


class UsageView(OperationView):
    """What one account used."""

    permissions = {"GET": "readings.view"}
    serializer_class = RegisterUsageSerializer
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        operation_id="account_usage",
        parameters=[MonthsSerializer],
        responses=RegisterUsageSerializer(many=True),
    )
    def get(self, request: Any, account_id: int) -> Response:
        """Billed and read periods of each register, the latest first, and the average of each year."""
        months = self.asked(MonthsSerializer)["months"]
        found = usage_of(Account.objects.get(id=account_id))
        shown = [
            {
                "service": one.service, "name": one.name, "register": one.register, "unit": one.unit,
                "periods": latest_months(one, months), "years": one.years,
            }
            for one in found
        ]  # fmt: skip
        return Response(self.get_serializer(shown, many=True).data)
