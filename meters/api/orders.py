"""Endpoints of work orders: the open interface for an outside work-order system."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Id, Quantity
from core.api.views import OperationView
from core.seen import MARK_LENGTH, mark_of
from meters.models import Reading, WorkOrder
from meters.order_queries import orders, readings_kept
from meters.orders import CHANGEABLE, LENGTHS, cancel_order, change_order, make_order
from meters.orders_done import DialShown, NewMeter, complete_order
from meters.web import orders as screens

VIEW, MAKE, COMPLETE = screens.VIEW, screens.MAKE, screens.COMPLETE


class OrderFilter(screens.OrderFilter):
    """Those of the screen, and exact ones for machines; ``after`` fetches what was made since."""

    number = django_filters.NumberFilter(label="Number")
    outside_ref = django_filters.CharFilter(label="Outside number")
    account = django_filters.CharFilter(label="Account", field_name="account_number")
    location = django_filters.NumberFilter(
        label="Location", field_name="location_id", min_value=1, max_value=2**63 - 1
    )
    after = django_filters.NumberFilter(label="With a higher number", field_name="number", lookup_expr="gt")


class OrderReadingSerializer(serializers.ModelSerializer[Reading]):
    """A reading that an order brought."""

    meter = serializers.CharField(source="register.meter.number", read_only=True)
    register = serializers.CharField(source="register.code", read_only=True)
    dial = Quantity()
    source = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a field of that name

    class Meta:
        model = Reading
        fields = ("id", "meter", "register", "on", "dial", "source", "is_live")


class OrderSerializer(serializers.ModelSerializer[WorkOrder]):
    """A work order.  ``version`` is the mark of what may be changed: send it back with a change."""

    kind = serializers.ChoiceField(choices=WorkOrder.Kind.choices, read_only=True)
    state = serializers.ChoiceField(choices=WorkOrder.State.choices, read_only=True)
    location_id = serializers.IntegerField(read_only=True)
    location = serializers.CharField(source="location.code", read_only=True)
    address = serializers.CharField(source="location.address", read_only=True)
    route = serializers.CharField(source="location.route.code", read_only=True)
    sequence = serializers.IntegerField(source="location.sequence", read_only=True)
    service_point_id = serializers.IntegerField(allow_null=True, read_only=True)
    meter = serializers.CharField(source="meter.number", allow_null=True, default=None, read_only=True)
    version = serializers.SerializerMethodField()

    class Meta:
        model = WorkOrder
        fields = (
            "id", "number", "kind", "state", "location_id", "location", "address", "route", "sequence",
            "service_point_id", "meter", "account_number", "what", "assigned_to", "outside_ref", "made_at",
            "made_by", "due_on", "ended_at", "ended_by", "done_on", "findings", "version",
        )  # fmt: skip

    def get_version(self, order: WorkOrder) -> str:
        """The mark of its values now."""
        return mark_of({name: getattr(order, name) for name in CHANGEABLE})


class OrderDetailSerializer(serializers.Serializer[Any]):
    """A work order with what was read and put in when it was done."""

    order = OrderSerializer()
    readings = OrderReadingSerializer(many=True)
    new_meter = serializers.CharField(allow_null=True)


def _words(name: str, *, required: bool = False) -> Any:
    return serializers.CharField(
        max_length=LENGTHS[name], required=required, allow_blank=not required, trim_whitespace=True
    )


class NewOrderSerializer(serializers.Serializer[Any]):
    """A new order; without a service point it is for the only one with a meter there."""

    kind = serializers.ChoiceField(choices=WorkOrder.Kind.choices)
    location_id = Id()
    due_on = Day()
    service_point_id = Id(required=False, allow_null=True, default=None)
    account_number = _words("account_number")
    what = _words("what")
    assigned_to = _words("assigned_to")
    outside_ref = _words("outside_ref")


class OrderChangesSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is not named stays.  With ``version`` only what nobody changed since."""

    due_on = Day(required=False)
    what = _words("what")
    assigned_to = _words("assigned_to")
    outside_ref = _words("outside_ref")
    version = serializers.CharField(max_length=MARK_LENGTH, required=False, allow_blank=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """At least one change."""
        if not set(given) - {"version"}:
            raise serializers.ValidationError("Name what is to be changed.", code="nothing")
        return given


class DialShownSerializer(serializers.Serializer[Any]):
    """What a register showed, as read; ``register`` is empty for the only one of a meter."""

    dial = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0)
    register = serializers.CharField(max_length=1, required=False, allow_blank=True, default="")
    rolled_over = serializers.BooleanField(default=False, help_text="It passed zero since it was read last.")


class FirstDialSerializer(serializers.Serializer[Any]):
    """What a register of the new meter showed when it was put in."""

    dial = serializers.DecimalField(max_digits=14, decimal_places=3, min_value=0)
    register = serializers.CharField(max_length=1, required=False, allow_blank=True, default="")


class NewMeterSerializer(serializers.Serializer[Any]):
    """The meter that was put in, from the store or new; without a size it has that of the old one."""

    number = serializers.CharField(max_length=24)
    size = serializers.CharField(max_length=10, required=False, allow_blank=True, default="")
    serial = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    brand = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    endpoint = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    first = FirstDialSerializer(many=True, required=False, help_text="Without any: 0.")


class CompletionSerializer(serializers.Serializer[Any]):
    """What was done.  ``sure`` keeps a reading that is out of the ordinary; what cannot be is refused."""

    done_on = Day()
    readings = serializers.ListField(child=DialShownSerializer(), required=False, max_length=4)
    new_meter = NewMeterSerializer(required=False, allow_null=True, default=None)
    findings = _words("findings")
    sure = serializers.BooleanField(default=False)


class CancellationSerializer(serializers.Serializer[Any]):
    """Why it is called off."""

    why = _words("findings", required=True)


def _detail(order_id: int) -> dict[str, Any]:
    found = orders().select_related("new_meter").get(id=order_id)
    new = found.new_meter.number if found.new_meter else None
    return dict(
        OrderDetailSerializer({"order": found, "readings": readings_kept(found), "new_meter": new}).data
    )


class OrdersView(OperationView):
    """Work orders."""

    permissions = {"GET": VIEW, "POST": MAKE}
    needs_key = True
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    queryset = WorkOrder.objects.none()

    @extend_schema(responses=OrderSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Work orders, oldest first; ask with the state “open” and the highest number you have."""
        return self.page_of(orders().order_by("number"))

    @extend_schema(request=NewOrderSerializer, responses={201: OrderDetailSerializer})
    def post(self, request: Any) -> Response:
        """Make an order."""
        return self.perform(make_order, _detail, **self.given(NewOrderSerializer))


class OrderView(OperationView):
    """One work order."""

    permissions = {"GET": VIEW, "PATCH": MAKE}
    serializer_class = OrderDetailSerializer

    def get(self, request: Any, order_id: int) -> Response:
        """A work order with what was read and put in."""
        return Response(_detail(order_id))

    @extend_schema(request=OrderChangesSerializer, responses=OrderDetailSerializer)
    def patch(self, request: Any, order_id: int) -> Response:
        """Change an open order."""
        given = self.given(OrderChangesSerializer)
        seen = given.pop("version", "")
        return self.perform(change_order, _detail, status=200, order_id=order_id, changes=given, seen=seen)


class OrderCompleteView(OperationView):
    """A work order that is done."""

    permissions = {"POST": COMPLETE}
    needs_key = True
    serializer_class = OrderDetailSerializer

    @extend_schema(request=CompletionSerializer, responses=OrderDetailSerializer)
    def post(self, request: Any, order_id: int) -> Response:
        """Complete an open order: what was read, turned or exchanged goes to the meter it concerns."""
        given = self.given(CompletionSerializer)
        new = given["new_meter"]
        if new is not None:
            first = tuple(DialShown(one["dial"], one["register"]) for one in new.pop("first", ()))
            new = NewMeter(**new, first=first)
        readings = [DialShown(r["dial"], r["register"], r["rolled_over"]) for r in given.get("readings", ())]
        return self.perform(
            complete_order,
            _detail,
            status=200,
            order_id=order_id,
            done_on=given["done_on"],
            readings=readings,
            new_meter=new,
            findings=given.get("findings", ""),
            sure=given["sure"],
        )


class OrderCancelView(OperationView):
    """A work order that is called off."""

    permissions = {"POST": MAKE}
    needs_key = True
    serializer_class = OrderDetailSerializer

    @extend_schema(request=CancellationSerializer, responses=OrderDetailSerializer)
    def post(self, request: Any, order_id: int) -> Response:
        """Call an open order off; it stays with the reason."""
        why = self.given(CancellationSerializer)["why"]
        return self.perform(cancel_order, _detail, status=200, order_id=order_id, why=why)
