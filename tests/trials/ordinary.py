"""Ordinary months of a made-up town: what the checks of its runs say when nothing is wrong."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from billing.checking import checks_of, measures_of
from billing.models import Run
from config.town.ordinary import ordinary_town
from config.town.simulate import let_happen, pay_month, post_runs, prepare_cycles, raise_town, read_month
from core.tenancy import scope
from tests.world.towns import PASSWORD

SINCE = date(2025, 10, 1)


@dataclass
class Year:
    """What the runs of a town came to."""

    runs: int = 0
    bills: int = 0
    held: int = 0
    tripped: list[str] = field(default_factory=list)
    most_held: str = ""

    @property
    def share(self) -> str:
        """Held bills of all, in per cent."""
        return f"{self.held * 100 / self.bills:.1f}"


def ordinary_months(seed: int, *, accounts: int, cycles: int, months: int) -> Year:
    """Let so many months pass and look at each run before it is reviewed."""
    plan = ordinary_town(f"plain{seed}", f"City of Plain {seed}", accounts=accounts, seed=seed, cycles=cycles)
    utility = raise_town(plan, password=PASSWORD, since=SINCE)
    found, most = Year(), 0
    for month in range(months):
        let_happen(utility, plan, month)
        read_month(utility, plan, month)
        ids = prepare_cycles(utility, plan, month, range(cycles))
        with scope(utility.id), transaction.atomic():
            for run in Run.objects.filter(id__in=ids).select_related("cycle"):
                counts = measures_of(run).counts
                found.runs, found.bills = found.runs + 1, found.bills + counts["due"]
                found.held += counts["held"]
                if counts["held"] * 1000 // max(1, counts["due"]) > most:
                    most = counts["held"] * 1000 // counts["due"]
                    found.most_held = f"{counts['held']} of {counts['due']}"
                found.tripped += [
                    f"month {month}, cycle {run.cycle.code}, {check.title}: {check.measured}"
                    for check in checks_of(run)
                    if check.stops
                ]
        if found.tripped:
            return found
        post_runs(utility, ids)
        pay_month(utility, plan, month, ids)
    return found
