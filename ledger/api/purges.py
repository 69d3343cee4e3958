"""Endpoints of purges: proposing, deciding, the archive."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day
from core.api.views import OperationView
from core.reading import read_only
from core.vault import stored
from core.vault.web import download
from ledger import purging as operations
from ledger.history_queries import purges_with_jobs
from ledger.purge_models import Purge


class PurgeSerializer(serializers.ModelSerializer[Purge]):
    """A purge: what goes and what stays (``seen``), the books before and after, the archive's SHA-256.

    ``job_id`` is the job that did a large one, does it, or could not; while it does, the purge waits.
    """

    state = serializers.CharField(read_only=True)
    job_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Purge
        fields = (
            *("id", "before", "on", "state", "maker_name", "made_at", "checker_name", "checked_at"),
            *("checked_why", "seen", "archive_sha256", "totals_before", "totals_after", "done_at", "job_id"),
        )


class PurgeBeforeSerializer(serializers.Serializer[Any]):
    """The day: what is settled earlier may go."""

    before = Day()


class PurgeLookedAtSerializer(serializers.Serializer[Any]):
    """The job that looks what may be purged; the purge is proposed when it is done."""

    job_id = serializers.IntegerField()


class PurgeRefusedSerializer(serializers.Serializer[Any]):
    """Why it is refused."""

    why = serializers.CharField(max_length=operations.LONGEST_WHY)


def _shown(purge_id: int) -> Any:
    return PurgeSerializer(purges_with_jobs().get(id=purge_id)).data


class PurgesView(OperationView):
    """Purges."""

    permissions = {"GET": "ledger.view", "POST": "ledger.purge"}
    needs_key = True
    serializer_class = PurgeSerializer
    queryset = Purge.objects.none()

    @extend_schema(responses=PurgeSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Purges, newest first."""
        return self.page_of(purges_with_jobs())

    @extend_schema(
        request=PurgeBeforeSerializer, responses={201: PurgeSerializer, 202: PurgeLookedAtSerializer}
    )
    def post(self, request: Any) -> Response:
        """Propose a purge; nothing is removed until a second person approves it.

        Where much lies before the day, a job looks first what may go, and proposes (202).
        """
        before = self.given(PurgeBeforeSerializer)["before"]
        begin: Callable[..., dict[str, int | None]] = operations.begin_purge
        today = clock.today(request._request.utility.tz)
        made = begin(self.actor, key=self.idempotency_key(), before=before, today=today)
        if made["purge"] is None:
            return Response({"job_id": made["job"]}, status=202)
        with read_only():
            return Response(_shown(made["purge"]), status=201)


class PurgeView(OperationView):
    """One purge."""

    permissions = {"GET": "ledger.view"}
    serializer_class = PurgeSerializer

    def get(self, request: Any, purge_id: int) -> Response:
        """A purge with what goes and what stays."""
        return Response(_shown(purge_id))


class PurgeApproveView(OperationView):
    """Approving."""

    permissions = {"POST": "ledger.purge.approve"}
    needs_key = True
    serializer_class = PurgeSerializer

    @extend_schema(request=None, responses={201: PurgeSerializer, 202: PurgeSerializer})
    def post(self, request: Any, purge_id: int) -> Response:
        """Archive, remove and bring forward.  Whoever proposed it cannot.

        A large one is done by a job, named in the purge (202).
        """
        today = clock.today(request._request.utility.tz)
        answer = self.perform(operations.approve_purge, _shown, purge_id=purge_id, today=today)
        answer.status_code = 201 if answer.data["state"] == Purge.State.DONE else 202
        return answer


class PurgeRefuseView(OperationView):
    """Refusing."""

    permissions = {"POST": "ledger.purge.approve"}
    needs_key = True
    serializer_class = PurgeSerializer

    @extend_schema(request=PurgeRefusedSerializer, responses={201: PurgeSerializer})
    def post(self, request: Any, purge_id: int) -> Response:
        """Refuse it; nothing is removed."""
        why = self.given(PurgeRefusedSerializer)["why"]
        return self.perform(operations.refuse_purge, _shown, purge_id=purge_id, why=why)


class PurgeArchiveView(OperationView):
    """The archive of a purge."""

    permissions = {"POST": "ledger.purge"}
    serializer_class = PurgeSerializer

    @extend_schema(request=None, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def post(self, request: Any, purge_id: int) -> Any:
        """Every removed row as a line of JSON, after one that says what the file is; taking it is audited."""
        take: Callable[..., int] = operations.open_archive
        file_id = take(self.actor, key=self.idempotency_key(), purge_id=purge_id)
        with read_only():
            return download(stored(file_id))
