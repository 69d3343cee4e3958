"""An ordinary town of any size: five services on real tariffs, read in cycles, with life in it."""

from datetime import date, timedelta

from config.town.plan import LIVELY, Tax, TownPlan

RATES = {
    "water": "council-bluffs-water",
    "sewer": "walton-ky-sewer",
    "electric": "elberton-electric-residential",
    "refuse": "bossier-trash",
    "drainage": "dc-stormwater",
}
SHARES = {"sewer": 94, "electric": 85, "refuse": 97}
LARGEST_ROUTE = 800
# Iowa Code 423G: six per cent on the charge for water service since July 2018.
TAXES = {"water": Tax("Iowa water service excise tax", "6", "WET")}


def ordinary_town(slug: str, name: str, *, accounts: int, seed: int, cycles: int = 12) -> TownPlan:
    """The plan of such a town; three routes a cycle or more; water in hundred cubic feet."""
    digits = 6 if accounts < 90_000 else 7
    return TownPlan(
        slug=slug,
        name=name,
        zone="America/Chicago",
        city=name.removeprefix("City of "),
        state="IA",
        zip_code="51501",
        seed=seed,
        accounts=accounts,
        routes=cycles * max(3, accounts // (cycles * LARGEST_ROUTE)),
        unit="CCF",
        rates=RATES,
        commercial_rates={"electric": "st-charles-il-general"},
        shares=SHARES,
        taxes=TAXES,
        first_number=10 ** (digits - 1) + 1,
        number_pattern="1" + "#" * (digits - 1),
        rate_of_use=6,
        cycles=cycles,
        life=LIVELY,
        variety=True,
        policies={
            "billing.message": "The office is open weekdays 8 to 5. You can pay at the counter or by mail."
        },
    )


def since_when(plan: TownPlan, months: int, read_by: date) -> date:
    """The day on which such a town's books begin, so that its last cycle ends that many months by a day."""
    first = read_by - timedelta(days=(plan.cycles - 1) * plan.days_apart)
    whole = first.year * 12 + first.month - 1 - months
    return date(whole // 12, whole % 12 + 1, min(first.day, 28))
