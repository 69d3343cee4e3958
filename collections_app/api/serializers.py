"""What the API says of payments and receipts."""

from typing import Any

from rest_framework import serializers

from collections_app.models import DepositTaken, Payment, Receipt, ReceiptVoid, Tender
from core.api.fields import Day, Id, Money, Paid


class TenderSerializer(serializers.ModelSerializer[Tender]):
    """What was handed over."""

    kind = serializers.CharField(read_only=True)
    amount = Money()

    class Meta:
        model = Tender
        fields = ("kind", "amount", "reference")


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """The part of a receipt that went to one account, with its payoff before and after."""

    receipt_id = serializers.IntegerField(read_only=True)
    receipt = serializers.IntegerField(source="receipt.number", read_only=True)
    on = serializers.DateField(source="receipt.on", read_only=True)
    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    journal_id = serializers.IntegerField(read_only=True)
    amount = Money()
    balance_before = Money()
    balance_after = Money()

    class Meta:
        model = Payment
        fields = (
            "id",
            "receipt_id",
            "receipt",
            "on",
            "account_id",
            "account",
            "journal_id",
            "amount",
            "balance_before",
            "balance_after",
        )


class DepositTakenSerializer(serializers.ModelSerializer[DepositTaken]):
    """The part of a receipt that is held as a deposit."""

    deposit_id = serializers.IntegerField(read_only=True)
    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    for_service = serializers.CharField(source="deposit.for_service", read_only=True)
    payer = serializers.CharField(source="deposit.payer", read_only=True)
    landlord_id = serializers.IntegerField(source="deposit.landlord_id", allow_null=True, read_only=True)
    code = serializers.CharField(source="deposit.reference", read_only=True)
    journal_id = serializers.IntegerField(read_only=True)
    amount = Money()

    class Meta:
        model = DepositTaken
        fields = (
            *("deposit_id", "account_id", "account", "for_service", "payer", "landlord_id", "code"),
            *("amount", "journal_id"),
        )


class VoidSerializer(serializers.ModelSerializer[ReceiptVoid]):
    """A receipt taken back."""

    class Meta:
        model = ReceiptVoid
        fields = ("operator", "reason", "at")


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    """Money taken at once; ``total`` is what was tendered less the change."""

    tendered = Money()
    change = Money()
    total = Money()

    class Meta:
        model = Receipt
        fields = (
            "id",
            "series",
            "number",
            "on",
            "at",
            "operator_name",
            "source",
            "reference",
            "tendered",
            "change",
            "total",
        )


class ReceiptDetailSerializer(serializers.Serializer[Any]):
    """A receipt with its tenders and what it paid; ``void`` is null for one that stands."""

    receipt = ReceiptSerializer()
    tenders = TenderSerializer(many=True)
    payments = PaymentSerializer(many=True)
    deposits = DepositTakenSerializer(many=True)
    void = VoidSerializer(allow_null=True)


class NewTenderSerializer(serializers.Serializer[Any]):
    """What was handed over.  Card numbers are never sent: a card is the terminal's slip number."""

    kind = serializers.ChoiceField(choices=Tender.Kind.choices)
    amount = Paid()
    reference = serializers.CharField(max_length=40, allow_blank=True, default="")


class SplitSerializer(serializers.Serializer[Any]):
    """So much of it for that open charge."""

    charge_id = Id()
    amount = Paid()


class ToAccountSerializer(serializers.Serializer[Any]):
    """So much for that account; without a split it is laid by the utility's priorities."""

    account_id = Id()
    amount = Paid()
    split = serializers.ListField(child=SplitSerializer(), allow_null=True, default=None, max_length=200)


class NewPaymentSerializer(serializers.Serializer[Any]):
    """Money taken for one or more accounts on a day.

    ``reference`` names the payment at the partner system: the same one again is refused.  ``session_id`` is
    the drawer session it goes into; without one it is money in the bank.  ``cash_only_reason`` is why a CASH
    ONLY account may pay otherwise; it takes a right.
    """

    on = Day()
    tenders = serializers.ListField(child=NewTenderSerializer(), min_length=1, max_length=20)
    accounts = serializers.ListField(child=ToAccountSerializer(), min_length=1, max_length=200)
    reference = serializers.CharField(max_length=40, allow_blank=True, default="")
    session_id = Id(allow_null=True, default=None)
    cash_only_reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class WhySerializer(serializers.Serializer[Any]):
    """The reason of a void, and the day it counts on."""

    why = serializers.CharField(max_length=200)
    on = Day()
