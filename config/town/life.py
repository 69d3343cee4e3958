"""What happens in a made-up town: to a house for good, in one month, and how somebody pays.  Pure.

Everything is drawn from the plan's seed and the house's place in it, so the same plan lives the same life.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from config.town.plan import FIRST, LAST, Household, Life, TownPlan
from core.money import ZERO, round_cents

PAYERS = ("First National Bank", "St. Vincent Aid", "County Housing Office", "Oak Trust")
KWH_A_MONTH = 820
MONTH = 30.4  # days


@dataclass(frozen=True, slots=True)
class Traits:
    """What a house and its people are like for good.

    ``area`` is the impervious square feet of the lot, ``kept_rain`` the gallons kept on it, ``days_here`` how
    long the first people have been there when the books begin.
    """

    outside: bool
    mails: bool
    alternate_payer: str
    draft: bool
    exempt: bool
    deposit: bool
    away_in_winter: bool
    area: int
    kept_rain: int
    kilowatts: int
    days_here: int
    hunger: float


def traits_of(plan: TownPlan, house: Household) -> Traits:
    """The traits of the ``n``-th house; all plain in a town without variety."""
    draw = Random(f"{plan.seed}:{house.n}:traits")
    rich = plan.variety
    area = int(draw.lognormvariate(7.7, 0.35)) * (8 if house.commercial else 1) // 10 * 10
    return Traits(
        outside=rich and draw.random() < 0.02,
        mails=rich and draw.random() < 0.55,
        alternate_payer=draw.choice(PAYERS) if rich and draw.random() < 0.03 else "",
        draft=rich and draw.random() < 0.08,
        exempt=rich and house.commercial and draw.random() < 0.08,
        deposit=rich and draw.random() < 0.01,
        away_in_winter=rich and draw.random() < 0.015,
        area=area,
        kept_rain=draw.randrange(200, 3000) // 10 * 10 if rich and draw.random() < 0.03 else 0,
        kilowatts=draw.randrange(3, 24),
        days_here=draw.randrange(60, 3650),
        hunger=draw.lognormvariate(0, 0.35),
    )


@dataclass(frozen=True, slots=True)
class Lot:
    """What one month brings to one house.  ``day`` is when, in days after the month's first reading."""

    leaves: bool
    follows: bool
    arrives: bool
    changes: bool
    estimated: bool
    leak: bool
    idle: bool
    day: int
    water: float
    power: float


def lot_of(plan: TownPlan, n: int, month: int) -> Lot:
    """The lot of the ``n``-th house in a month."""
    draw = Random((plan.seed * 2_000_003 + n) * 2411 + month + 600)
    life: Life = plan.life
    return Lot(
        leaves=draw.random() * 1000 < life.leaves,
        follows=draw.random() * 1000 < life.follows,
        arrives=draw.random() * 1000 < life.follows,
        changes=draw.random() * 1000 < life.changes,
        estimated=draw.random() * 1000 < life.estimates,
        leak=draw.random() * 1000 < life.leaks,
        idle=draw.random() * 1000 < life.idle,
        day=4 + int(draw.random() * 19),
        water=0.85 + draw.random() * 0.3,
        power=0.88 + draw.random() * 0.24,
    )


def water_used(plan: TownPlan, house: Household, traits: Traits, lot: Lot, on: date, days: int) -> int:
    """What the water dial advances in so many days that end ``on``, in dial steps."""
    if lot.idle or (traits.away_in_winter and on.month in (1, 2, 3)):
        return 0
    season = 1.4 if on.month in (7, 8, 9) and not house.commercial else 1.0
    leak = 6 if lot.leak else 1
    return round(plan.rate_of_use * house.thirst * season * leak * lot.water * days / MONTH)


def power_used(house: Household, traits: Traits, lot: Lot, on: date, days: int) -> int:
    """What the electric dial advances, in kilowatt-hours."""
    if lot.idle:
        return 0
    if house.commercial:
        return round(traits.kilowatts * 250 * lot.power * days / MONTH)
    season = {7: 1.5, 8: 1.6, 9: 1.4, 1: 1.25, 2: 1.2, 12: 1.15}.get(on.month, 1.0)
    away = 0.3 if traits.away_in_winter and on.month in (1, 2, 3) else 1.0
    return round(KWH_A_MONTH * traits.hunger * season * away * lot.power * days / MONTH)


def newcomer(plan: TownPlan, n: int, month: int) -> str:
    """The name of who moves into the ``n``-th house in a month."""
    draw = Random(f"{plan.seed}:{n}:{month}:newcomer")
    return f"{draw.choice(FIRST)} {draw.choice(LAST)}"


@dataclass(frozen=True, slots=True)
class Habit:
    """How an account pays: so many days after the bill, what, and by which means."""

    name: str
    days: int
    kind: str


_HABITS = (
    (0.030, Habit("never", 0, "check")),
    (0.070, Habit("half", 16, "check")),
    (0.120, Habit("round", 12, "check")),
    (0.170, Habit("two at once", 12, "check")),
    (0.270, Habit("late", 26, "check")),
    (0.620, Habit("full", 16, "check")),
    (1.000, Habit("full", 9, "transfer")),
)


def habit_of(plan: TownPlan, number: str, draft: bool) -> Habit:
    """How the account of that number pays; who pays by draft pays on the fifteenth day, always."""
    if draft:
        return Habit("full", 15, "transfer")
    drawn = Random(f"{plan.seed}:{number}:habit").random()
    return next(habit for limit, habit in _HABITS if drawn < limit)


def payment_of(plan: TownPlan, number: str, habit: Habit, month: int, owed: Decimal) -> Decimal:
    """The dollars that an account pays in a month of what it owes; zero for no payment."""
    draw = Random(f"{plan.seed}:{number}:{month}:pays")
    if owed <= 0 or draw.random() < 0.015:
        return ZERO
    if habit.name == "never":
        return owed if draw.random() < 0.08 else ZERO
    if habit.name == "half" and draw.random() < 0.8:
        return round_cents(owed / 2)
    if habit.name == "round":
        return Decimal(int(owed / 10) * 10 + 10)
    if habit.name == "two at once":
        return owed if month % 2 else ZERO
    return owed


def bounces(plan: TownPlan, number: str, habit: Habit, month: int) -> bool:
    """Whether the bank sends the month's payment back."""
    if habit.name == "never":
        return False
    return Random(f"{plan.seed}:{number}:{month}:bank").random() * 1000 < plan.life.returns
