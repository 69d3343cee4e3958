"""What a run is judged by, and what a check says.  Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from billing.review.measures import Measures

MANY, FEWEST = 10, 5

State = Literal["passed", "tripped", "nothing"]


@dataclass(frozen=True, slots=True)
class Charged:
    """Bills and dollars under one service, rate, class and revenue code."""

    service_type: str
    rate_code: str
    category: str
    revenue_code: str
    bills: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a run: its measures and its charges."""

    measures: Measures
    charged: Sequence[Charged]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a run is judged by; ``limits`` by code, ``routes`` give a route's name by its id.

    ``days`` are those of the run's period, ``taxes`` the revenue codes that are taxes.
    """

    now: Figures
    last: Figures | None
    year: Figures | None
    limits: Mapping[str, Decimal]
    days: int
    taxes: frozenset[str] = frozenset()
    routes: Mapping[str, str] = field(default_factory=dict)

    @property
    def before(self) -> list[Figures]:
        """The runs there are to compare with."""
        return [f for f in (self.last, self.year) if f is not None]


@dataclass(frozen=True, slots=True)
class Check:
    """What a breaker found.  ``where`` is the filter of the run's bills that shows it, as in an address.

    ``state``: passed, tripped, or nothing (to compare with).  ``passed_by`` is who let a tripped one through.
    """

    code: str
    title: str
    state: State
    measured: str
    limit: str
    means: str = ""
    do: str = ""
    where: str = ""
    passed_by: str = ""
    passed_name: str = ""
    passed_at: str = ""
    why: str = ""

    @property
    def stops(self) -> bool:
        """Whether it keeps the run from review and approval."""
        return self.state == "tripped" and not self.passed_by

    def as_json(self) -> dict[str, Any]:
        """The form kept with the run."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Check":
        """The inverse of ``as_json``."""
        return cls(**{name: form.get(name, "") for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Out:
    """One thing out of bounds: how it is said, how far (to rank by), and the filter that shows it."""

    text: str
    far: Decimal
    where: str = ""


def make_check(
    code: str, title: str, limit: str, outs: Iterable[Out], fine: str, means: str, do: str, where: str = ""
) -> Check:
    """Tripped by what is out of bounds, the farthest first; passed, and said to be ``fine``, without any."""
    ranked = sorted(outs, key=lambda o: (-o.far, o.text))
    if not ranked:
        return Check(code, title, "passed", fine, limit, means, do, where)
    more = f"; and {len(ranked) - 2} more" if len(ranked) > 2 else ""
    said = "; ".join(o.text for o in ranked[:2]) + more
    return Check(code, title, "tripped", said, limit, means, do, ranked[0].where or where)


def nothing(check: Check, why: str) -> Check:
    """The same check when there is nothing to compare with."""
    return replace(check, state="nothing", measured=why)
