"""``manage.py simulate``: a made-up utility of any size, some months long, for training and load."""

from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.town.crew import one_helper
from config.town.found import PEOPLE
from config.town.ordinary import ordinary_town, since_when
from config.town.simulate import began, live_month, raise_town
from core import clock
from core.errors import Refused
from core.tenancy.provision import provision

LEAST, MOST = 100, 1_000_000
PASSWORD = "training water tower 7"


class Command(BaseCommand):
    """Repeatable: what is lived already is left alone; a town that was stopped goes on."""

    help = "Make a utility of made-up people and meters and let months pass in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, which one, how long."""
        parser.add_argument("--size", type=int, required=True, help="accounts, 100 to 1,000,000")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same town")
        parser.add_argument("--months", type=int, default=1, help="months to read, bill and be paid")
        parser.add_argument("--reads-before", type=int, default=1, help="months of earlier reads")
        parser.add_argument("--cycles", type=int, default=0, help="12, fewer in a small town")
        parser.add_argument("--slug", default="", help="short name, the first part of its address")
        parser.add_argument("--name", default="City of Fairview")

    def handle(self, *args: Any, **options: Any) -> None:
        """Provision, raise, live."""
        if not LEAST <= options["size"] <= MOST:
            raise CommandError(f"--size: from {LEAST} to {MOST:,} accounts.")
        provision(verbosity=0)
        try:
            self._live(options, clock.now().date())
        except Refused as problem:
            raise CommandError(str(problem)) from problem

    def _live(self, options: dict[str, Any], today: date) -> None:
        size, months = options["size"], options["months"]
        slug = options["slug"] or f"fairview-{size}-{options['seed']}"
        cycles = options["cycles"] or min(12, size // 100)
        plan = replace(
            ordinary_town(slug, options["name"], accounts=size, seed=options["seed"], cycles=cycles),
            is_training=True,
        )
        started = monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"· {text} ({monotonic() - started:.1f} s)")
            self.stdout.flush()

        utility = raise_town(
            plan,
            password=PASSWORD,
            since=since_when(plan, months, today),
            reads_before=options["reads_before"],
            today=today,
            say=say,
        )
        last = plan.read_on(began(utility), plan.cycles - 1, months)
        if last > today:
            raise CommandError(f"--months: the last of them ends only on {last:%b %-d, %Y}.")
        with one_helper(utility) as work:
            for month in range(months):
                live_month(utility, plan, month, until=today, lets_pass=True, work=work, say=say)
        logins = ", ".join(f"{role}@{slug}" for role, _, _ in PEOPLE)
        self.stdout.write(f"\n{plan.name}: sign in as {logins}\n  password    {PASSWORD}")
