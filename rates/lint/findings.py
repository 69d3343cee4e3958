"""What the lint says, and what it may know beside the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Severity = Literal["stop", "look"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or odd in a table.

    ``place`` is the path inside the table as in ``TariffError`` (``components[2].blocks``; empty: the whole
    table; ``starts``: the days of the version).  ``stop`` keeps a version from being put in force, ``look``
    asks somebody to look.
    """

    severity: Severity
    place: str
    problem: str
    remedy: str
    rule: str

    @property
    def stops(self) -> bool:
        """Whether it keeps the version from being put in force."""
        return self.severity == "stop"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of another version of the same table in force: ``[starts, ends)``."""

    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """So many services of this table that are alike in everything the table may ask.

    ``examples`` are the numbers of the first few accounts.
    """

    attributes: Mapping[str, str]
    numbers: Mapping[str, Decimal]
    count: int = 1
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the table; what is left out is not known, and its rules are silent.

    ``meter_units`` are the units that meters count in, by service type.  ``before`` is the content that holds
    when this one begins.  ``versions`` are the others of this table in force; ``starts`` is the first day of
    this one.
    """

    revenue_codes: frozenset[str] | None = None
    meter_units: Mapping[str, frozenset[str]] = field(default_factory=dict)
    services: tuple[ServiceKind, ...] = ()
    before: Mapping[str, Any] | None = None
    starts: date | None = None
    ends: date | None = None
    versions: tuple[Span, ...] = ()


NOTHING_KNOWN = Context()
