"""Carts and connection fees of the town: a few of each, for whoever looks around."""

from datetime import date, timedelta
from decimal import Decimal

from core.actors import Actor
from core.operations import operation, under_way
from meters.containers import add_container, move_container, service_container
from meters.meter_file import put_fee
from meters.models import Installation

EVERY = 25
"""One house in so many has its carts and fees in the file."""
MOST = 30


@operation("town.yard", permission="town.settle")
def stand_carts(by: Actor, *, since: date) -> list[int]:
    """Stand two carts at some houses, move one of them and count a service; returns the carts' ids."""
    rows = Installation.objects.filter(ends=None, service_point__service_type="water").select_related(
        "service_point__location"
    )
    today = under_way().at.date()
    made = []
    for n, one in enumerate(list(rows.order_by("id")[1::EVERY])[:MOST]):
        place = one.service_point.location
        for kind, owner in (("garbage", "municipal"), ("recycle", "rent" if n % 4 == 1 else "municipal")):
            cart = add_container(
                by,
                texts={"serial": f"{kind[0].upper()}-{4100 + n}", "kind": kind},
                owner=owner,
                received_on=since,
                location_id=place.id,
                today=today,
                route_id=place.route_id,
                sequence=place.sequence,
            )
            made.append(cart)
        serviced = since + timedelta(days=7)
        if serviced <= today:
            service_container(by, container_id=made[-2], on=serviced, today=today)
        if n % 5 == 4 and serviced <= today:
            move_container(by, container_id=made[-1], on=serviced, today=today)
        put_fee(
            by,
            service_point_id=one.service_point_id,
            kind="tap",
            paid_on=date(1988 + n % 30, 5, 4),
            amount=Decimal(450 + 25 * n),
            receipt=f"T-{880 + n}",
        )
    return made
