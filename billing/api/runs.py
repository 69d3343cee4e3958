"""Endpoints of cycles and of runs, step by step to the printed bills."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from billing import runs
from billing.api import serializers
from billing.assembly import BillLine
from billing.checking import checks_of, pass_check
from billing.filters import CycleFilter, PreparedFilter, RunFilter
from billing.holds import hold_bill
from billing.models import Cycle, PreparedBill, PrintBatch, Run
from billing.queries import prepared_bills, run_figures, run_list
from billing.run_totals import run_before, same_last_year, total_lines
from core.api.documents import PDF, PdfRenderer
from core.api.views import OperationView
from core.errors import NotFound
from core.vault.web import download


def run_shown(run_id: int) -> Any:
    """A run with its figures; raises ``Run.DoesNotExist``."""
    run = run_list().get(id=run_id)
    before, year = run_before(run), same_last_year(run)
    found = {
        "run": run,
        "figures": run_figures(run_id).by_reason,
        "checks": checks_of(run),
        "totals": total_lines(run, before, year),
    }
    return serializers.RunDetailSerializer(found).data


def with_lines(rows: list[PreparedBill]) -> list[PreparedBill]:
    """The prepared bills, each with ``charged``: its lines read back."""
    for row in rows:
        row.charged = [BillLine.from_json(line) for line in row.lines]  # type: ignore[attr-defined]  # for the serializer
    return rows


class CyclesView(OperationView):
    """Cycles."""

    permissions = {"GET": "billing.run.view"}
    serializer_class = serializers.CycleSerializer
    filterset_class = CycleFilter
    queryset = Cycle.objects.all()

    @extend_schema(responses=serializers.CycleSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Cycles: routes billed together."""
        return self.page_of(self.get_queryset())


class RunsView(OperationView):
    """Runs."""

    permissions = {"GET": "billing.run.view", "POST": "billing.run.open"}
    serializer_class = serializers.RunSerializer
    filterset_class = RunFilter
    queryset = Run.objects.none()

    @extend_schema(responses=serializers.RunSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Runs, newest first."""
        return self.page_of(run_list())

    @extend_schema(request=serializers.NewRunSerializer, responses={201: serializers.RunDetailSerializer})
    def post(self, request: Any) -> Response:
        """Open a run; nothing is worked out or posted yet."""
        return self.perform(runs.open_run, run_shown, **self.given(serializers.NewRunSerializer))


class RunView(OperationView):
    """One run."""

    permissions = {"GET": "billing.run.view"}
    serializer_class = serializers.RunDetailSerializer

    def get(self, request: Any, run_id: int) -> Response:
        """A run with its figures by state and reason."""
        return Response(run_shown(run_id))


class StepView(OperationView):
    """One step of a run."""

    serializer_class = serializers.RunDetailSerializer

    def step(self, do: Any, run_id: int, status: int = 200, **what: Any) -> Response:
        """Do it and show the run as it stands then."""
        return self.perform(do, lambda _: run_shown(run_id), status=status, run_id=run_id, **what)


class PrepareView(StepView):
    """Preparing a run."""

    permissions = {"POST": "billing.run.prepare"}

    @extend_schema(request=None, responses={202: serializers.RunDetailSerializer})
    def post(self, request: Any, run_id: int) -> Response:
        """Work the bills out, again if need be: a job, named in the run."""
        return self.step(runs.prepare_run, run_id, 202)


class ReviewView(StepView):
    """Reviewing a run."""

    permissions = {"POST": "billing.run.review"}

    @extend_schema(request=serializers.SeenSerializer, responses=serializers.RunDetailSerializer)
    def post(self, request: Any, run_id: int) -> Response:
        """Declare exactly the charges under the fingerprint reviewed; refused while a check stops the run."""
        return self.step(runs.review_run, run_id, **self.given(serializers.SeenSerializer))


class ApproveView(StepView):
    """Approving a run."""

    permissions = {"POST": "billing.run.approve"}

    @extend_schema(request=serializers.SeenSerializer, responses=serializers.RunDetailSerializer)
    def post(self, request: Any, run_id: int) -> Response:
        """Approve exactly the charges under the fingerprint; whoever opened or reviewed the run may not."""
        return self.step(runs.approve_run, run_id, **self.given(serializers.SeenSerializer))


class PostView(StepView):
    """Posting a run."""

    permissions = {"POST": "billing.run.post"}
    needs_key = True

    @extend_schema(request=None, responses={202: serializers.RunDetailSerializer})
    def post(self, request: Any, run_id: int) -> Response:
        """Post the approved bills to the ledger: a job, named in the run."""
        return self.step(runs.post_run, run_id, 202)


class PrintView(StepView):
    """Printing a run."""

    permissions = {"POST": "billing.run.print"}

    @extend_schema(request=serializers.PrintSerializer, responses={202: serializers.RunDetailSerializer})
    def post(self, request: Any, run_id: int) -> Response:
        """Print the posted bills, those paid by bank draft apart: a job, named in the run."""
        return self.step(runs.print_run, run_id, 202, **self.given(serializers.PrintSerializer))


class PassCheckView(StepView):
    """Letting a check pass."""

    permissions = {"POST": "billing.run.pass_check"}

    @extend_schema(request=serializers.ReleaseSerializer, responses=serializers.RunDetailSerializer)
    def post(self, request: Any, run_id: int, code: str) -> Response:
        """Let a check that stops the run pass, with a reason; whoever opened the run may not."""
        return self.step(pass_check, run_id, code=code, **self.given(serializers.ReleaseSerializer))


class CancelRunView(StepView):
    """Cancelling a run."""

    permissions = {"POST": "billing.run.open"}

    @extend_schema(request=serializers.ReleaseSerializer, responses=serializers.RunDetailSerializer)
    def post(self, request: Any, run_id: int) -> Response:
        """Cancel a run that is not approved; its prepared bills go, nothing was posted."""
        return self.step(runs.cancel_run, run_id, **self.given(serializers.ReleaseSerializer))


class PreparedBillsView(OperationView):
    """The bills of a run."""

    permissions = {"GET": "billing.run.view"}
    serializer_class = serializers.PreparedBillSerializer
    filterset_class = PreparedFilter
    queryset = PreparedBill.objects.none()

    @extend_schema(responses=serializers.PreparedBillSerializer(many=True))
    def get(self, request: Any, run_id: int) -> Response:
        """What the run bills, holds (“state=held”) or leaves out, with lines."""
        run = Run.objects.get(id=run_id)
        rows = self.filter_queryset(prepared_bills(run.id))
        page = with_lines(list(self.paginate_queryset(rows) or ()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ReleaseView(OperationView):
    """Letting a held bill through."""

    permissions = {"POST": "billing.run.review"}
    serializer_class = serializers.PreparedBillSerializer

    @extend_schema(request=serializers.ReleaseSerializer, responses=serializers.PreparedBillSerializer)
    def post(self, request: Any, run_id: int, account_id: int) -> Response:
        """Let the account's held bill through; the run must be reviewed again."""

        def shown(row_id: int) -> Any:
            (row,) = with_lines([prepared_bills(run_id).get(account=account_id)])
            return self.get_serializer(row).data

        given = self.given(serializers.ReleaseSerializer)
        return self.perform(
            runs.release_bill, shown, status=200, run_id=run_id, account_id=account_id, **given
        )


class HoldView(OperationView):
    """Holding a bill back by hand."""

    permissions = {"POST": "billing.run.review"}
    serializer_class = serializers.PreparedBillSerializer

    @extend_schema(request=serializers.ReleaseSerializer, responses=serializers.PreparedBillSerializer)
    def post(self, request: Any, run_id: int, account_id: int) -> Response:
        """Hold the account's good bill back; the run must be reviewed again."""

        def shown(row_id: int) -> Any:
            (row,) = with_lines([prepared_bills(run_id).get(account=account_id)])
            return self.get_serializer(row).data

        given = self.given(serializers.ReleaseSerializer)
        return self.perform(hold_bill, shown, status=200, run_id=run_id, account_id=account_id, **given)


class RunPdfView(OperationView):
    """The printed bills of a run."""

    permissions = {"GET": "bills.view"}
    renderer_classes = (PdfRenderer, JSONRenderer)

    @extend_schema(parameters=[serializers.GroupSerializer], responses={(200, PDF): OpenApiTypes.BINARY})
    def get(self, request: Any, run_id: int) -> StreamingHttpResponse:
        """All bills of the run in one PDF, as printed; ``?group=draft`` those paid by bank draft."""
        group = self.asked(serializers.GroupSerializer)["group"]
        batch = PrintBatch.objects.select_related("file").filter(run=run_id, part=0, group=group).first()
        if batch is None:
            raise NotFound(f"There is no run {run_id} that is printed.", "Print it first.")
        return download(batch.file, inline=True)
