"""What is posted to the addresses of history, and the facts they name."""

from datetime import date
from typing import Any

from ledger.history import look_before
from tests.world.towns import Town


def looked_at(town: Town) -> int:
    """A count of what is completed; the move's id."""
    return look_before(town.supervisor, before=date(2026, 10, 1), today=date(2026, 10, 2))


def _nothing(facts: Any) -> Any:
    return {}


HISTORY_BODIES: dict[str, Any] = {
    "ledger:history_new": lambda f: {"before": "2026-09-20"},
    "ledger:history_do": _nothing,
    "api:history_moves": lambda f: {"before": "2026-09-20"},
    "api:history_do": _nothing,
}
