"""What is new in a town as its first month begins: a compound meter, and somebody who waits to move in."""

from datetime import date, timedelta
from decimal import Decimal

from core.actors import Actor
from core.operations import operation, under_way
from customers.models import Account
from customers.move_in import ask_to_move_in
from customers.opening import NewCustomer
from meters.installing import exchange_meter
from meters.meter_file import RegisterOf
from meters.models import Installation, Reading, Register

COMPOUND_SIZE = "2"


@operation("town.compound", permission="town.settle")
def put_in_a_compound_meter(by: Actor) -> int:
    """The meter of one shop is changed out for a compound one on its last reading; its id, 0 without."""
    shops = Account.objects.filter(ends=None, pending=False, category="commercial").order_by("number")
    place = shops.values_list("location", flat=True).first()
    old = (
        Installation.objects.filter(service_point__location=place, ends=None, meter__service_type="water")
        .select_related("meter", "service_point")
        .first()
    )
    register = Register.objects.filter(meter=old.meter_id).first() if old else None
    last = Reading.objects.filter(register=register, is_live=True).order_by("-on").first()
    if old is None or register is None or last is None or last.on <= old.starts:
        return 0
    counts = [RegisterOf(register.unit, code, register.dials, register.multiplier) for code in ("L", "H")]
    return exchange_meter(
        by,
        meter_id=old.meter_id,
        on=last.on,
        last={register.code: last.dial},
        texts={
            "number": f"{old.meter.number}-C",
            "size": COMPOUND_SIZE,
            "brand": "Neptune",
            "style": "TruFlo",
        },
        registers=counts,
        first={"L": Decimal(0), "H": Decimal(0)},
    )


@operation("town.waiting", permission="town.settle")
def somebody_waits(by: Actor, *, since: date) -> int:
    """A family wants a house in three weeks; returns the move-in's id, 0 where nobody can make room."""
    rows = Account.objects.filter(ends=None, pending=False, category="residential", starts__lte=since)
    there = rows.select_related("location").order_by("-number").first()
    if there is None:
        return 0
    at = there.location
    family = NewCustomer(
        name="Amara Osei", phone="5550107788", email="amara.osei@example.com", mail_line_1=at.address,
        mail_city=at.city, mail_state=at.state, mail_zip=at.zip_code,
    )  # fmt: skip
    return ask_to_move_in(
        by,
        location_id=at.id,
        starts=under_way().at.date() + timedelta(days=21),
        new_customer=family,
    )
