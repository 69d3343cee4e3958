"""Filters of lists: those of the screens, and nothing that is not a filter."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError as FormError
from django.db.models import QuerySet
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

_OF_PAGES = ("limit", "cursor")
_YEARS = range(1900, 2200)


class MomentField(IsoDateTimeField):
    """A moment in UTC: databases do not take every offset that the notation allows."""

    def clean(self, value: Any) -> datetime | None:
        """The moment; raises ``ValidationError`` for one far off."""
        moment: datetime | None = super().clean(value)
        if moment is None:
            return None
        if moment.year not in _YEARS:
            raise FormError(f"{moment.year} is not between {_YEARS[0]} and {_YEARS[-1]}.", code="far_off")
        return moment.astimezone(UTC)


class MomentFilter(django_filters.IsoDateTimeFilter):
    """By a moment such as ``2026-09-01T06:00:00Z``."""

    field_class = MomentField


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise ``ValidationError`` at each parameter that is not known, naming those that are.

    A filter that was misspelt would otherwise answer with everything.
    """
    there = sorted(known)
    told = f"Those there are: {', '.join(there)}." if there else "There are none here."
    wrong = {
        name: [f"There is no parameter “{name}” here. {told}"]
        for name in request.query_params
        if name not in there
    }
    if wrong:
        raise ValidationError(wrong, code="unknown")


class StrictFilters(DjangoFilterBackend):
    """The list's filter set; a parameter that it does not have is refused."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The rows that the filters leave."""
        kind = self.get_filterset_class(view, queryset)
        refuse_unknown(request, {*_OF_PAGES, *(kind.get_filters() if kind else ())})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered
