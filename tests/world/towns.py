"""Oak and Elm: two small towns with the same account numbers and different people, meters and rates."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from config.town.found import actor, found_utility
from config.town.month import bill_month, record_month
from config.town.plan import Household, TownPlan, households
from config.town.settle import settle
from core.actors import Actor, system_actor
from core.models import Utility
from core.tenancy import scope
from customers.models import Account

FIRST = date(2026, 8, 1)
PASSWORD = "correct horse battery staple"
ROLES = ("clerk", "billing", "supervisor", "admin", "viewer")

OAK = TownPlan(
    slug="oak",
    name="City of Oak Hollow",
    zone="America/Chicago",
    city="Oak Hollow",
    state="IA",
    zip_code="51501",
    seed=11,
    accounts=12,
    routes=2,
    unit="CCF",
    rates={"water": "council-bluffs-water", "sewer": "walton-ky-sewer", "refuse": "bossier-trash"},
    rate_of_use=7,
)
ELM = TownPlan(
    slug="elm",
    name="Elm Ford Water District",
    zone="America/New_York",
    city="Elm Ford",
    state="WV",
    zip_code="26003",
    seed=12,
    accounts=12,
    routes=1,
    unit="GAL",
    rates={"water": "wheeling-water", "refuse": "bossier-trash"},
    rate_of_use=5000,
)


@dataclass
class Town:
    """A utility of the test world, its people and its plan."""

    plan: TownPlan
    utility: Utility
    people: dict[str, Actor] = field(default_factory=dict)

    @property
    def houses(self) -> list[Household]:
        """The plan's households; ``houses[0]`` has account 100001."""
        return households(self.plan)

    @property
    def system(self) -> Actor:
        """The system acting here."""
        return system_actor(self.utility.id)

    def __getattr__(self, role: str) -> Any:
        """``town.clerk`` and so on: the actor of that role."""
        people = self.__dict__.get("people", {})
        if role in people:
            return people[role]
        raise AttributeError(role)

    @property
    def host(self) -> str:
        """The host name that leads here."""
        return f"{self.plan.slug}.localhost"

    def client(self, role: str | None = None) -> Client:
        """A browser on this utility's host, signed in as that role."""
        client = Client(headers={"host": self.host}, HTTP_HOST=self.host)
        if role:
            operator = get_user_model().objects.get(login=f"{role}@{self.plan.slug}")
            client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def account(self, number: str = "100001") -> Account:
        """An account by its number, read in a transaction of its own."""
        with scope(self.utility.id), transaction.atomic():
            return Account.objects.select_related("customer", "location").get(number=number)


def raise_town(plan: TownPlan) -> Town:
    """Found the town, settle it, and take its first month to the printed bills."""
    utility = found_utility(plan, PASSWORD)
    town = meet(plan, utility)
    with scope(utility.id):
        settle(town.system, plan=plan, houses=town.houses, since=FIRST)
        record_month(town.system, plan, town.houses, FIRST, 0)
    bill_month(town.billing, town.supervisor, starts=FIRST, ends=date(2026, 9, 1), printed=True)
    return town


def meet(plan: TownPlan, utility: Utility) -> Town:
    """The town with its actors, as it stands in the database."""
    return Town(plan, utility, {role: actor(utility, role) for role in ROLES})
