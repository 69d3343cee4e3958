"""The endpoint of one service: what it is, and changing it with the limits of the form."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.fields import Day, Document, Id
from core.api.texts import refuse_names
from core.api.views import OperationView
from core.seen import MARK_LENGTH, mark_of
from customers.api.serializers import ServiceSerializer
from customers.models import Service
from customers.service_file import CHANGED, change_service, service_values


class ServiceDetailSerializer(ServiceSerializer):
    """A service.  ``version`` is the mark of what may be changed: send it back with a change."""

    version = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = (*ServiceSerializer.Meta.fields, "version")

    def get_version(self, row: Service) -> str:
        """The mark of the service as it stands."""
        return mark_of(service_values(row))


class ServiceChangesSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is not named stays.  With ``version`` only what nobody changed since."""

    rate_id = Id(required=False)
    units = serializers.DecimalField(max_digits=10, decimal_places=3, min_value=Decimal(0), required=False)
    attributes = Document(required=False, help_text="all that the rate table asks for")
    starts = Day(required=False, help_text="as long as nothing was billed")
    ends = Day(
        required=False, allow_null=True, help_text="the first day that is not charged; null: it goes on"
    )
    since = Day(
        required=False,
        allow_null=True,
        help_text="from when rate, units and attributes count; without it, from where it is billed to",
    )
    version = serializers.CharField(max_length=MARK_LENGTH, required=False, allow_blank=True)


class ServiceView(OperationView):
    """One service."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = ServiceDetailSerializer

    def get(self, request: Any, service_id: int) -> Response:
        """What an account has, at which rate and up to when it is billed."""
        return Response(self._shown(service_id))

    @extend_schema(request=ServiceChangesSerializer, responses=ServiceDetailSerializer)
    def patch(self, request: Any, service_id: int) -> Response:
        """Change what is named; the answer is the service that goes on."""
        given = self.given(ServiceChangesSerializer)
        refuse_names(request.data, ServiceChangesSerializer().fields)
        changes = {name: value for name, value in given.items() if name in CHANGED}
        if not changes:
            raise ValidationError("Name at least one thing to change.", code="empty")
        return self.perform(
            change_service,
            self._shown,
            status=200,
            service_id=service_id,
            changes=changes,
            since=given.get("since"),
            seen=given.get("version", ""),
        )

    def _shown(self, service_id: int) -> Any:
        found = Service.objects.select_related("account", "rate").get(id=service_id)
        return self.get_serializer(found).data
