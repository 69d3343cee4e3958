"""Filters of the API's lists of accounts and customers: those of the screens, and exact ones for machines."""

import django_filters

from customers.models import Account, Service
from customers.web import filters as screens
from meters.models import ServiceType


class CustomerFilter(screens.CustomerFilter):
    """Also by mail address."""

    email = django_filters.CharFilter(label="Mail", lookup_expr="iexact")


class ServiceFilter(django_filters.FilterSet):
    """By account, service type, and whether it is still at work."""

    account = django_filters.ModelChoiceFilter(
        label="Account", queryset=lambda request: Account.objects.order_by("number")
    )
    number = django_filters.CharFilter(label="Account number", field_name="account__number")
    service_type = django_filters.ChoiceFilter(label="Service", choices=ServiceType.choices)
    ended = django_filters.BooleanFilter(label="Ended", field_name="ends", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()
