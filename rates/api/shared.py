"""Endpoints of taxes and riders that several tables share."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day
from core.api.views import OperationView
from rates.api.serializers import VersionDetailSerializer
from rates.models import RateVersion
from rates.shared.operations import change_shared_value
from rates.shared.queries import In, Shared, exempt_counts, shared_values
from rates.shared.values import KINDS

PLACES, DIGITS = 8, 16
SHARED_KINDS = tuple((kind.code, kind.label) for kind in KINDS.values())


class SharedInSerializer(serializers.Serializer[Any]):
    """A shared value in one table; ``value`` is null where the table chooses it by something."""

    rate = serializers.CharField()
    version_id = serializers.IntegerField()
    component = serializers.CharField()
    value = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES, allow_null=True)
    since = serializers.DateField(allow_null=True)
    draft_id = serializers.IntegerField(allow_null=True)


class SharedSerializer(serializers.Serializer[Any]):
    """A tax (``name``: its tax code, in per cent) or a rider (the id of its charge, its price)."""

    kind = serializers.ChoiceField(choices=SHARED_KINDS)
    name = serializers.CharField()
    text = serializers.CharField()
    revenue_codes = serializers.ListField(child=serializers.CharField())
    exempt_accounts = serializers.IntegerField()
    rates = SharedInSerializer(many=True)


class SharedValuesSerializer(serializers.Serializer[Any]):
    """Every tax, then every rider."""

    values = SharedSerializer(many=True)


class DraftsSerializer(serializers.Serializer[Any]):
    """The versions that were prepared, one for each table."""

    drafts = VersionDetailSerializer(many=True)


class SharedChangeSerializer(serializers.Serializer[Any]):
    """A new value from a day on, in the tables of these codes."""

    kind = serializers.ChoiceField(choices=SHARED_KINDS)
    name = serializers.CharField(max_length=60)
    value = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    starts = Day()
    rates = serializers.ListField(child=serializers.CharField(max_length=20), max_length=200)
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        max_length=300, allow_blank=True, default=""
    )


def _shown(one: Shared, exempt: dict[str, int]) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "name": one.name,
        "text": one.text,
        "revenue_codes": one.revenue_codes,
        "exempt_accounts": exempt.get(one.name, 0) if one.kind == "tax" else 0,
        "rates": [_in(table) for table in one.tables],
    }


def _in(table: In) -> dict[str, Any]:
    held = table.held
    return {
        "rate": table.code,
        "version_id": table.version.id,
        "component": held.component,
        "value": held.value,
        "since": held.since,
        "draft_id": table.draft_id,
    }


class SharedValuesView(OperationView):
    """Taxes and riders of the tables in force."""

    permissions = {"GET": "rates.view", "POST": "rates.edit"}
    serializer_class = SharedValuesSerializer

    def get(self, request: Any) -> Response:
        """Every tax and rider with the tables that have it today."""
        exempt = exempt_counts()
        today = clock.today(request._request.utility.tz)
        shown = {"values": [_shown(s, exempt) for s in shared_values(today)]}
        return Response(self.get_serializer(shown).data)

    @extend_schema(request=SharedChangeSerializer, responses={201: DraftsSerializer})
    def post(self, request: Any) -> Response:
        """Prepare a version of each table; they price nothing until a second person puts them in force."""
        given = self.given(SharedChangeSerializer)
        value = given.pop("value")
        return self.perform(change_shared_value, _drafts, value=value, **given)


def _drafts(ids: list[int]) -> Any:
    rows = RateVersion.objects.filter(id__in=ids).order_by("id")
    return DraftsSerializer({"drafts": rows}).data
