"""Readings as people type them: judged line by line, kept line by line.

What is typed is never lost to a neighbour's mistake: of several readings each is taken, asked about or
left out by itself, and the answer says which.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.acting import names_of
from core.actors import Actor
from core.bulk import insert_columns, take_ids
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation
from meters.judging import (
    Judgement,
    KnownRegister,
    Past,
    Remark,
    Usual,
    between,
    day_words,
    judge,
    of_the_dial,
    plain,
    read_already,
    that_day,
)
from meters.models import Installation, Reading, Register
from meters.ranges import ranges_of
from meters.reading_facts import histories_of, readings_after, readings_on, usual_on
from meters.usage import advance

MOST = 500
"""Readings in one request."""
WHY_LENGTH = 200

_KEPT = {
    "high_use": "high use",
    "low_use": "low use",
    "zero_use": "no use",
    "over_range": "above the normal range",
    "under_range": "below the normal range",
    "read_already": "read twice in a few days",
}


@dataclass(frozen=True, slots=True)
class TypedReading:
    """A register's dial on a day, as somebody typed it.

    ``rolled_over`` answers the question that a lower reading asks: ``True`` it passed zero, ``False`` it is
    lower and is kept so.  ``sure`` are the codes of remarks that were read and said yes to.  ``seen`` is the
    id of the last reading that was on the screen (0: none); when another one has come in since, nothing is
    kept and the answer says so.  ``None`` does not ask.  ``why`` is a reason that is kept with the reading.
    """

    register_id: int
    on: date
    dial: Decimal
    source: str = "A"
    rolled_over: bool | None = None
    sure: tuple[str, ...] = ()
    seen: int | None = None
    why: str = ""


@dataclass(slots=True)
class Line:
    """A typed reading on its way."""

    typed: TypedReading
    register: KnownRegister
    state: str
    found: Judgement
    last: Past | None
    reading_id: int | None = None

    def answer(self) -> dict[str, Any]:
        """As JSON: quantities and days as text."""
        found, last = self.found, self.last
        return {
            "register_id": self.register.id,
            "on": str(self.typed.on),
            "dial": plain(self.typed.dial),
            "state": self.state,
            "reading_id": self.reading_id,
            "use": None if found.use is None else plain(found.use),
            "usual": None if found.usual is None else plain(round(found.usual, 1)),
            "unit": self.register.unit,
            "rolled_over": found.rolled_over,
            "last": last and {"id": last.id, "on": str(last.on), "dial": plain(last.dial)},
            "remarks": [
                {"code": r.code, "level": r.level, "problem": r.problem, "remedy": r.remedy}
                for r in found.remarks
            ],
        }


JudgeOne = Callable[
    [TypedReading, KnownRegister, Sequence[Past], Past | None, Past | None, Usual, date], Judgement
]
"""Judges a reading by its register, the history, those of its day and after it, what is usual, today."""


@operation("readings.enter", permission="readings.enter", quiet=frozenset({"rows"}))
def enter_readings(by: Actor, *, rows: Sequence[TypedReading], today: date) -> list[dict[str, Any]]:
    """Take what is right; returns one answer for each reading, in their order.

    Its ``state`` is ``taken``, ``there`` (the same reading was there already), ``asks`` (send it again with
    ``sure`` or ``rolled_over``), ``changed`` (somebody was faster) or ``wrong``.  Raises ``NotFound`` for a
    register that there is none of, ``Refused`` for one that is named twice on a day.
    """
    once_a_day(rows)
    registers = locked_registers(rows)
    by_day: dict[date, list[TypedReading]] = defaultdict(list)
    for row in rows:
        by_day[row.on].append(row)
    answers: dict[tuple[int, date], dict[str, Any]] = {}
    kept = 0
    for on in sorted(by_day):
        lines = judged_lines(by_day[on], registers, on, today, _one)
        kept += store_lines(by, [line for line in lines if line.state == "taken"])
        answers |= {(line.register.id, on): line.answer() for line in lines}
    note(typed=len(rows), readings=kept)
    return [answers[row.register_id, row.on] for row in rows]


def once_a_day(rows: Sequence[TypedReading], most: int = MOST) -> None:
    """Refuse none, too many, and a register that is named twice on a day."""
    if not rows or len(rows) > most:
        raise Refused(f"{len(rows)} readings were sent.", f"Send between 1 and {most}.")
    if len({(row.register_id, row.on) for row in rows}) < len(rows):
        raise Refused("A register is named twice on one day.", "Send each register once.", field="readings")
    for row in rows:
        if row.source not in ("A", "C", "R", "F"):
            raise Refused(
                "Only readings that somebody took are typed.", "An estimate is made.", field="source"
            )


def locked_registers(rows: Sequence[TypedReading]) -> dict[int, KnownRegister]:
    """Two clerks on one register wait for each other, so that what is judged stays true."""
    ids = {row.register_id for row in rows}
    found = Register.objects.select_for_update().filter(id__in=ids).order_by("id")
    normal = ranges_of(ids, max(row.on for row in rows))
    registers = {r.id: KnownRegister(r.id, r.code, r.unit, r.dial, normal.get(r.id)) for r in found}
    if len(registers) < len(ids):
        raise NotFound("There is no such register.", "Open the route again.", field="register_id")
    return registers


def judged_lines(
    rows: Sequence[TypedReading],
    registers: Mapping[int, KnownRegister],
    on: date,
    today: date,
    judge_one: JudgeOne,
) -> list[Line]:
    """Readings of one day, each judged by itself; a fixed number of queries."""
    ids = [row.register_id for row in rows]
    histories, after = histories_of(ids, on), readings_after(ids, on)
    same, usual, working = readings_on([(i, on) for i in ids]), usual_on(on), at_work(ids, on)
    lines = []
    for row in rows:
        register, history = registers[row.register_id], histories.get(row.register_id, [])
        last = history[-1] if history else None
        there = same.get((row.register_id, on))
        found = judge_one(row, register, history, there, after.get(row.register_id), usual, today)
        if row.register_id not in working:
            found = Judgement((not_installed(on),))
        state = _state(row, found, last)
        lines.append(Line(row, register, state, found, last, there.id if there else None))
    return lines


def _one(
    row: TypedReading,
    register: KnownRegister,
    history: Sequence[Past],
    there: Past | None,
    after: Past | None,
    usual: Usual,
    today: date,
) -> Judgement:
    faults = of_the_dial(row.dial, row.on, register, today)
    if faults:
        return Judgement(tuple(faults))
    if there is not None:
        found = that_day(row.dial, row.on, there)
        return found if found.there_already else Judgement((_another(there),))
    last = history[-1] if history else None
    may_fall = register.dial.may_run_backwards or register.is_demand
    if last is not None and row.dial < last.dial and row.rolled_over is None and not may_fall:
        return Judgement((_lower(row, register, last),), before=last)
    found = judge(row.dial, row.on, register, history, usual, rolled_over=row.rolled_over)
    more = (*between(row.dial, register, after), *read_already(row.on, history))
    return Judgement(
        (*more, *found.remarks), found.there_already, found.before, found.rolled_over, found.use, found.usual
    )


def _lower(row: TypedReading, register: KnownRegister, last: Past) -> Remark:
    past_zero = advance(register.dial, last.dial, row.dial, rolled_over=True).use
    problem = f"{plain(row.dial)} is lower than {plain(last.dial)} of {day_words(last.on)}."
    remedy = f"Did the dial pass zero? The use is then {plain(past_zero)}. Else read the meter again."
    return Remark("lower", "ask", problem, remedy)


def _another(there: Past) -> Remark:
    came_from = Reading.objects.values_list("came_from", flat=True).get(id=there.id)
    who = names_of([came_from]).get(came_from, "")
    problem = f"{plain(there.dial)} was entered for {day_words(there.on)} already"
    problem += f" by {who}." if who else "."
    return Remark("another_value", "wrong", problem, "If yours is right, correct that reading.")


def not_installed(on: date) -> Remark:
    problem = f"The meter was not at work on {day_words(on)}."
    return Remark("not_installed", "wrong", problem, "Look at where the meter is and was.", "on")


def at_work(register_ids: Sequence[int], on: date) -> set[int]:
    """The registers whose meter was installed somewhere that day, the day of its removal included."""
    there = Installation.objects.filter(Q(ends=None) | Q(ends__gte=on), starts__lte=on)
    registers = Register.objects.filter(id__in=register_ids, meter__in=there.values("meter"))
    return set(registers.values_list("id", flat=True))


def _state(row: TypedReading, found: Judgement, last: Past | None) -> str:
    if found.there_already:
        return "there"
    if found.wrong:
        return "wrong"
    if row.seen is not None and row.seen != (last.id if last else 0):
        return "changed"
    said = {*row.sure, "kept_backwards"} if row.rolled_over is False else set(row.sure)
    return "asks" if set(found.asks) - said else "taken"


def store_lines(by: Actor, lines: Sequence[Line]) -> int:
    """Keep readings that were judged and are to be taken; returns how many."""
    if not lines:
        return 0
    for line, reading_id in zip(lines, take_ids(Reading, len(lines)), strict=True):
        line.reading_id = reading_id
    try:
        with transaction.atomic():
            return insert_columns(Reading, _columns(by, lines))
    except IntegrityError as twin:
        # A file or another system stores without asking for the register first.
        raise Conflict("Another reading of that day came in this moment.", "Send it again.") from twin


def _columns(by: Actor, lines: Sequence[Line]) -> dict[str, Sequence[Any]]:
    return {
        "id": [line.reading_id for line in lines],
        "register_id": [line.register.id for line in lines],
        "on": [line.typed.on for line in lines],
        "dial": [line.typed.dial for line in lines],
        "source": [line.typed.source for line in lines],
        "is_live": [True] * len(lines),
        "came_from": [by.ref] * len(lines),
        "rolled_over": [line.found.rolled_over for line in lines],
        "why": [_kept_why(line) for line in lines],
    }


def _kept_why(line: Line) -> str:
    """What was asked about it and said yes to, kept with the reading."""
    asked = [_KEPT[code] for code in line.found.asks if code in _KEPT]
    if line.typed.rolled_over is False and "kept_backwards" in line.found.asks:
        asked.append("lower than the last")
    kept = f"Kept after a look: {', '.join(asked)}" if asked else ""
    return ". ".join(part for part in (kept, line.typed.why) if part)[:WHY_LENGTH]
