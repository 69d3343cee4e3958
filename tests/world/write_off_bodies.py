"""What is posted to the addresses of the write-off file, and one that waits."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from customers.leaving import end_account
from ledger.write_offs import propose_write_off
from tests.world.towns import Town

_WHY = {"why": "Trial", "reason": "Trial", "text": "Trial", "amount": "1.00", "on": "2026-09-20"}

WRITE_OFF_BODIES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "ledger:write_off_": lambda f: dict(_WHY),
    "ledger:recovery_back": lambda f: {},
    "api:write_offs": lambda f: {"account_id": f["account_id"], "reason": "Trial", "on": "2026-09-20"},
    "api:write_off_": lambda f: {"why": "Trial", "on": "2026-09-20"},
    "api:write_off_recoveries": lambda f: {"amount": "1.00", "text": "Trial", "on": "2026-09-20"},
    "api:write_off_recovery_back": lambda f: {"journal_id": f["journal_id"], "on": "2026-09-20"},
}

WRITE_OFFS_NAME_OTHERS = {"api:write_offs", "api:write_off_recovery_back"}


def waiting_write_off(town: Town) -> int:
    """An account that has ended and owes; its write-off is proposed."""
    account = town.account("100011").id
    end_account(town.clerk, account_id=account, on=date(2026, 9, 3))
    return propose_write_off(town.clerk, account_id=account, reason="Trial", on=date(2026, 9, 10))
