"""Filters of the API's list of rate tables: those of the screen, and exact ones for machines."""

import django_filters

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
