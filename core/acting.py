"""Who somebody is at one utility: their role's rights, looked up when they act.

Everything here reads the roles of the utility in scope and needs a transaction.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from core.actors import Actor, system_actor
from core.models import Operator, PartnerKey, PartnerKeyIndex
from core.permissions import expanded
from core.tenancy import current_utility_id

# Asked by every page, so in one query; of the roles only those of the utility in scope are seen.
_MEMBER = """
SELECT o.name, o.login, r.permissions::text
FROM core_membership m
JOIN core_operator o ON o.id = m.operator_id
JOIN core_role r ON r.tenant_id = m.utility_id AND r.code = m.role_code
WHERE m.operator_id = %s AND m.utility_id = %s AND o.is_active
"""


def operator_actor(operator_id: int) -> Actor | None:
    """The operator as an actor of the utility in scope; ``None`` when they do not work for it."""
    utility_id = current_utility_id()
    with connection.cursor() as cursor:
        cursor.execute(_MEMBER, [operator_id, utility_id])
        found = cursor.fetchone()
    if found is None:
        return None
    name, login, permissions = found
    return Actor("operator", operator_id, name or login, utility_id, expanded(json.loads(permissions)))


def partner_actor(prefix: str) -> Actor | None:
    """The partner system of a key's prefix; ``None`` when the key is revoked or of another utility."""
    utility_id = current_utility_id()
    live = PartnerKeyIndex.objects.filter(prefix=prefix, utility_id=utility_id, revoked=False).exists()
    key = PartnerKey.objects.filter(prefix=prefix).first() if live else None
    if key is None:
        return None
    return Actor("partner", key.id, key.name, utility_id, expanded(key.permissions))


def actor_again(params: dict[str, Any]) -> Actor | None:
    """The actor that ``Actor.as_params`` told of, with the rights of now; ``None`` when they have left."""
    match params["kind"]:
        case "system":
            return system_actor(current_utility_id())
        case "operator":
            return operator_actor(int(params["id"]))
        case _:
            key = PartnerKey.objects.filter(id=int(params["id"])).first()
            return partner_actor(key.prefix) if key else None


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """The names behind what rows keep of who did something (``operator:7``), in two queries."""
    wanted: dict[str, set[int]] = {"operator": set(), "partner": set()}
    for ref in refs:
        kind, _, number = ref.partition(":")
        if kind in wanted and number.isdigit():
            wanted[kind].add(int(number))
    names = {"system": "Curbstop"}
    for operator in Operator.objects.filter(id__in=wanted["operator"]):
        names[f"operator:{operator.id}"] = operator.name or operator.login
    for key in PartnerKey.objects.filter(id__in=wanted["partner"]):
        names[f"partner:{key.id}"] = key.name
    return names
