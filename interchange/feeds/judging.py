"""Whether a read can be taken, told by what is known of its account, meter and register.  Pure.

A ``row`` fault leaves the read out; a ``warning`` lets it through to whoever approves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.quantities import unit
from interchange.feeds.feed import Ground
from interchange.layouts import Fault
from interchange.layouts.outcome import Level
from meters.usage import Advance, Dial, advance

# The table of readings keeps so many places; it would round what is finer.
PLACES = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A read as a file claims it: ``dial`` is what the dial shows.  Empty texts are not claimed.

    ``unit`` is a code of ``core.quantities``, ``source`` a letter of ``meters.models.Reading.Source``.
    """

    line: int
    raw: str
    account: str
    meter: str
    register: str
    dial: Decimal
    on: date
    source: str
    unit: str = ""
    location: str = ""
    point: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account, where it is and the days it answers for, ``[starts, ends)``."""

    location: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meter is for ``[starts, ends)``; the reading of its removal is of the day ``ends``."""

    location: str
    point: str
    starts: date
    ends: date | None

    def holds(self, on: date) -> bool:
        """Whether a reading of that day was taken here."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """A register of a meter."""

    id: int
    code: str
    unit: str
    dial: Dial


@dataclass(frozen=True, slots=True)
class KnownMeter:
    """A meter with its registers by code, and its places in the order of time."""

    endpoint: str
    registers: Mapping[str, KnownRegister]
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Past:
    """A live reading of a register."""

    id: int
    on: date
    dial: Decimal
    rolled_over: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim; ``use`` is counted from the reading ``before`` it, in the register's unit."""

    faults: tuple[Fault, ...]
    there_already: bool = False
    before: int | None = None
    rolled_over: bool = False
    use: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes the faults of one line, with columns named as in the file."""

    line: int
    ground: Ground

    def __call__(self, field: str, code: str, problem: str, remedy: str, level: Level = "row") -> Fault:
        return Fault(self.line, self.ground.column(field), level, code, problem, remedy)


def plain(figure: Decimal) -> str:
    """A figure without needless zeros, never in powers of ten."""
    return format(figure.normalize() + 0, "f")


def place_of(
    claim: Claim, ground: Ground, accounts: Mapping[str, KnownAccount], meters: Mapping[str, KnownMeter]
) -> tuple[KnownRegister | None, list[Fault]]:
    """The register that a claim is about, or ``None``, and what is wrong with the claim's keys."""
    mark = Marker(claim.line, ground)
    meter, account = meters.get(claim.meter), accounts.get(claim.account)
    faults = []
    if meter is None:
        remedy = "Correct the number, or enter the meter and scan the file again."
        faults.append(mark("meter_id", "unknown_meter", f"No meter {claim.meter} is known.", remedy))
    if claim.account and account is None:
        remedy = "Correct the number; the file may be of another utility."
        problem = f"No account {claim.account} is known."
        faults.append(mark("account_number", "unknown_account", problem, remedy))
    if meter is None or (claim.account and account is None):
        return None, faults
    faults += _where(claim, mark, account, meter)
    register = meter.registers.get(claim.register)
    if register is None:
        faults.append(_wrong_register(claim, mark, meter))
    if claim.endpoint and meter.endpoint and claim.endpoint != meter.endpoint:
        problem = f"Meter {claim.meter} has endpoint {meter.endpoint}; the file says {claim.endpoint}."
        remedy = "If the endpoint was exchanged, change it at the meter."
        faults.append(mark("endpoint", "other_endpoint", problem, remedy, "warning"))
    return register, faults


def _where(claim: Claim, mark: Marker, account: KnownAccount | None, meter: KnownMeter) -> Iterator[Fault]:
    """Account, location and service point against where the meter was on that day."""
    wanted = claim.location or (account.location if account else "")
    if account and claim.location and account.location != claim.location:
        problem = f"Account {claim.account} is at location {account.location}, not at {claim.location}."
        yield mark("location_id", "elsewhere", problem, "Have the meter platform corrected.")
    elif not any(
        place.holds(claim.on) and wanted in ("", place.location) and claim.point in ("", place.point)
        for place in meter.places
    ):
        where = f" at location {wanted}" if wanted else ""
        where += f" service point {claim.point}" if claim.point else ""
        problem = f"Meter {claim.meter} was not installed{where} on {_day(claim.on)}"
        remedy = "Enter the installation or the exchange of the meter, then scan the file again."
        yield mark("meter_id", "not_installed", f"{problem}; {_known(meter, claim.on)}.", remedy)
    if account and not (account.starts <= claim.on and (account.ends is None or claim.on <= account.ends)):
        ends = f"ended on {_day(account.ends)}" if account.ends and claim.on > account.ends else "not begun"
        problem = f"Account {claim.account} was not active on {_day(claim.on)}: {ends}."
        remedy = "The read counts for the meter; have the meter platform name the present account."
        yield mark("account_number", "inactive_account", problem, remedy, "warning")


def _known(meter: KnownMeter, on: date) -> str:
    place = next((p for p in meter.places if p.holds(on)), None)
    return (
        f"it was at location {place.location} service point {place.point}"
        if place
        else "it was installed nowhere"
    )


def _wrong_register(claim: Claim, mark: Marker, meter: KnownMeter) -> Fault:
    names = " and ".join(code or "one without a letter" for code in sorted(meter.registers)) or "none"
    asked = f"the file names {claim.register}" if claim.register else "the file names none"
    problem = f"The registers of meter {claim.meter} are {names}; {asked}."
    return mark("register", "wrong_register", problem, "Correct the register in the meter platform.")


def figures(claim: Claim, register: KnownRegister, ground: Ground) -> list[Fault]:
    """What is wrong with the figure itself: its unit, its digits, its day."""
    mark = Marker(claim.line, ground)
    faults = []
    if claim.unit and claim.unit != register.unit:
        counted, claimed = unit(register.unit), unit(claim.unit)
        other = counted.kind != claimed.kind
        problem = f"The register counts {counted.label}; the file says {claimed.label}."
        remedy = (
            "It measures something else: check the meter."
            if other
            else f"Export the reads in {counted.label}; what the dial shows is not converted."
        )
        faults.append(mark("unit", "other_kind" if other else "other_unit", problem, remedy))
    if claim.dial >= register.dial.limit:
        zeros = " (its dead zeros are not read)" if register.dial.dead_zeros else ""
        problem = f"{plain(claim.dial)} does not fit the {register.dial.digits} dials of the register{zeros}."
        remedy = "Correct the read, or the dials of the register on the page of its meter."
        faults.append(mark("read", "too_many_digits", problem, remedy))
    if -int(claim.dial.normalize().as_tuple().exponent) > PLACES:
        problem = f"{plain(claim.dial)} has more than {PLACES} decimals."
        faults.append(mark("read", "too_fine", problem, f"Export reads with at most {PLACES} decimals."))
    if claim.on > ground.today:
        problem = f"The read is of {_day(claim.on)}, which is still to come."
        faults.append(mark("read_at", "future", problem, "Correct the date of the read."))
    return faults


def doubles(placed: Iterable[tuple[Claim, KnownRegister]], ground: Ground) -> dict[int, Fault]:
    """Faults by line of registers read more than once in a file: the same read again is left out quietly."""
    by_register: dict[int, list[Claim]] = defaultdict(list)
    for claim, register in placed:
        by_register[register.id].append(claim)
    faults: dict[int, Fault] = {}
    for claims in by_register.values():
        first = claims[0]
        same = all((c.dial, c.on) == (first.dial, first.on) for c in claims)
        for claim in claims[1:] if same else claims:
            mark = Marker(claim.line, ground)
            if same:
                problem = f"The same read stands on line {first.line} already."
                faults[claim.line] = mark(
                    "read", "same_again", problem, "Nothing to do; it is taken once.", "warning"
                )
                continue
            others = ", ".join(str(c.line) for c in claims if c is not claim)
            problem = f"The same register is read on line {others} too, with another figure or day."
            faults[claim.line] = mark(
                "register" if claim.register else "meter_id",
                "doubled",
                problem,
                "Leave only the right line in the file.",
            )
    return faults


def judge(
    claim: Claim,
    register: KnownRegister,
    history: Sequence[Past],
    that_day: Past | None,
    high_use_times: int | None,
    ground: Ground,
) -> Verdict:
    """A claim against the register's readings.

    ``history`` are its latest live readings, oldest first; ``that_day`` the one of the claim's own day.
    ``high_use_times`` unset means that high use is not looked for.
    """
    mark = Marker(claim.line, ground)
    if that_day is not None:
        if that_day.dial == claim.dial:
            problem = f"This read of {_day(claim.on)} is there already."
            fault = mark("read", "already_there", problem, "Nothing to do; it is not taken again.", "warning")
            return Verdict((fault,), there_already=True)
        problem = f"There is another reading of {_day(claim.on)} already: {plain(that_day.dial)}."
        remedy = "Correct that reading if this one is right."
        return Verdict((mark("read", "another_value", problem, remedy),))
    last = history[-1] if history else None
    if last is None:
        problem = "It is the first reading of this register, so there is no use to bill from it."
        remedy = "Check that the meter's first reading was not forgotten."
        return Verdict((mark("read", "first_reading", problem, remedy, "warning"),))
    if claim.on < last.on:
        problem = f"The read is of {_day(claim.on)}; the register was read on {_day(last.on)} since."
        remedy = "Check the date of the read; an older one is entered by hand."
        return Verdict((mark("read_at", "before_last", problem, remedy),))
    gone = advance(register.dial, last.dial, claim.dial)
    if gone.kind == "backwards" and not register.dial.may_run_backwards:
        problem = f"The read {plain(claim.dial)} is lower than {plain(last.dial)} of {_day(last.on)}."
        remedy = "Read the meter again; if it was exchanged or repaired, enter that first."
        return Verdict((mark("read", "backwards", problem, remedy),), before=last.id)
    unusual = _unusual(claim, register, history, gone, high_use_times, mark)
    return Verdict(tuple(unusual), before=last.id, rolled_over=gone.kind == "rollover", use=gone.use)


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


def _unusual(
    claim: Claim,
    register: KnownRegister,
    history: Sequence[Past],
    gone: Advance,
    times: int | None,
    mark: Marker,
) -> Iterator[Fault]:
    average = average_a_day(register, history)
    days = (claim.on - history[-1].on).days
    if average is None or average <= 0 or days <= 0:
        return
    usual = average * days
    label = unit(register.unit).label
    if gone.use == 0:
        problem = f"There was no use in {days} days; {plain(round(usual, 1))} {label} is usual."
        yield mark(
            "read", "zero_use", problem, "Check that the meter turns and the place is empty.", "warning"
        )
    elif times is not None and gone.use > usual * times:
        problem = (
            f"The use of {plain(gone.use)} {label} in {days} days is more than {times} times"
            f" the usual {plain(round(usual, 1))}."
        )
        yield mark(
            "read", "high_use", problem, "Check the read; tell the customer of a likely leak.", "warning"
        )


def _day(on: date) -> str:
    return f"{on:%b} {on.day}, {on.year}"
