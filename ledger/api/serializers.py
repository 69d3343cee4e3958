"""What the API says of the ledger, and of accounts with what they owe."""

from typing import Any

from rest_framework import serializers

from core.api.fields import Day, Id, Money
from customers.api.serializers import AccountSerializer, NewCustomerSerializer, ServiceSerializer
from customers.earlier import LONGEST_REASON
from customers.landlord_texts import NUMBER_TYPED
from customers.models import Account
from ledger.models import ChartAccount, Journal, Posting


class AccountOwingSerializer(AccountSerializer):
    """An account; ``payoff`` settles everything today, a credit is below zero, ``due`` its oldest due day."""

    payoff = Money()
    due = serializers.DateField(allow_null=True, read_only=True)

    class Meta:
        model = Account
        fields: tuple[str, ...] = (*AccountSerializer.Meta.fields, "payoff", "due")


class OwedSerializer(serializers.Serializer[Any]):
    """A charge with something open: ``due``, ``part_paid`` or ``past_due`` today."""

    charge_id = serializers.IntegerField()
    text = serializers.CharField()
    on = serializers.DateField()
    due_on = serializers.DateField()
    amount = Money()
    open = Money()
    state = serializers.CharField()


class StandingSerializer(serializers.Serializer[Any]):
    """What an account owes today.

    ``payoff`` = Σ open charges − unapplied credit.  ``past_due`` is what of it lies beyond its due day,
    credit not counted.
    """

    payoff = Money()
    credit = Money()
    past_due = Money()
    oldest_due = serializers.DateField(allow_null=True)
    next_due = serializers.DateField(allow_null=True)
    open_charges = OwedSerializer(many=True, source="owed")


class AccountDetailSerializer(serializers.Serializer[Any]):
    """An account with its services and what it owes, oldest first."""

    account = AccountSerializer()
    balance = StandingSerializer()
    services = ServiceSerializer(many=True)


class NewAccountSerializer(serializers.Serializer[Any]):
    """An account for a customer who is known (``customer_id``) or new (``new_customer``), one of the two."""

    location_id = Id()
    starts = Day()
    customer_id = Id(allow_null=True, default=None)
    new_customer = NewCustomerSerializer(allow_null=True, default=None)
    ssn = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, default="")
    licence = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, default="")
    owed_reason = serializers.CharField(
        max_length=LONGEST_REASON, allow_blank=True, default="",
        help_text="why the customer is taken although earlier bills are unpaid",
    )  # fmt: skip
    number = serializers.CharField(
        max_length=20, allow_blank=True, default="", help_text="empty: the next one by the utility’s pattern"
    )
    category = serializers.CharField(max_length=12, default="residential", help_text="code")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One customer; raises ``ValidationError`` for none or two."""
        if (attrs["customer_id"] is None) == (attrs["new_customer"] is None):
            raise serializers.ValidationError({"customer_id": "Send either customer_id or new_customer."})
        return attrs


class JournalSerializer(serializers.ModelSerializer[Journal]):
    """A balanced entry; ``key`` names its source event.

    One with a ``purge_id`` is only a header, its lines are in that purge's archive; or it is what the purge
    brought forward.
    """

    total = Money()
    reverses_id = serializers.IntegerField(allow_null=True, read_only=True)
    purge_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Journal
        fields = (
            "id",
            "key",
            "on",
            "why",
            "lines",
            "total",
            "reverses_id",
            "operation_id",
            "posted_at",
            "purge_id",
        )


class PostingSerializer(serializers.ModelSerializer[Posting]):
    """A line of a journal: one of debit and credit is above zero."""

    chart_code = serializers.CharField(source="chart_account.code", read_only=True)
    chart_name = serializers.CharField(source="chart_account.name", read_only=True)
    account_id = serializers.IntegerField(allow_null=True, read_only=True)
    account = serializers.CharField(source="account.number", allow_null=True, default=None, read_only=True)
    debit = Money()
    credit = Money()

    class Meta:
        model = Posting
        fields = ("n", "chart_code", "chart_name", "account_id", "account", "debit", "credit")


class JournalDetailSerializer(serializers.Serializer[Any]):
    """A journal with its lines, and the journal that took it back, if one did."""

    journal = JournalSerializer()
    postings = PostingSerializer(many=True)
    reversed_by = serializers.IntegerField(allow_null=True)


class ChartSerializer(serializers.ModelSerializer[ChartAccount]):
    """An account of the chart, found by its ``role``.  ``balance`` = debits − credits to date."""

    kind = serializers.CharField(read_only=True)
    debits = Money()
    credits = Money()
    balance = Money()

    class Meta:
        model = ChartAccount
        fields = ("id", "code", "name", "kind", "role", "debits", "credits", "balance")


class HeldInChartSerializer(serializers.Serializer[Any]):
    """What an account of the chart holds."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    debit = Money()
    credit = Money()


class TrialBalanceSerializer(serializers.Serializer[Any]):
    """What every account of the chart holds at the end of a day."""

    through = serializers.DateField()
    debit = Money()
    credit = Money()
    accounts = HeldInChartSerializer(many=True)


class ThroughSerializer(serializers.Serializer[Any]):
    """The day at whose end it is asked; without one today."""

    through = Day(required=False)
