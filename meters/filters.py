"""Filters of the API's lists of meters and places: those of the screens, and exact ones for machines."""

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from meters.models import Meter, Register
from meters.web import filters as screens


class RouteFilter(screens.RouteFilter):
    """Also by code."""

    code = django_filters.CharFilter(label="Code")


class LocationFilter(screens.LocationFilter):
    """Also by code."""

    code = django_filters.CharFilter(label="Code")


class MeterFilter(screens.MeterFilter):
    """Also by number and endpoint."""

    number = django_filters.CharFilter(label="Number")
    endpoint = django_filters.CharFilter(label="Endpoint")


class RegisterFilter(django_filters.FilterSet):
    """By meter and unit."""

    meter = django_filters.ModelChoiceFilter(
        label="Meter", queryset=lambda request: Meter.objects.order_by("number")
    )
    number = django_filters.CharFilter(label="Meter number", field_name="meter__number")
    unit = django_filters.CharFilter(label="Unit", lookup_expr="iexact")

    class Meta:
        model = Register
        fields: tuple[str, ...] = ()


class ReadingFilter(screens.ReadingFilter):
    """Also by register; a route is named by its id."""

    route = extend_schema_field(OpenApiTypes.INT)(
        django_filters.ModelChoiceFilter(label="Route", queryset=screens.all_routes, method="by_route")
    )
    register = django_filters.ModelChoiceFilter(
        label="Register", queryset=lambda request: Register.objects.order_by("id")
    )
