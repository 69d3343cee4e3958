"""Endpoints of exemption from taxes: the accounts, and the codes of one."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.views import OperationView
from customers.models import Account
from customers.tax_exempt import exempt_accounts, set_tax_exemptions
from customers.web.tax_exempt import ExemptFilter as ScreenFilter


class ExemptSerializer(serializers.ModelSerializer[Account]):
    """An account with the codes of the taxes that its bills leave out."""

    account_id = serializers.IntegerField(source="id", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    codes = serializers.ListField(source="tax_exempt_codes", child=serializers.CharField(), read_only=True)

    class Meta:
        model = Account
        fields = ("account_id", "number", "customer_name", "category", "ends", "codes")


class CodesSerializer(serializers.Serializer[Any]):
    """Every tax that the account is exempt from; none: it pays all."""

    codes = serializers.ListField(child=serializers.CharField(max_length=40), max_length=50)


class ExemptFilter(ScreenFilter):
    """As on the screen, and by account number."""

    number = django_filters.CharFilter(label="Account number")


class ExemptAccountsView(OperationView):
    """Accounts that are exempt from a tax."""

    permissions = {"GET": "customers.view"}
    serializer_class = ExemptSerializer
    filterset_class = ExemptFilter
    queryset = Account.objects.none()

    @extend_schema(responses=ExemptSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Accounts that are exempt from some tax, also ended ones."""
        return self.page_of(exempt_accounts())


class AccountExemptView(OperationView):
    """The taxes that one account does not pay."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = ExemptSerializer

    def get(self, request: Any, account_id: int) -> Response:
        """The codes of the taxes that its bills leave out."""
        return Response(self._shown(account_id))

    @extend_schema(request=CodesSerializer, responses=ExemptSerializer)
    def patch(self, request: Any, account_id: int) -> Response:
        """Set them, from the next bill on."""
        codes = self.given(CodesSerializer)["codes"]
        today = clock.today(request._request.utility.tz)
        return self.perform(
            set_tax_exemptions, self._shown, status=200, account_id=account_id, codes=codes, today=today
        )

    def _shown(self, account_id: int) -> Any:
        found = Account.objects.select_related("customer").get(id=account_id)
        return self.get_serializer(found).data
