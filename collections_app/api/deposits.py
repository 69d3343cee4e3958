"""Endpoints of deposits taken: the list of all, and taking them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from collections_app.api.serializers import NewTenderSerializer, ReceiptDetailSerializer
from collections_app.api.views import SOURCE_LENGTH, receipt_shown
from collections_app.deposits import LONGEST_CODE, ToHold, take_deposits
from collections_app.operations import Tendered
from core.api.fields import Day, Id, Paid
from core.api.views import OperationView
from ledger.api.deposits import DepositSerializer
from ledger.deposit_models import Deposit, DepositService
from ledger.deposit_queries import deposits
from ledger.web.deposits import DepositFilter


class ToHoldSerializer(serializers.Serializer[Any]):
    """So much as a deposit for that service."""

    for_service = serializers.ChoiceField(choices=DepositService.choices)
    amount = Paid()


class NewDepositSerializer(serializers.Serializer[Any]):
    """Deposits of one account, each for another service, with what was handed over.

    ``landlord_id`` is the landlord who gives them, null: the customer.  ``code`` is the deposits' reference
    code, ``reference`` names the payment at the partner system: the same one again is refused.
    ``session_id`` is the drawer session the money goes into; without one it is money in the bank.
    """

    account_id = Id()
    on = Day()
    deposits = serializers.ListField(child=ToHoldSerializer(), min_length=1, max_length=20)
    tenders = serializers.ListField(child=NewTenderSerializer(), min_length=1, max_length=20)
    landlord_id = Id(allow_null=True, default=None)
    code = serializers.CharField(max_length=LONGEST_CODE, allow_blank=True, default="")
    reference = serializers.CharField(max_length=40, allow_blank=True, default="")
    session_id = Id(allow_null=True, default=None)
    cash_only_reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class DepositsView(OperationView):
    """Deposits."""

    permissions = {"GET": "ledger.view", "POST": "payments.post"}
    needs_key = True
    serializer_class = DepositSerializer
    filterset_class = DepositFilter
    queryset = Deposit.objects.none()
    conflicts = {
        "outside_payment_once": (
            "A payment with this reference was taken before.",
            "Nothing was done. Look for its receipt by the reference; a new payment has a new one.",
        )
    }

    @extend_schema(responses=DepositSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Deposits, newest first."""
        return self.page_of(deposits().order_by("-id"))

    @extend_schema(request=NewDepositSerializer, responses={201: ReceiptDetailSerializer})
    def post(self, request: Any) -> Response:
        """Take deposits for an account, pending ones too; answered with the receipt."""
        given = self.given(NewDepositSerializer)
        return self.perform(
            take_deposits,
            receipt_shown,
            account_id=given["account_id"],
            deposits=[ToHold(**d) for d in given["deposits"]],
            tenders=[Tendered(**t) for t in given["tenders"]],
            on=given["on"],
            landlord_id=given["landlord_id"],
            code=given["code"],
            source=self.actor.name[:SOURCE_LENGTH],
            reference=given["reference"],
            session_id=given["session_id"],
            cash_only_reason=given["cash_only_reason"],
        )
