"""Filters of the lists of meters and places."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core.ui.fields import DayInput
from meters.models import Location, Meter, Reading, Route, ServiceType
from meters.queries import having_text, on_route


def all_routes(request: Any) -> QuerySet[Route]:
    """The routes of the utility in scope, by code."""
    return Route.objects.order_by("code")


class RouteFilter(django_filters.FilterSet):
    """By words of code or name."""

    find = django_filters.CharFilter(label="Code or name", method="by_words")

    class Meta:
        model = Route
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Route], name: str, typed: str) -> QuerySet[Route]:
        """Each word in the code or the name."""
        return having_text(rows, typed, "code", "name")


class LocationFilter(django_filters.FilterSet):
    """By words of code or address, route, ZIP code, inside or outside the limits."""

    find = django_filters.CharFilter(label="Code or address", method="by_words")
    route = django_filters.ModelChoiceFilter(label="Route", queryset=all_routes, empty_label="All routes")
    zip_code = django_filters.CharFilter(label="ZIP begins with", lookup_expr="startswith")
    in_limits = django_filters.ChoiceFilter(
        label="Limits", choices=(("True", "Inside"), ("False", "Outside")), empty_label="Inside and outside"
    )

    class Meta:
        model = Location
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Location], name: str, typed: str) -> QuerySet[Location]:
        """Each word somewhere in the code or the address."""
        return having_text(rows, typed, "code", "street_number", "street_name", "unit_label", "city")


class MeterFilter(django_filters.FilterSet):
    """By number or serial, service type and size."""

    find = django_filters.CharFilter(label="Number, serial or endpoint", method="by_words")
    service_type = django_filters.ChoiceFilter(
        label="Service", choices=ServiceType.choices, empty_label="All services"
    )
    size = django_filters.CharFilter(label="Size")
    placed = django_filters.ChoiceFilter(
        label="Where",
        choices=(("in", "Installed"), ("out", "In store")),
        empty_label="Everywhere",
        method="by_place",
    )

    class Meta:
        model = Meter
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Meter], name: str, typed: str) -> QuerySet[Meter]:
        """Each word in one of a meter's numbers."""
        return having_text(rows, typed, "number", "serial", "endpoint")

    def by_place(self, rows: QuerySet[Meter], name: str, where: str) -> QuerySet[Meter]:
        """Installed somewhere, or not."""
        return rows.filter(Q(place_code__isnull=where == "out"))


class ReadingFilter(django_filters.FilterSet):
    """By meter, route, days (both included), source, and whether a later one replaced it."""

    meter = django_filters.CharFilter(
        label="Meter", field_name="register__meter__number", lookup_expr="startswith"
    )
    route = django_filters.ModelChoiceFilter(
        label="Route", queryset=all_routes, empty_label="All routes", method="by_route"
    )
    since = django_filters.DateFilter(label="From", field_name="on", lookup_expr="gte", widget=DayInput)
    until = django_filters.DateFilter(label="To", field_name="on", lookup_expr="lte", widget=DayInput)
    source = django_filters.ChoiceFilter(
        label="Source", choices=Reading.Source.choices, empty_label="All sources"
    )
    is_live = django_filters.ChoiceFilter(
        label="Standing", choices=(("True", "In force"), ("False", "Replaced")), empty_label="All"
    )

    class Meta:
        model = Reading
        fields: tuple[str, ...] = ()

    def by_route(self, rows: QuerySet[Reading], name: str, route: Route) -> QuerySet[Reading]:
        """Of the meters that are on the route at present."""
        return on_route(rows, route)
