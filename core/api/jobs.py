"""Jobs for partner systems: what runs, how far it is, stopping and retrying it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.views import OperationView
from core.models import Job
from core.web.jobs import JobFilter
from core.work.jobs import cancel_job, retry_job
from core.work.queries import job_list, job_progress


class JobSerializer(serializers.ModelSerializer[Job]):
    """A piece of long work; ``total`` counts what it has to do, in ``noun``."""

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "title",
            "state",
            "total",
            "noun",
            "cancel_asked",
            "made_at",
            "started_at",
            "ended_at",
            "result",
            "problem",
        )


class PartProblemSerializer(serializers.Serializer[Any]):
    """A part that failed or waits to be tried again, and why."""

    number = serializers.IntegerField()
    state = serializers.CharField()
    attempts = serializers.IntegerField()
    problem = serializers.CharField()


class ProgressSerializer(serializers.Serializer[Any]):
    """How far a job is, counted from what is committed; ``seconds_left`` is null while it cannot be told."""

    job = JobSerializer()
    done = serializers.IntegerField()
    parts = serializers.IntegerField()
    parts_done = serializers.IntegerField()
    parts_at_work = serializers.IntegerField()
    seconds_left = serializers.IntegerField(allow_null=True)
    step = serializers.CharField()
    ended = serializers.BooleanField()
    can_retry = serializers.BooleanField()
    problems = PartProblemSerializer(many=True)


def shown(job_id: int) -> Any:
    """The job as it stands now."""
    return ProgressSerializer(job_progress(job_id, clock.now())).data


class JobsView(OperationView):
    """Long work."""

    permissions = {"GET": "core.job.view"}
    serializer_class = JobSerializer
    filterset_class = JobFilter
    queryset = Job.objects.none()

    @extend_schema(responses=JobSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Jobs, newest first."""
        return self.page_of(job_list())


class JobView(OperationView):
    """One job."""

    permissions = {"GET": "core.job.view"}
    serializer_class = ProgressSerializer

    def get(self, request: Any, job_id: int) -> Response:
        """How far the job is."""
        return Response(shown(job_id))


class CancelView(OperationView):
    """Stopping a job."""

    permissions = {"POST": "core.job.cancel"}
    serializer_class = ProgressSerializer

    @extend_schema(request=None, responses={202: ProgressSerializer})
    def post(self, request: Any, job_id: int) -> Response:
        """Stop it at the edge of the part at work; what is done stays done."""
        return self.perform(cancel_job, shown, status=202, job_id=job_id)


class RetryView(OperationView):
    """Trying a job again."""

    permissions = {"POST": "core.job.cancel"}
    serializer_class = ProgressSerializer

    @extend_schema(request=None, responses={202: ProgressSerializer})
    def post(self, request: Any, job_id: int) -> Response:
        """Try the parts again that failed or were not done."""
        return self.perform(retry_job, shown, status=202, job_id=job_id)
