"""Which version of which rate table priced a service, who put it in force and on whose word."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse

from billing.assembly import AccountFacts
from core.acting import names_of
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
    """The version behind each service of the facts that has an end in ``ends``; four queries.

    Two versions of a table may say the same: the one in force on the period's last day is meant.
    """
    services = [s for s in facts.services if s.service_id in ends]
    rows = list(
        RateVersion.objects.filter(
            content_hash__in={s.tariff_hash for s in services},
            table__code__in={s.rate_code for s in services},
        )
        .select_related("table")
        .order_by("state", "starts")
    )
    names = names_of(ref for row in rows for ref in (row.prepared_by, row.activated_by))
    put_in_force = _activated([row.id for row in rows])
    found: dict[int, TableUsed] = {}
    for service in services:
        fitting = [
            r for r in rows if (r.content_hash, r.table.code) == (service.tariff_hash, service.rate_code)
        ]
        row = _in_force(fitting, ends[service.service_id])
        if row is not None:
            found[service.service_id] = _used(row, names, put_in_force, may("rates.view"))
    return found


def _in_force(rows: list[RateVersion], end: date) -> RateVersion | None:
    """The one in force on the last day of a period that ends with ``end``, which is not in it."""
    for row in rows:
        if row.starts < end and (row.ends is None or end <= row.ends):
            return row
    return rows[0] if rows else None


def _activated(version_ids: list[int]) -> dict[int, datetime]:
    """When each was put in force, from the history of its row."""
    changes = Change.objects.filter(table="rates_rateversion", row_id__in=version_ids, after__state="active")
    found: dict[int, datetime] = {}
    for row_id, at in changes.exclude(before__state="active").order_by("id").values_list("row_id", "at"):
        found.setdefault(row_id, at)
    return found


def _used(
    row: RateVersion, names: Mapping[str, str], put_in_force: Mapping[int, datetime], linked: bool
) -> TableUsed:
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
        activated_at=put_in_force.get(row.id),
        url=reverse("rates:version", args=[row.table.code, row.id]) if linked else "",
    )
