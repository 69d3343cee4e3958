"""Endpoints of inquiry: the transactions of an account, and what a customer owes on all accounts."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day, Money
from core.api.views import OperationView
from customers.models import Account, Customer
from ledger.api.serializers import StandingSerializer
from ledger.customer_owes import owed_by
from ledger.queries import happened
from ledger.web.account_history import numbered


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-\d{2}$", "example": "2026-09"})
class Month(serializers.DateField):
    """A month as text; only read."""


class TransactionSerializer(serializers.Serializer[Any]):
    """What moved an account's balance: ``amount`` above zero raises what is owed, ``balance`` after it.

    ``month`` is ``2026-09``; ``number`` the bill's, receipt's or adjustment's, else the journal's;
    ``reverses`` the journal that this one took back.
    """

    journal_id = serializers.IntegerField(source="row.journal_id")
    month = Month(source="row.on", format="%Y-%m")
    on = serializers.DateField(source="row.on")
    type = serializers.CharField(source="row.what")
    number = serializers.CharField(source="called")
    description = serializers.CharField(source="told", allow_blank=True)
    amount = Money(source="row.effect")
    balance = Money(source="row.balance")
    reversed = serializers.BooleanField(source="row.reversed")
    reverses = serializers.IntegerField(source="row.reverses", allow_null=True)


class TransactionsAskedSerializer(serializers.Serializer[Any]):
    """Which part of the history: days, both included, and the type in its own words, such as ``Payment``."""

    since = Day(required=False)
    until = Day(required=False)
    type = serializers.CharField(required=False, max_length=60)


class TransactionsView(OperationView):
    """The transactions of one account."""

    permissions = {"GET": "ledger.view"}
    serializer_class = TransactionSerializer
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        operation_id="account_transactions",
        parameters=[TransactionsAskedSerializer],
        responses=TransactionSerializer(many=True),
    )
    def get(self, request: Any, account_id: int) -> Response:
        """What moved the account's balance, newest first."""
        asked = self.asked(TransactionsAskedSerializer)
        since, until, what = (asked.get(name) for name in ("since", "until", "type"))
        rows = [
            row
            for row in happened(Account.objects.get(id=account_id))
            if (since is None or row.on >= since)
            and (until is None or row.on <= until)
            and what in (None, row.what)
        ]
        request._request.actor = self.actor  # the numbers are of what this key may see
        return Response(self.get_serializer(numbered(request._request, rows), many=True).data)


class AccountOwesSerializer(serializers.Serializer[Any]):
    """An account of the customer with what it owes today."""

    account_id = serializers.IntegerField(source="shown.account.id")
    account = serializers.CharField(source="shown.number")
    service_address = serializers.CharField(source="shown.place")
    state = serializers.CharField(source="shown.state")
    balance = StandingSerializer(source="now")


class CustomerOwesSerializer(serializers.Serializer[Any]):
    """What a customer owes; ``past_due`` is what of it lies beyond its due day, credit not counted."""

    payoff = Money()
    past_due = Money()
    accounts = AccountOwesSerializer(many=True)


class ReceivablesView(OperationView):
    """What one customer owes."""

    permissions = {"GET": "ledger.view"}
    serializer_class = CustomerOwesSerializer

    @extend_schema(operation_id="customer_receivables")
    def get(self, request: Any, customer_id: int) -> Response:
        """Open receivables on every account of the customer, closed ones too."""
        customer = Customer.objects.get(id=customer_id)
        found = owed_by(customer.id, clock.today(request._request.utility.tz))
        return Response(self.get_serializer(found).data)
