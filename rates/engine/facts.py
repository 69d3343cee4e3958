"""What is known about one service for one billing period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.periods import Period


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """The use of another service of the same account, in the unit its meter counts."""

    use: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """The facts that price one service.

    ``period`` is half-open; season, month and dated prices are taken on its last day unless the
    table says otherwise.  ``use`` is in ``unit``; both are ``None`` for a flat service.
    ``attributes`` choose rows (meter size, class, location); ``numbers`` are counts and measures
    (units, containers, kW, area); ``series`` are several numbers under one name (the winter
    readings).  ``others`` holds charges of services rated before, as ``Rating.others`` gives them:
    ``water.usage`` unrounded, ``water.usage.billed`` in cents.  ``other_use`` is the use of those
    services by service type.  ``charged`` is what was billed so far under a component that stops at a
    limit, in dollars.  ``past`` are past periods by the name of a look-back of the table.
    """

    period: Period
    days: int
    use: Decimal | None = None
    unit: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    exempt_tax_codes: frozenset[str] = frozenset()
    others: Mapping[str, Decimal] = field(default_factory=dict)
    other_use: Mapping[str, ServiceUse] = field(default_factory=dict)
    series: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    charged: Mapping[str, Decimal] = field(default_factory=dict)
    past: Mapping[str, tuple[ServiceUse, ...]] = field(default_factory=dict)
