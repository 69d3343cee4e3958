"""What upper apps made of an account's services, asked before one is changed and told afterwards.

An app that uses services lists ``ServiceUse`` values in ``<app>/service_uses.py`` as ``SERVICE_USES``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.app_lists import gather
from customers.models import Service


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """``check`` raises ``Refused`` when the service must stay; ``follow`` acts on the changed one."""

    check: Callable[[Service], None]
    follow: Callable[[Service], None]


SERVICE_USES: tuple[ServiceUse, ...] = ()


def service_uses() -> tuple[ServiceUse, ...]:
    """Those of all apps."""
    found: tuple[ServiceUse, ...] = gather("service_uses", "SERVICE_USES")
    return found
