"""Correcting a reading: a later row stands in its place, the old one stays to be seen (MTR-08)."""

from datetime import date
from decimal import Decimal

from django.db.models import Q

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import emit, note, operation
from meters.judging import Judgement, KnownRegister, between, day_words, judge, of_the_dial, plain
from meters.models import Installation, Reading, Register
from meters.reading_facts import histories_of, readings_after
from meters.reading_uses import reading_uses

WHY_LENGTH = 200


@operation("readings.correct", permission="readings.correct")
def correct_reading(
    by: Actor,
    *,
    reading_id: int,
    dial: Decimal,
    why: str,
    today: date,
    on: date | None = None,
    source: str = "",
    rolled_over: bool | None = None,
) -> int:
    """Put another reading in the place of this one; returns its id.

    ``on`` and ``source`` stay as they were when not given.  ``rolled_over`` says that the dial passed zero
    before it, or did not; ``None`` judges by the figures.

    Raises ``Conflict`` when it was replaced before or the day has another reading, ``Refused`` without a
    reason, when a bill that stands used it, or when it does not go with the readings around it.
    """
    old = _standing(reading_id)
    day, kind = on or old.on, source or old.source
    _reason(why)
    if (day, dial, kind) == (old.on, old.dial, old.source) and rolled_over in (None, old.rolled_over):
        raise Refused("Nothing about the reading is different.", "Type what the dial showed.", field="dial")
    if kind not in Reading.Source.values:
        raise Refused(f"There is no source “{kind}”.", "Choose one from the list.", field="source")
    for use in reading_uses():
        use.check(old)
    found = _judged(old, day, dial, rolled_over, today)
    Reading.objects.filter(id=old.id).update(is_live=False)
    new = Reading.objects.create(
        register=old.register,
        on=day,
        dial=dial,
        source=kind,
        replaces=old,
        came_from=by.ref,
        rolled_over=found.rolled_over,
        why=why.strip(),
    )
    note(meter=old.register.meter.number, was=plain(old.dial), was_on=old.on)
    emit("readings.corrected", reading=new.id, replaces=old.id)
    for use in reading_uses():
        use.follow(new)
    return int(new.id)


def _standing(reading_id: int) -> Reading:
    """The reading, its register locked: two who correct it wait for each other."""
    old = Reading.objects.select_related("register__meter").filter(id=reading_id).first()
    if old is None:
        raise NotFound("There is no such reading.", "Choose one from the list.", field="reading_id")
    Register.objects.select_for_update().get(id=old.register_id)
    later = Reading.objects.filter(replaces=old).first()
    if later is not None:
        problem = f"It was corrected to {plain(later.dial)} of {day_words(later.on)} meanwhile."
        raise Conflict(problem, "Look at the meter again; correct that one if it is wrong too.")
    if not old.is_live:
        raise Conflict("That reading is not in force.", "Look at the meter again.")
    return old


def _reason(why: str) -> None:
    if not why.strip():
        raise Refused("A correction needs a reason.", "Say why it was wrong.", field="why")
    if len(why.strip()) > WHY_LENGTH:
        problem = f"The reason has {len(why.strip())} characters."
        raise Refused(problem, f"Say it in {WHY_LENGTH}.", field="why")


def _judged(old: Reading, day: date, dial: Decimal, rolled_over: bool | None, today: date) -> Judgement:
    """Against the readings around it; raises ``Refused`` or ``Conflict`` at the field."""
    register = KnownRegister(old.register_id, old.register.code, old.register.unit, old.register.dial)
    twin = Reading.objects.filter(register=old.register_id, on=day, is_live=True).exclude(id=old.id).first()
    if twin is not None:
        problem = f"There is another reading of {day_words(day)} already: {plain(twin.dial)}."
        raise Conflict(problem, "Correct that one, or choose another day.", field="on")
    at_work = Installation.objects.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)
    if not at_work.filter(meter=old.register.meter_id).exists():
        problem = f"The meter was not at work on {day_words(day)}."
        raise Refused(problem, "Look at where it is and was.", field="on")
    history = [p for p in histories_of([register.id], day).get(register.id, []) if p.id != old.id]
    after = readings_after([register.id], day).get(register.id)
    if after is not None and after.id == old.id:
        after = readings_after([register.id], old.on).get(register.id)
    found = judge(dial, day, register, history, rolled_over=rolled_over)
    wrong = [
        *of_the_dial(dial, day, register, today),
        *(r for r in found.remarks if r.level == "wrong"),
        *between(dial, register, after),
    ]
    for remark in wrong:
        raise Refused(remark.problem, remark.remedy, field=remark.field, code=remark.code)
    return found
