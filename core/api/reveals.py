"""The endpoint that tells a number which is kept sealed, for a reason."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.views import OperationView
from core.secrets.reveal import LONGEST_REASON, SHORTEST_REASON, reveal


class ReasonSerializer(serializers.Serializer[Any]):
    """Why the number must be seen; it is kept in the audit, so it holds no number."""

    reason = serializers.CharField(min_length=SHORTEST_REASON, max_length=LONGEST_REASON)


class RevealedSerializer(serializers.Serializer[Any]):
    """A number that is kept sealed, whole."""

    column = serializers.CharField()
    ref = serializers.IntegerField()
    value = serializers.CharField()


class RevealView(OperationView):
    """A number that is kept sealed; ``column`` is its table and column, ``ref`` the id of its row."""

    permissions = {"POST": "core.secret.reveal"}
    serializer_class = RevealedSerializer

    @extend_schema(request=ReasonSerializer, responses=RevealedSerializer)
    def post(self, request: Any, column: str, ref: int) -> Response:
        """Tell the number, once: nothing of the answer is kept, and the audit says who asked and why."""
        plain = reveal(self.actor, column=column, ref=ref, reason=self.given(ReasonSerializer)["reason"])
        told = RevealedSerializer({"column": column, "ref": ref, "value": plain}).data
        return Response(told, headers={"Cache-Control": "no-store"})
