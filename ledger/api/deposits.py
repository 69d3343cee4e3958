"""Endpoints of deposits that are held: applied, refunded by two persons, undone."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Id, Money, Paid
from core.api.views import OperationView
from ledger import deposit_refunds as operations
from ledger.deposit_models import Deposit, DepositMovement, DepositRefund
from ledger.deposit_queries import deposit_shown, deposits, movements_of, refunds
from ledger.web.deposit_refunds import RefundFilter


class DepositSerializer(serializers.ModelSerializer[Deposit]):
    """A security deposit; ``held`` = amount − applied − refunded, unless its receipt was voided."""

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    for_service = serializers.CharField(read_only=True)
    payer = serializers.CharField(read_only=True)
    landlord_id = serializers.IntegerField(allow_null=True, read_only=True)
    journal_id = serializers.IntegerField(read_only=True)
    amount = Money()
    applied = Money()
    applied_on = serializers.DateField(allow_null=True, read_only=True)
    refunded = Money()
    refunded_on = serializers.DateField(allow_null=True, read_only=True)
    cheque = serializers.CharField(allow_null=True, read_only=True, help_text="of the last refund")
    held = Money()

    class Meta:
        model = Deposit
        fields = (
            *("id", "account_id", "account", "on", "for_service", "payer", "landlord_id", "reference"),
            *("operator_name", "amount", "applied", "applied_on", "refunded", "refunded_on", "cheque"),
            *("held", "journal_id"),
        )


class MovedSerializer(serializers.Serializer[Any]):
    """A transaction of a deposit: ``effect`` on what is held, ``held`` after it."""

    movement_id = serializers.IntegerField(allow_null=True, help_text="null: the taking")
    on = serializers.DateField()
    words = serializers.CharField()
    effect = Money()
    held = Money()
    reference = serializers.CharField()
    operator = serializers.CharField()
    journal_id = serializers.IntegerField()
    undone = serializers.BooleanField()
    cheque = serializers.CharField()
    cheque_on = serializers.DateField(allow_null=True)


class DepositDetailSerializer(serializers.Serializer[Any]):
    """A deposit with everything that was done with it, newest first."""

    deposit = DepositSerializer()
    movements = MovedSerializer(many=True)


class RefundSerializer(serializers.ModelSerializer[DepositRefund]):
    """A refund of a deposit; only an approved one left it."""

    deposit_id = serializers.IntegerField(read_only=True)
    account_id = serializers.IntegerField(source="deposit.account_id", read_only=True)
    account = serializers.CharField(source="deposit.account.number", read_only=True)
    amount = Money()
    state = serializers.CharField(read_only=True)
    journal_id = serializers.IntegerField(
        source="movement.journal_id", allow_null=True, default=None, read_only=True
    )

    class Meta:
        model = DepositRefund
        fields = (
            *("id", "deposit_id", "account_id", "account", "amount", "payee", "reason", "reference", "on"),
            *("maker_name", "made_at", "state", "checker_name", "checked_at", "checked_why"),
            *("cheque", "cheque_on", "journal_id"),
        )


class ApplySerializer(serializers.Serializer[Any]):
    """At most so much of it; without an amount all that is held and owed."""

    on = Day()
    amount = Paid(allow_null=True, default=None)
    reference = serializers.CharField(max_length=operations.LONGEST_REFERENCE, allow_blank=True, default="")


class NewRefundSerializer(serializers.Serializer[Any]):
    """A proposal to give so much of it back."""

    on = Day()
    amount = Paid()
    reason = serializers.CharField(max_length=operations.LONGEST_REASON)
    reference = serializers.CharField(max_length=operations.LONGEST_REFERENCE, allow_blank=True, default="")


class ApprovedSerializer(serializers.Serializer[Any]):
    """The day it counts on, and the cheque if it is written already: number and day, or neither."""

    on = Day()
    cheque = serializers.CharField(max_length=operations.LONGEST_CHEQUE, allow_blank=True, default="")
    cheque_on = Day(allow_null=True, default=None)


class ChequeSerializer(serializers.Serializer[Any]):
    """The cheque a refund was paid with."""

    cheque = serializers.CharField(max_length=operations.LONGEST_CHEQUE)
    cheque_on = Day()


class RefusedRefundSerializer(serializers.Serializer[Any]):
    """Why it is refused."""

    why = serializers.CharField(max_length=operations.LONGEST_WHY)


class UndoneSerializer(serializers.Serializer[Any]):
    """Which movement is undone, why, and the day it counts on."""

    movement_id = Id()
    why = serializers.CharField(max_length=operations.LONGEST_WHY)
    on = Day()


def deposit_detail(deposit_id: int) -> Any:
    """A deposit with its movements; raises ``NotFound``."""
    found = deposit_shown(deposit_id)
    return DepositDetailSerializer({"deposit": found, "movements": movements_of([found])}).data


def deposit_of_movement(movement_id: int) -> Any:
    """The deposit that a movement is of."""
    return deposit_detail(DepositMovement.objects.values_list("deposit_id", flat=True).get(id=movement_id))


def _refund(refund_id: int) -> Any:
    return RefundSerializer(refunds().get(id=refund_id)).data


class DepositView(OperationView):
    """One deposit."""

    permissions = {"GET": "ledger.view"}
    serializer_class = DepositDetailSerializer
    queryset = deposits().none()

    def get(self, request: Any, deposit_id: int) -> Response:
        """A deposit with everything that was done with it."""
        return Response(deposit_detail(deposit_id))


class ApplyView(OperationView):
    """Applying a deposit."""

    permissions = {"POST": operations.USE}
    needs_key = True
    serializer_class = DepositDetailSerializer

    @extend_schema(request=ApplySerializer, responses={201: DepositDetailSerializer})
    def post(self, request: Any, deposit_id: int) -> Response:
        """Lay it on what the account owes, by the utility's priorities."""
        given = self.given(ApplySerializer)
        return self.perform(operations.apply_to_owed, deposit_of_movement, deposit_id=deposit_id, **given)


class UndoView(OperationView):
    """Undoing what was done with a deposit."""

    permissions = {"POST": operations.APPROVE}
    needs_key = True
    serializer_class = DepositDetailSerializer

    @extend_schema(request=UndoneSerializer, responses={201: DepositDetailSerializer})
    def post(self, request: Any) -> Response:
        """Undo that a deposit was applied or refunded; whoever did it cannot."""
        return self.perform(operations.undo_movement, deposit_of_movement, **self.given(UndoneSerializer))


class ProposeView(OperationView):
    """Proposing a refund."""

    permissions = {"POST": operations.USE}
    needs_key = True
    serializer_class = RefundSerializer

    @extend_schema(request=NewRefundSerializer, responses={201: RefundSerializer})
    def post(self, request: Any, deposit_id: int) -> Response:
        """Propose to refund it; nothing is posted until a second person approves."""
        given = self.given(NewRefundSerializer)
        return self.perform(operations.propose_refund, _refund, deposit_id=deposit_id, **given)


class RefundsView(OperationView):
    """Refunds of deposits."""

    permissions = {"GET": "ledger.view"}
    serializer_class = RefundSerializer
    filterset_class = RefundFilter
    queryset = DepositRefund.objects.none()

    @extend_schema(responses=RefundSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Refunds of deposits, newest first."""
        return self.page_of(refunds().order_by("-id"))


class RefundView(OperationView):
    """One refund."""

    permissions = {"GET": "ledger.view"}
    serializer_class = RefundSerializer

    def get(self, request: Any, refund_id: int) -> Response:
        """A refund with how it was decided."""
        return Response(_refund(refund_id))


class ApproveRefundView(OperationView):
    """Approving a refund."""

    permissions = {"POST": operations.APPROVE}
    needs_key = True
    serializer_class = RefundSerializer

    @extend_schema(request=ApprovedSerializer, responses={201: RefundSerializer})
    def post(self, request: Any, refund_id: int) -> Response:
        """Approve and post it.  Whoever proposed it cannot."""
        given = self.given(ApprovedSerializer)
        return self.perform(
            operations.approve_refund, lambda _: _refund(refund_id), refund_id=refund_id, **given
        )


class RefuseRefundView(OperationView):
    """Refusing a refund."""

    permissions = {"POST": operations.APPROVE}
    needs_key = True
    serializer_class = RefundSerializer

    @extend_schema(request=RefusedRefundSerializer, responses={201: RefundSerializer})
    def post(self, request: Any, refund_id: int) -> Response:
        """Refuse it; nothing is posted."""
        why = self.given(RefusedRefundSerializer)["why"]
        return self.perform(operations.refuse_refund, _refund, refund_id=refund_id, why=why)


class WithdrawRefundView(OperationView):
    """Withdrawing a refund."""

    permissions = {"POST": operations.USE}
    needs_key = True
    serializer_class = RefundSerializer

    @extend_schema(request=None, responses={201: RefundSerializer})
    def post(self, request: Any, refund_id: int) -> Response:
        """Take one's own proposal back before it is decided."""
        return self.perform(operations.withdraw_refund, _refund, refund_id=refund_id)


class ChequeView(OperationView):
    """The cheque of a refund."""

    permissions = {"POST": operations.USE}
    needs_key = True
    serializer_class = RefundSerializer

    @extend_schema(request=ChequeSerializer, responses={201: RefundSerializer})
    def post(self, request: Any, refund_id: int) -> Response:
        """Tell the cheque that an approved refund was paid with, once."""
        given = self.given(ChequeSerializer)
        return self.perform(operations.record_cheque, _refund, refund_id=refund_id, **given)
