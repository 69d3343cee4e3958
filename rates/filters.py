"""Filters of the API's list of rate tables: those of the screen, and exact ones for machines."""

from datetime import date

import django_filters
from django.db.models import Q, QuerySet

from rates.models import RateVersion
from rates.web.pages import RateFilter as ScreenFilter


class RateFilter(ScreenFilter):
    """Also by code."""

    code = django_filters.CharFilter(label="Code")


class VersionFilter(django_filters.FilterSet):
    """By state, and by the first day."""

    state = django_filters.ChoiceFilter(label="State", choices=RateVersion.State.choices)
    from_day = django_filters.DateFilter(label="Starts on or after", field_name="starts", lookup_expr="gte")

    class Meta:
        model = RateVersion
        fields: tuple[str, ...] = ()


class AnyVersionFilter(VersionFilter):
    """Also by rate and service, by the day on which it prices, and by what it says."""

    rate = django_filters.CharFilter(label="Rate", field_name="table__code")
    service_type = django_filters.CharFilter(label="Service", field_name="table__service_type")
    on = django_filters.DateFilter(label="In force on", method="by_day")
    content_hash = django_filters.CharFilter(label="Hash of what it says")

    def by_day(self, rows: QuerySet[RateVersion], name: str, day: date) -> QuerySet[RateVersion]:
        """Those that price the day."""
        return rows.filter(Q(ends=None) | Q(ends__gt=day), state="active", starts__lte=day)
