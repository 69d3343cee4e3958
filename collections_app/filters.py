"""Filters of the lists of receipts and payments."""

import django_filters
from django.db.models import QuerySet

from collections_app.models import Payment, Receipt, ReceiptVoid
from customers.models import Account


class ReceiptFilter(django_filters.FilterSet):
    """By number, day (both ends included), source and its reference, and whether it was voided."""

    number = django_filters.NumberFilter(label="Number")
    since = django_filters.DateFilter(label="From", field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label="To", field_name="on", lookup_expr="lte")
    source = django_filters.CharFilter(label="Source")
    reference = django_filters.CharFilter(label="Reference")
    voided = django_filters.BooleanFilter(label="Voided", method="by_void")

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = ()

    def by_void(self, rows: QuerySet[Receipt], name: str, voided: bool) -> QuerySet[Receipt]:
        """Taken back, or not."""
        taken_back = ReceiptVoid.objects.values("receipt")
        return rows.filter(id__in=taken_back) if voided else rows.exclude(id__in=taken_back)


class PaymentFilter(django_filters.FilterSet):
    """By account, receipt and day (both ends included)."""

    account = django_filters.ModelChoiceFilter(
        label="Account", queryset=lambda request: Account.objects.order_by("id")
    )
    number = django_filters.CharFilter(label="Account number", field_name="account__number")
    receipt = django_filters.NumberFilter(label="Receipt number", field_name="receipt__number")
    since = django_filters.DateFilter(label="From", field_name="receipt__on", lookup_expr="gte")
    until = django_filters.DateFilter(label="To", field_name="receipt__on", lookup_expr="lte")

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()
