"""What a made-up town looks like: seeded, so the same plan gives the same town.  Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

FIRST = (
    *("Ada", "Ben", "Clara", "David", "Elena", "Frank", "Grace", "Henry", "Iris", "Jack"),
    *("Karen", "Luis", "Maria", "Noah", "Olive", "Paul", "Quinn", "Rosa", "Sam", "Tess"),
)
LAST = (
    *("Abbott", "Baker", "Castillo", "Dawson", "Ellis", "Fischer", "Grant", "Hughes", "Ibarra"),
    *("Jensen", "Keller", "Lopez", "Moreno", "Nguyen", "O’Brien", "Parker", "Quigley", "Reyes"),
    *("Schmidt", "Turner", "Underwood", "Vance", "Walker", "Young", "Zimmerman"),
)
STREETS = (
    *("Oak", "Maple", "Main", "Church", "Mill", "River", "Park", "Cedar"),
    *("Walnut", "Second", "Third", "School", "Depot", "Spring", "Elm"),
)
KINDS = ("St", "Ave", "Rd", "Ln", "Ct")
TRADES = ("Hardware", "Bakery", "Diner", "Motors")
SIZES = ("5/8",) * 14 + ("3/4",) * 3 + ("1",) * 2 + ("1 1/2",)


@dataclass(frozen=True, slots=True)
class Life:
    """How often something happens, in cases per thousand houses and month.

    ``leaks``: a month of use six times the usual.  ``idle``: a month without any use.  ``leaves``: somebody
    moves out.  ``follows``: of those who left, so many are followed by the next on the same day; of
    houses that stand empty, so many find one in the month.  ``changes``: a meter is replaced.
    ``estimates``: a read is estimated.  ``returns``: of the payments, so many are sent back by the bank.
    """

    leaks: int = 6
    idle: int = 10
    leaves: int = 0
    follows: int = 600
    changes: int = 0
    estimates: int = 0
    returns: int = 0


LIVELY = Life(leaks=4, idle=12, leaves=8, changes=3, estimates=15, returns=3)


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax on all charges of a service, as the bill shows it."""

    text: str
    percent: str
    code: str


@dataclass(frozen=True, slots=True)
class TownPlan:
    """A town to make: its name, its rates (service type → file in rates/tariffs), its unit of water.

    ``commercial_rates`` replace ``rates`` for commercial accounts.  ``shares``: of a hundred accounts, so
    many have the service; all of them when it is not named.  ``cycles`` share the routes evenly and are read
    ``days_apart`` days after one another.  ``variety`` gives the accounts what a grown town has: mail
    addresses, other payers, bank draft, places outside of the limits.  ``number_pattern`` must begin with
    ``first_number``, so that later accounts go on from the last.
    """

    slug: str
    name: str
    zone: str
    city: str
    state: str
    zip_code: str
    seed: int
    accounts: int
    routes: int
    unit: str
    rates: Mapping[str, str]
    first_number: int = 100001
    rate_of_use: int = 5000
    policies: Mapping[str, str] = field(default_factory=dict)
    cycles: int = 1
    days_apart: int = 2
    commercial_rates: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, int] = field(default_factory=dict)
    taxes: Mapping[str, Tax] = field(default_factory=dict)
    life: Life = Life()
    variety: bool = False
    is_training: bool = False
    number_pattern: str = ""

    @property
    def per_route(self) -> int:
        """Houses on a route; the last routes may have fewer."""
        return -(-self.accounts // self.routes)

    def route_of(self, n: int) -> int:
        """The route, from 0, on which the ``n``-th house stands."""
        return n // self.per_route

    def cycle_of(self, n: int) -> int:
        """The cycle, from 0, in which the ``n``-th house is read."""
        return self.cycle_of_route(self.route_of(n))

    def cycle_of_route(self, route: int) -> int:
        """The cycle, from 0, that a route belongs to."""
        return route * self.cycles // self.routes

    def read_on(self, since: date, cycle: int, month: int) -> date:
        """The day that begins the ``month``-th month of a cycle of a town there since ``since``."""
        whole = since.year * 12 + since.month - 1 + month
        days = since.day - 1 + cycle * self.days_apart
        return date(whole // 12, whole % 12 + 1, 1) + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Household:
    """One house of the plan and who lives there at first: where, which meter and how thirsty."""

    n: int
    number: str
    name: str
    street_number: str
    street_name: str
    zip_code: str
    size: str
    carts: int
    thirst: float
    first_dial: int
    commercial: bool


def every_house(plan: TownPlan) -> Iterator[Household]:
    """The plan's houses in the order of their numbers, one after the other."""
    draw = Random(plan.seed)
    for n in range(plan.accounts):
        commercial = draw.random() < 0.07
        size = draw.choice(SIZES[10:] if commercial else SIZES)
        last, first = draw.choice(LAST), draw.choice(TRADES if commercial else FIRST)
        yield Household(
            n=n,
            number=str(plan.first_number + n),
            name=f"{last} {first}" if commercial else f"{first} {last}",
            street_number=str(100 + 2 * (n % 400) + 800 * (n // 6000)),
            street_name=f"{STREETS[(n // 20) % len(STREETS)]} {KINDS[(n // 300) % len(KINDS)]}",
            zip_code=f"{plan.zip_code}-{1000 + n % 9000:04d}",
            size=size,
            carts=1 + (draw.random() < 0.2) + (2 if commercial else 0),
            thirst=draw.lognormvariate(0, 0.45) * (4 if commercial else 1),
            first_dial=_first_dial(draw),
            commercial=commercial,
        )


def households(plan: TownPlan) -> list[Household]:
    """All of them."""
    return list(every_house(plan))


def houses_of(plan: TownPlan) -> list[Household]:
    """All of them, kept for the next question about the same plan."""
    key = (plan.seed, plan.accounts, plan.first_number, plan.zip_code)
    if key not in _known:
        _known.clear()
        _known[key] = households(plan)
    return _known[key]


_known: dict[tuple[int, int, int, str], list[Household]] = {}


def _first_dial(draw: Random) -> int:
    """Most meters are half way; a few are about to roll over in their first months."""
    return 999_000 + draw.randrange(1000) if draw.random() < 0.03 else draw.randrange(900_000)


def use_of(plan: TownPlan, house: Household, month: int) -> int:
    """What the house's water dial advances in the ``month``-th month of the town, in dial steps."""
    draw = Random(f"{plan.seed}:{house.n}:{month}")
    season = 1.0 + (0.5 if month % 12 in (5, 6, 7) else 0.0)
    if draw.random() < 0.01:
        return 0
    leak = 6 if draw.random() < 0.006 else 1
    return max(1, round(plan.rate_of_use * house.thirst * season * leak * draw.uniform(0.8, 1.2)))
