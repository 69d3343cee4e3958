"""Short ways to write rate tables and facts in the tests of the rate engine."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.periods import Period
from rates.engine import Rating, RatingFacts, ServiceUse, parse_tariff, rate

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
BLOCKS = [{"up_to": "3", "price": "7.05"}, {"up_to": "7", "price": "6.55"}, {"price": "5.35"}]


def component(kind: str, identity: str = "usage", **more: Any) -> dict[str, Any]:
    """A component with its head filled in."""
    return {"id": identity, "kind": kind, "text": identity.title(), "revenue_code": "WATER", **more}


def table(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A water table in thousand gallons."""
    return {"name": "A", "service_type": "water", "unit": "KGAL", "components": list(components), **more}


def facts(use: str | None = None, unit: str | None = "KGAL", **more: Any) -> RatingFacts:
    """The facts of June 2026; numbers may be given as text."""
    numbers = {n: Decimal(v) for n, v in more.pop("numbers", {}).items()}
    period = more.pop("period", JUNE)
    amount = None if use is None else Decimal(use)
    return RatingFacts(period, period.days, amount, unit, numbers=numbers, **more)


def rated(content: Mapping[str, Any], use: str | None = None, **more: Any) -> Rating:
    """The rating of a table with those facts."""
    return rate(parse_tariff(content), facts(use, **more))


def amounts(rating: Rating) -> dict[str, str]:
    """The shown charges by component, as text."""
    return {c.component: str(c.amount) for c in rating.charges}


def water(use: str, unit: str = "KGAL") -> dict[str, ServiceUse]:
    """The water use of the same account."""
    return {"water": ServiceUse(Decimal(use), unit)}
