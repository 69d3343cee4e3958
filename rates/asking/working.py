"""All services of a bill, worked in the order in which they rest on each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.money import total
from core.periods import Period
from rates.asking.facts import Asked
from rates.asking.tables import FileTable
from rates.engine import Rating, RatingError, ServiceUse, Tariff, pricing_of, rate_parts


class NotPriced(ValueError):
    """A service that its table cannot price with these facts; what to do is in ``remedy``."""

    def __init__(self, service_type: str, wrong: RatingError, asks: str) -> None:
        super().__init__(service_type, str(wrong), asks)
        self.service_type, self.wrong, self.asks = service_type, wrong, asks

    def __str__(self) -> str:
        return f"{self.service_type}, {self.wrong} {self.asks}".strip()


@dataclass(frozen=True, slots=True)
class BillRating:
    """One service of the answer: the table of its last day, the parts priced apart, and the charges."""

    tariff: Tariff
    parts: tuple[tuple[Period, Tariff], ...]
    use: ServiceUse | None
    rating: Rating


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole bill."""

    period: Period
    days: int
    services: tuple[BillRating, ...]

    @property
    def total(self) -> Decimal:
        """The sum of all charges as billed."""
        return total(s.rating.total for s in self.services)


def work(tables: Sequence[FileTable], asked: Asked) -> Answer:
    """The charges of every table; raises ``NotPriced`` for facts that are missing or fit no row."""
    others: dict[str, Decimal] = {}
    uses: dict[str, ServiceUse] = {}
    found: list[BillRating] = []
    for table in tables:
        given = asked.facts[table.service_type]
        facts = replace(given, others={**others, **given.others}, other_use={**uses, **given.other_use})
        try:
            parts = _parts(table, asked.period)
            rating = rate_parts(parts, facts)
        except RatingError as wrong:
            raise NotPriced(table.service_type, wrong, _asks(table.hints())) from wrong
        use = None if facts.use is None or facts.unit is None else ServiceUse(facts.use, facts.unit)
        found.append(BillRating(parts[-1][1], tuple(parts), use, rating))
        others |= rating.others(table.service_type)
        if use is not None:
            uses[table.service_type] = use
    return Answer(asked.period, asked.days, tuple(found))


def _parts(table: FileTable, period: Period) -> tuple[tuple[Period, Tariff], ...]:
    found = pricing_of(table.versions, period)
    if not found:
        first = table.versions[0][0].start
        raise RatingError(
            "versions",
            f"The first version starts on {first}, in the middle of the period or after it.",
            "Add the version that holds before it.",
        )
    return found


def _asks(tariff: Tariff) -> str:
    """What the table asks of the input, for somebody who writes one."""
    series = {look.name for look in tariff.look_backs}
    said = [
        f"{key}: {', '.join(sorted(names))}"
        for key, names in (
            ("attributes", tariff.attributes),
            ("numbers (or series)", tariff.numbers - series),
            ("past", series),
            ("other_use or others of", tariff.needs),
        )
        if names
    ]
    return f"The table asks for {'; '.join(said)}." if said else ""
