"""The audit: what was done, when and by whom."""

import json
from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator

from core.models import AuditEntry
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty
from core.web.views import page


class AuditFilter(django_filters.FilterSet):
    """By actor, by the beginning of the operation's name, by day in the utility's zone."""

    actor_name = django_filters.CharFilter(label="Who", lookup_expr="icontains")
    operation = django_filters.CharFilter(label="What (such as core.policy)", lookup_expr="startswith")
    since = django_filters.DateFilter(label="From", method="from_day", widget=DayInput)
    until = django_filters.DateFilter(label="To", method="to_day", widget=DayInput)

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()

    def from_day(self, rows: QuerySet[AuditEntry], name: str, day: Any) -> QuerySet[AuditEntry]:
        """From the day's beginning."""
        return rows.filter(at__gte=_midnight(day))

    def to_day(self, rows: QuerySet[AuditEntry], name: str, day: Any) -> QuerySet[AuditEntry]:
        """To the day's end."""
        return rows.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def entries(request: HttpRequest) -> QuerySet[AuditEntry]:
    """Every entry of the utility in scope."""
    return AuditEntry.objects.all()


def said(entry: AuditEntry) -> str:
    """The facts of an entry in one line."""
    parts = [f"{k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in entry.what.items()]
    return Truncator(" · ".join(parts)).chars(300)


AUDIT = ListPage(
    name="audit",
    title="Audit",
    about="What was done and by whom. No number is missing, nothing is changed; each entry seals the last.",
    noun="entries",
    columns=(
        Column("number", "No.", kind="code", sort="number"),
        Column("at", "When", kind="moment", sort="at"),
        Column("actor_name", "Who", kind="code", sort="actor_name"),
        Column("operation", "What", kind="code", sort="operation"),
        Column("said", "Facts", said, breaks=True),
        Column("actor", "Reference", kind="code", chosen=False),
        Column("operation_id", "Operation", lambda entry: str(entry.operation_id), kind="code", chosen=False),
        Column("hash", "Seal", kind="code", chosen=False),
    ),
    rows=entries,
    filters=AuditFilter,
    order="-number",
    empty=Empty("Nothing was done yet", "Every change appears here the moment it is made.", "shield-check"),
)

audit = page("core.audit.view")(list_view(AUDIT))
