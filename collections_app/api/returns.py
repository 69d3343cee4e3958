"""Endpoint of payments that the bank sent back."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from collections_app.models import PaymentReturn
from collections_app.returns import LONGEST_REASON, return_payment, returned_payments
from collections_app.web.returned import ReturnFilter
from core.api.fields import Day, Paid
from core.api.views import OperationView


class ReturnSerializer(serializers.ModelSerializer[PaymentReturn]):
    """A payment that came back; ``fee_id`` is the charge of its fee."""

    payment_id = serializers.IntegerField(read_only=True)
    fee_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = PaymentReturn
        fields = ("id", "payment_id", "reason", "on", "fee_id", "operator", "at")


class NewReturnSerializer(serializers.Serializer[Any]):
    """What the bank said, the day it counts on, and the fee for it, if any."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    on = Day()
    fee = Paid(allow_null=True, default=None)


class ReturnsView(OperationView):
    """Payments that came back."""

    permissions = {"GET": "payments.view"}
    serializer_class = ReturnSerializer
    filterset_class = ReturnFilter
    queryset = PaymentReturn.objects.none()

    @extend_schema(responses=ReturnSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Payments that the bank sent back; what they had paid is owed again."""
        return self.page_of(returned_payments().order_by("id"))


class PaymentReturnView(OperationView):
    """A payment that came back."""

    permissions = {"POST": "payments.return"}
    needs_key = True
    serializer_class = ReturnSerializer

    @extend_schema(request=NewReturnSerializer, responses={201: ReturnSerializer})
    def post(self, request: Any, payment_id: int) -> Response:
        """Enter that the bank sent the payment back: what it paid is owed again, with a fee or without."""
        given = self.given(NewReturnSerializer)
        return self.perform(
            return_payment,
            lambda made: ReturnSerializer(PaymentReturn.objects.get(id=made)).data,
            payment_id=payment_id,
            **given,
        )
