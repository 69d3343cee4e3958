"""Endpoints of adjustments: proposing, deciding, reversing."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Id, Money, Paid
from core.api.views import OperationView
from ledger import adjustments as operations
from ledger.models import Adjustment
from ledger.web.adjustments import AdjustmentFilter


class AdjustmentSerializer(serializers.ModelSerializer[Adjustment]):
    """A correction of an account; only a posted one has a journal."""

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    kind = serializers.CharField(read_only=True)
    amount = Money()
    charge_id = serializers.IntegerField(allow_null=True, read_only=True)
    reverses_id = serializers.IntegerField(allow_null=True, read_only=True)
    state = serializers.CharField(read_only=True)
    journal_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Adjustment
        fields = (
            *("id", "account_id", "account", "kind", "amount", "revenue_code", "reason", "text", "charge_id"),
            *("reverses_id", "on", "maker_name", "made_at", "state", "checker_name", "checked_at"),
            *("checked_why", "journal_id"),
        )


class NewAdjustmentSerializer(serializers.Serializer[Any]):
    """A proposal: a ``debit`` raises what is owed, a ``credit`` lowers it.  ``text`` the customer reads."""

    account_id = Id()
    kind = serializers.ChoiceField(choices=Adjustment.Kind.choices)
    amount = Paid()
    revenue_code = serializers.CharField(max_length=30)
    reason = serializers.CharField(max_length=60, help_text="of the utility’s list on that day")
    text = serializers.CharField(max_length=operations.LONGEST_TEXT)
    on = Day()
    charge_id = Id(allow_null=True, default=None)


class DecidedOnSerializer(serializers.Serializer[Any]):
    """The day it counts on."""

    on = Day()


class RefusedSerializer(serializers.Serializer[Any]):
    """Why it is refused."""

    why = serializers.CharField(max_length=200)


class ReversalSerializer(serializers.Serializer[Any]):
    """Why it is taken back, and the day that is proposed."""

    text = serializers.CharField(max_length=operations.LONGEST_TEXT)
    on = Day()


def adjustments() -> Any:
    """Adjustments with their accounts, newest first."""
    return Adjustment.objects.select_related("account").order_by("-id")


def _shown(adjustment_id: int) -> Any:
    return AdjustmentSerializer(adjustments().get(id=adjustment_id)).data


class AdjustmentsView(OperationView):
    """Adjustments."""

    permissions = {"GET": "ledger.view", "POST": "ledger.adjust"}
    needs_key = True
    serializer_class = AdjustmentSerializer
    filterset_class = AdjustmentFilter
    queryset = Adjustment.objects.none()

    @extend_schema(responses=AdjustmentSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Adjustments, newest first."""
        return self.page_of(adjustments())

    @extend_schema(request=NewAdjustmentSerializer, responses={201: AdjustmentSerializer})
    def post(self, request: Any) -> Response:
        """Propose an adjustment; nothing is posted until a second person approves it."""
        given = self.given(NewAdjustmentSerializer)
        return self.perform(operations.propose_adjustment, _shown, **given)


class AdjustmentView(OperationView):
    """One adjustment."""

    permissions = {"GET": "ledger.view"}
    serializer_class = AdjustmentSerializer

    def get(self, request: Any, adjustment_id: int) -> Response:
        """An adjustment with how it was decided."""
        return Response(_shown(adjustment_id))


class _DecisionView(OperationView):
    """A decision about one adjustment, answered with it."""

    needs_key = True
    serializer_class = AdjustmentSerializer


class ApproveView(_DecisionView):
    """Approving."""

    permissions = {"POST": "ledger.adjust.approve"}

    @extend_schema(request=DecidedOnSerializer, responses={201: AdjustmentSerializer})
    def post(self, request: Any, adjustment_id: int) -> Response:
        """Approve and post it.  Whoever proposed it cannot."""
        on = self.given(DecidedOnSerializer)["on"]
        return self.perform(
            operations.approve_adjustment,
            lambda _: _shown(adjustment_id),
            adjustment_id=adjustment_id,
            on=on,
        )


class RefuseView(_DecisionView):
    """Refusing."""

    permissions = {"POST": "ledger.adjust.approve"}

    @extend_schema(request=RefusedSerializer, responses={201: AdjustmentSerializer})
    def post(self, request: Any, adjustment_id: int) -> Response:
        """Refuse it; nothing is posted."""
        why = self.given(RefusedSerializer)["why"]
        return self.perform(operations.refuse_adjustment, _shown, adjustment_id=adjustment_id, why=why)


class ReverseView(_DecisionView):
    """Reversing."""

    permissions = {"POST": "ledger.adjust"}

    @extend_schema(request=ReversalSerializer, responses={201: AdjustmentSerializer})
    def post(self, request: Any, adjustment_id: int) -> Response:
        """Propose its reversal, an adjustment of its own that a second person approves."""
        given = self.given(ReversalSerializer)
        return self.perform(operations.propose_reversal, _shown, adjustment_id=adjustment_id, **given)
