"""Endpoints of accounts with what they owe, of journals and of the chart."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core import clock
from core.api.views import OperationView
from core.sealed import Typed
from customers.models import Account
from customers.opening import NewCustomer, open_for
from customers.queries import services_of
from customers.sealed import LICENCE, SSN
from ledger import queries
from ledger.api import serializers
from ledger.api.balances import trial_balance
from ledger.filters import AccountFilter, ChartFilter, JournalFilter
from ledger.models import ChartAccount, Journal


def account_shown(account_id: int, request: Any) -> Any:
    """An account with its services and what it owes today; raises ``Account.DoesNotExist``."""
    account = queries.accounts_with_balance().get(id=account_id)
    found = {
        "account": account,
        "balance": queries.standing(account, clock.today(request._request.utility.tz)),
        "services": services_of(account),
    }
    return serializers.AccountDetailSerializer(found).data


class AccountsView(OperationView):
    """Accounts."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = serializers.AccountOwingSerializer
    filterset_class = AccountFilter
    queryset = Account.objects.none()

    @extend_schema(responses=serializers.AccountOwingSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Accounts, with what each owes."""
        return self.page_of(queries.accounts_with_balance())

    @extend_schema(
        request=serializers.NewAccountSerializer, responses={201: serializers.AccountDetailSerializer}
    )
    def post(self, request: Any) -> Response:
        """Open an account for a customer, known or new, at a location."""
        given = self.given(serializers.NewAccountSerializer)
        new, ssn, licence = given.pop("new_customer"), given.pop("ssn"), given.pop("licence")
        return self.perform(
            open_for,
            lambda account_id: account_shown(account_id, request),
            new_customer=NewCustomer(**new) if new else None,
            ssn=Typed(SSN, ssn) if ssn else None,
            licence=Typed(LICENCE, licence) if licence else None,
            **given,
        )


class AccountView(OperationView):
    """One account."""

    permissions = {"GET": "customers.view"}
    serializer_class = serializers.AccountDetailSerializer

    def get(self, request: Any, account_id: int) -> Response:
        """An account with its services and what it owes."""
        return Response(account_shown(account_id, request))


class JournalsView(OperationView):
    """Journals."""

    permissions = {"GET": "ledger.view"}
    serializer_class = serializers.JournalSerializer
    filterset_class = JournalFilter
    queryset = Journal.objects.none()

    @extend_schema(responses=serializers.JournalSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Every entry of the ledger."""
        return self.page_of(queries.journals())


class JournalView(OperationView):
    """One journal."""

    permissions = {"GET": "ledger.view"}
    serializer_class = serializers.JournalDetailSerializer

    def get(self, request: Any, journal_id: int) -> Response:
        """A journal with its lines."""
        journal = queries.journal_numbered(journal_id)
        mirror = queries.mirror_of(journal)
        found = {
            "journal": journal,
            "postings": queries.lines_of(journal),
            "reversed_by": mirror.id if mirror else None,
        }
        return Response(self.get_serializer(found).data)


class ChartView(OperationView):
    """The chart of accounts."""

    permissions = {"GET": "ledger.view"}
    serializer_class = serializers.ChartSerializer
    filterset_class = ChartFilter
    queryset = ChartAccount.objects.none()

    @extend_schema(responses=serializers.ChartSerializer(many=True))
    def get(self, request: Any) -> Response:
        """The chart with what each account holds to date."""
        return self.page_of(queries.chart_with_balances())


class TrialBalanceView(OperationView):
    """The trial balance."""

    permissions = {"GET": "ledger.view"}
    serializer_class = serializers.TrialBalanceSerializer

    @extend_schema(parameters=[serializers.ThroughSerializer])
    def get(self, request: Any) -> Response:
        """What every account of the chart holds at the end of a day; both sides are equal."""
        asked = self.asked(serializers.ThroughSerializer)
        through = asked.get("through") or clock.today(request._request.utility.tz)
        return Response(self.get_serializer(trial_balance(through)).data)
