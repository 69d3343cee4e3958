"""What finds places and meters: addresses, codes, parcels, places on a route; numbers, serials, endpoints."""

from collections.abc import Iterable, Sequence

from core.search import Result, SearchKind
from core.search.tokens import number_tokens, place_tokens, tokens
from meters.models import Installation, Location, Meter, ServiceType


def location_keys(refs: Sequence[int]) -> dict[int, set[str]]:
    """The keys of each location, in one query."""
    rows = Location.objects.filter(id__in=refs).values_list(
        "id", "code", "parcel", "street_number", "street_name", "unit_label", "route__code", "sequence"
    )
    return {
        ref: number_tokens(code)
        | (number_tokens(parcel) if parcel else set())
        | tokens(f"{house} {street} {unit}")
        | place_tokens(route, sequence)
        for ref, code, parcel, house, street, unit, route, sequence in rows
    }


def location_results(refs: Sequence[int]) -> Iterable[Result]:
    """The locations as answers: address, code, place on the route, parcel."""
    for one in Location.objects.filter(id__in=refs).select_related("route"):
        parcel = f" · parcel {one.parcel}" if one.parcel else ""
        detail = f"Location {one.code} · route {one.route.code}, place {one.sequence}{parcel}"
        yield Result("location", one.id, f"{one.address}, {one.city}", detail, "meters:location", (one.code,))


def every_location() -> Iterable[int]:
    """The ids of all locations, in order."""
    return Location.objects.order_by("id").values_list("id", flat=True)


def meter_keys(refs: Sequence[int]) -> dict[int, set[str]]:
    """The keys of each meter: its number, the maker's serial and the radio endpoint."""
    rows = Meter.objects.filter(id__in=refs).values_list("id", "number", "serial", "endpoint")
    return {
        ref: {key for number in numbers if number for key in number_tokens(number)} for ref, *numbers in rows
    }


def meter_results(refs: Sequence[int]) -> Iterable[Result]:
    """The meters as answers: what they measure and where they are."""
    at = dict(
        Installation.objects.filter(meter__in=refs, ends=None).values_list(
            "meter_id", "service_point__location"
        )
    )
    places = {one.id: one.address for one in Location.objects.filter(id__in=set(at.values()))}
    for one in Meter.objects.filter(id__in=refs):
        where = places.get(at.get(one.id, 0), "in store")
        detail = f"{ServiceType(one.service_type).label}, size {one.size} · {where}"
        yield Result("meter", one.id, f"Meter {one.number}", detail, "meters:meter", (one.number,))


def every_meter() -> Iterable[int]:
    """The ids of all meters, in order."""
    return Meter.objects.order_by("id").values_list("id", flat=True)


SEARCH_KINDS = (
    SearchKind(
        "location",
        "Addresses",
        "meters.view",
        location_keys,
        location_results,
        every_location,
        icon="map-pin",
        order=30,
    ),
    SearchKind(
        "meter", "Meters", "meters.view", meter_keys, meter_results, every_meter, icon="gauge", order=40
    ),
)
