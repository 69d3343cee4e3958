"""Founding a utility: people, chart, policies, rates, routes, cycle, drawer."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from billing.alarms import remake_nightly
from billing.models import Cycle, CycleRoute
from collections_app.models import Drawer
from config.town.plan import Tax, TownPlan
from core import policies
from core.actors import Actor, system_actor
from core.models import Membership, Operator, Role, Utility
from core.operations import operation
from core.permissions import expanded
from core.tenancy import scope
from core.utilities import create_utility
from ledger.chart import create_default_chart
from ledger.models import ChartAccount
from meters.models import Route
from rates.models import RateTable
from rates.operations import activate_version, create_table, draft_version

TARIFFS = Path(settings.ROOT) / "rates" / "tariffs"
FIRST_DAY = date(2020, 1, 1)

PEOPLE = (
    ("clerk", "Carla Clerk", "clerk"),
    ("billing", "Bill Biller", "billing"),
    ("supervisor", "Susan Supervisor", "supervisor"),
    ("admin", "Adam Administrator", "administrator"),
    ("viewer", "Vera Viewer", "viewer"),
)

QUARTERS = (
    *("Downtown", "North Side", "Mill District", "Riverside", "East End", "Cedar Heights"),
    *("School Hill", "South Side", "Depot", "West Park", "Orchard", "Airport Road"),
)
DRAWERS = (("1", "Front counter"), ("2", "Drive-up window"))
SUMMER = [
    {"name": "nonsummer", "from": "01-01"},
    {"name": "summer", "from": "06-01"},
    {"name": "nonsummer", "from": "10-01"},
]
WINTER_BILLS = [
    {"name": "winter_gal", "of": "water", "months": [12, 1, 2, 3], "from": "04-01", "otherwise": "5000"}
]
BOOKED = {"SEWERCAP": "SEWERLOAN"}
"""Revenue codes of real tables that the chart of a new utility has under another."""

USUAL_POLICIES = {
    "billing.hold_over": "2000",
    "billing.max_days": "45",
    "billing.min_days": "15",
    "billing.hold_times": "4",
    "billing.hold_least": "100",
    "billing.hold_use_times": "5",
    "billing.break_charges": "3",
    "billing.break_use": "4",
    "billing.break_tax": "30",
    "billing.break_zero": "15",
    "billing.break_held": "15",
    "billing.break_missing": "10",
    "billing.break_backwards": "5",
    "billing.break_old": "5",
    "billing.break_count": "15",
    "billing.break_moves": "20",
    "billing.break_days": "25",
    "billing.break_largest": "20",
    "billing.due_days": "20",
    "billing.late_percent": "5",
    "billing.postal_bar_code": "imb",
    "billing.mailer_id": "123456",
    "customers.number_pattern": "######",
}


def found_utility(plan: TownPlan, password: str) -> Utility:
    """Make the utility with its operators (``clerk@<slug>`` …), all with one password; repeatable."""
    utility = create_utility(plan.slug, plan.name, plan.zone, plan.is_training)
    people(utility, password)
    with scope(utility.id):
        with transaction.atomic():
            founded = ChartAccount.objects.exists()
        if not founded:
            _found(system_actor(utility.id), plan=plan)
            maker, checker = actor(utility, "admin"), actor(utility, "supervisor")
            for code, name in _tables(plan):
                _rate(
                    maker, checker, code, taxed(tariff(name), plan.taxes.get(code.partition("-")[0].lower()))
                )
    return utility


def people(utility: Utility, password: str) -> None:
    """One operator a role; a repeated call leaves them as they are."""
    for role, name, code in PEOPLE:
        login = f"{role}@{utility.slug}"
        operator = Operator.objects.filter(login=login).first() or Operator.objects.create_user(
            login, password, name=name
        )
        Membership.objects.get_or_create(operator=operator, utility=utility, defaults={"role_code": code})


def actor(utility: Utility, role: str) -> Actor:
    """The actor that an operator of the town is, with the rights of the role."""
    operator = Operator.objects.get(login=f"{role}@{utility.slug}")
    membership = Membership.objects.get(operator=operator, utility=utility)
    with scope(utility.id), transaction.atomic():
        rights = Role.objects.get(code=membership.role_code).permissions
    return Actor("operator", operator.id, operator.name, utility.id, expanded(rights))


@operation("town.found", permission="town.found")
def _found(by: Actor, *, plan: TownPlan) -> int:
    create_default_chart(by)
    remake_nightly(by)
    numbers = {"customers.number_pattern": plan.number_pattern} if plan.number_pattern else {}
    for code, value in {**USUAL_POLICIES, **numbers, **plan.policies}.items():
        policies.set_policy(by, code=code, value=value, starts=FIRST_DAY)
    policies.set_policy(by, code="billing.phone", value="(555) 010-0100", starts=FIRST_DAY)
    remit = f"{plan.name};PO Box 100;{plan.city} {plan.state} {plan.zip_code}"
    policies.set_policy(by, code="billing.remit_to", value=remit, starts=FIRST_DAY)
    cycles = [Cycle.objects.create(code=f"{c + 1:02d}", name=name) for c, name in enumerate(_cycles(plan))]
    for n in range(plan.routes):
        route = Route.objects.create(code=f"{n + 1:03d}", name=f"Route {n + 1}")
        CycleRoute.objects.create(cycle=cycles[plan.cycle_of_route(n)], route=route)
    drawer = ChartAccount.objects.get(role="drawer")
    for code, name in DRAWERS[: 2 if plan.variety else 1]:
        Drawer.objects.create(code=code, name=name, chart_account=drawer)
    return len(cycles)


def _cycles(plan: TownPlan) -> list[str]:
    """Names of the cycles."""
    if plan.cycles == 1:
        return ["Whole town"]
    return [QUARTERS[c] if c < len(QUARTERS) else f"Part {c + 1}" for c in range(plan.cycles)]


def _tables(plan: TownPlan) -> Iterator[tuple[str, str]]:
    """Code and file of each rate table of the town."""
    yield from ((rate_code(kind, commercial=False), name) for kind, name in plan.rates.items())
    yield from ((rate_code(kind, commercial=True), name) for kind, name in plan.commercial_rates.items())


def _rate(maker: Actor, checker: Actor, code: str, content: dict[str, Any]) -> None:
    table = create_table(maker, code=code, name=content["name"], service_type=content["service_type"])
    source = f"{content['source']} ({content['effective']})"
    draft = draft_version(maker, table_id=table, content=content, starts=FIRST_DAY, source=source)
    activate_version(checker, version_id=draft)


def tariff(name: str) -> dict[str, Any]:
    """A real town's rate table from ``rates/tariffs``, with what its page leaves to the town.

    Sewer without a meter of its own follows the water.  Elberton prices by season and names no months: a
    town that takes the table says when summer is.  Bartlesville takes the four bills of the winter, and a
    town says which these are and what new people count as.  What is added for a late payment is the town's
    own late charge, not a line of its bills.
    """
    found: dict[str, Any] = json.loads((TARIFFS / f"{name}.json").read_text())
    if found["service_type"] == "sewer":
        found.setdefault("use", {"from": "water"})
    if name.startswith("elberton-"):
        found.setdefault("seasons", SUMMER)
    if name.startswith("bartlesville-"):
        found.setdefault("look_back", WINTER_BILLS)
    charges = [c for c in found["components"] if "paid_late" not in c.get("when", {})]
    found["components"] = [
        {**c, "revenue_code": BOOKED.get(c["revenue_code"], c["revenue_code"])} for c in charges
    ]
    return found


def taxed(content: dict[str, Any], tax: Tax | None) -> dict[str, Any]:
    """The table with a tax on all of its charges as the last line."""
    if tax is None:
        return content
    charges = [{**component, "taxable": True} for component in content["components"]]
    line = {"id": "tax", "kind": "tax", "text": tax.text, "revenue_code": "TAX"}
    return {**content, "components": [*charges, {**line, "tax_code": tax.code, "percent": tax.percent}]}


def rate_code(service_type: str, *, commercial: bool) -> str:
    """How the town's table of a service is called."""
    return service_type.upper()[:10] + ("-C" if commercial else "")


def rate_ids() -> dict[str, int]:
    """Rate tables of the utility in scope by their code."""
    return dict(RateTable.objects.values_list("code", "id"))
