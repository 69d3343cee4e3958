"""Writes to where meters sit: put in, taken out, one exchanged for another, each with its readings."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from core.quantities import UNITS
from core.search import refresh_keys
from meters.meter_file import RegisterOf, add_meter, registers_as_they_are
from meters.models import Installation, Location, Meter, Reading, Register, ServicePoint, ServiceType
from meters.usage import counted


@operation("meters.meter.install", permission="meters.edit")
def install_meter(
    by: Actor,
    *,
    meter_id: int,
    location_id: int,
    on: date,
    dials: Mapping[str, Decimal],
    point: str = "001",
    came_from: str = "",
) -> int:
    """Put a meter from the store into a place, with what each register shows then; returns the installation.

    ``dials`` is by the registers' codes.  ``point`` is made when the location has none of that code.
    Raises ``Conflict`` when the meter sits somewhere or the point has one, then or later.
    """
    meter = Meter.objects.select_for_update().filter(id=meter_id).first()
    location = Location.objects.filter(id=location_id).first()
    if meter is None or location is None:
        raise NotFound("There is no such meter or location.", "Find both by their numbers.", field="location")
    at = _point(location, point.strip() or "001", meter)
    for taken in Installation.objects.filter(meter=meter).select_related("service_point__location"):
        if taken.ends is None or taken.ends > on:
            where = taken.service_point.location
            raise Conflict(
                f"Meter {meter.number} is at {where.address} on {on:%b %-d, %Y}.",
                "Take it out there first, or choose a later day.",
                field="on" if taken.ends else "number",
            )
    for other in Installation.objects.filter(service_point=at).select_related("meter"):
        if other.ends is None or other.ends > on:
            raise Conflict(
                f"Meter {other.meter.number} is at that point on {on:%b %-d, %Y}.",
                "Change it out instead, or choose another point.",
                field="point",
            )
    made = Installation.objects.create(service_point=at, meter=meter, starts=on)
    _read(meter, on, dials, Reading.Source.INSTALL, came_from or by.ref)
    _found_anew(meter, location.id)
    return int(made.id)


@operation("meters.meter.remove", permission="meters.edit")
def remove_meter(
    by: Actor,
    *,
    meter_id: int,
    on: date,
    dials: Mapping[str, Decimal],
    passed_zero: Sequence[str] = (),
    came_from: str = "",
) -> int:
    """Take a meter out of its place with its last reading; returns the installation that ended.

    ``passed_zero`` are the codes of registers that went over their highest figure since the last reading.
    Raises ``Conflict`` when it sits nowhere or came later, or was read since; ``Refused`` at ``dials`` for
    a reading that went backwards.
    """
    meter = Meter.objects.select_for_update().filter(id=meter_id).first()
    if meter is None:
        raise NotFound("There is no such meter.", "Find it by its number.")
    there = Installation.objects.select_for_update().filter(meter=meter, ends=None)
    place = there.select_related("service_point").first()
    if place is None:
        raise Conflict(f"Meter {meter.number} is nowhere installed.", "Look at where it was.", field="on")
    if place.starts >= on:
        raise Conflict(
            f"Meter {meter.number} was put in on {place.starts:%b %-d, %Y}.",
            "Choose a later day.",
            field="on",
        )
    place.ends = on
    place.save(update_fields=["ends"])
    _read(meter, on, dials, Reading.Source.ACTUAL, came_from or by.ref, frozenset(passed_zero))
    _found_anew(meter, place.service_point.location_id)
    return int(place.id)


@operation("meters.meter.exchange", permission="meters.edit")
def exchange_meter(
    by: Actor,
    *,
    meter_id: int,
    on: date,
    last: Mapping[str, Decimal],
    texts: Mapping[str, str],
    registers: Sequence[RegisterOf] = (),
    first: Mapping[str, Decimal] | None = None,
    passed_zero: Sequence[str] = (),
    came_from: str = "",
) -> int:
    """Take a meter out of its service point and put another in on that day; returns the other's id.

    ``last`` is what each register of the old one shows, ``first`` of the new one (0 where it is not said),
    by the registers' codes.  The new meter serves what the old one did; a meter in store of that number is
    taken as its file says, else it is added with ``registers`` and size (without: those of the old one).  Use
    is counted across both.  Raises as ``remove_meter``, ``add_meter`` and ``install_meter`` do.
    """
    old = Meter.objects.filter(id=meter_id).first()
    if old is None:
        raise NotFound("There is no such meter.", "Find it by its number.")
    there = Installation.objects.filter(meter=meter_id, ends=None).select_related("service_point").first()
    if there is None:
        raise Conflict(f"Meter {old.number} is nowhere installed.", "Install the new one instead.")
    number = texts.get("number", "").strip()
    if number == old.number:
        raise Refused(
            "That is the number of the meter that is taken out.", "Type the new meter's.", field="number"
        )
    before = registers_as_they_are(old)
    remove_meter(by, meter_id=old.id, on=on, dials=last, passed_zero=passed_zero, came_from=came_from)
    stored = Meter.objects.filter(number=number).values_list("id", flat=True).first()
    like_it = {**texts, "size": texts.get("size", "").strip() or old.size}
    new = stored or add_meter(
        by, texts=like_it, registers=list(registers) or before, service_type=old.service_type
    )
    _same_kind(before, new)
    codes = Register.objects.filter(meter=new).values_list("code", flat=True)
    install_meter(
        by,
        meter_id=new,
        location_id=there.service_point.location_id,
        on=on,
        dials={**dict.fromkeys(codes, Decimal(0)), **(first or {})},
        point=there.service_point.code,
        came_from=came_from,
    )
    return int(new)


def _same_kind(before: Sequence[RegisterOf], new: int) -> None:
    """Raise ``Refused`` when the new meter counts something that cannot be added to the old one's use."""
    counted = {UNITS[one.unit].kind for one in before}
    units = Register.objects.filter(meter=new).values_list("unit", flat=True)
    if counted and any(UNITS[one].kind not in counted for one in units):
        raise Refused(
            "The new meter counts something else than the old one.", "Choose its unit again.", field="unit"
        )


def _point(location: Location, code: str, meter: Meter) -> ServicePoint:
    if len(code) > 40:
        raise Refused("The point has more than 40 characters.", "Type 40 characters at most.", field="point")
    found, _ = ServicePoint.objects.get_or_create(
        location=location, code=code, defaults={"service_type": meter.service_type}
    )
    if found.service_type != meter.service_type:
        served = str(ServiceType(found.service_type).label).lower()
        raise Refused(f"Point {code} is one for {served}.", "Choose another point.", field="point")
    return found


def _read(
    meter: Meter,
    on: date,
    dials: Mapping[str, Decimal],
    source: str,
    came_from: str,
    passed_zero: frozenset[str] = frozenset(),
) -> None:
    """The reading of every register as the meter comes or goes."""
    registers = {r.code: r for r in Register.objects.filter(meter=meter)}
    if missing := sorted(registers.keys() - dials.keys()):
        which = f" of register {missing[0]}" if missing[0] else ""
        raise Refused(f"The reading{which} is missing.", "Type what the dial shows.", field="dials")
    for code, dial in dials.items():
        register = registers.get(code)
        if register is None:
            raise Refused(f"Meter {meter.number} has no register {code}.", "Leave it out.", field="dials")
        _read_one(register, on, dial, source, came_from, code in passed_zero)


def _read_one(
    register: Register, on: date, dial: Decimal, source: str, came_from: str, passed_zero: bool
) -> None:
    counts, which = register.dial, f"Register {register.code}: " if register.code else ""
    if not 0 <= dial < counts.limit:
        zeros = "; its dead zeros are not read" if register.dead_zeros else ""
        raise Refused(
            f"{which}{dial:f} does not fit the {register.dials} dials{zeros}.",
            "Type the figures that turn.",
            field="dials",
        )
    live = Reading.objects.filter(register=register, is_live=True)
    last = live.order_by("-on").first()
    if last is not None and last.on > on:
        raise Conflict(
            f"It was read on {last.on:%b %-d, %Y}, later than {on:%b %-d, %Y}.",
            "Choose a later day, or correct that reading.",
            field="on",
        )
    if last is not None and last.on == on:
        if last.dial == dial:
            return
        raise Conflict(
            f"It was read on that day already, with {last.dial.normalize():f}.",
            "Type that reading, or correct it first.",
            field="dials",
        )
    over = False
    if last is not None and source != Reading.Source.INSTALL:
        gone = counted(register.unit, counts, last.dial, dial, rolled_over=passed_zero or None)
        if gone.kind == "backwards" and not counts.may_run_backwards:
            raise Refused(
                f"{which}{dial.normalize():f} is lower than {last.dial.normalize():f}"
                f" of {last.on:%b %-d, %Y}.",
                "Read it again, or say that the dial passed zero.",
                field="dials",
            )
        over = gone.kind == "rollover"
    Reading.objects.create(
        register=register, on=on, dial=dial, source=source, came_from=came_from, rolled_over=over
    )


def _found_anew(meter: Meter, location_id: int) -> None:
    refresh_keys("meter", [meter.id])
    refresh_keys("location", [location_id])
