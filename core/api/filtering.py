"""Filters of lists: those of the screens, and nothing that is not a filter."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

_OF_PAGES = ("limit", "cursor")


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
