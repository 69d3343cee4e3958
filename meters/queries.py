"""What is asked of routes, locations, meters and readings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Trim

from meters.models import (
    ConnectionFee,
    Installation,
    Location,
    Meter,
    Reading,
    Register,
    Route,
    ServicePoint,
    WorkOrder,
)
from meters.usage import counted

# A service address on one line, for a query that starts at an installation.
_PLACE = Trim(
    Concat(
        F("service_point__location__street_number"),
        Value(" "),
        F("service_point__location__street_name"),
        Value(" "),
        F("service_point__location__unit_label"),
        output_field=CharField(),
    )
)


def routes() -> QuerySet[Route]:
    """Routes with ``locations``, how many they have."""
    counted = (
        Location.objects.filter(route=OuterRef("pk"))
        .order_by()
        .values("route")
        .annotate(n=Count("id"))
        .values("n")
    )
    return Route.objects.annotate(locations=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def locations() -> QuerySet[Location]:
    """Locations in the order in which they are walked."""
    return Location.objects.select_related("route")


def meters() -> QuerySet[Meter]:
    """Meters with ``place`` and ``place_code``, the location of each at present, and ``installed_on``."""
    at = Installation.objects.filter(meter=OuterRef("pk"), ends=None).order_by("-starts")
    return Meter.objects.select_related("master").annotate(
        place=Subquery(at.annotate(place=_PLACE).values("place")[:1]),
        place_code=Subquery(at.values("service_point__location__code")[:1]),
        installed_on=Subquery(at.values("starts")[:1]),
    )


def readings() -> QuerySet[Reading]:
    """Readings, newest entry first, with ``place`` and ``place_code``, where the meter was on that day."""
    at = Installation.objects.filter(meter=OuterRef("register__meter"), starts__lte=OuterRef("on")).order_by(
        "-starts"
    )
    return (
        Reading.objects.select_related("register__meter")
        .annotate(
            place=Subquery(at.annotate(place=_PLACE).values("place")[:1]),
            place_code=Subquery(at.values("service_point__location__code")[:1]),
        )
        .order_by("-id")
    )


def on_route(rows: QuerySet[Reading], route: Route) -> QuerySet[Reading]:
    """The readings of registers whose meter is at present on that route."""
    meters_there = Installation.objects.filter(ends=None, service_point__location__route=route).values(
        "meter"
    )
    return rows.filter(register__meter__in=meters_there)


def having_text(rows: QuerySet[Any], typed: str, *fields: str) -> QuerySet[Any]:
    """The rows where each word typed occurs in one of the fields."""
    for word in typed.split():
        either = Q()
        for field in fields:
            either |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(either)
    return rows


def find_locations(typed: str, limit: int = 12) -> list[Location]:
    """Locations by code, or by every word of the address; one whose code is exactly that stands alone."""
    text = typed.strip()
    if not text:
        return []
    exact = list(Location.objects.filter(code=text))
    if exact:
        return exact
    rows = having_text(
        Location.objects.all(), text, "code", "street_number", "street_name", "unit_label", "city"
    )
    return list(rows.order_by("street_name", "street_number", "id")[:limit])


def location_called(code: str) -> Location:
    """The location of that code; raises ``Location.DoesNotExist``."""
    return Location.objects.select_related("route").get(code=code)


def meter_called(number: str) -> Meter:
    """The meter of that number; raises ``Meter.DoesNotExist``."""
    return Meter.objects.get(number=number)


def points_of(location: Location) -> list[ServicePoint]:
    """The service points of a location."""
    return list(ServicePoint.objects.filter(location=location).order_by("code"))


def installed_at(location_id: int) -> list[Installation]:
    """What is and was installed at a location, the present first."""
    rows = Installation.objects.filter(service_point__location=location_id)
    return list(
        rows.select_related("meter", "service_point").order_by(F("ends").desc(nulls_first=True), "-starts")
    )


def installations_of(meter: Meter) -> list[Installation]:
    """Where a meter is and was, the present first."""
    rows = Installation.objects.filter(meter=meter).select_related("service_point__location")
    return list(rows.order_by("-starts"))


def registers_of(meter_ids: Iterable[int]) -> list[Register]:
    """The registers of these meters."""
    return list(
        Register.objects.filter(meter__in=list(meter_ids))
        .select_related("meter")
        .order_by("meter_id", "code")
    )


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """A live reading, with what the register counted since the one before (in its unit) and the days."""

    register: Register
    reading: Reading
    use: Decimal | None
    days: int | None
    note: str

    @property
    def on(self) -> date:
        """The day it was read."""
        return self.reading.on


def readings_of(registers: Sequence[Register], limit: int = 120) -> list[ReadingShown]:
    """The newest live readings of these registers, newest first; one query.

    The use shown is what the dial says; what was billed is the bill's own.
    """
    by_id = {r.id: r for r in registers}
    rows = list(
        Reading.objects.filter(register__in=list(by_id), is_live=True).order_by("-on", "-register_id")[
            : limit + len(by_id)
        ]
    )
    earlier: dict[int, Reading] = {}
    shown: list[ReadingShown] = []
    for row in reversed(rows):
        shown.append(_shown(by_id[row.register_id], row, earlier.get(row.register_id)))
        earlier[row.register_id] = row
    return shown[::-1][:limit]


def _shown(register: Register, reading: Reading, before: Reading | None) -> ReadingShown:
    if before is None:
        return ReadingShown(register, reading, None, None, "")
    gone = counted(register.unit, register.dial, before.dial, reading.dial, rolled_over=reading.rolled_over)
    note = {"rollover": "the dial passed zero", "backwards": "went backwards"}.get(gone.kind, "")
    return ReadingShown(register, reading, gone.use.normalize(), (reading.on - before.on).days, note)


def dial_text(value: Decimal) -> str:
    """What a dial shows, without empty decimals: ``4821`` or ``4821.5``."""
    return format(value.normalize(), "f")


def last_readings(meter_id: int) -> list[Reading]:
    """The latest live reading of each register of a meter, by the registers' codes."""
    rows = Reading.objects.filter(register__meter=meter_id, is_live=True).select_related("register")
    return sorted(
        rows.order_by("register", "-on").distinct("register"), key=lambda reading: reading.register.code
    )


def fees_of(point_ids: Iterable[int]) -> list[ConnectionFee]:
    """The connection fees of service points, tap before impact."""
    return list(ConnectionFee.objects.filter(service_point__in=list(point_ids)).order_by("-kind"))


def orders_of(meter: Meter, limit: int = 2) -> list[WorkOrder]:
    """The last work orders of a meter, the latest first; those cancelled left out."""
    rows = WorkOrder.objects.filter(Q(meter=meter) | Q(new_meter=meter)).exclude(
        state=WorkOrder.State.CANCELLED
    )
    return list(rows.order_by("-made_at", "-id")[:limit])


def point(point_id: int) -> ServicePoint:
    """That service point; raises ``ServicePoint.DoesNotExist``."""
    return ServicePoint.objects.select_related("location").get(id=point_id)
