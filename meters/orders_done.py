"""A work order is done: what was read, turned on or off, or exchanged goes where it belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from core import clock, policies
from core.actors import Actor
from core.errors import Conflict, Refused
from core.models import Utility
from core.operations import emit, note, operation, under_way
from meters.installing import exchange_meter
from meters.judging import KnownRegister, Past, Usual, between, day_words, judge, of_the_dial
from meters.models import Installation, Meter, Reading, Register, WorkOrder
from meters.orders import checked_texts, open_order
from meters.policies import HIGH_USE_TIMES, LOW_USE_PERCENT
from meters.ranges import ranges_of
from meters.reading_uses import reading_uses

Kind = WorkOrder.Kind
SOURCES = {Kind.DISCONNECT: Reading.Source.FINAL}
"""Where a reading of an order comes from, where it is not simply read: water is turned off upon the last."""

HISTORY = 60

ASKS = "asks"
"""The code of a refusal that ``sure`` overcomes."""

FIELDS = {
    "number": "new_number",
    "dials": "dial",
    "on": "done_on",
    "serial": "new_serial",
    "size": "new_size",
    "brand": "new_brand",
    "endpoint": "new_endpoint",
}
"""Of a refused meter change: the field of the order that holds what was typed."""


@dataclass(frozen=True, slots=True)
class DialShown:
    """What a register showed: ``register`` is its code (empty: the only one, L, H).

    ``rolled_over`` says that it passed zero since the reading before.
    """

    dial: Decimal
    register: str = ""
    rolled_over: bool = False


@dataclass(frozen=True, slots=True)
class NewMeter:
    """The meter that was put in, from the store or new; ``first`` is what its registers showed then (else 0).

    Without a size it has that of the old one.
    """

    number: str
    size: str = ""
    serial: str = ""
    brand: str = ""
    endpoint: str = ""
    first: tuple[DialShown, ...] = ()


@operation("meters.work_order.complete", permission="meters.work_order.complete")
def complete_order(
    by: Actor,
    *,
    order_id: int,
    done_on: date,
    readings: Sequence[DialShown] = (),
    new_meter: NewMeter | None = None,
    findings: str = "",
    sure: bool = False,
) -> int:
    """An open order is done: the meter it concerns is read, turned on or off or exchanged; returns its id.

    A reading is judged as at the keyboard: what cannot be is refused, what is out of the ordinary is taken
    with ``sure`` only.  A meter change needs the last readings, the new meter and the right to change
    meters; a re-read needs readings and corrects one of the same day; an investigation needs findings.
    Tells ``meters.work_order_done``.  Raises ``Conflict`` when it is done already.
    """
    order = open_order(order_id)
    today = clock.today(Utility.objects.get(id=by.utility_id).tz)
    if done_on > today:
        raise Refused(f"{day_words(done_on)} is still to come.", "Type the day it was done.", field="done_on")
    order.findings = checked_texts(findings=findings)["findings"]
    if order.kind == Kind.INVESTIGATE and not order.findings:
        raise Refused("The findings are missing.", "Say what was found.", field="findings")
    meter = _meter_then(order, done_on)
    read = _registers_read(order, meter, readings)
    if order.kind == Kind.METER_CHANGE:
        for register, one in read:
            _check_reading(register, one, done_on, sure, today)
        order.new_meter_id = _exchange(by, order, done_on, meter, read, new_meter)
        order.reading = Reading.objects.filter(
            register__in=[register.id for register, _ in read], on=done_on, is_live=True
        ).first()
    else:
        kept = [_take(order, register, one, done_on, sure, today) for register, one in read]
        order.reading = kept[0] if kept else None
    _turn(order, meter, done_on)
    order.state, order.done_on = WorkOrder.State.DONE, done_on
    order.ended_at, order.ended_by = under_way().at, by.name[:80]
    order.save()
    note(number=order.number)
    emit("meters.work_order_done", order_id=order.id)
    return int(order.id)


def _meter_then(order: WorkOrder, on: date) -> Meter | None:
    """The meter at the order's point on that day."""
    if order.service_point_id is None:
        return None
    there = (
        Installation.objects.filter(service_point=order.service_point_id, starts__lte=on)
        .filter(Q(ends=None) | Q(ends__gt=on))
        .select_related("meter")
        .first()
    )
    return there.meter if there else None


def _registers_read(
    order: WorkOrder, meter: Meter | None, readings: Sequence[DialShown]
) -> list[tuple[Register, DialShown]]:
    """Each reading with its register; a change and a re-read need one of every register."""
    registers = {r.code: r for r in Register.objects.filter(meter=meter).order_by("code")} if meter else {}
    if readings and meter is None:
        raise Refused(
            "There was no meter on that day, so nothing could be read.",
            "Leave the reading out, or put the meter in first.",
            field="dial",
        )
    read = []
    for one in readings:
        if one.register not in registers:
            known = ", ".join(code or "(none)" for code in registers)
            raise Refused(
                f"Meter {meter} has no register “{one.register}”.", f"Its registers: {known}.", field="dial"
            )
        read.append((registers.pop(one.register), one))
    if order.kind in (Kind.METER_CHANGE, Kind.RE_READ) and (registers or not read):
        code = next(iter(registers), "")
        raise Refused(
            "The reading is missing.", "Type what the dial showed.", field=f"dial_{code}".rstrip("_")
        )
    return read


def _field(register: Register) -> str:
    return f"dial_{register.code}" if register.code else "dial"


def _check_reading(register: Register, one: DialShown, on: date, sure: bool, today: date) -> bool:
    """Whether the dial passed zero; raises ``Refused`` at the field for a reading that may not be taken."""
    normal = ranges_of([register.id], on).get(register.id)
    known = KnownRegister(register.id, register.code, register.unit, register.dial, normal)
    rows = Reading.objects.filter(register=register, is_live=True)
    past = [_past(r) for r in rows.filter(on__lt=on).order_by("-on")[:HISTORY]][::-1]
    later = rows.filter(on__gt=on).order_by("on").first()
    times, percent = policies.value_on(HIGH_USE_TIMES, today), policies.value_on(LOW_USE_PERCENT, today)
    usual = Usual(None if times is None else int(times), percent)
    told = judge(one.dial, on, known, past, usual, rolled_over=True if one.rolled_over else None)
    remarks = [
        *of_the_dial(one.dial, on, known, today),
        *told.remarks,
        *between(one.dial, known, _past(later) if later else None),
    ]
    for remark in remarks:
        if remark.level == "wrong":
            raise Refused(remark.problem, remark.remedy, field=_field(register))
    if told.rolled_over and not one.rolled_over:
        raise Refused(
            "The dial shows less than before, as if it had passed zero.",
            "Tick that it passed zero, or read it again.",
            field=_field(register),
        )
    asked = [remark for remark in remarks if remark.level == "ask"]
    if asked and not sure:
        raise Refused(
            asked[0].problem,
            f"{asked[0].remedy} If it is right, tick “Keep it”.",
            field=_field(register),
            code=ASKS,
        )
    return told.rolled_over or one.rolled_over


def _past(reading: Reading) -> Past:
    return Past(reading.id, reading.on, reading.dial, reading.rolled_over)


def _take(order: WorkOrder, register: Register, one: DialShown, on: date, sure: bool, today: date) -> Reading:
    """Keep a reading; one of the same day is left as it is, or by a re-read replaced."""
    there = Reading.objects.select_for_update().filter(register=register, on=on, is_live=True).first()
    if there is not None and there.dial == one.dial:
        return there
    if there is not None and order.kind != Kind.RE_READ:
        raise Conflict(
            f"The register was read that day already: {there.dial.normalize():f}.",
            "Type the same, leave it out, or correct that reading first.",
            field=_field(register),
        )
    rolled_over = _check_reading(register, one, on, sure, today)
    if there is not None:
        for use in reading_uses():
            use.check(there)
        there.is_live = False
        there.save(update_fields=["is_live"])
    made = Reading.objects.create(
        register=register,
        on=on,
        dial=one.dial,
        source=SOURCES.get(Kind(order.kind), Reading.Source.ACTUAL),
        replaces=there,
        came_from=f"work order {order.number}",
        rolled_over=rolled_over,
        why=f"Re-read, work order {order.number}" if there else "",
    )
    if there is not None:
        emit("readings.corrected", reading=made.id, replaces=there.id)
        for use in reading_uses():
            use.follow(made)
    return made


def _exchange(
    by: Actor,
    order: WorkOrder,
    on: date,
    old: Meter | None,
    read: Sequence[tuple[Register, DialShown]],
    new: NewMeter | None,
) -> int:
    """Take the old meter out and put the new one in; returns its id."""
    if new is None or not new.number.strip():
        raise Refused("The new meter is missing.", "Type its number.", field="new_number")
    if old is None:
        raise Refused("There was no meter at the point on that day.", "Look at the point.", field="done_on")
    try:
        return exchange_meter(
            by,
            meter_id=old.id,
            on=on,
            last={register.code: one.dial for register, one in read},
            texts={
                "number": new.number,
                "size": new.size.strip() or old.size,
                "serial": new.serial,
                "brand": new.brand,
                "endpoint": new.endpoint,
            },
            first={one.register: one.dial for one in new.first},
            passed_zero=[register.code for register, one in read if one.rolled_over],
            came_from=f"work order {order.number}",
        )
    except Refused as refused:
        refused.field = FIELDS.get(refused.field, refused.field)
        raise


def _turn(order: WorkOrder, meter: Meter | None, on: date) -> None:
    """Turn the water on or off; an older day than what the meter knows already leaves it."""
    if order.kind in (Kind.CONNECT, Kind.RECONNECT) and meter is not None:
        if meter.cut_on is None or meter.cut_on <= on:
            meter.cut_on = on
            meter.save(update_fields=["cut_on"])
    elif order.kind == Kind.DISCONNECT and meter is not None:
        if meter.cut_off is None or meter.cut_off <= on:
            meter.cut_off = on
            meter.save(update_fields=["cut_off"])
    elif order.kind == Kind.METER_CHANGE and order.new_meter_id:
        Meter.objects.filter(id=order.new_meter_id).update(cut_on=on)
