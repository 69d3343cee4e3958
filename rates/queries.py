"""What is asked of rate tables."""

from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rates.models import RateTable, RateVersion


def tables_on(day: date) -> QuerySet[RateTable]:
    """Rate tables with ``in_force`` (first day of the version of that day), ``drafts`` and ``versions``."""
    mine = RateVersion.objects.filter(table=OuterRef("pk"))
    holds = mine.filter(Q(ends=None) | Q(ends__gt=day), state="active", starts__lte=day).order_by("-starts")

    def counted(rows: QuerySet[RateVersion]) -> Coalesce:
        number = rows.order_by().values("table").annotate(n=Count("id")).values("n")
        return Coalesce(Subquery(number, output_field=IntegerField()), 0)

    return RateTable.objects.annotate(
        in_force=Subquery(holds.values("starts")[:1]),
        until=Subquery(holds.values("ends")[:1]),
        drafts=counted(mine.filter(state="draft")),
        versions=counted(mine),
    )


def table_called(code: str) -> RateTable:
    """The table of that code; raises ``RateTable.DoesNotExist``."""
    return RateTable.objects.get(code=code)


def versions_of(table: RateTable) -> list[RateVersion]:
    """Every version, the latest start first."""
    return list(RateVersion.objects.filter(table=table).order_by("-starts", "-id"))


def version_of(code: str, version_id: int) -> RateVersion:
    """One version of a table; raises ``RateVersion.DoesNotExist``."""
    return RateVersion.objects.select_related("table").get(table__code=code, id=version_id)


def holds_on(version: RateVersion, day: date) -> bool:
    """Whether the version prices that day."""
    return (
        version.state == "active" and version.starts <= day and (version.ends is None or day < version.ends)
    )


def wait_for_a_second_person() -> list[RateVersion]:
    """Drafts, the one that should start first on top."""
    return list(RateVersion.objects.filter(state="draft").select_related("table").order_by("starts", "id"))
