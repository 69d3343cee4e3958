"""Whether a reading can be what a register showed, told by what it showed before.  Pure.

One judge for every way in: files, the keyboard, other systems.  A ``Remark`` of level ``wrong`` keeps the
reading out, ``ask`` wants somebody to say that it is right, ``tell`` is only said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.quantities import unit
from meters.usage import Advance, Dial, advance, counted, is_demand

PLACES = 3
"""The table of readings keeps so many decimals; it would round what is finer."""

ROUND_DAYS = 15
"""A register read so many days before counts as read on this round of its route."""

_SEASON_DAYS = 45
_YEAR_DAYS = 365
# So many readings give the twelve uses that an average is made of.
_AVERAGED = 13

RANGE_DAYS = 30
"""A normal range says what is used in so many days."""

RemarkLevel = Literal["wrong", "ask", "tell"]


@dataclass(frozen=True, slots=True)
class NormalRange:
    """What a register normally counts in ``RANGE_DAYS`` (a demand: whenever it is read), in its own unit.

    ``of`` says in words what the range belongs to: ``rate W-RES``, ``water``.
    """

    low: Decimal | None
    high: Decimal | None
    of: str


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """A register of a meter."""

    id: int
    code: str
    unit: str
    dial: Dial
    normal: NormalRange | None = None

    @property
    def is_demand(self) -> bool:
        """Whether it shows the highest power drawn since the last reading, when it was set back."""
        return is_demand(self.unit)

    def gone(self, earlier: Decimal, later: Decimal, rolled_over: bool | None) -> Advance:
        """What it counted between two readings; a demand: what it shows."""
        return counted(self.unit, self.dial, earlier, later, rolled_over=rolled_over)


@dataclass(frozen=True, slots=True)
class Past:
    """A live reading of a register."""

    id: int
    on: date
    dial: Decimal
    rolled_over: bool


@dataclass(frozen=True, slots=True)
class Usual:
    """What a utility calls out of the ordinary; what is not set is not looked for.

    ``high_times``: more than so many times the usual use.  ``low_percent``: less than so many per cent.
    """

    high_times: int | None = None
    low_percent: Decimal | None = None


NOTHING_SET = Usual()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about a reading; ``field`` is ``dial`` or ``on``."""

    code: str
    level: RemarkLevel
    problem: str
    remedy: str
    field: str = "dial"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a reading.

    ``use`` is counted from the reading ``before`` it, in the register's unit; ``usual`` is what the same
    days would have used.
    """

    remarks: tuple[Remark, ...] = ()
    there_already: bool = False
    before: Past | None = None
    rolled_over: bool = False
    use: Decimal | None = None
    usual: Decimal | None = None

    @property
    def wrong(self) -> bool:
        """Whether it cannot be taken."""
        return any(remark.level == "wrong" for remark in self.remarks)

    @property
    def asks(self) -> tuple[str, ...]:
        """The codes of what somebody has to say yes to."""
        return tuple(remark.code for remark in self.remarks if remark.level == "ask")


def plain(figure: Decimal) -> str:
    """A figure without needless zeros, never in powers of ten."""
    return format(figure.normalize() + 0, "f")


def day_words(on: date) -> str:
    """``Sep 1, 2026``."""
    return f"{on:%b} {on.day}, {on.year}"


def of_the_dial(dial: Decimal, on: date, register: KnownRegister, today: date) -> list[Remark]:
    """What is wrong with the figure itself: its digits, its decimals, its day."""
    found = []
    if not dial.is_finite() or dial < 0:
        remedy = "Type the digits that the dial shows."
        return [Remark("not_a_dial", "wrong", "A dial shows no such figure.", remedy)]
    if dial >= register.dial.limit:
        zeros = " (its dead zeros are not read)" if register.dial.dead_zeros else ""
        problem = f"{plain(dial)} does not fit the {register.dial.digits} dials of the register{zeros}."
        remedy = "Correct the read, or the dials of the register on the page of its meter."
        found.append(Remark("too_many_digits", "wrong", problem, remedy))
    if -int(dial.normalize().as_tuple().exponent) > PLACES:
        problem = f"{plain(dial)} has more than {PLACES} decimals."
        found.append(Remark("too_fine", "wrong", problem, f"Export reads with at most {PLACES} decimals."))
    if on > today:
        problem = f"The read is of {day_words(on)}, which is still to come."
        found.append(Remark("future", "wrong", problem, "Correct the date of the read.", "on"))
    return found


def that_day(dial: Decimal, on: date, there: Past) -> Judgement:
    """Judged by the live reading of the same day alone."""
    if there.dial == dial:
        problem = f"This read of {day_words(on)} is there already."
        remark = Remark("already_there", "tell", problem, "Nothing to do; it is not taken again.")
        return Judgement((remark,), there_already=True)
    problem = f"There is another reading of {day_words(on)} already: {plain(there.dial)}."
    return Judgement(
        (Remark("another_value", "wrong", problem, "Correct that reading if this one is right."),)
    )


def judge(
    dial: Decimal,
    on: date,
    register: KnownRegister,
    history: Sequence[Past],
    usual: Usual = NOTHING_SET,
    *,
    rolled_over: bool | None = None,
) -> Judgement:
    """A reading against those before it; ``history`` is live, oldest first, and ends before ``on``.

    ``rolled_over`` is what somebody said of a dial that shows less than before: ``True`` that it passed
    zero, ``False`` that it did not and is to be kept so; ``None`` leaves it to ``meters.usage.advance``.
    """
    last = history[-1] if history else None
    if last is None:
        problem = "It is the first reading of this register, so there is no use to bill from it."
        remedy = "Check that the meter's first reading was not forgotten."
        return Judgement((Remark("first_reading", "tell", problem, remedy),))
    gone = register.gone(last.dial, dial, rolled_over)
    if gone.kind == "backwards" and not register.dial.may_run_backwards:
        problem = f"The read {plain(dial)} is lower than {plain(last.dial)} of {day_words(last.on)}."
        if rolled_over is None:
            remedy = "Read the meter again; if it was exchanged or repaired, enter that first."
            return Judgement((Remark("backwards", "wrong", problem, remedy),), before=last)
        remedy = "It is kept as it is; a bill made from it is held until somebody has looked."
        return Judgement((Remark("kept_backwards", "ask", problem, remedy),), before=last, use=gone.use)
    days = (on - last.on).days
    same_days = usual_use(register, history, on)
    remarks = [*_unusual(register, gone, days, same_days, usual)] if same_days else []
    remarks += _out_of_range(register, gone, days)
    return Judgement(
        tuple(remarks), before=last, rolled_over=gone.kind == "rollover", use=gone.use, usual=same_days
    )


def between(dial: Decimal, register: KnownRegister, after: Past | None) -> list[Remark]:
    """Whether the reading that follows can still follow on this one."""
    if after is None or register.dial.may_run_backwards:
        return []
    gone = register.gone(dial, after.dial, after.rolled_over)
    if gone.kind != "backwards":
        return []
    problem = f"The reading after it, {plain(after.dial)} of {day_words(after.on)}, would then be lower."
    return [Remark("after_lower", "wrong", problem, "Correct that one first, if it is wrong.")]


def read_already(on: date, history: Sequence[Past]) -> list[Remark]:
    """Whether the register was read a few days ago, on this same round of its route."""
    last = history[-1] if history else None
    if last is None or not 0 < (on - last.on).days <= ROUND_DAYS:
        return []
    problem = f"It was read on {day_words(last.on)} already: {plain(last.dial)}."
    return [Remark("read_already", "ask", problem, "Keep both, or correct that one.", "on")]


def average_a_day(register: KnownRegister, history: Sequence[Past]) -> Decimal | None:
    """Use a day over the history, ``None`` without two readings of different days."""
    days = (history[-1].on - history[0].on).days if history else 0
    if days <= 0:
        return None
    used = sum(
        advance(register.dial, a.dial, b.dial, rolled_over=b.rolled_over).use
        for a, b in zip(history, history[1:], strict=False)
    )
    return Decimal(used) / days


def usual_a_day(register: KnownRegister, history: Sequence[Past], on: date) -> Decimal | None:
    """Use a day in the same season a year before, else over the last twelve readings; ``None`` with neither.

    The season is what was read within a month and a half of the day a year before: a lawn is watered in
    July, not in the average of twelve months.
    """
    season = [p for p in history if abs((on - p.on).days - _YEAR_DAYS) <= _SEASON_DAYS]
    found = average_a_day(register, season)
    return found if found is not None and found > 0 else average_a_day(register, history[-_AVERAGED:])


def usual_use(register: KnownRegister, history: Sequence[Past], on: date) -> Decimal | None:
    """What the days since the last reading usually use; a demand: the average of the last twelve shown."""
    days = (on - history[-1].on).days if history else 0
    if days <= 0:
        return None
    if register.is_demand:
        # The first reading of all is the start of the meter, which had no demand yet.
        shown = [p.dial * register.dial.step for p in history[1:][-(_AVERAGED - 1) :]]
        return sum(shown, Decimal(0)) / len(shown) if shown else None
    a_day = usual_a_day(register, history, on)
    return None if a_day is None else a_day * days


def _out_of_range(register: KnownRegister, gone: Advance, days: int) -> Iterator[Remark]:
    """Beyond what is normal for the rate or the service; by the days, unless it is a demand."""
    normal = register.normal
    if normal is None or days <= 0:
        return
    share = Decimal(1) if register.is_demand else Decimal(days) / RANGE_DAYS
    found = f"{_counted(register, gone, days)} is"
    label = unit(register.unit).label
    low, high = (None if n is None else n * share for n in (normal.low, normal.high))
    if high is not None and gone.use > high:
        problem = f"{found} more than the {plain(round(high, 1))} {label} that are normal for {normal.of}."
        yield Remark("over_range", "ask", problem, "Check the read; tell the customer of a likely leak.")
    elif low is not None and gone.use < low:
        problem = f"{found} less than the {plain(round(low, 1))} {label} that are normal for {normal.of}."
        yield Remark("under_range", "ask", problem, "Check the read; the meter may be stuck or slow.")


def _counted(register: KnownRegister, gone: Advance, days: int) -> str:
    """The use (in its days) or the demand, as a sentence begins."""
    counted = f"{plain(gone.use)} {unit(register.unit).label}"
    return f"The demand of {counted}" if register.is_demand else f"The use of {counted} in {days} days"


def _unusual(
    register: KnownRegister, gone: Advance, days: int, same_days: Decimal, usual: Usual
) -> Iterator[Remark]:
    if same_days <= 0:
        return
    label = unit(register.unit).label
    used = _counted(register, gone, days)
    if gone.use == 0:
        what = "demand" if register.is_demand else "use"
        problem = f"There was no {what} in {days} days; {plain(round(same_days, 1))} {label} is usual."
        yield Remark("zero_use", "ask", problem, "Check that the meter turns and the place is empty.")
    elif usual.high_times is not None and gone.use > same_days * usual.high_times:
        problem = f"{used} is more than {usual.high_times} times the usual {plain(round(same_days, 1))}."
        yield Remark("high_use", "ask", problem, "Check the read; tell the customer of a likely leak.")
    elif usual.low_percent is not None and gone.use * 100 < same_days * usual.low_percent:
        problem = (
            f"{used} is less than {plain(usual.low_percent)} % of the usual {plain(round(same_days, 1))}."
        )
        yield Remark("low_use", "ask", problem, "Check the read; the meter may be stuck or slow.")
