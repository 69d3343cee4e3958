"""Locations where nobody lives: since when, what was used there since, and who comes next (MOV-04)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from core.periods import Period
from customers.models import Account, Holding, MoveIn
from meters.models import Location

# What the registers now in the ground advanced from the first reading since the last account ended, by
# unit.  The dial may have passed zero once.  A demand (kW, kVA) is no use.
_USED = """(
SELECT string_agg(trim_scale(x.used)::text || ' ' || x.unit, ', ' ORDER BY x.unit)
FROM (SELECT g.unit, sum((l.dial - f.dial + CASE WHEN l.dial < f.dial AND NOT g.may_run_backwards
             THEN power(10::numeric, g.dials) ELSE 0 END) * g.multiplier * power(10::numeric, g.dead_zeros))
             AS used
      FROM (SELECT max(a.ends) AS since FROM customers_account a
            WHERE a.location_id = meters_location.id AND NOT a.pending AND a.ends <= %s) v
      JOIN meters_servicepoint p ON p.location_id = meters_location.id
      JOIN meters_installation i ON i.service_point_id = p.id AND i.ends IS NULL
      JOIN meters_register g ON g.meter_id = i.meter_id
      JOIN LATERAL (SELECT r.dial FROM meters_reading r WHERE r.register_id = g.id AND r.is_live
                    AND r."on" >= v.since ORDER BY r."on" LIMIT 1) f ON true
      JOIN LATERAL (SELECT r.dial FROM meters_reading r WHERE r.register_id = g.id AND r.is_live
                    AND r."on" >= v.since ORDER BY r."on" DESC LIMIT 1) l ON true
      WHERE g.unit NOT IN ('KW', 'KVA') GROUP BY g.unit HAVING sum(l.dial - f.dial) <> 0) x)"""


def there_on(day: date) -> Q:
    """Accounts that answer for their location on a day."""
    return Q(Q(ends=None) | Q(ends__gt=day), pending=False, starts__lte=day)


def vacant(day: date) -> QuerySet[Location]:
    """Locations that nobody answers for on a day.

    ``since`` is when the last account ended (none where nobody was), ``before`` its number, ``used`` what
    the meters there measured since, ``landlord`` who has it, ``comes`` when the next one moves in.
    """
    here = Account.objects.filter(location=OuterRef("pk"))
    last = here.filter(pending=False, ends__lte=day).order_by("-ends", "-id")
    held = Holding.objects.filter(Q(ends=None) | Q(ends__gt=day), location=OuterRef("pk"), starts__lte=day)
    comes = MoveIn.objects.filter(account__location=OuterRef("pk"), state=MoveIn.State.WAITING)
    return (
        Location.objects.select_related("route")
        .filter(~Exists(here.filter(there_on(day))))
        .annotate(
            since=Subquery(last.values("ends")[:1]),
            before=Subquery(last.values("number")[:1]),
            used=RawSQL(_USED, [day], output_field=CharField()),
            landlord=Subquery(held.values("landlord__name")[:1]),
            comes=Subquery(comes.order_by("account__starts").values("account__starts")[:1]),
        )
    )


@dataclass(frozen=True, slots=True)
class Tenancy:
    """Who answered for a location in which days; no account means that it was vacant."""

    days: Period
    account: Account | None
    landlords: bool = False


def tenancies(location_id: int, day: date) -> list[Tenancy]:
    """Everybody who was at a location and the days without anybody, the latest first; two queries.

    The days since the last one left count up to the open end.
    """
    rows = Account.objects.filter(location=location_id, pending=False, starts__lte=day)
    owners = set(
        Holding.objects.filter(location=location_id)
        .exclude(landlord__customer=None)
        .values_list("landlord__customer_id", flat=True)
    )
    found: list[Tenancy] = []
    reached: date | None = None
    for account in rows.select_related("customer").order_by("starts", "id"):
        if reached is not None and account.starts > reached:
            found.append(Tenancy(Period(reached, account.starts), None))
        found.append(Tenancy(Period(account.starts, account.ends), account, account.customer_id in owners))
        ends = account.ends or date.max
        reached = ends if reached is None else max(reached, ends)
    if reached is not None and reached <= day:
        found.append(Tenancy(Period(reached, None), None))
    return found[::-1]


def tenant_of(found: list[Tenancy], on: date) -> Tenancy | None:
    """Who answered for what was used up to a reading on a day: the days before it are theirs."""
    for one in found:
        if one.days.start < on and (one.days.end is None or on <= one.days.end):
            return one
    return None


def vacant_since(found: list[Tenancy]) -> date | None:
    """Since when nobody is there; none while somebody is, and where nobody ever was."""
    return found[0].days.start if found and found[0].account is None else None


def waiting_at(location_id: int) -> MoveIn | None:
    """Who waits for the location."""
    rows: Any = MoveIn.objects.filter(account__location=location_id, state=MoveIn.State.WAITING)
    found: MoveIn | None = rows.select_related("account__customer").order_by(F("id")).first()
    return found
