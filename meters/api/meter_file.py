"""Endpoints of the meter file: a meter added and changed, put in, taken out, exchanged; connection fees."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Id, Money, Paid
from core.api.texts import TextsSerializer
from core.api.views import OperationView
from core.quantities import UNITS
from meters import queries
from meters.api.serializers import InstallationSerializer, MeterSerializer, RegisterSerializer
from meters.installing import exchange_meter, install_meter, remove_meter
from meters.meter_file import (
    DATES,
    METER_TEXTS,
    MOST_DEAD_ZEROS,
    MOST_DIALS,
    MOST_MULTIPLIER,
    MOST_REGISTERS,
    RegisterOf,
    change_meter,
    put_fee,
)
from meters.models import ConnectionFee, ServiceType, WorkOrder


class FeeSerializer(serializers.ModelSerializer[ConnectionFee]):
    """A tap or impact fee that was paid for a service point."""

    service_point_id = serializers.IntegerField(read_only=True)
    amount = Money()

    class Meta:
        model = ConnectionFee
        fields = ("id", "service_point_id", "kind", "paid_on", "amount", "receipt")


class OrderInShortSerializer(serializers.ModelSerializer[WorkOrder]):
    """A work order of a meter, in short."""

    kind = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = WorkOrder
        fields = ("number", "kind", "state", "due_on", "done_on", "what")


class MeterFileSerializer(serializers.Serializer[Any]):
    """A meter with its registers, where it is and was, fees, and its last and previous work order."""

    meter = MeterSerializer()
    registers = RegisterSerializer(many=True)
    installations = InstallationSerializer(many=True)
    fees = FeeSerializer(many=True)
    last_work_order = OrderInShortSerializer(allow_null=True)
    previous_work_order = OrderInShortSerializer(allow_null=True)


class RegisterBody(serializers.Serializer[Any]):
    """How a register counts; ``code`` is blank for the only one, else L, H or another letter."""

    unit = serializers.ChoiceField(choices=sorted(UNITS))
    code = serializers.CharField(max_length=1, allow_blank=True, default="")
    dials = serializers.IntegerField(min_value=1, max_value=MOST_DIALS, default=6)
    multiplier = serializers.DecimalField(
        max_digits=10,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        max_value=MOST_MULTIPLIER,
        default=Decimal(1),
    )
    dead_zeros = serializers.IntegerField(min_value=0, max_value=MOST_DEAD_ZEROS, default=0)
    may_run_backwards = serializers.BooleanField(default=False)


class MeterBody(TextsSerializer):
    """What the file says of a meter; what is not named stays."""

    texts = METER_TEXTS
    cut_on = Day(required=False, allow_null=True)
    cut_off = Day(required=False, allow_null=True)
    registers = serializers.ListField(child=RegisterBody(), required=False, max_length=MOST_REGISTERS)


class NewMeterBody(MeterBody):
    """A new meter."""

    needed = frozenset({"number"})
    service_type = serializers.ChoiceField(choices=ServiceType.choices, default=ServiceType.WATER)
    registers = serializers.ListField(child=RegisterBody(), min_length=1, max_length=MOST_REGISTERS)


class DialBody(serializers.Serializer[Any]):
    """What one register shows, without dead zeros; ``register`` is its code."""

    register = serializers.CharField(max_length=1, allow_blank=True, default="")
    dial = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0)


class LastDialBody(DialBody):
    """The last reading of a register that goes; ``passed_zero`` when it went over its highest figure."""

    passed_zero = serializers.BooleanField(default=False)


class InstallBody(serializers.Serializer[Any]):
    """Where a meter from the store is put; ``point`` is made when the location has none of that code."""

    location_id = Id()
    point = serializers.CharField(max_length=40, default="001")
    on = Day()
    dials = serializers.ListField(child=DialBody(), min_length=1, max_length=MOST_REGISTERS)


class RemoveBody(serializers.Serializer[Any]):
    """When a meter is taken out and what it shows then."""

    on = Day()
    dials = serializers.ListField(child=LastDialBody(), min_length=1, max_length=MOST_REGISTERS)


class ExchangeBody(serializers.Serializer[Any]):
    """A change-out: the old meter's last readings, the new meter, and what that begins with (else 0).

    A ``number`` that is in store is taken as its file says; a new one is added, with the old one's registers
    unless ``registers`` are given.
    """

    on = Day()
    last = serializers.ListField(child=LastDialBody(), min_length=1, max_length=MOST_REGISTERS)
    meter = MeterBody()
    first = serializers.ListField(child=DialBody(), default=list, max_length=MOST_REGISTERS)


class FeeBody(serializers.Serializer[Any]):
    """A connection fee that was paid."""

    kind = serializers.ChoiceField(choices=ConnectionFee.Kind.choices)
    paid_on = Day()
    amount = Paid()
    receipt = serializers.CharField(max_length=20, allow_blank=True, default="")


def file_of(meter_id: int) -> dict[str, Any]:
    """What a meter's answer is made of."""
    meter = queries.meters().get(id=meter_id)
    places = queries.installations_of(meter)
    now = next((one for one in places if one.ends is None), None)
    orders = [*queries.orders_of(meter), None, None]
    return {
        "meter": meter,
        "registers": queries.registers_of([meter.id]),
        "installations": places,
        "fees": queries.fees_of([now.service_point_id]) if now else [],
        "last_work_order": orders[0],
        "previous_work_order": orders[1],
    }


def parts_of(given: dict[str, Any]) -> dict[str, Any]:
    """A body as the operations take it: texts, days and registers apart."""
    known = {one.name for one in METER_TEXTS}
    return {
        "texts": {name: value for name, value in given.items() if name in known},
        "dates": {name: given[name] for name in DATES if name in given},
        "registers": [RegisterOf(**one) for one in given.get("registers", ())],
    }


def _dials(given: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {one["register"].upper(): one["dial"] for one in given}


def _passed(given: list[dict[str, Any]]) -> list[str]:
    return [one["register"].upper() for one in given if one["passed_zero"]]


class MeterFileView(OperationView):
    """The file of one meter."""

    serializer_class = MeterFileSerializer

    def shown(self, meter_id: int) -> Any:
        """The meter as it is now."""
        return self.get_serializer(file_of(meter_id)).data


class MeterView(MeterFileView):
    """One meter."""

    permissions = {"GET": "meters.view", "PATCH": "meters.edit"}

    def get(self, request: Any, meter_id: int) -> Response:
        """A meter with its registers, where it is and was, fees and work orders."""
        return Response(self.shown(meter_id))

    @extend_schema(request=MeterBody)
    def patch(self, request: Any, meter_id: int) -> Response:
        """Change what the file says; what is not named stays, and so do all readings."""
        return self.perform(
            change_meter, self.shown, status=200, meter_id=meter_id, **parts_of(self.given(MeterBody))
        )


class InstallView(MeterFileView):
    """A meter put in."""

    permissions = {"POST": "meters.edit"}

    @extend_schema(request=InstallBody, responses={201: MeterFileSerializer})
    def post(self, request: Any, meter_id: int) -> Response:
        """Put a meter from the store into a place."""
        given = self.given(InstallBody)
        return self.perform(
            install_meter, lambda _: self.shown(meter_id), meter_id=meter_id,
            location_id=given["location_id"],
            on=given["on"], point=given["point"], dials=_dials(given["dials"]),
        )  # fmt: skip


class RemoveView(MeterFileView):
    """A meter taken out."""

    permissions = {"POST": "meters.edit"}

    @extend_schema(request=RemoveBody, responses={201: MeterFileSerializer})
    def post(self, request: Any, meter_id: int) -> Response:
        """Take a meter out with its last readings; it goes into store."""
        given = self.given(RemoveBody)
        return self.perform(
            remove_meter, lambda _: self.shown(meter_id), meter_id=meter_id, on=given["on"],
            dials=_dials(given["dials"]), passed_zero=_passed(given["dials"]),
        )  # fmt: skip


class ExchangeView(MeterFileView):
    """A meter exchanged for another."""

    permissions = {"POST": "meters.edit"}

    @extend_schema(request=ExchangeBody, responses={201: MeterFileSerializer})
    def post(self, request: Any, meter_id: int) -> Response:
        """Change a meter out; the answer is the new one, and the next bill counts the use of both."""
        given = self.given(ExchangeBody)
        parts = parts_of(given["meter"])
        return self.perform(
            exchange_meter, self.shown, meter_id=meter_id, on=given["on"], last=_dials(given["last"]),
            passed_zero=_passed(given["last"]), texts=parts["texts"], registers=parts["registers"],
            first=_dials(given["first"]),
        )  # fmt: skip


class PointFeesView(OperationView):
    """Connection fees of a service point."""

    permissions = {"GET": "meters.view", "POST": "meters.edit"}
    serializer_class = FeeSerializer
    queryset = ConnectionFee.objects.none()
    pagination_class = None

    def _fees(self, point_id: int) -> Any:
        return self.get_serializer(queries.fees_of([point_id]), many=True).data

    @extend_schema(responses=FeeSerializer(many=True), operation_id="service_point_fees")
    def get(self, request: Any, point_id: int) -> Response:
        """The tap and impact fee of a service point."""
        queries.point(point_id)
        return Response(self._fees(point_id))

    @extend_schema(request=FeeBody, responses={201: FeeSerializer})
    def post(self, request: Any, point_id: int) -> Response:
        """Note a fee that was paid, or correct it; nothing is charged by it."""
        return self.perform(
            put_fee,
            lambda fee_id: self.get_serializer(ConnectionFee.objects.get(id=fee_id)).data,
            service_point_id=point_id,
            **self.given(FeeBody),
        )
