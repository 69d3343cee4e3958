"""What is posted to the addresses of history, and the facts they name."""

from datetime import date
from typing import Any

from core.policies import set_policy
from ledger.history import look_before
from ledger.policies import HISTORY_KEPT_MONTHS
from ledger.purging import propose_purge
from tests.world.towns import Town


def looked_at(town: Town) -> int:
    """A count of what is completed; the move's id."""
    return look_before(town.supervisor, before=date(2026, 10, 1), today=date(2026, 10, 2))


def proposed_purge(town: Town) -> int:
    """A purge that waits, in a town that need not keep its history; the purge's id."""
    set_policy(town.admin, code=HISTORY_KEPT_MONTHS, value="0", starts=date(2026, 1, 1))
    return propose_purge(town.supervisor, before=date(2026, 10, 1), today=date(2026, 10, 2))


def _nothing(facts: Any) -> Any:
    return {}


HISTORY_BODIES: dict[str, Any] = {
    "ledger:history_new": lambda f: {"before": "2026-09-20"},
    "ledger:history_do": _nothing,
    "ledger:purge_new": lambda f: {"before": "2026-09-20"},
    "ledger:purge_": lambda f: {"why": "Trial"},
    "api:purges": lambda f: {"before": "2026-09-20"},
    "api:purge_": lambda f: {"why": "Trial"},
    "api:history_moves": lambda f: {"before": "2026-09-20"},
    "api:history_do": _nothing,
}
