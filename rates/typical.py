"""A typical account for a table: what is not said is the first row the table has, and one of each count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.periods import Period
from rates.engine import Rating, RatingError, RatingFacts, ServiceUse, Tariff, parse_tariff, rate
from rates.web.reading import choices_in

DAYS = 30


@dataclass(frozen=True, slots=True)
class Typical:
    """Whose bill: attributes that are known (empty ones are not), the last day of the period and its days."""

    attributes: Mapping[str, str]
    last: date
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class Table:
    """A version's content, parsed once for many bills."""

    tariff: Tariff
    content: Mapping[str, Any]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Table":
        """Raises ``TariffError`` for content that the engine cannot read."""
        return cls(parse_tariff(content), content)


def facts_of(table: Table, whose: Typical, use: Decimal | None, unit: str | None) -> RatingFacts:
    """The facts of such an account; other services that the table looks at have the same use.

    Series (winter readings) are that use, too, so that an average of them is what is used all year.
    """
    tariff = table.tariff
    choices = choices_in(table.content)
    first = {name: choices[name][0] for name in tariff.attributes & _choosing(table.content)}
    known = {n: text for n, text in whose.attributes.items() if text and n in tariff.attributes}
    series = {look.name: (use if use is not None else Decimal(0),) for look in tariff.look_backs}
    end = whose.last + timedelta(days=1)
    return RatingFacts(
        period=Period(end - timedelta(days=whose.days), end),
        days=whose.days,
        use=use if tariff.unit else None,
        unit=unit if tariff.unit else None,
        attributes={**first, **known},
        numbers={name: Decimal(1) for name in tariff.numbers},
        other_use={s: ServiceUse(use, unit) for s in tariff.needs if use is not None and unit},
        series=series,
    )


def bill_of(table: Table, whose: Typical, use: Decimal | None, unit: str | None) -> Rating | RatingError:
    """What such an account pays, or why the table cannot say."""
    try:
        return rate(table.tariff, facts_of(table, whose, use, unit))
    except RatingError as problem:
        return problem


def total_of(found: Rating | RatingError) -> Decimal | None:
    """The sum of a bill; nothing when it cannot be worked."""
    return found.total if isinstance(found, Rating) else None


def _choosing(piece: object) -> frozenset[str]:
    """The attributes by which a table chooses a row, which therefore must be given; conditions need none."""
    found: set[str] = set()
    if isinstance(piece, Mapping):
        if "by" in piece and "rows" in piece:
            found.update([piece["by"]] if isinstance(piece["by"], str) else piece["by"])
        for inner in piece.values():
            found |= _choosing(inner)
    elif isinstance(piece, list):
        for inner in piece:
            found |= _choosing(inner)
    return frozenset(found)
