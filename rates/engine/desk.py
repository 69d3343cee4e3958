"""The desk at which one service is worked: the facts, and what has been found so far."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from rates.engine.errors import RatingError
from rates.engine.facts import RatingFacts

if TYPE_CHECKING:
    from rates.engine.proration import Share
    from rates.engine.tariff import Tariff

_DAY = timedelta(days=1)


class Desk:
    """Mutable while one ``rate`` call runs and never kept."""

    __slots__ = ("_day", "billed", "current", "exact", "facts", "figures", "series", "tariff")

    def __init__(self, tariff: "Tariff", facts: RatingFacts, day: date | None = None) -> None:
        self.tariff = tariff
        self.facts = facts
        self.current = "use"
        self.figures: dict[str, Decimal] = {}
        self.exact: dict[str, Decimal] = {}
        self.billed: dict[str, Decimal] = {}
        self.series: dict[str, tuple[Decimal, ...]] = {}
        self._day = day

    def fail(self, problem: str, remedy: str) -> RatingError:
        """The error to raise for the charge being worked."""
        return RatingError(self.current, problem, remedy)

    @property
    def day(self) -> date:
        """The day on which season, month and dated prices are taken."""
        if self._day is None:
            period = self.facts.period
            if self.tariff.dated_by == "start":
                self._day = period.start
            elif period.end is None:
                raise self.fail("The billing period has no end.", "Close the period before rating.")
            else:
                self._day = max(period.start, period.end - _DAY)
        return self._day

    @property
    def share(self) -> "Share | None":
        """The share of days that the period counts as, ``None`` for a whole one."""
        proration = self.tariff.proration
        return None if proration is None else proration.share(Decimal(self.facts.days))

    def of_whole(self, exact: dict[str, Decimal], billed: dict[str, Decimal]) -> "Desk":
        """This desk with other charges on it: those of the whole of a divided period."""
        whole = Desk(self.tariff, self.facts, self.day)
        whole.figures, whole.series, whole.exact, whole.billed = self.figures, self.series, exact, billed
        return whole

    def figure(self, name: str) -> Decimal:
        """The figure of that name: use, days, a derived quantity, another service's use, a number."""
        found = self.figures.get(name)
        if found is not None:
            return found
        if name == "use":
            found = self.figures["use"] = self.tariff.use.work(self)
        elif name == "days":
            found = Decimal(self.facts.days)
        elif name.endswith(".use"):
            found = self.tariff.use.other(self, name.removesuffix(".use"))
        elif name in self.tariff.looks:
            found = self._only_one(name)
        else:
            found = self.facts.numbers.get(name)
            if found is None:
                words = name.replace("_", " ")
                raise self.fail(f"The number of {words} is not known.", f"Enter {words} on the service.")
        if not found.is_finite():
            raise self.fail(f"{name} is {found}.", "Enter a number.")
        return found

    def several(self, name: str) -> tuple[Decimal, ...]:
        """The numbers of a series; a single figure counts as a series of one."""
        if name in self.tariff.looks:
            return self._past(name)
        found = self.facts.series.get(name)
        return found if found is not None else (self.figure(name),)

    def _past(self, name: str) -> tuple[Decimal, ...]:
        found = self.series.get(name)
        if found is None:
            found = self.series[name] = self.tariff.looks[name].numbers(self)
        return found

    def _only_one(self, name: str) -> Decimal:
        found = self._past(name)
        if len(found) != 1:
            raise self.fail(
                f"{name.replace('_', ' ').capitalize()} are {len(found)} numbers where one is needed.",
                "Take their average, sum, least or greatest.",
            )
        return found[0]

    def attribute(self, name: str) -> str | None:
        """An attribute of the service; ``month`` (1 to 12) and a declared ``season`` come from the day."""
        if name == "season" and self.tariff.seasons:
            return self.tariff.seasons.of(self)
        if name == "month":
            return str(self.day.month)
        return self.facts.attributes.get(name)
