"""Short and long periods: their days count as a share of the full number of days."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from rates.engine.desk import Desk
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money, shown

if TYPE_CHECKING:
    from rates.engine.components.charge import Worked

_NOTHING = Decimal(0)


class Share(NamedTuple):
    """The days of the period out of the full number."""

    days: Decimal
    full: Decimal

    def of(self, amount: Decimal) -> Decimal:
        """The amount × days ÷ full, divided last, so that what ends is exact."""
        return amount * self.days / self.full

    @property
    def words(self) -> str:
        """``22 of 30 days: × 22 ÷ 30``."""
        days, full = shown(self.days), shown(self.full)
        return f"{days} {'of' if self.days <= self.full else 'instead of'} {full} days: × {days} ÷ {full}"

    def note(self, of: str) -> Step:
        """A line of no amount that says what the share was applied to."""
        return Step(f"{of} for {self.words}", None, None, None, _NOTHING)


@dataclass(frozen=True, slots=True)
class Proration:
    """From which number of days on a period is short or long; without bounds it always counts by days."""

    full: Decimal
    below: Decimal | None
    above: Decimal | None

    def share(self, days: Decimal) -> Share | None:
        """The share of so many days, ``None`` for a period that counts as whole."""
        unbounded = self.below is None and self.above is None
        short = self.below is not None and days < self.below
        long = self.above is not None and days > self.above
        return Share(days, self.full) if unbounded or short or long else None


def share_of_days(done: "Worked", desk: Desk) -> "Worked":
    """The whole charge by the share of the period."""
    share = desk.share
    if share is None:
        return done
    exact = share.of(done.exact)
    step = Step(f"{share.words} = {money(exact)}", None, None, None, exact - done.exact)
    return done._replace(exact=exact, steps=(*done.steps, step))


def parse_proration(reader: Reader) -> Proration:
    """``{"full": "30", "below": "25", "above": "35"}``, the bounds where wished."""
    reader.only("full", "below", "above")
    below, above = (_days(reader.at(k)) if reader.has(k) else None for k in ("below", "above"))
    if below is not None and above is not None and below > above:
        raise reader.fail(f"{shown(below)} is above {shown(above)}.", "Let “below” be the smaller number.")
    return Proration(_days(reader.at("full")), below, above)


def _days(reader: Reader) -> Decimal:
    found = reader.number()
    if found <= 0:
        raise reader.fail("A number of days must be more than zero.", "Write for example 30.")
    return found
