"""Whether a read of a file can be taken, told by what is known of its account, meter and register.  Pure.

A ``row`` fault leaves the read out; a ``warning`` lets it through to whoever approves.  What a register can
show is judged in ``meters.judging``, for files as for what is typed.
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
from meters import judging
from meters.judging import KnownRegister, Past, Remark, Usual, day_words

_FIELDS = {"dial": "read", "on": "read_at"}
_LEVELS: Mapping[str, Level] = {"wrong": "row", "ask": "warning", "tell": "warning"}


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
class KnownMeter:
    """A meter with its registers by code, and its places in the order of time."""

    endpoint: str
    registers: Mapping[str, KnownRegister]
    places: Sequence[Place]


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

    def these(self, remarks: Iterable[Remark]) -> list[Fault]:
        """The faults that remarks on a reading are in a file."""
        return [self(_FIELDS[r.field], r.code, r.problem, r.remedy, _LEVELS[r.level]) for r in remarks]


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
        problem = f"Meter {claim.meter} was not installed{where} on {day_words(claim.on)}"
        remedy = "Enter the installation or the exchange of the meter, then scan the file again."
        yield mark("meter_id", "not_installed", f"{problem}; {_known(meter, claim.on)}.", remedy)
    if account and not (account.starts <= claim.on and (account.ends is None or claim.on <= account.ends)):
        ends = (
            f"ended on {day_words(account.ends)}" if account.ends and claim.on > account.ends else "not begun"
        )
        problem = f"Account {claim.account} was not active on {day_words(claim.on)}: {ends}."
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
    return faults + mark.these(judging.of_the_dial(claim.dial, claim.on, register, ground.today))


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
    usual: Usual,
    ground: Ground,
) -> Verdict:
    """A claim against the register's readings.

    ``history`` are its latest live readings, oldest first; ``that_day`` the one of the claim's own day.
    A file brings what is new: a read older than the last one is left out.
    """
    mark = Marker(claim.line, ground)
    last = history[-1] if history else None
    if that_day is not None:
        found = judging.that_day(claim.dial, claim.on, that_day)
    elif last is not None and claim.on < last.on:
        problem = (
            f"The read is of {day_words(claim.on)}; the register was read on {day_words(last.on)} since."
        )
        remedy = "Check the date of the read; an older one is entered by hand."
        return Verdict((mark("read_at", "before_last", problem, remedy),))
    else:
        found = judging.judge(claim.dial, claim.on, register, history, usual)
    return Verdict(
        tuple(mark.these(found.remarks)),
        there_already=found.there_already,
        before=found.before.id if found.before else None,
        rolled_over=found.rolled_over,
        use=found.use,
    )
