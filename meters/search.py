"""What finds places and meters: addresses, codes, parcels, places on a route; numbers, serials, endpoints."""

from collections.abc import Iterable, Sequence

from core.search import Result, Said, SearchKind, keys_said
from core.search.tokens import number_tokens, place_tokens, tokens
from meters.models import Installation, Location, Meter, ServiceType
from meters.order_search import ORDER_KINDS


def location_said(refs: Sequence[int]) -> dict[int, list[Said]]:
    """What each location is found under, in one query."""
    rows = Location.objects.filter(id__in=refs).values_list(
        "id", "code", "parcel", "street_number", "street_name", "unit_label", "route__code", "sequence"
    )
    told = {}
    for ref, code, parcel, house, street, unit, route, sequence in rows:
        address = f"{house} {street} {unit}".strip()
        told[ref] = [
            Said("location", code, number_tokens, code),
            Said("parcel", parcel, number_tokens, parcel),
            Said("at", address, tokens, address),
            Said("route", f"{route}, place {sequence}", place_tokens, route, sequence),
        ]
    return told


def location_results(refs: Sequence[int]) -> Iterable[Result]:
    """The locations as answers: address, code, place on the route, parcel."""
    for one in Location.objects.filter(id__in=refs).select_related("route"):
        parcel = f" · parcel {one.parcel}" if one.parcel else ""
        detail = f"Location {one.code} · route {one.route.code}, place {one.sequence}{parcel}"
        yield Result("location", one.id, f"{one.address}, {one.city}", detail, "meters:location", (one.code,))


def every_location() -> Iterable[int]:
    """The ids of all locations, in order."""
    return Location.objects.order_by("id").values_list("id", flat=True)


def meter_said(refs: Sequence[int]) -> dict[int, list[Said]]:
    """What each meter is found under: its number, the maker's serial and the radio endpoint."""
    rows = Meter.objects.filter(id__in=refs).values_list("id", "number", "serial", "endpoint")
    return {
        ref: [
            Said("meter", number, number_tokens, number),
            Said("serial", serial, number_tokens, serial),
            Said("endpoint", endpoint, number_tokens, endpoint),
        ]
        for ref, number, serial, endpoint in rows
    }


def meter_results(refs: Sequence[int]) -> Iterable[Result]:
    """The meters as answers: what they measure, and where they are or were last."""
    last: dict[int, Installation] = {}
    stays = Installation.objects.filter(meter__in=refs).select_related("service_point__location")
    for one in stays.order_by("starts", "id"):
        last[one.meter_id] = one
    for meter in Meter.objects.filter(id__in=refs):
        stay = last.get(meter.id)
        where, state = "in store", ""
        if stay is not None:
            where = stay.service_point.location.address
            if stay.ends is not None:
                where, state = f"until {stay.ends:%b %-d, %Y} at {where}", "removed"
        detail = f"{ServiceType(meter.service_type).label}, size {meter.size} · {where}"
        title = f"Meter {meter.number}"
        yield Result("meter", meter.id, title, detail, "meters:meter", (meter.number,), state)


def every_meter() -> Iterable[int]:
    """The ids of all meters, in order."""
    return Meter.objects.order_by("id").values_list("id", flat=True)


SEARCH_KINDS = (
    SearchKind(
        "location",
        "Addresses",
        "meters.view",
        keys_said(location_said),
        location_results,
        every_location,
        icon="map-pin",
        order=30,
        tell=location_said,
    ),
    SearchKind(
        "meter",
        "Meters",
        "meters.view",
        keys_said(meter_said),
        meter_results,
        every_meter,
        icon="gauge",
        order=40,
        tell=meter_said,
    ),
    *ORDER_KINDS,
)
