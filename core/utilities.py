"""Making a utility: its row, its roles.  The apps fill in their own defaults afterwards."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from core.actors import Actor, system_actor
from core.errors import Refused
from core.models import Role, Utility
from core.operations import operation
from core.permissions import RolePreset
from core.tenancy import scope

# The slug is the first part of a host name; these lead elsewhere.
RESERVED = frozenset({"www", "api", "static", "admin", "mail", "localhost"})
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")


def create_utility(slug: str, name: str, zone: str = "America/Chicago", is_training: bool = False) -> Utility:
    """The utility of this slug with its roles, made by the system when it is not there yet.

    ``slug`` becomes the first part of its host name, ``zone`` is the IANA zone of its days.  May be
    repeated: what exists is left as it is.  Raises ``Refused`` for a slug that is no host name and for an
    unknown zone.
    """
    if not _SLUG.fullmatch(slug) or slug in RESERVED:
        raise Refused(
            f"“{slug}” cannot be the short name of a utility.",
            "Use 3 to 40 small letters, figures and hyphens, such as oak-hill.",
            field="slug",
        )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise Refused(
            f"There is no time zone “{zone}”.", "Use a name like America/Chicago.", field="zone"
        ) from problem
    utility, _ = Utility.objects.get_or_create(
        slug=slug, defaults={"name": name, "zone": zone, "is_training": is_training}
    )
    write_roles(utility, import_string(settings.ROLE_PRESETS))
    return utility


def write_roles(utility: Utility, presets: Sequence[RolePreset]) -> None:
    """Give a utility those of the roles that it does not have yet."""
    with scope(utility.id):
        with transaction.atomic():
            there = set(Role.objects.values_list("code", flat=True))
        missing = [asdict(p) for p in presets if p.code not in there]
        if missing:
            _add_roles(system_actor(utility.id), roles=missing)


@operation("core.role.add", permission="core.operator.manage")
def _add_roles(by: Actor, *, roles: list[dict[str, Any]]) -> None:
    Role.objects.bulk_create([Role(**role) for role in roles], ignore_conflicts=True)
