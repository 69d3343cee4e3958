"""Endpoints of payments and receipts."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from collections_app.api import serializers
from collections_app.filters import PaymentFilter, ReceiptFilter
from collections_app.models import DepositTaken, Payment, Receipt, ReceiptVoid, Tender
from collections_app.operations import Tendered, ToAccount, post_payment, void_receipt
from core.api.views import OperationView

SOURCE_LENGTH = 30


def receipt_shown(receipt_id: int) -> Any:
    """A receipt with all that belongs to it; raises ``Receipt.DoesNotExist``."""
    receipt = Receipt.objects.get(id=receipt_id)
    found = {
        "receipt": receipt,
        "tenders": Tender.objects.filter(receipt=receipt).order_by("id"),
        "payments": payments().filter(receipt=receipt).order_by("id"),
        "deposits": DepositTaken.objects.filter(receipt=receipt)
        .select_related("account", "deposit")
        .order_by("id"),
        "void": ReceiptVoid.objects.filter(receipt=receipt).first(),
    }
    return serializers.ReceiptDetailSerializer(found).data


def payments() -> Any:
    """Payments with their receipts and accounts."""
    return Payment.objects.select_related("receipt", "account")


def _to_account(given: dict[str, Any]) -> ToAccount:
    split = given["split"]
    if split is None:
        return ToAccount(given["account_id"], given["amount"])
    parts = {part["charge_id"]: part["amount"] for part in split}
    if len(parts) != len(split):
        raise ValidationError({"accounts": "A charge is named twice in one split. Send one amount for each."})
    return ToAccount(given["account_id"], given["amount"], parts)


class PaymentsView(OperationView):
    """Payments."""

    permissions = {"GET": "payments.view", "POST": "payments.post"}
    needs_key = True
    serializer_class = serializers.PaymentSerializer
    filterset_class = PaymentFilter
    queryset = Payment.objects.none()
    conflicts = {
        "outside_payment_once": (
            "A payment with this reference was posted before.",
            "Nothing was done. Look for its receipt by the reference; a new payment has a new one.",
        )
    }

    @extend_schema(responses=serializers.PaymentSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Payments by account, newest first."""
        return self.page_of(payments())

    @extend_schema(
        request=serializers.NewPaymentSerializer, responses={201: serializers.ReceiptDetailSerializer}
    )
    def post(self, request: Any) -> Response:
        """Take money for one or more accounts: one receipt, one journal for each account."""
        given = self.given(serializers.NewPaymentSerializer)
        return self.perform(
            post_payment,
            receipt_shown,
            tenders=[Tendered(**t) for t in given["tenders"]],
            accounts=[_to_account(a) for a in given["accounts"]],
            on=given["on"],
            source=self.actor.name[:SOURCE_LENGTH],
            reference=given["reference"],
            session_id=given["session_id"],
            cash_only_reason=given["cash_only_reason"],
        )


class ReceiptsView(OperationView):
    """Receipts."""

    permissions = {"GET": "payments.view"}
    serializer_class = serializers.ReceiptSerializer
    filterset_class = ReceiptFilter
    queryset = Receipt.objects.all()

    @extend_schema(responses=serializers.ReceiptSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Receipts, newest first; voided ones keep their numbers."""
        return self.page_of(self.get_queryset())


class ReceiptView(OperationView):
    """One receipt."""

    permissions = {"GET": "payments.view"}
    serializer_class = serializers.ReceiptDetailSerializer

    def get(self, request: Any, receipt_id: int) -> Response:
        """A receipt with its tenders and what it paid."""
        return Response(receipt_shown(receipt_id))


class VoidView(OperationView):
    """Taking a receipt back."""

    permissions = {"POST": "payments.void"}
    needs_key = True
    serializer_class = serializers.ReceiptDetailSerializer

    @extend_schema(request=serializers.WhySerializer, responses={201: serializers.ReceiptDetailSerializer})
    def post(self, request: Any, receipt_id: int) -> Response:
        """Take the receipt back: its journals are mirrored, what it paid is owed again.

        Whoever took the money cannot void it.
        """
        given = self.given(serializers.WhySerializer)
        return self.perform(void_receipt, lambda _: receipt_shown(receipt_id), receipt_id=receipt_id, **given)
