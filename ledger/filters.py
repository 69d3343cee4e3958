"""Filters of the API's lists of the ledger: those of the screens, and exact ones for machines."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from customers.models import Account, Customer
from ledger.models import ChartAccount, Journal, Posting
from ledger.web import pages
from ledger.web.account_list import OwingFilter
from meters.models import Location


class AccountFilter(OwingFilter):
    """Also by number, customer and location."""

    number = django_filters.CharFilter(label="Number")
    customer = django_filters.ModelChoiceFilter(
        label="Customer", queryset=lambda request: Customer.objects.order_by("id")
    )
    location = django_filters.ModelChoiceFilter(
        label="Location", queryset=lambda request: Location.objects.order_by("id")
    )


class JournalFilter(pages.JournalFilter):
    """Also by customer account."""

    account = extend_schema_field(OpenApiTypes.INT)(
        django_filters.ModelChoiceFilter(
            label="Account", queryset=lambda request: Account.objects.order_by("id"), method="of_account"
        )
    )

    def of_account(self, rows: QuerySet[Journal], name: str, account: Account) -> QuerySet[Journal]:
        """Journals with a line of that account."""
        return rows.filter(id__in=Posting.objects.filter(account=account).values("journal_id"))


class ChartFilter(django_filters.FilterSet):
    """By code, kind and role."""

    code = django_filters.CharFilter(label="Code begins with", lookup_expr="startswith")
    kind = django_filters.ChoiceFilter(label="Kind", choices=ChartAccount.Kind.choices)
    role = django_filters.CharFilter(label="Role")

    class Meta:
        model = ChartAccount
        fields: tuple[str, ...] = ()
