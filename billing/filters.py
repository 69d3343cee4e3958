"""Filters of the API's lists of billing: those of the screens, and exact ones for machines."""

import django_filters

from billing.models import Cycle
from billing.web.bills import BillFilter as BillsOfTheScreen
from billing.web.prepared import PreparedFilter as PreparedOfTheScreen
from billing.web.runs import RunFilter as RunsOfTheScreen
from customers.models import Account


class CycleFilter(django_filters.FilterSet):
    """By code."""

    code = django_filters.CharFilter(label="Code")

    class Meta:
        model = Cycle
        fields: tuple[str, ...] = ()


class RunFilter(RunsOfTheScreen):
    """Also by the first day of the period (both ends included)."""

    since = django_filters.DateFilter(label="Starts from", field_name="starts", lookup_expr="gte")
    until = django_filters.DateFilter(label="Starts to", field_name="starts", lookup_expr="lte")


class PreparedFilter(PreparedOfTheScreen):
    """Also by account number."""

    number = django_filters.CharFilter(label="Account number", field_name="account__number")


class BillFilter(BillsOfTheScreen):
    """Also by the account's id."""

    account_id = django_filters.ModelChoiceFilter(
        label="Account", field_name="account", queryset=lambda request: Account.objects.order_by("id")
    )
