"""Endpoints of reports: what there is, its rows as JSON, and the same rows as a file."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from core import clock
from core.api.documents import PDF, PdfRenderer
from core.api.jobs import ProgressSerializer, shown
from core.api.views import OperationView
from reports.catalogue import REPORTS
from reports.delivery import file_answer, file_of_job
from reports.kit import Cell, Report, Sheet
from reports.lines import lines
from reports.making import FILES, bounded, check_form, permitted, sheet_of
from reports.operations import make_file
from reports.parameters import Parameter, ParametersUnusable

XLSX = FILES["xlsx"][0]


class CsvRenderer(PdfRenderer):
    """Lets a request ask for CSV alone."""

    media_type = "text/csv"
    format = "csv"


class XlsxRenderer(PdfRenderer):
    """Lets a request ask for a workbook alone."""

    media_type = XLSX
    format = "xlsx"


class QuestionSerializer(serializers.Serializer[Any]):
    """A parameter: its name in the address, what it takes, and what it is ``otherwise``, when left out."""

    name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=["date", "month", "text", "whole", "amount", "choice"])
    needed = serializers.BooleanField()
    otherwise = serializers.CharField(allow_null=True)
    choices = serializers.DictField(child=serializers.CharField())
    help = serializers.CharField(allow_blank=True)


class ReportSerializer(serializers.Serializer[Any]):
    """A report of the catalogue."""

    code = serializers.CharField()
    title = serializers.CharField()
    group = serializers.CharField()
    about = serializers.CharField()
    parameters = QuestionSerializer(many=True)


class RowsSerializer(serializers.Serializer[Any]):
    """A report's rows by column name; money and quantities are text, so that no digit is lost."""

    code = serializers.CharField()
    title = serializers.CharField()
    asked = serializers.DictField(child=serializers.CharField())
    columns = serializers.DictField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.DictField())
    total = serializers.DictField()


class NewFileSerializer(serializers.Serializer[Any]):
    """A report to be made as a file; ``query`` holds its parameters by name."""

    form = serializers.ChoiceField(choices=["pdf", "xlsx", "csv"])
    query = serializers.DictField(child=serializers.CharField(max_length=200), default=dict)


def _question(parameter: Parameter, today: date) -> dict[str, Any]:
    default = parameter.default(today) if parameter.default else None
    return {
        "name": parameter.name,
        "title": parameter.label,
        "kind": parameter.kind,
        "needed": parameter.required and default is None,
        "otherwise": None
        if default is None
        else str(default)[:7]
        if parameter.kind == "month"
        else str(default),
        "choices": dict(parameter.offered()),
        "help": parameter.help,
    }


def _told(report: Report, today: date) -> dict[str, Any]:
    return {
        "code": report.code,
        "title": report.title,
        "group": report.group,
        "about": report.about,
        "parameters": [_question(parameter, today) for parameter in report.parameters],
    }


def _plain(value: Cell) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


class _ReportView(OperationView):
    """What every endpoint of one report needs."""

    permissions = {"GET": "reports.view"}
    filter_backends = ()
    pagination_class = None

    @property
    def today(self) -> date:
        """The day it is at the utility."""
        return clock.today(self._utility.tz)

    @property
    def _utility(self) -> Any:
        return self.request._request.utility  # type: ignore[attr-defined]  # set in dispatch

    def sheet(self, code: str, query: Mapping[str, str]) -> Sheet:
        """The report as asked; raises ``ValidationError`` naming each parameter at fault."""
        report = permitted(self.actor, code)
        try:
            parameters = report.answers(query, today=self.today)
        except ParametersUnusable as unusable:
            raise _at_fault(unusable) from unusable
        return sheet_of(self._utility, report, parameters, clock.now(), self.actor.name)


def _at_fault(unusable: ParametersUnusable) -> ValidationError:
    return ValidationError({p.name: [f"{p.problem} {p.remedy}"] for p in unusable.problems})


class ReportsView(_ReportView):
    """The catalogue."""

    serializer_class = ReportSerializer

    @extend_schema(operation_id="reports_list", responses=ReportSerializer(many=True))
    def get(self, request: Any) -> Response:
        """The reports this key may see, with what they ask for."""
        seen = [_told(report, self.today) for report in REPORTS if self.actor.may(report.permission)]
        return Response(ReportSerializer(seen, many=True).data)


class ReportView(_ReportView):
    """One report."""

    serializer_class = ReportSerializer

    @extend_schema(operation_id="report")
    def get(self, request: Any, code: str) -> Response:
        """What the report asks for."""
        return Response(ReportSerializer(_told(permitted(self.actor, code), self.today)).data)


class RowsView(_ReportView):
    """A report's rows."""

    serializer_class = RowsSerializer

    @extend_schema(operation_id="report_rows")
    def get(self, request: Any, code: str) -> Response:
        """The rows, by the report's own parameters; one that is too long is made as a file instead."""
        sheet = bounded(self.sheet(code, request.query_params.dict()), "csv")
        names = [column.name for column in sheet.report.columns]
        rows, total = [], {}
        for line in lines(sheet):
            if line.kind == "row":
                rows.append(dict(zip(names, map(_plain, line.cells), strict=True)))
            elif line.kind == "total":
                total = {n: _plain(v) for n, v in zip(names, line.cells, strict=True) if v is not None}
        return Response(
            {
                "code": code,
                "title": sheet.report.title,
                "asked": dict(sheet.parameters.shown),
                "columns": {column.name: column.label for column in sheet.report.columns},
                "rows": rows,
                "total": total,
            }
        )


class FileView(_ReportView):
    """A report as a file."""

    permissions = {"GET": "reports.view", "POST": "reports.view"}
    serializer_class = ProgressSerializer
    renderer_classes = (JSONRenderer, PdfRenderer, CsvRenderer, XlsxRenderer)

    @extend_schema(
        operation_id="report_file",
        parameters=[OpenApiParameter("form", str, enum=["pdf", "xlsx", "csv"])],
        responses={
            (200, PDF): OpenApiTypes.BINARY,
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, XLSX): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Any, code: str) -> HttpResponseBase:
        """The file at once, by ``form`` and the report's own parameters; a long one is refused."""
        query = request.query_params.dict()
        form = check_form(query.pop("form", "pdf"))
        return file_answer(self.sheet(code, query), form)

    @extend_schema(
        operation_id="report_file_make", request=NewFileSerializer, responses={202: ProgressSerializer}
    )
    def post(self, request: Any, code: str) -> Response:
        """Have the file made by a job, however long it is; it is then at ``reports/files/<job>/``."""
        permitted(self.actor, code)
        given = self.given(NewFileSerializer)
        try:
            return self.perform(make_file, shown, status=202, code=code, **given)
        except ParametersUnusable as unusable:
            raise _at_fault(unusable) from unusable


class MadeFileView(_ReportView):
    """The file a job has made."""

    renderer_classes = (JSONRenderer, PdfRenderer, CsvRenderer, XlsxRenderer)

    @extend_schema(
        operation_id="report_made_file",
        responses={
            (200, PDF): OpenApiTypes.BINARY,
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Any, job_id: int) -> HttpResponseBase:
        """The file, once its job is done; all but a PDF come as what no browser opens by itself."""
        return file_of_job(self.actor, job_id)
