"""A bill's lines with the arithmetic behind each, and with all that they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from billing.api.serializers import StepSerializer
from billing.assembly import AccountFacts
from billing.models import Bill, RegisterUse
from billing.statements import explained
from core.api.fields import Money, Quantity
from ledger.history_queries import purges_of
from ledger.models import Charge
from rates.engine import Step


class OriginSerializer(serializers.Serializer[Any]):
    """Where a row came from, in words; ``url`` is its page, if the caller may see it."""

    words = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class ReadingShownSerializer(serializers.Serializer[Any]):
    """A reading as it was taken."""

    id = serializers.IntegerField()
    on = serializers.DateField()
    dial = serializers.CharField()
    taken_as = serializers.CharField(source="source", allow_blank=True)
    origin = OriginSerializer()


class MeasuredSerializer(serializers.Serializer[Any]):
    """A register between two readings; ``how`` is the subtraction as a sentence."""

    meter = serializers.CharField()
    register = serializers.CharField(allow_blank=True)
    previous = ReadingShownSerializer()
    present = ReadingShownSerializer()
    digits = serializers.IntegerField()
    dead_zeros = serializers.IntegerField()
    multiplier = Quantity()
    use = Quantity()
    unit = serializers.CharField()
    days = serializers.IntegerField()
    rolled_over = serializers.BooleanField()
    how = serializers.CharField()


class InputSerializer(serializers.Serializer[Any]):
    """What else the table asks for, and where that is kept."""

    name = serializers.CharField(source="label")
    value = serializers.CharField()
    kept = serializers.CharField()
    url = serializers.CharField(allow_blank=True)


class VersionNowSerializer(serializers.Serializer[Any]):
    """The version in force now for these days, put in force after the bill was made."""

    version_id = serializers.IntegerField()
    starts = serializers.DateField()
    activated_at = serializers.DateTimeField(allow_null=True)


class TableUsedSerializer(serializers.Serializer[Any]):
    """The version of the rate table, in force on ``[starts, ends)``."""

    code = serializers.CharField()
    name = serializers.CharField()
    version_id = serializers.IntegerField()
    content_hash = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)
    taken_from = serializers.CharField(source="source", allow_blank=True)
    prepared_by = serializers.CharField(allow_blank=True)
    activated_by = serializers.CharField(allow_blank=True)
    activated_at = serializers.DateTimeField(allow_null=True)
    from_day = serializers.DateField(source="days.start", help_text="the first day that it priced")
    to_day = serializers.DateField(source="days.end", help_text="the day after the last that it priced")
    since_then = VersionNowSerializer(allow_null=True)


class LineExplainedSerializer(serializers.Serializer[Any]):
    """A line; ``exact`` is the sum of its steps before the one rounding."""

    component = serializers.CharField()
    text = serializers.CharField()
    revenue_code = serializers.CharField()
    quantity = Quantity(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    amount = Money()
    exact = Quantity()
    rounding = serializers.CharField()
    steps = StepSerializer(many=True)


class PeriodBeforeSerializer(serializers.Serializer[Any]):
    """An earlier period that a table looks at: its last day, and what it measured."""

    on = serializers.DateField()
    use = Quantity()
    unit = serializers.CharField()


class PastShownSerializer(serializers.Serializer[Any]):
    """The earlier periods under one name of the table; ``instead`` says what is taken without enough."""

    name = serializers.CharField()
    periods = PeriodBeforeSerializer(many=True)
    instead = serializers.CharField(allow_blank=True)


class ExemptedSerializer(serializers.Serializer[Any]):
    """A tax that is not charged, and what it would have been."""

    text = serializers.CharField()
    code = serializers.CharField()
    amount = Money()
    why = serializers.CharField()


class BillBeforeSerializer(serializers.Serializer[Any]):
    """The cancelled bill of the same days; ``more`` is what the new one charges more."""

    number = serializers.IntegerField()
    charges = Money()
    cancelled_on = serializers.DateField()
    why = serializers.CharField()
    more = Money()
    more_days = serializers.IntegerField()


class ServiceExplainedSerializer(serializers.Serializer[Any]):
    """A service on the bill, ``[starts, ends)``; ``measured_by`` names another service whose meter counts.

    ``tables`` are the versions that priced it in the order of their days; ``table`` is the last of them.
    """

    service_id = serializers.IntegerField()
    name = serializers.CharField()
    starts = serializers.DateField(source="period.start", default=None)
    ends = serializers.DateField(source="period.end", default=None)
    days = serializers.IntegerField()
    measured = MeasuredSerializer(many=True)
    measured_by = serializers.CharField(allow_blank=True)
    inputs = InputSerializer(many=True)
    use_told = serializers.ListField(child=serializers.CharField())
    past = PastShownSerializer(many=True)
    exempted = ExemptedSerializer(many=True)
    table = TableUsedSerializer(allow_null=True)
    tables = TableUsedSerializer(many=True)
    lines = LineExplainedSerializer(many=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """A bill made again from its facts; ``problem`` says why when they give none."""

    services = ServiceExplainedSerializer(many=True)
    total = Money(allow_null=True)
    problem = serializers.CharField(allow_blank=True)
    before = BillBeforeSerializer(allow_null=True)


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge, the content hash of the rate version it followed, and its steps."""

    charge: Charge
    rate_hash: str
    steps: Sequence[Step]


def explanation(bill: Bill) -> dict[str, Any]:
    """The bill, its lines, its readings; ``problem`` when its facts no longer give it.  Six queries."""
    hashes = {s.service_id: s.tariff_hash for s in AccountFacts.from_json(bill.prepared.facts).services}
    steps: dict[tuple[int, str], Sequence[Step]] = {}
    problem = ""
    try:
        steps = {(line.service_id, line.component): line.steps for line in explained(bill).lines}
    except LookupError as lost:
        problem = str(lost)
    charges = Charge.objects.filter(journal=bill.journal_id).order_by("id") if bill.journal_id else ()
    for purge in purges_of([bill.journal_id] if bill.journal_id else []):
        problem = f"Its lines were purged; they are in the archive of purge {purge.id}."
    uses = RegisterUse.objects.filter(bill=bill).select_related(
        "from_reading", "to_reading", "register__meter"
    )
    return {
        "bill": bill,
        "lines": [
            Charged(c, hashes.get(c.service_id or 0, ""), steps.get((c.service_id or 0, c.component), ()))
            for c in charges
        ],
        "readings": uses.order_by("id"),
        "problem": problem,
    }
