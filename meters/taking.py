"""Readings that other systems send: judged as those typed and those in files; what is not taken waits.

A reading is taken, there already, or held with what speaks against it.  A held one is taken or dropped by
somebody with a reason; when the same register and day come again and are right, it is settled by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation, under_way
from meters.entry import (
    WHY_LENGTH,
    Line,
    TypedReading,
    judged_lines,
    locked_registers,
    once_a_day,
    store_lines,
)
from meters.judging import Judgement, KnownRegister, Past, Usual, between, judge, of_the_dial, that_day
from meters.models import HeldReading

MOST = 5000
"""Readings in one request."""


@operation("readings.take", permission="readings.import", quiet=frozenset({"rows"}))
def take_readings(
    by: Actor, *, rows: Sequence[TypedReading], today: date, why: str = ""
) -> list[dict[str, Any]]:
    """Take the readings that are right and hold the others; one answer for each, in their order.

    Its ``state`` is ``taken``, ``there`` (the same reading was there already), ``asks`` (it stands out) or
    ``wrong``; of the last two ``held_id`` names what waits for a person.  ``sure`` of a reading overrides
    what stands out, for which ``why`` is needed; it is kept with the reading.  Raises ``NotFound`` for an
    unknown register, ``Refused`` for one that is named twice on a day and for an override without a reason.
    """
    why = _reason(why, needed=any(row.sure for row in rows))
    once_a_day(rows, MOST)
    registers = locked_registers(rows)
    by_day: dict[date, list[TypedReading]] = defaultdict(list)
    for row in rows:
        by_day[row.on].append(row)
    answers: dict[tuple[int, date], dict[str, Any]] = {}
    for on in sorted(by_day):
        lines = judged_lines(by_day[on], registers, on, today, _one)
        held = _keep(by, lines, on, why)
        for line in lines:
            key = line.register.id, on
            answers[key] = {**line.answer(), "held_id": held.get(line.register.id)}
    note(
        sent=len(rows),
        readings=sum(a["state"] == "taken" for a in answers.values()),
        held=sum(a["held_id"] is not None for a in answers.values()),
        **({"why": why} if why else {}),
    )
    return [answers[row.register_id, row.on] for row in rows]


def _reason(why: str, *, needed: bool) -> str:
    why = why.strip()
    if needed and not why:
        raise Refused(
            "A reading that stands out is kept on purpose only with a reason.", "Say what was checked.",
            field="why",
        )  # fmt: skip
    if len(why) > WHY_LENGTH:
        raise Refused(f"The reason has {len(why)} characters.", f"Say it in {WHY_LENGTH}.", field="why")
    return why


def _one(
    row: TypedReading,
    register: KnownRegister,
    history: Sequence[Past],
    there: Past | None,
    after: Past | None,
    usual: Usual,
    today: date,
) -> Judgement:
    """As a file is judged: a dial that plausibly passed zero did so."""
    faults = of_the_dial(row.dial, row.on, register, today)
    if faults:
        return Judgement(tuple(faults))
    if there is not None:
        return that_day(row.dial, row.on, there)
    found = judge(row.dial, row.on, register, history, usual, rolled_over=row.rolled_over)
    more = (*between(row.dial, register, after), *found.remarks)
    return Judgement(more, found.there_already, found.before, found.rolled_over, found.use, found.usual)


def _keep(by: Actor, lines: Sequence[Line], on: date, why: str) -> dict[int, int]:
    """Store what is taken and hold what is not; the held ones' ids by register."""
    taken = [line for line in lines if line.state == "taken"]
    for line in taken:
        if why and line.found.asks:
            line.typed = replace(line.typed, why=why)
    store_lines(by, taken)
    waiting = {
        one.register_id: one
        for one in HeldReading.objects.filter(
            register__in=[line.register.id for line in lines], on=on, state=HeldReading.State.WAITING
        )
    }
    held: dict[int, int] = {}
    for line in lines:
        found = waiting.get(line.register.id)
        if line.state in ("asks", "wrong"):
            held[line.register.id] = _hold(by, line, found or HeldReading(register_id=line.register.id))
        elif found is not None and line.reading_id is not None:
            _settle(
                by, found, HeldReading.State.TAKEN, "The reading came again and was right.", line.reading_id
            )
    return held


def _hold(by: Actor, line: Line, found: HeldReading) -> int:
    typed = line.typed
    found.on, found.dial, found.source, found.rolled_over = (
        typed.on, typed.dial, typed.source, typed.rolled_over,
    )  # fmt: skip
    found.remarks = line.answer()["remarks"]
    found.came_from, found.came_at = by.ref, under_way().at
    found.save()
    return int(found.id)


def _settle(by: Actor, found: HeldReading, state: str, why: str, reading_id: int | None = None) -> None:
    found.state, found.why, found.reading_id = state, why, reading_id
    found.ended_at, found.ended_by = under_way().at, by.name[:80]
    found.save()


@operation("readings.held.take", permission="readings.approve")
def take_held(by: Actor, *, held_id: int, why: str, today: date) -> int:
    """A held reading is right after all; returns the reading's id.

    It is judged anew.  Raises ``Refused`` without a reason or when it still cannot be, ``Conflict`` when
    somebody decided already.
    """
    why = _reason(why, needed=True)
    found = _waiting(held_id)
    asked = tuple(r["code"] for r in found.remarks if r["level"] == "ask")
    row = TypedReading(
        found.register_id, found.on, found.dial, found.source, found.rolled_over, asked, why=why
    )
    (line,) = judged_lines([row], locked_registers([row]), found.on, today, _one)
    if line.state in ("asks", "wrong"):
        level = "wrong" if line.state == "wrong" else "ask"
        remark = next(r for r in line.found.remarks if r.level == level and r.code not in asked)
        raise Refused(remark.problem, f"{remark.remedy} Or drop this reading.", field="decision")
    if line.state == "taken":
        store_lines(by, [line])
    _settle(by, found, HeldReading.State.TAKEN, why, line.reading_id)
    note(meter=found.register.meter.number)
    return int(line.reading_id or 0)


@operation("readings.held.drop", permission="readings.approve")
def drop_held(by: Actor, *, held_id: int, why: str) -> int:
    """A held reading is wrong and is not taken; returns its id.  It stays on record with the reason."""
    why = _reason(why, needed=True)
    found = _waiting(held_id)
    _settle(by, found, HeldReading.State.DROPPED, why)
    note(meter=found.register.meter.number)
    return int(found.id)


def _waiting(held_id: int) -> HeldReading:
    rows = HeldReading.objects.select_for_update(of=("self",)).select_related("register__meter")
    found = rows.filter(id=held_id).first()
    if found is None:
        raise NotFound("There is no such reading.", "Choose one from the list.")
    if found.state != HeldReading.State.WAITING:
        raise Conflict(
            f"{found.ended_by or 'Somebody'} decided already: {found.get_state_display().lower()}.",
            "Look at the meter.",
        )
    return found


def held_readings() -> QuerySet[HeldReading]:
    """All of them with their meters, the newest first."""
    return HeldReading.objects.select_related("register__meter", "reading").order_by("-id")
