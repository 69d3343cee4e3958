"""Which versions of which rate table priced a service, who put them in force and on whose word."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery

from billing.assembly import AccountFacts, ServiceFacts
from core.acting import names_of
from core.links import screen
from core.models import Change
from core.periods import Period
from rates.models import RateVersion


class VersionNow(NamedTuple):
    """A version that is in force now for days that were priced by another."""

    version_id: int
    starts: date
    activated_at: datetime | None
    url: str


class TableUsed(NamedTuple):
    """A rate version, in force on ``[starts, ends)``; ``source`` is the ordinance or page it comes from.

    ``days`` are those of the billed period that it priced.  ``since_then`` is the version that was put in
    force for them afterwards, if one was: the bill stands as it was posted.
    """

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
    days: Period
    since_then: VersionNow | None = None


def tables_used(
    facts: AccountFacts, spans: Mapping[int, tuple[date, date]], may: Callable[[str], bool]
) -> dict[int, tuple[TableUsed, ...]]:
    """The versions behind each service of the facts that was billed for the days of ``spans``; two queries.

    In the order of the days they priced.  Two versions of a table may say the same: the one in force on the
    last of its days is meant.
    """
    services = [s for s in facts.services if s.service_id in spans]
    rows = list(
        RateVersion.objects.filter(
            Q(content_hash__in={digest for s in services for digest in s.tariff_hashes}) | Q(state="active"),
            table__code__in={s.rate_code for s in services},
        )
        .select_related("table")
        .annotate(put_in_force=_put_in_force())
        .order_by("state", "starts")
    )
    names = names_of(ref for row in rows for ref in (row.prepared_by, row.activated_by))
    linked = may("rates.view")
    found: dict[int, tuple[TableUsed, ...]] = {}
    for service in services:
        used = []
        for digest, days in _parts(service, spans[service.service_id]):
            fitting = [r for r in rows if (r.content_hash, r.table.code) == (digest, service.rate_code)]
            row = _in_force(fitting, days)
            if row is not None:
                now = _now(rows, row, days)
                used.append(_used(row, names, linked, days)._replace(since_then=_version(now, linked)))
        found[service.service_id] = tuple(used)
    return found


def _parts(service: ServiceFacts, span: tuple[date, date]) -> Iterator[tuple[str, Period]]:
    """The content hashes with the days of the period that each priced."""
    begins = [span[0], *(part.since for part in service.parts[1:])]
    ends = [*begins[1:], span[1]]
    return zip(service.tariff_hashes, map(Period, begins, ends), strict=True)


def _in_force(rows: Sequence[Any], days: Period) -> Any:
    """The one in force on the last of the days."""
    for row in rows:
        if days.end is not None and row.starts < days.end and (row.ends is None or days.end <= row.ends):
            return row
    return rows[0] if rows else None


def _now(rows: Sequence[Any], used: Any, days: Period) -> Any:
    """The version that is in force now on the day by which the table prices these days, if it says other."""
    if days.end is None:
        return None
    day = days.start if used.content.get("dated_by") == "start" else days.end - timedelta(days=1)
    holding = (r for r in rows if r.table_id == used.table_id and r.state == "active")
    return next(
        (r for r in holding if day in Period(r.starts, r.ends) and r.content_hash != used.content_hash), None
    )


def _version(row: Any, linked: bool) -> VersionNow | None:
    return row and VersionNow(row.id, row.starts, row.put_in_force, _page(row, linked))


def _page(row: Any, linked: bool) -> str:
    return screen("rates:version", row.table.code, row.id) if linked else ""


def _put_in_force() -> Subquery:
    """When a version was put in force, from the history of its row."""
    changes = Change.objects.filter(
        table="rates_rateversion", row_id=OuterRef("id"), after__state="active"
    ).exclude(before__state="active")
    return Subquery(changes.order_by("id").values("at")[:1])


def _used(row: Any, names: Mapping[str, str], linked: bool, days: Period) -> TableUsed:
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
        url=_page(row, linked),
        days=days,
    )
