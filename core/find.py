"""What the search box answers besides the search keys: whole numbers, scanned codes and commands.

An app lists them in ``<app>/find.py`` as ``NUMBERED`` and ``COMMANDS``.  Things that are asked for by
their whole number only (a bill, a receipt) need no keys of their own: the number is unique and indexed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.search import Result


@dataclass(frozen=True, slots=True)
class Numbered:
    """One kind of numbered thing.  ``find`` takes what was typed or scanned and answers exact matches only.

    ``straight`` says whether such a text is a scanned code: its answer is opened at once.
    """

    label: str
    icon: str
    permission: str
    find: Callable[[str], Sequence[Result]]
    straight: Callable[[str], bool] = lambda text: False


@dataclass(frozen=True, slots=True)
class Command:
    """A page to go to by name; ``words`` are other names people give it."""

    label: str
    url: str
    icon: str
    permission: str = ""
    words: str = ""


NUMBERED: tuple[Numbered, ...] = ()

COMMANDS = (
    Command("Home", "/", "home", words="start today"),
    Command("Policies", "/policies/", "adjustments", "core.policy.view", "set-up"),
    Command("Settings", "/settings/", "tool", words="set-up configure"),
    Command("Codes", "/settings/codes/", "list-check", "core.code.view", "categories zones demographics"),
    Command("Schedules", "/settings/schedules/", "clock", "core.schedule.manage", "nightly cron"),
    Command("Audit", "/audit/", "shield-check", "core.audit.view", "who did what log"),
    Command("Who looked at numbers", "/audit/numbers/", "eye", "core.audit.view", "reveal sealed ssn audit"),
    Command(
        "Operators", "/settings/operators/", "users", "core.operator.manage", "staff users people sign-in"
    ),
    Command("Roles", "/settings/roles/", "key", "core.role.view", "rights permissions"),
    Command("Partner keys", "/settings/keys/", "key", "core.key.manage", "api"),
    Command("Jobs", "/jobs/", "list-check", "core.job.view", "work progress"),
    Command("Change password", "/me/password/", "key"),
    Command("Two-step sign-in", "/me/security/", "device-mobile", words="totp authenticator"),
)
