"""What a utility sets up for itself, without a programmer: one list of every such page.

Each app lists its pages in ``<app>/setup.py`` as ``SETUP``; the settings page shows those that the operator
may open, under their headings.
"""

from dataclasses import dataclass

from core.actors import Actor
from core.app_lists import gather


@dataclass(frozen=True, slots=True)
class SetupPage:
    """A page of settings: its heading, its name, what is decided there in one sentence, its address."""

    group: str
    label: str
    about: str
    url: str
    icon: str
    permission: str = ""


GROUPS = ("Billing", "Money", "Customers and places", "People and rights", "Work and partners")
"""The headings, in their order; a page may only stand under one of these."""


def setup_pages(actor: Actor) -> list[tuple[str, list[SetupPage]]]:
    """The pages the operator may open, by heading; a heading without one is left out."""
    pages: list[SetupPage] = [
        p for p in gather("setup", "SETUP") if not p.permission or actor.may(p.permission)
    ]
    shown = [(group, [p for p in pages if p.group == group]) for group in GROUPS]
    return [(group, mine) for group, mine in shown if mine]


SETUP = (
    SetupPage(
        "Billing", "Billing policies", "When bills are due, what is held, what late payment costs.",
        "/policies/", "adjustments", "core.policy.view",
    ),
    SetupPage(
        "Customers and places", "Account numbers",
        "The pattern of new account numbers, and their check digit.",
        "/policies/customers.number_pattern/", "key", "core.policy.view",
    ),
    SetupPage(
        "Customers and places", "Codes",
        "Categories, zones, demographics and other short codes, each with its description.",
        "/settings/codes/", "list-check", "core.code.view",
    ),
    SetupPage(
        "Billing", "Message on bills", "What is printed in the message box of every bill.",
        "/policies/billing.message/", "note", "core.policy.view",
    ),
    SetupPage(
        "People and rights", "Who looked at numbers",
        "Each time a number that is kept sealed was shown to somebody, and why.",
        "/audit/numbers/", "eye", "core.audit.view",
    ),
    SetupPage(
        "People and rights", "Operators", "Who works here, in which role; links to set a password.",
        "/settings/operators/", "users", "core.operator.manage",
    ),
    SetupPage(
        "People and rights", "Roles", "What each role may see and do.", "/settings/roles/", "shield-check",
        "core.role.view",
    ),
    SetupPage(
        "Work and partners", "Schedules", "What comes again by itself: when, the next times, pause, run now.",
        "/settings/schedules/", "clock", "core.schedule.manage",
    ),
    SetupPage(
        "Work and partners", "Partner keys", "Keys for other systems, each with its own rights.",
        "/settings/keys/", "link", "core.key.manage",
    ),
)  # fmt: skip
