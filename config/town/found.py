"""Founding a utility: people, chart, policies, rates, routes, cycle, drawer."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from billing.models import Cycle, CycleRoute
from collections_app.models import Drawer
from config.town.plan import TownPlan
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
CYCLE = "01"
FIRST_DAY = date(2020, 1, 1)

PEOPLE = (
    ("clerk", "Carla Clerk", "clerk"),
    ("billing", "Bill Biller", "billing"),
    ("supervisor", "Susan Supervisor", "supervisor"),
    ("admin", "Adam Administrator", "administrator"),
    ("viewer", "Vera Viewer", "viewer"),
)

USUAL_POLICIES = {
    "billing.hold_over": "2000",
    "billing.max_days": "45",
    "billing.due_days": "20",
    "billing.late_percent": "5",
    "billing.postal_bar_code": "imb",
    "billing.mailer_id": "123456",
    "customers.number_pattern": "######",
}


def found_utility(plan: TownPlan, password: str) -> Utility:
    """Make the utility with its operators (``clerk@<slug>`` …), all with one password; repeatable."""
    utility = create_utility(plan.slug, plan.name, plan.zone)
    people(utility, password)
    with scope(utility.id):
        with transaction.atomic():
            founded = ChartAccount.objects.exists()
        if not founded:
            _found(system_actor(utility.id), plan=plan)
            for service_type, name in plan.rates.items():
                _rate(actor(utility, "admin"), actor(utility, "supervisor"), service_type, tariff(name))
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
    for code, value in {**USUAL_POLICIES, **plan.policies}.items():
        policies.set_policy(by, code=code, value=value, starts=FIRST_DAY)
    policies.set_policy(by, code="billing.phone", value="(555) 010-0100", starts=FIRST_DAY)
    remit = f"{plan.name};PO Box 100;{plan.city} {plan.state} {plan.zip_code}"
    policies.set_policy(by, code="billing.remit_to", value=remit, starts=FIRST_DAY)
    cycle = Cycle.objects.create(code=CYCLE, name="Whole town")
    for n in range(plan.routes):
        route = Route.objects.create(code=f"{n + 1:03d}", name=f"Route {n + 1}")
        CycleRoute.objects.create(cycle=cycle, route=route)
    drawer = ChartAccount.objects.get(role="drawer")
    Drawer.objects.create(code="1", name="Front counter", chart_account=drawer)
    return int(cycle.id)


def _rate(maker: Actor, checker: Actor, service_type: str, content: dict[str, Any]) -> None:
    table = create_table(
        maker, code=service_type.upper()[:12], name=content["name"], service_type=service_type
    )
    source = f"{content['source']} ({content['effective']})"
    draft = draft_version(maker, table_id=table, content=content, starts=FIRST_DAY, source=source)
    activate_version(checker, version_id=draft)


def tariff(name: str) -> dict[str, Any]:
    """A real town's rate table from ``rates/tariffs``; sewer without a meter of its own follows the water."""
    found: dict[str, Any] = json.loads((TARIFFS / f"{name}.json").read_text())
    if found["service_type"] == "sewer":
        found.setdefault("use", {"from": "water"})
    return found


def rate_ids() -> dict[str, int]:
    """Rate tables of the utility in scope by service type."""
    return dict(RateTable.objects.values_list("service_type", "id"))
