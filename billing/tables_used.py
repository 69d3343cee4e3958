"""Which version of which rate table priced a service, who put it in force and on whose word."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from billing.assembly import AccountFacts
from core.acting import names_of
from core.links import screen
from core.models import Change
from rates.models import RateVersion


class TableUsed(NamedTuple):
    """A rate version, in force on ``[starts, ends)``; ``source`` is the ordinance or page it comes from."""

    code: str
    name: str
    version_id: int
    content_hash: str
    starts: date
    ends: date | None
    source: str
    prepared_by: str
    activated_by: str
    activated_at: datetime | None
    url: str


def tables_used(
    facts: AccountFacts, ends: Mapping[int, date], may: Callable[[str], bool]
) -> dict[int, TableUsed]:
    """The version behind each service of the facts that has an end in ``ends``; two queries.

    Two versions of a table may say the same: the one in force on the period's last day is meant.
    """
    services = [s for s in facts.services if s.service_id in ends]
    rows = list(
        RateVersion.objects.filter(
            content_hash__in={s.tariff_hash for s in services},
            table__code__in={s.rate_code for s in services},
        )
        .select_related("table")
        .annotate(put_in_force=_put_in_force())
        .order_by("state", "starts")
    )
    names = names_of(ref for row in rows for ref in (row.prepared_by, row.activated_by))
    found: dict[int, TableUsed] = {}
    for service in services:
        fitting = [
            r for r in rows if (r.content_hash, r.table.code) == (service.tariff_hash, service.rate_code)
        ]
        row = _in_force(fitting, ends[service.service_id])
        if row is not None:
            found[service.service_id] = _used(row, names, may("rates.view"))
    return found


def _in_force(rows: Sequence[Any], end: date) -> Any:
    """The one in force on the last day of a period that ends with ``end``, which is not in it."""
    for row in rows:
        if row.starts < end and (row.ends is None or end <= row.ends):
            return row
    return rows[0] if rows else None


def _put_in_force() -> Subquery:
    """When a version was put in force, from the history of its row."""
    changes = Change.objects.filter(
        table="rates_rateversion", row_id=OuterRef("id"), after__state="active"
    ).exclude(before__state="active")
    return Subquery(changes.order_by("id").values("at")[:1])


def _used(row: Any, names: Mapping[str, str], linked: bool) -> TableUsed:
    return TableUsed(
        code=row.table.code,
        name=row.table.name,
        version_id=row.id,
        content_hash=row.content_hash,
        starts=row.starts,
        ends=row.ends,
        source=row.source,
        prepared_by=names.get(row.prepared_by, ""),
        activated_by=names.get(row.activated_by, ""),
        activated_at=row.put_in_force,
        url=screen("rates:version", row.table.code, row.id) if linked else "",
    )
