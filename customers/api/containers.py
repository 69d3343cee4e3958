"""Endpoints of containers."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day, Id
from core.api.texts import TextsSerializer
from core.api.views import OperationView
from customers.containers import containers
from customers.web.containers import ContainerFilter
from meters.containers import (
    CONTAINER_TEXTS,
    MOST_SEQUENCE,
    add_container,
    change_container,
    move_container,
    service_container,
)
from meters.models import Container


class ContainerSerializer(serializers.ModelSerializer[Container]):
    """A container: where it stands and stood before, and the account there today."""

    owner = serializers.CharField(read_only=True)
    location = serializers.CharField(source="place_code", allow_null=True, read_only=True)
    address = serializers.CharField(source="place", allow_null=True, read_only=True)
    route = serializers.CharField(source="route_code", allow_null=True, read_only=True)
    sequence = serializers.IntegerField(allow_null=True, read_only=True)
    account = serializers.CharField(source="account_number", allow_null=True, read_only=True)
    customer = serializers.CharField(source="customer_name", allow_null=True, read_only=True)
    previous_address = serializers.CharField(source="previous_place", allow_null=True, read_only=True)
    previous_route = serializers.CharField(allow_null=True, read_only=True)
    previous_sequence = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Container
        fields = (
            "id", "serial", "kind", "owner", "received_on", "location", "address", "route", "sequence",
            "account", "customer", "previous_address", "previous_route", "previous_sequence",
            "last_serviced_on", "service_count", "updated_on",
        )  # fmt: skip


class ContainerBody(TextsSerializer):
    """What is said of a container; what is not named stays."""

    texts = CONTAINER_TEXTS
    owner = serializers.ChoiceField(choices=Container.Owner.choices, required=False)
    received_on = Day(required=False)


class NewContainerBody(ContainerBody):
    """A container received, and where it is brought."""

    needed = frozenset({"serial", "kind"})
    owner = serializers.ChoiceField(choices=Container.Owner.choices)
    received_on = Day()
    location_id = Id()
    route_id = Id(required=False, allow_null=True)
    sequence = serializers.IntegerField(min_value=0, max_value=MOST_SEQUENCE, required=False, allow_null=True)


class MoveBody(serializers.Serializer[Any]):
    """Where it goes; without a location it is collected."""

    on = Day()
    location_id = Id(required=False, allow_null=True)
    route_id = Id(required=False, allow_null=True)
    sequence = serializers.IntegerField(min_value=0, max_value=MOST_SEQUENCE, required=False, allow_null=True)


class ServiceBody(serializers.Serializer[Any]):
    """When it was serviced."""

    on = Day()


class _Containers(OperationView):
    """What the endpoints of containers have in common."""

    serializer_class = ContainerSerializer
    queryset = Container.objects.none()

    @property
    def today(self) -> Any:
        """The utility's day."""
        return clock.today(self.request.utility.tz)  # type: ignore[attr-defined]  # set when dispatched

    def shown(self, container_id: int) -> Any:
        """The container as it is now."""
        return self.get_serializer(containers(self.today).get(id=container_id)).data

    @staticmethod
    def parts(given: dict[str, Any]) -> dict[str, Any]:
        """A body as the operations take it."""
        texts = {one.name: given.pop(one.name) for one in CONTAINER_TEXTS if one.name in given}
        return {"texts": texts, **given}


class ContainersView(_Containers):
    """Containers."""

    permissions = {"GET": "meters.view", "POST": "meters.edit"}
    filterset_class = ContainerFilter

    @extend_schema(responses=ContainerSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Containers, where each stands, and whose place that is."""
        return self.page_of(containers(self.today))

    @extend_schema(request=NewContainerBody, responses={201: ContainerSerializer})
    def post(self, request: Any) -> Response:
        """Add a container and place it."""
        parts = self.parts(self.given(NewContainerBody))
        return self.perform(add_container, self.shown, today=self.today, **parts)


class ContainerView(_Containers):
    """One container."""

    permissions = {"GET": "meters.view", "PATCH": "meters.edit"}

    def get(self, request: Any, container_id: int) -> Response:
        """A container."""
        return Response(self.shown(container_id))

    @extend_schema(request=ContainerBody)
    def patch(self, request: Any, container_id: int) -> Response:
        """Change what is said of it; what is not named stays."""
        parts = self.parts(self.given(ContainerBody))
        return self.perform(
            change_container, self.shown, status=200, container_id=container_id, today=self.today, **parts
        )


class ContainerMoveView(_Containers):
    """A container moved."""

    permissions = {"POST": "meters.edit"}

    @extend_schema(request=MoveBody, responses={201: ContainerSerializer})
    def post(self, request: Any, container_id: int) -> Response:
        """Put it at another location, or collect it."""
        given = self.given(MoveBody)
        return self.perform(move_container, self.shown, container_id=container_id, today=self.today, **given)


class ContainerServiceView(_Containers):
    """A container serviced."""

    permissions = {"POST": "meters.edit"}
    needs_key = True

    @extend_schema(request=ServiceBody, responses={201: ContainerSerializer})
    def post(self, request: Any, container_id: int) -> Response:
        """Count a service that was done; the key keeps a repetition from counting twice."""
        given = self.given(ServiceBody)
        return self.perform(
            service_container, self.shown, container_id=container_id, today=self.today, **given
        )
