"""The shared ground's endpoints: who I am, policies, audit."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.filtering import MomentFilter
from core.api.views import OperationView
from core.models import AuditEntry
from core.policies import set_policy
from core.policy_history import policies_on, policy_on
from core.web.views import SIGNED_IN


class MeSerializer(serializers.Serializer[Any]):
    """The partner system a key belongs to."""

    name = serializers.CharField()
    utility = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())


class HeldSerializer(serializers.Serializer[Any]):
    """A value from a day on; null is unset."""

    starts = serializers.DateField()
    value = serializers.JSONField(source="raw", allow_null=True)


class PolicySerializer(serializers.Serializer[Any]):
    """A policy as it stands today."""

    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    kind = serializers.CharField()
    is_set = serializers.BooleanField()
    value = serializers.JSONField(source="raw", allow_null=True)
    since = serializers.DateField(allow_null=True)
    history = HeldSerializer(many=True)


class NewValueSerializer(serializers.Serializer[Any]):
    """A value as it would be typed, from a day on; null unsets the policy."""

    value = serializers.CharField(allow_null=True, max_length=200)
    starts = serializers.DateField()


class AuditSerializer(serializers.ModelSerializer[AuditEntry]):
    """One operation of the audit."""

    class Meta:
        model = AuditEntry
        fields = ("number", "at", "actor", "actor_name", "operation", "operation_id", "what", "hash")


class AuditFilter(django_filters.FilterSet):
    """By operation, actor and time."""

    operation = django_filters.CharFilter(lookup_expr="startswith")
    actor = django_filters.CharFilter()
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()


class MeView(OperationView):
    """Who the key is and what it may do."""

    permissions = {"GET": SIGNED_IN}
    serializer_class = MeSerializer

    def get(self, request: Any) -> Response:
        """The partner system of this key."""
        me = {
            "name": self.actor.name,
            "utility": request._request.utility.slug,
            "permissions": sorted(self.actor.permissions),
        }
        return Response(MeSerializer(me).data)


class PoliciesView(OperationView):
    """The utility's policies."""

    permissions = {"GET": "core.policy.view"}
    serializer_class = PolicySerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(operation_id="policies_list", responses=PolicySerializer(many=True))
    def get(self, request: Any) -> Response:
        """Every policy as it stands today."""
        today = clock.today(request._request.utility.tz)
        return Response(PolicySerializer(policies_on(today), many=True).data)


class PolicyView(OperationView):
    """One policy."""

    permissions = {"GET": "core.policy.view", "POST": "core.policy.set"}
    serializer_class = PolicySerializer

    def _shown(self, code: str) -> Any:
        today = clock.today(self.request._request.utility.tz)  # type: ignore[attr-defined]  # set in dispatch
        return PolicySerializer(policy_on(code, today)).data

    def get(self, request: Any, code: str) -> Response:
        """The policy as it stands today, with its history."""
        return Response(self._shown(code))

    @extend_schema(request=NewValueSerializer, responses={201: PolicySerializer})
    def post(self, request: Any, code: str) -> Response:
        """Set the policy from a day on."""
        given = self.given(NewValueSerializer)
        return self.perform(set_policy, lambda _: self._shown(code), code=code, **given)


class AuditView(OperationView):
    """The audit, newest first."""

    permissions = {"GET": "core.audit.view"}
    serializer_class = AuditSerializer
    filterset_class = AuditFilter
    queryset = AuditEntry.objects.all()

    @extend_schema(operation_id="audit_list", responses=AuditSerializer(many=True))
    def get(self, request: Any) -> Response:
        """A page of the audit."""
        return self.page_of(self.get_queryset())
