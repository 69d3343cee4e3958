"""Endpoints of readings that other systems send, of those that wait for a person, and of normal ranges."""

from datetime import date
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day, Id, Quantity
from core.api.views import OperationView
from meters.api.readings import Dialled, JudgedSerializer, RemarkSerializer
from meters.entry import WHY_LENGTH, TypedReading
from meters.models import HeldReading, Reading, ServiceType, UseRange
from meters.ranges import HIGHEST, PLACES, put_range
from meters.taking import MOST, drop_held, held_readings, take_held, take_readings


class SentReadingSerializer(serializers.Serializer[Any]):
    """A register's dial on a day, as shown, before the multiplier."""

    register_id = Id()
    on = Day()
    dial = Dialled()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        choices=Reading.Source.choices, default=Reading.Source.ACTUAL
    )
    rolled_over = serializers.BooleanField(
        default=False,
        help_text="The dial passed zero since the reading before; one that plausibly did is seen by itself.",
    )
    sure = serializers.ListField(
        child=serializers.CharField(max_length=40),
        default=list,
        max_length=10,
        help_text="Codes of remarks that somebody looked into; “why” says how.",
    )


class SentReadingsSerializer(serializers.Serializer[Any]):
    """Readings, each of them taken or held by itself.  ``why`` is the reason of all overrides in it."""

    readings = serializers.ListField(child=SentReadingSerializer(), min_length=1, max_length=MOST)
    why = serializers.CharField(max_length=WHY_LENGTH, required=False, allow_blank=True, default="")


class AnsweredSerializer(JudgedSerializer):
    """What became of a reading: ``taken``, ``there``, or held because it ``asks`` or is ``wrong``."""

    held_id = serializers.IntegerField(allow_null=True)


class AnsweredReadingsSerializer(serializers.Serializer[Any]):
    """How many were recorded and how many wait for a person; the answers in the order of the readings."""

    recorded = serializers.IntegerField()
    held = serializers.IntegerField()
    readings = AnsweredSerializer(many=True)


def take(view: OperationView, today: date) -> Response:
    """The answer to readings that were sent."""
    given = view.given(SentReadingsSerializer)
    rows = [
        TypedReading(**{**row, "sure": tuple(row["sure"]), "rolled_over": row["rolled_over"] or None})
        for row in given["readings"]
    ]

    def shown(found: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "recorded": sum(one["state"] == "taken" for one in found),
            "held": sum(one["held_id"] is not None for one in found),
            "readings": found,
        }

    return view.perform(take_readings, shown, rows=rows, today=today, why=given["why"])


class HeldReadingSerializer(serializers.ModelSerializer[HeldReading]):
    """A reading that was sent and not taken, with what speaks against it."""

    register_id = serializers.IntegerField(read_only=True)
    meter = serializers.CharField(source="register.meter.number", read_only=True)
    register = serializers.CharField(source="register.code", read_only=True)
    unit = serializers.CharField(source="register.unit", read_only=True)
    dial = Quantity()
    remarks = RemarkSerializer(many=True, read_only=True)
    reading_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = HeldReading
        fields = (
            "id", "register_id", "meter", "register", "unit", "on", "dial", "source", "remarks", "came_from",
            "came_at", "state", "reading_id", "ended_at", "ended_by", "why",
        )  # fmt: skip


class HeldFilter(django_filters.FilterSet):
    """By state and meter."""

    state = django_filters.ChoiceFilter(label="State", choices=HeldReading.State.choices)
    meter = django_filters.CharFilter(label="Meter number", field_name="register__meter__number")

    class Meta:
        model = HeldReading
        fields: tuple[str, ...] = ()


class HeldReadingsView(OperationView):
    """Readings that wait for a person, and what became of them."""

    permissions = {"GET": "readings.view"}
    serializer_class = HeldReadingSerializer
    filterset_class = HeldFilter
    queryset = HeldReading.objects.none()

    @extend_schema(responses=HeldReadingSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Readings that were sent and not taken, newest first."""
        return self.page_of(held_readings())


class DecisionSerializer(serializers.Serializer[Any]):
    """Why."""

    why = serializers.CharField(max_length=WHY_LENGTH)


class HeldTakeView(OperationView):
    """A held reading that is right after all."""

    permissions = {"POST": "readings.approve"}
    serializer_class = HeldReadingSerializer

    @extend_schema(request=DecisionSerializer, responses=HeldReadingSerializer)
    def post(self, request: Any, held_id: int) -> Response:
        """Take it, with a reason; it is judged anew."""
        why, today = self.given(DecisionSerializer)["why"], clock.today(request.utility.tz)
        show = _shown(self, held_id)
        return self.perform(take_held, show, status=200, held_id=held_id, why=why, today=today)


class HeldDropView(OperationView):
    """A held reading that is wrong."""

    permissions = {"POST": "readings.approve"}
    serializer_class = HeldReadingSerializer

    @extend_schema(request=DecisionSerializer, responses=HeldReadingSerializer)
    def post(self, request: Any, held_id: int) -> Response:
        """Drop it, with a reason; it stays on record."""
        why = self.given(DecisionSerializer)["why"]
        return self.perform(drop_held, _shown(self, held_id), status=200, held_id=held_id, why=why)


def _shown(view: OperationView, held_id: int) -> Any:
    return lambda _: view.get_serializer(held_readings().get(id=held_id)).data


class RangeSerializer(serializers.ModelSerializer[UseRange]):
    """What is normal for a rate or, without one, for a kind of service."""

    rate_id = serializers.IntegerField(allow_null=True, read_only=True)
    rate = serializers.CharField(source="rate.code", allow_null=True, default=None, read_only=True)
    low = Quantity(allow_null=True)
    high = Quantity(allow_null=True)

    class Meta:
        model = UseRange
        fields = ("id", "service_type", "rate_id", "rate", "unit", "low", "high")


class RangeBody(serializers.Serializer[Any]):
    """A normal range: use in 30 days, or a demand; one of the same rate, service and unit is replaced."""

    service_type = serializers.ChoiceField(choices=ServiceType.choices)
    rate_id = Id(allow_null=True, default=None)
    unit = serializers.CharField(max_length=8)
    low = serializers.DecimalField(
        max_digits=14, decimal_places=PLACES, min_value=0, max_value=HIGHEST, allow_null=True, default=None
    )
    high = serializers.DecimalField(
        max_digits=14, decimal_places=PLACES, min_value=0, max_value=HIGHEST, allow_null=True, default=None
    )


class RangeFilter(django_filters.FilterSet):
    """By service and the rate's code."""

    service_type = django_filters.ChoiceFilter(label="Service", choices=ServiceType.choices)
    rate = django_filters.CharFilter(label="Rate", field_name="rate__code")

    class Meta:
        model = UseRange
        fields: tuple[str, ...] = ()


class RangesView(OperationView):
    """Normal ranges of use and demand."""

    permissions = {"GET": "readings.view", "POST": "meters.edit"}
    serializer_class = RangeSerializer
    filterset_class = RangeFilter
    queryset = UseRange.objects.none()

    @extend_schema(responses=RangeSerializer(many=True))
    def get(self, request: Any) -> Response:
        """All ranges; readings beyond them are asked about."""
        return self.page_of(UseRange.objects.select_related("rate").order_by("id"))

    @extend_schema(request=RangeBody, responses={201: RangeSerializer})
    def post(self, request: Any) -> Response:
        """Keep a range; without low and high nothing is looked for any more."""
        rows = UseRange.objects.select_related("rate")
        return self.perform(
            put_range, lambda id_: self.get_serializer(rows.get(id=id_)).data, **self.given(RangeBody)
        )
