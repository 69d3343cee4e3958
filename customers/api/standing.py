"""Endpoints of payment records: what is counted on accounts, and setting it back."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day
from core.api.views import OperationView
from customers.models import Standing
from customers.standing import LONGEST_REASON, records, reset_counter
from customers.web.standing import RESET, RecordFilter


class PaymentRecordSerializer(serializers.ModelSerializer[Standing]):
    """How often something went wrong on an account since that last went back to none, and when last.

    A kind that never happened on an account has no row.
    """

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Standing
        fields = ("id", "account_id", "account", "kind", "count", "last_on", "cleared_on")


class ResetSerializer(serializers.Serializer[Any]):
    """Why the counter goes back to none, and the day; ``seen`` is the count that was decided on."""

    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="stays on the account's note pad")
    on = Day()
    seen = serializers.IntegerField(min_value=0, max_value=2**31 - 1, allow_null=True, default=None)


class RecordApiFilter(RecordFilter):
    """Also by the whole number of the account."""

    account = django_filters.CharFilter(label="Account number", field_name="account__number")


class RecordsView(OperationView):
    """Payment records."""

    permissions = {"GET": "customers.view"}
    serializer_class = PaymentRecordSerializer
    filterset_class = RecordApiFilter
    queryset = Standing.objects.none()

    @extend_schema(responses=PaymentRecordSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Returned payments, late fees and times on the cut-off list, counted by account."""
        return self.page_of(records().order_by("id"))


class RecordView(OperationView):
    """One counter of one account."""

    permissions = {"GET": "customers.view"}
    serializer_class = PaymentRecordSerializer

    def get(self, request: Any, standing_id: int) -> Response:
        """How often, and when last."""
        return Response(self.get_serializer(records().get(id=standing_id)).data)


class RecordResetView(OperationView):
    """Setting a counter back."""

    permissions = {"POST": RESET}
    serializer_class = PaymentRecordSerializer

    @extend_schema(request=ResetSerializer, responses=PaymentRecordSerializer)
    def post(self, request: Any, standing_id: int) -> Response:
        """Set the counter back to none; it goes on counting from there."""
        return self.perform(
            reset_counter,
            lambda found: self.get_serializer(records().get(id=found)).data,
            status=200,
            standing_id=standing_id,
            **self.given(ResetSerializer),
        )
