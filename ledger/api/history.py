"""Endpoints of moves to history."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day, Money
from core.api.views import OperationView
from ledger import history as operations
from ledger.history_models import HistoryMove
from ledger.history_queries import moves


class ControlTotalSerializer(serializers.Serializer[Any]):
    """Control totals: of a ``kind`` (charge or credit) and revenue code, how many and their dollars."""

    kind = serializers.CharField()
    code = serializers.CharField()
    count = serializers.IntegerField()
    amount = Money()


class HistoryMoveSerializer(serializers.ModelSerializer[HistoryMove]):
    """A count of what is completed before a day (``seen``), and its move to history (``moved``)."""

    state = serializers.CharField(read_only=True)
    job_id = serializers.IntegerField(allow_null=True, read_only=True)
    seen = serializers.SerializerMethodField()
    moved = serializers.SerializerMethodField()

    class Meta:
        model = HistoryMove
        fields = ("id", "before", "state", "maker_name", "made_at", "moved_on", "job_id", "seen", "moved")

    @extend_schema_field(ControlTotalSerializer(many=True))
    def get_seen(self, row: HistoryMove) -> Any:
        """What was counted."""
        return ControlTotalSerializer(operations.totals_of(row.seen), many=True).data

    @extend_schema_field(ControlTotalSerializer(many=True))
    def get_moved(self, row: HistoryMove) -> Any:
        """What was moved."""
        return ControlTotalSerializer(operations.totals_of(row.moved), many=True).data


class BeforeSerializer(serializers.Serializer[Any]):
    """The day: what is completed earlier."""

    before = Day()


def _shown(move_id: int) -> Any:
    return HistoryMoveSerializer(moves().get(id=move_id)).data


class HistoryMovesView(OperationView):
    """Moves to history."""

    permissions = {"GET": "ledger.view", "POST": "ledger.history.move"}
    serializer_class = HistoryMoveSerializer
    queryset = HistoryMove.objects.none()

    @extend_schema(responses=HistoryMoveSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Moves to history, newest first."""
        return self.page_of(moves())

    @extend_schema(request=BeforeSerializer, responses={201: HistoryMoveSerializer})
    def post(self, request: Any) -> Response:
        """Count what is completed before a day; nothing is moved yet."""
        today = clock.today(request._request.utility.tz)
        before = self.given(BeforeSerializer)["before"]
        return self.perform(operations.look_before, _shown, before=before, today=today)


class HistoryMoveView(OperationView):
    """One move to history."""

    permissions = {"GET": "ledger.view"}
    serializer_class = HistoryMoveSerializer

    def get(self, request: Any, move_id: int) -> Response:
        """A move with its control totals."""
        return Response(_shown(move_id))


class MoveToHistoryView(OperationView):
    """Moving what was counted."""

    permissions = {"POST": "ledger.history.move"}
    serializer_class = HistoryMoveSerializer

    @extend_schema(request=None, responses={201: HistoryMoveSerializer})
    def post(self, request: Any, move_id: int) -> Response:
        """Move to history what is completed before the day of the count."""
        today = clock.today(request._request.utility.tz)
        return self.perform(operations.move_to_history, _shown, move_id=move_id, today=today)
