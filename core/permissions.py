"""Rights: each app lists its own in ``<app>/permissions.py``; a role is a list of their codes.

A role may name a whole group (``billing.*``) or a kind of right in every group (``*.view``), so that a
right that a later version brings reaches the roles that were meant to have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from core.app_lists import gather


@dataclass(frozen=True, slots=True)
class Permission:
    """A right: its code, what it lets a person do, and the heading it stands under."""

    code: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class RolePreset:
    """A role that a new utility starts with."""

    code: str
    name: str
    permissions: tuple[str, ...]


PERMISSIONS = (
    Permission("core.policy.view", "See the policies", "Set-up"),
    Permission("core.policy.set", "Set a policy", "Set-up"),
    Permission("core.code.view", "See the codes", "Set-up"),
    Permission("core.code.edit", "Add, name and retire codes", "Set-up"),
    Permission("core.operator.manage", "Add operators and give roles", "Set-up"),
    Permission("core.role.view", "See what roles may do", "Set-up"),
    Permission("core.key.manage", "Make and revoke partner keys", "Set-up"),
    Permission("core.audit.view", "Read the audit", "Set-up"),
    Permission("core.secret.reveal", "Reveal a masked number, with a reason", "Set-up"),
    Permission("core.secret.rotate", "Renew the keys of sealed numbers and files", "Set-up"),
    Permission("core.vault.sweep", "Clear the vault of files nobody kept", "Set-up"),
    Permission("core.job.view", "Watch jobs", "Work"),
    Permission("core.job.cancel", "Cancel and retry jobs", "Work"),
    Permission("core.schedule.manage", "Change and pause schedules", "Work"),
)


def all_permissions() -> dict[str, Permission]:
    """Every right of every app, by code, in the order of the apps."""
    return {p.code: p for p in gather("permissions", "PERMISSIONS")}


def expanded(patterns: Iterable[str]) -> frozenset[str]:
    """The rights that a role's codes and patterns stand for; what is not declared is left out."""
    codes = all_permissions()
    return frozenset(code for pattern in patterns for code in codes if fnmatchcase(code, pattern))
