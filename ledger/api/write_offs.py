"""Endpoints of the write-off file: proposing, deciding, what comes in since, taking back."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Id, Money, Paid
from core.api.views import OperationView
from ledger import write_offs as operations
from ledger.api.adjustments import DecidedOnSerializer, RefusedSerializer
from ledger.web.write_offs import WriteOffFilter
from ledger.write_off_models import WriteOff
from ledger.write_off_queries import came_in, given_up, write_offs


class WriteOffSerializer(serializers.ModelSerializer[WriteOff]):
    """What of an ended account is given up; ``came`` is what came in since, ``unrecovered`` the rest."""

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    name = serializers.CharField(source="account.customer.name", read_only=True)
    address = serializers.CharField(source="account.location.address", read_only=True)
    amount = Money()
    came = Money()
    unrecovered = Money()
    state = serializers.CharField(read_only=True)
    journal_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = WriteOff
        fields: tuple[str, ...] = (
            *("id", "account_id", "account", "name", "address", "amount", "came", "unrecovered", "reason"),
            *("on", "maker_name", "made_at", "state", "posted_on", "checker_name", "checked_at"),
            *("checked_why", "journal_id"),
        )


class GivenUpSerializer(serializers.Serializer[Any]):
    """A charge that is given up, and what came in for it."""

    charge_id = serializers.IntegerField()
    text = serializers.CharField()
    bill = serializers.CharField(help_text="what charged it")
    on = serializers.DateField()
    amount = Money()
    came = Money()
    left = Money()


class CameInSerializer(serializers.Serializer[Any]):
    """Something that came in; ``back`` that it was taken back."""

    journal_id = serializers.IntegerField()
    on = serializers.DateField()
    text = serializers.CharField()
    amount = Money()
    back = serializers.BooleanField()


class WriteOffWholeSerializer(WriteOffSerializer):
    """A write-off with its charges and what came in."""

    charges = serializers.SerializerMethodField()
    recoveries = serializers.SerializerMethodField()

    class Meta(WriteOffSerializer.Meta):
        fields = (*WriteOffSerializer.Meta.fields, "charges", "recoveries")

    @extend_schema_field(GivenUpSerializer(many=True))
    def get_charges(self, row: WriteOff) -> Any:
        """Charge by charge, the oldest first."""
        return GivenUpSerializer(given_up(row.id), many=True).data

    @extend_schema_field(CameInSerializer(many=True))
    def get_recoveries(self, row: WriteOff) -> Any:
        """What came in, the newest first."""
        return CameInSerializer(came_in(row.id), many=True).data


class NewWriteOffSerializer(serializers.Serializer[Any]):
    """A proposal to give up all that an ended account owes."""

    account_id = Id()
    reason = serializers.CharField(max_length=operations.LONGEST_REASON)
    on = Day()


class RecoverySerializer(serializers.Serializer[Any]):
    """What came in, and from whom: at the bank, or ``from_credit``, paid on the account and held there."""

    amount = Paid()
    text = serializers.CharField(max_length=operations.LONGEST_REASON)
    on = Day()
    from_credit = serializers.BooleanField(default=False)


class RecoveryBackSerializer(serializers.Serializer[Any]):
    """The journal of a recovery that did not come in after all, and the day that counts."""

    journal_id = Id()
    on = Day()


class TakenBackSerializer(serializers.Serializer[Any]):
    """Why it is taken back, and the day that counts."""

    why = serializers.CharField(max_length=200)
    on = Day()


def _shown(write_off_id: int) -> Any:
    return WriteOffWholeSerializer(write_offs().get(id=write_off_id)).data


class WriteOffsView(OperationView):
    """The write-off file."""

    permissions = {"GET": "ledger.view", "POST": "ledger.write_off"}
    needs_key = True
    serializer_class = WriteOffSerializer
    filterset_class = WriteOffFilter
    queryset = WriteOff.objects.none()

    @extend_schema(responses=WriteOffSerializer(many=True))
    def get(self, request: Any) -> Response:
        """What was given up of ended accounts, newest first."""
        return self.page_of(write_offs().order_by("-id"))

    @extend_schema(request=NewWriteOffSerializer, responses={201: WriteOffWholeSerializer})
    def post(self, request: Any) -> Response:
        """Propose a write-off; nothing is given up until a second person approves it."""
        return self.perform(operations.propose_write_off, _shown, **self.given(NewWriteOffSerializer))


class WriteOffView(OperationView):
    """One write-off."""

    permissions = {"GET": "ledger.view"}
    serializer_class = WriteOffWholeSerializer

    def get(self, request: Any, write_off_id: int) -> Response:
        """A write-off, charge by charge, with what came in since."""
        return Response(_shown(write_off_id))


class _DecisionView(OperationView):
    """Something done with one write-off, answered with it."""

    needs_key = True
    serializer_class = WriteOffWholeSerializer

    def done(self, do: Any, write_off_id: int, **given: Any) -> Response:
        """Do it, and answer with the write-off."""
        return self.perform(do, lambda _: _shown(write_off_id), write_off_id=write_off_id, **given)


class WriteOffApproveView(_DecisionView):
    """Approving."""

    permissions = {"POST": "ledger.write_off.approve"}

    @extend_schema(request=DecidedOnSerializer, responses={201: WriteOffWholeSerializer})
    def post(self, request: Any, write_off_id: int) -> Response:
        """Approve and post it.  Whoever proposed it cannot."""
        return self.done(operations.approve_write_off, write_off_id, **self.given(DecidedOnSerializer))


class WriteOffRefuseView(_DecisionView):
    """Refusing."""

    permissions = {"POST": "ledger.write_off.approve"}

    @extend_schema(request=RefusedSerializer, responses={201: WriteOffWholeSerializer})
    def post(self, request: Any, write_off_id: int) -> Response:
        """Refuse it; nothing is given up."""
        return self.done(operations.refuse_write_off, write_off_id, **self.given(RefusedSerializer))


class WriteOffWithdrawView(_DecisionView):
    """Withdrawing."""

    permissions = {"POST": "ledger.write_off"}

    @extend_schema(request=None, responses={201: WriteOffWholeSerializer})
    def post(self, request: Any, write_off_id: int) -> Response:
        """Take one's own proposal back before it is decided."""
        return self.done(operations.withdraw_write_off, write_off_id)


class RecoveryView(_DecisionView):
    """Recoveries."""

    permissions = {"POST": "ledger.write_off"}

    @extend_schema(request=RecoverySerializer, responses={201: WriteOffWholeSerializer})
    def post(self, request: Any, write_off_id: int) -> Response:
        """Record what came in at the bank since; the oldest charge is made good first."""
        return self.done(operations.record_recovery, write_off_id, **self.given(RecoverySerializer))


class RecoveryBackView(_DecisionView):
    """A recovery that did not come in."""

    permissions = {"POST": "ledger.write_off.approve"}

    @extend_schema(request=RecoveryBackSerializer, responses={201: WriteOffWholeSerializer})
    def post(self, request: Any, write_off_id: int) -> Response:
        """Take a recovery back; its journal is mirrored."""
        return self.done(operations.take_back_recovery, write_off_id, **self.given(RecoveryBackSerializer))


class WriteOffBackView(_DecisionView):
    """Taking a write-off back."""

    permissions = {"POST": "ledger.write_off.approve"}

    @extend_schema(request=TakenBackSerializer, responses={201: WriteOffWholeSerializer})
    def post(self, request: Any, write_off_id: int) -> Response:
        """What was given up is owed again; the journal is mirrored."""
        return self.done(operations.take_back_write_off, write_off_id, **self.given(TakenBackSerializer))
