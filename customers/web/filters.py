"""Filters of the lists of accounts and customers."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core import clock
from core.codes import codes_of
from customers.models import Account, Customer
from customers.queries import FLAGS, having_words, open_on
from meters.models import Route


def all_routes(request: Any) -> QuerySet[Route]:
    """The routes of the utility in scope, by code."""
    return Route.objects.order_by("code")


def all_categories() -> list[tuple[str, str]]:
    """The categories with their descriptions, retired ones too."""
    return codes_of("category", retired=True)


class AccountFilter(django_filters.FilterSet):
    """By words of number, name and address; route, class, open or closed, flag.  Upper apps add to it."""

    find = django_filters.CharFilter(label="Number, name or address", method="by_words")
    route = django_filters.ModelChoiceFilter(
        label="Route", field_name="location__route", queryset=all_routes, empty_label="All routes"
    )
    category = django_filters.ChoiceFilter(
        label="Category", choices=all_categories, empty_label="All categories"
    )
    standing = django_filters.ChoiceFilter(
        label="Standing",
        choices=(("open", "Open"), ("closed", "Closed")),
        empty_label="Open and closed",
        method="by_standing",
    )
    flag = django_filters.ChoiceFilter(
        label="Flag", choices=[(code, label) for code, label, _ in FLAGS], empty_label="Any", method="by_flag"
    )

    class Meta:
        model = Account
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Account], name: str, typed: str) -> QuerySet[Account]:
        """Each word in number, name or address."""
        return having_words(rows, typed)

    def by_standing(self, rows: QuerySet[Account], name: str, wanted: str) -> QuerySet[Account]:
        """Open or closed on the utility's day."""
        still = open_on(rows, clock.today(self.request.utility.tz))
        return still if wanted == "open" else rows.exclude(pk__in=still.values("pk"))

    def by_flag(self, rows: QuerySet[Account], name: str, flag: str) -> QuerySet[Account]:
        """With that flag set."""
        return rows.filter(**{flag: True})


class CustomerFilter(django_filters.FilterSet):
    """By words of name, mail or telephone."""

    find = django_filters.CharFilter(label="Name, mail or telephone", method="by_words")
    mail_city = django_filters.CharFilter(label="City", lookup_expr="istartswith")

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Customer], name: str, typed: str) -> QuerySet[Customer]:
        """Each word in one of them."""
        for word in typed.split():
            rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(phone__contains=word))
        return rows
