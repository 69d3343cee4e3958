"""Endpoints of work on a version before it prices anybody: changed, withdrawn, judged, tried."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Document
from core.api.views import OperationView
from core.errors import Refused
from core.reading import read_only
from core.seen import MARK_LENGTH
from rates.api.serializers import VersionDetailSerializer
from rates.api.views import version_shown
from rates.asking import as_document, read_asked, read_tables, work
from rates.asking.working import NotPriced
from rates.checking import context_of, findings_of
from rates.drafts import change_draft, withdraw_draft
from rates.engine import TariffError
from rates.lint import Finding, lint
from rates.models import RateTable, RateVersion


class DraftChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed of a draft; what is not named stays.

    ``version`` is the draft's as it was read; it is refused when somebody has changed it since.
    """

    starts = Day(required=False)
    ends = Day(required=False, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        max_length=300, allow_blank=True, required=False
    )
    content = Document(required=False)
    version = serializers.CharField(max_length=MARK_LENGTH, allow_blank=True, required=False, default="")


class FindingSerializer(serializers.Serializer[Any]):
    """What is wrong or odd in a table: ``stop`` keeps it from being put in force, ``look`` does not."""

    severity = serializers.ChoiceField(choices=["stop", "look"])
    place = serializers.CharField(help_text="as in components[2].blocks; empty: the whole table")
    problem = serializers.CharField()
    remedy = serializers.CharField()
    rule = serializers.CharField()


class FindingsSerializer(serializers.Serializer[Any]):
    """Everything that is to be said of a table, what stops it first."""

    may_be_put_in_force = serializers.BooleanField()
    findings = FindingSerializer(many=True)


class JudgedSerializer(serializers.Serializer[Any]):
    """A content to be judged; ``starts`` and ``ends`` are the days that it is to hold for."""

    content = Document()
    starts = Day(allow_null=True, default=None)
    ends = Day(allow_null=True, default=None)


class TriedStepSerializer(serializers.Serializer[Any]):
    """A line of arithmetic, unrounded; ``under``: it belongs to the line above it."""

    text = serializers.CharField()
    quantity = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    price = serializers.CharField(allow_null=True)
    amount = serializers.CharField()
    under = serializers.BooleanField()


class TriedChargeSerializer(serializers.Serializer[Any]):
    """A charge as it would be billed."""

    id = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()
    revenue_code = serializers.CharField()
    quantity = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    price = serializers.CharField(allow_null=True)
    exact = serializers.CharField()
    amount = serializers.CharField()
    taxable = serializers.BooleanField()
    tax_code = serializers.CharField(allow_null=True)
    steps = TriedStepSerializer(many=True)


class TriedServiceSerializer(serializers.Serializer[Any]):
    """A service of the bill: the figures its charges rest on, and the charges."""

    service_type = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    parts = serializers.ListField(child=serializers.DictField())
    figures = serializers.DictField(child=serializers.CharField())
    charges = TriedChargeSerializer(many=True)
    worked = serializers.DictField(child=serializers.DictField())
    total = serializers.CharField()


class TriedSerializer(serializers.Serializer[Any]):
    """What would be billed; all numbers are text, so that no digit is lost."""

    engine = serializers.CharField()
    to = serializers.DateField()
    days = serializers.IntegerField()
    services = TriedServiceSerializer(many=True)
    total = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """With ``from``, which is no name in Python."""
        return {**super().get_fields(), "from": serializers.DateField()}


def _findings(found: tuple[Finding, ...]) -> Any:
    told = {"may_be_put_in_force": not any(f.stops for f in found), "findings": found}
    return FindingsSerializer(told).data


class DraftView(OperationView):
    """One version."""

    permissions = {"GET": "rates.view", "PATCH": "rates.edit"}
    serializer_class = VersionDetailSerializer

    def get(self, request: Any, version_id: int) -> Response:
        """A version with what it says."""
        return Response(version_shown(version_id))

    @extend_schema(request=DraftChangeSerializer)
    def patch(self, request: Any, version_id: int) -> Response:
        """Change a draft; whoever does has written it too, and a third person puts it in force."""
        given = self.given(DraftChangeSerializer)
        seen = given.pop("version")
        with read_only():
            kept = RateVersion.objects.get(id=version_id)
        whole = {name: getattr(kept, name) for name in ("starts", "ends", "source", "content")}
        return self.perform(
            change_draft, version_shown, status=200, version_id=version_id, seen=seen, **{**whole, **given}
        )


class WithdrawView(OperationView):
    """Taking a draft back."""

    permissions = {"POST": "rates.edit"}
    serializer_class = VersionDetailSerializer

    @extend_schema(request=None, responses=VersionDetailSerializer)
    def post(self, request: Any, version_id: int) -> Response:
        """Take a draft back; it is kept, and never prices anything."""
        return self.perform(withdraw_draft, version_shown, status=200, version_id=version_id)


class FindingsView(OperationView):
    """What the lint says of a version."""

    permissions = {"GET": "rates.view"}
    serializer_class = FindingsSerializer

    def get(self, request: Any, version_id: int) -> Response:
        """What is wrong or odd in a version that is kept."""
        version = RateVersion.objects.select_related("table").get(id=version_id)
        return Response(_findings(findings_of(version)))


class JudgeView(OperationView):
    """What the lint says of a table before it is kept."""

    permissions = {"POST": "rates.view"}
    serializer_class = FindingsSerializer

    @extend_schema(request=JudgedSerializer, responses=FindingsSerializer)
    def post(self, request: Any, rate_id: int) -> Response:
        """What would be wrong or odd in this content as a version of the table; nothing is kept."""
        given = self.given(JudgedSerializer)
        with read_only():
            table = RateTable.objects.get(id=rate_id)
            context = context_of(table, given["starts"], given["ends"])
        return Response(_findings(lint(given["content"], context)))


class TrialView(OperationView):
    """A bill tried."""

    permissions = {"POST": "rates.view"}
    serializer_class = TriedSerializer

    @extend_schema(request=OpenApiTypes.OBJECT, responses=TriedSerializer)
    def post(self, request: Any, version_id: int) -> Response:
        """What this version charges for given facts: period, use, attributes, numbers; nothing is kept.

        The body is the input of ``manage.py rate`` for one table, the answer its output: charges with their
        steps, unrounded and in cents.  Numbers stand in quotes, so that no digit is lost.
        """
        with read_only():
            content = RateVersion.objects.values_list("content", flat=True).get(id=version_id)
        return Response(tried(content, request.data))


def tried(content: dict[str, Any], asked: object) -> dict[str, Any]:
    """The answer; raises ``Refused`` with the place in the facts that cannot be used."""
    try:
        tables = read_tables(content)
        return as_document(work(tables, read_asked(asked, tables)))
    except TariffError as wrong:
        raise Refused(wrong.problem, wrong.remedy, field=wrong.place) from wrong
    except NotPriced as wrong:
        remedy = f"{wrong.wrong.remedy} {wrong.asks}".strip()
        raise Refused(f"{wrong.wrong.component}: {wrong.wrong.problem}", remedy) from wrong
