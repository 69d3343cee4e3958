"""Lives of meters told twice: by an odometer that never turns over, and by what was read off the dials.

The odometer counts whole steps without end; nothing of the product is asked how far it went.  A life has
readings, estimates, corrections, dials that pass zero, dead zeros and exchanged meters.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from meters.judging import Judgement, KnownRegister, Past, judge
from meters.usage import Dial, advance

BEGIN = date(2020, 1, 1)

Step = tuple[str, int, int]
"""What happens, how many thousandths of the dial it goes, and days until then."""

KINDS = ("read", "read", "too little", "too much", "mistyped", "exchange")
"""A reading; an estimate below and one above what went through; one put right; another meter."""

STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 990), st.integers(1, 70)),
    min_size=2,
    max_size=24,
)
DIALS = st.builds(
    Dial,
    digits=st.integers(3, 9),
    multiplier=st.decimals("0.0001", "1000", places=4),
    dead_zeros=st.integers(0, 4),
)


@dataclass
class RegisterLife:
    """One register from its installation to its removal; ``truth`` has the odometer at each reading."""

    dial: Dial
    readings: list[Past] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)

    def judged(self, odometer: int, on: date) -> Judgement:
        """What the product says of the reading, told the truth when it asks whether the dial passed zero."""
        shown = Decimal(odometer % int(self.dial.limit))
        turned = odometer // int(self.dial.limit) > self.truth[-1] // int(self.dial.limit)
        register = KnownRegister(1, "", "GAL", self.dial)
        return judge(shown, on, register, self.readings, rolled_over=turned)

    def take(self, odometer: int, on: date) -> None:
        """A reading is kept as the product judged it."""
        turned = self.judged(odometer, on).rolled_over if self.readings else False
        shown = Decimal(odometer % int(self.dial.limit))
        self.readings.append(Past(len(self.readings) + 1, on, shown, turned))
        self.truth.append(odometer)

    def take_out_last(self) -> None:
        """The last reading was mistyped."""
        self.readings.pop()
        self.truth.pop()

    def used(self, first: int, last: int) -> Decimal:
        """What the product says went through between two of the readings."""
        span = self.readings[first : last + 1]
        each = (
            advance(self.dial, a.dial, b.dial, rolled_over=b.rolled_over).use
            for a, b in zip(span, span[1:], strict=False)
        )
        return sum(each, Decimal(0))

    def went(self, first: int, last: int) -> Decimal:
        """What the odometer says."""
        return (self.truth[last] - self.truth[first]) * self.dial.step


def lived(dials: list[Dial], start: int, steps: list[Step]) -> list[RegisterLife]:
    """The registers that stood at one place, one after the other."""
    on, changes = BEGIN, 0
    life = RegisterLife(dials[0])
    odometer = start % int(life.dial.limit)
    life.take(odometer, on)
    lives = [life]
    for kind, thousandths, days in steps:
        on += timedelta(days)
        limit, last = int(life.dial.limit), life.truth[-1]
        # A dial that goes round once between two readings tells nobody: no reader can know of it.
        odometer = max(odometer, min(odometer + limit * thousandths // 1000, last + limit - 1))
        if kind == "too little":
            life.take(min(last, odometer) + abs(odometer - last) // 3, on)
        elif kind == "too much":
            # Within the turn that is going on: a guess past zero that is not reached cannot be told back.
            turn_ends = (odometer // limit + 1) * limit
            life.take(min(max(odometer, last) + limit // 50, turn_ends - 1, last + limit - 1), on)
        else:
            if kind == "mistyped":
                life.take(last + 7, on)
                life.take_out_last()
            life.take(odometer, on)
        if kind == "exchange":
            changes += 1
            life = RegisterLife(dials[changes % len(dials)])
            odometer = thousandths % int(life.dial.limit)
            life.take(odometer, on)
            lives.append(life)
    return lives
