"""Operators of a utility: adding them, giving roles, letting them go, inviting them to set a password.

An operator is one person for the whole installation; what a utility decides is only the membership here.
No password passes through an administrator: a new operator gets a link, valid once and for three days.
"""

import re
from dataclasses import dataclass

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core.actors import Actor
from core.errors import NotAllowed, NotFound, Refused
from core.models import Membership, Operator, Role
from core.operations import note, operation
from core.permissions import expanded

MANAGE = "core.operator.manage"
_LOGIN = re.compile(r"[a-z][a-z0-9._@+-]{1,63}")


@dataclass(frozen=True, slots=True)
class RoleShown:
    """A role with the rights it stands for today."""

    role: Role
    rights: frozenset[str]
    members: int


def members(utility_id: int) -> list[Membership]:
    """Everybody who works or worked for the utility, by name; a role code of "" is one who has left."""
    rows = Membership.objects.select_related("operator").filter(utility_id=utility_id)
    return list(rows.order_by("operator__name", "operator__login"))


def roles_shown(utility_id: int) -> list[RoleShown]:
    """The roles of the utility in scope, in the order they were made."""
    held = [m.role_code for m in members(utility_id)]
    return [
        RoleShown(role, expanded(role.permissions), held.count(role.code))
        for role in Role.objects.order_by("id")
    ]


@operation("core.operator.add", permission=MANAGE)
def add_operator(by: Actor, *, login: str, name: str, role_code: str, email: str = "") -> int:
    """Let somebody work for this utility, as a new operator or one of another utility; their id.

    Raises ``Refused`` for a sign-in name that cannot be, is at work here already, or for no such role.
    """
    plain = login.strip().lower()
    if not _LOGIN.fullmatch(plain):
        raise Refused(
            f"“{login}” cannot be a sign-in name.",
            "Use 2 to 64 small letters, figures and . _ @ + -, a letter first.",
            field="login",
        )
    if not name.strip():
        raise Refused("The operator needs a name.", "Type it as it shall stand on receipts.", field="name")
    _role(role_code)
    operator = Operator.objects.filter(login=plain).first()
    if operator is None:
        operator = Operator.objects.create_user(plain, name=name.strip(), email=email.strip())
    member, is_new = Membership.objects.get_or_create(
        operator=operator, utility_id=by.utility_id, defaults={"role_code": role_code}
    )
    if not is_new:
        if member.role_code:
            raise Refused(
                f"{operator.name} ({plain}) works here already.", "Change the role instead.", field="login"
            )
        member.role_code = role_code
        member.save(update_fields=["role_code"])
    note(operator_id=operator.id)
    return operator.id


@operation("core.operator.set_role", permission=MANAGE)
def set_role(by: Actor, *, operator_id: int, role_code: str) -> int:
    """Give a member another role; their id.

    Raises ``NotAllowed`` for one's own role and ``Refused`` when nobody would be left to manage operators.
    """
    member = _member(by, operator_id)
    _role(role_code)
    _change(by, member, role_code)
    return operator_id


@operation("core.operator.deactivate", permission=MANAGE)
def deactivate_operator(by: Actor, *, operator_id: int) -> int:
    """End a member's work for this utility at once; what they did keeps their name.  Their id.

    Elsewhere they work on.  Raises as ``set_role`` does.
    """
    _change(by, _member(by, operator_id), "")
    return operator_id


@operation("core.operator.invite", permission=MANAGE)
def invite_operator(by: Actor, *, operator_id: int) -> int:
    """Record that an operator is given a link to set a password; make it with ``invitation``.  Their id.

    Raises ``NotAllowed`` when they also work elsewhere and have a password: it is not this utility's.
    """
    member = _member(by, operator_id)
    elsewhere = Membership.objects.filter(operator_id=operator_id).exclude(utility_id=by.utility_id)
    if member.operator.has_usable_password() and elsewhere.exclude(role_code="").exists():
        raise NotAllowed(
            f"{member.operator.name} also works for another utility.",
            "They change their password themselves, under their own name.",
        )
    return operator_id


def invitation(operator_id: int) -> tuple[str, str]:
    """The two parts of the address where an operator sets a password; void once it is set."""
    operator = Operator.objects.get(id=operator_id)
    return urlsafe_base64_encode(force_bytes(operator.pk)), default_token_generator.make_token(operator)


def _role(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise Refused(f"There is no role “{code}”.", "Choose one from the list.", field="role_code")
    return role


def _member(by: Actor, operator_id: int) -> Membership:
    rows = Membership.objects.select_related("operator")
    member = rows.filter(operator_id=operator_id, utility_id=by.utility_id).first()
    if member is None:
        raise NotFound("No such operator works here.", "Choose one from the list.")
    return member


def _change(by: Actor, member: Membership, role_code: str) -> None:
    if by.ref == f"operator:{member.operator_id}":
        raise NotAllowed("Nobody changes their own role.", "Ask another administrator to do it.")
    # The lock on all memberships keeps two administrators from removing each other at once.
    everybody = list(Membership.objects.select_for_update().filter(utility_id=by.utility_id).order_by("id"))
    member.role_code = next(m.role_code for m in everybody if m.id == member.id)
    managing = {r.code for r in Role.objects.all() if MANAGE in expanded(r.permissions)}
    left = [m for m in everybody if m.role_code in managing and m.id != member.id]
    if role_code not in managing and not left:
        raise Refused(
            f"{member.operator.name} is the last who may manage operators.",
            "Give that role to another first.",
        )
    note(role_before=member.role_code)
    member.role_code = role_code
    member.save(update_fields=["role_code"])
