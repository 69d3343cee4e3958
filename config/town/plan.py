"""What a made-up town looks like: seeded, so the same plan gives the same town.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class TownPlan:
    """A town to make: its name, its rates (service type → file in rates/tariffs), its unit of reading."""

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


@dataclass(frozen=True, slots=True)
class Household:
    """One account of the plan: who, where, which meter and how thirsty."""

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


def households(plan: TownPlan) -> list[Household]:
    """The plan's accounts, in the order of their numbers."""
    draw = Random(plan.seed)
    found = []
    for n in range(plan.accounts):
        commercial = draw.random() < 0.07
        size = draw.choice(SIZES[10:] if commercial else SIZES)
        last, first = draw.choice(LAST), draw.choice(TRADES if commercial else FIRST)
        found.append(
            Household(
                n=n,
                number=str(plan.first_number + n),
                name=f"{last} {first}" if commercial else f"{first} {last}",
                street_number=str(100 + 2 * (n % 400)),
                street_name=f"{STREETS[(n // 20) % len(STREETS)]} {KINDS[(n // 300) % len(KINDS)]}",
                zip_code=f"{plan.zip_code}-{1000 + n % 9000:04d}",
                size=size,
                carts=1 + (draw.random() < 0.2) + (2 if commercial else 0),
                thirst=draw.lognormvariate(0, 0.45) * (4 if commercial else 1),
                first_dial=_first_dial(draw),
                commercial=commercial,
            )
        )
    return found


def _first_dial(draw: Random) -> int:
    """Most meters are half way; a few are about to roll over in their first months."""
    return 999_000 + draw.randrange(1000) if draw.random() < 0.03 else draw.randrange(900_000)


def use_of(plan: TownPlan, house: Household, month: int) -> int:
    """What the house's dial advances in the ``month``-th month of the town, in dial steps."""
    draw = Random(f"{plan.seed}:{house.n}:{month}")
    season = 1.0 + (0.5 if month % 12 in (5, 6, 7) else 0.0)
    if draw.random() < 0.01:
        return 0
    leak = 6 if draw.random() < 0.006 else 1
    return max(1, round(plan.rate_of_use * house.thirst * season * leak * draw.uniform(0.8, 1.2)))
