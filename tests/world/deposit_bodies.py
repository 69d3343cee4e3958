"""What is posted to the addresses of deposits, one that is held, and what their operations want ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from core.operations import act_as
from ledger.chart import read_chart
from ledger.deposit_refunds import apply_to_owed, propose_refund
from ledger.deposits import take_deposit
from tests.world.towns import Town

if TYPE_CHECKING:
    from tests.world.api_desk import Desk

DAY = "2026-09-20"
_CASH = [{"kind": "cash", "amount": "10.00"}]

DEPOSIT_BODIES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "ledger:deposit_apply": lambda f: {"deposit": f["deposit_id"], "amount": "1.00"},
    "ledger:deposit_refund": lambda f: {"deposit": f["deposit_id"], "amount": "1.00", "reason": "Trial"},
    "ledger:deposit_undo": lambda f: {"why": "Trial"},
    "ledger:refund_": lambda f: {"why": "Trial", "cheque": "4711", "cheque_on": DAY},
    "collections:deposit": lambda f: {"amount": "10.00", "kind": "cash", "tender": "10.00"},
    "api:deposits": lambda f: {
        "account_id": f["account_id"],
        "on": DAY,
        "deposits": [{"for_service": "water", "amount": "10.00"}],
        "tenders": _CASH,
    },
    "api:deposit_apply": lambda f: {"on": DAY, "amount": "1.00"},
    "api:deposit_refund": lambda f: {"on": DAY, "amount": "1.00", "reason": "Trial"},
    "api:deposit_undo": lambda f: {"movement_id": f["movement_id"], "why": "Trial", "on": DAY},
    "api:refund_": lambda f: {"why": "Trial"},
    "api:refund_approve": lambda f: {"on": DAY},
    "api:refund_cheque": lambda f: {"cheque": "4711", "cheque_on": DAY},
}

DEPOSITS_NAME_OTHERS = {"ledger:deposit_apply", "ledger:deposit_refund", "api:deposits", "api:deposit_undo"}


def held_deposits(town: Town) -> dict[str, int]:
    """A deposit of which something was applied, and another one whose refund waits; their ids."""
    account, on = town.account("100001").id, date(2026, 9, 10)
    with act_as(town.clerk, "trial.deposit"):
        bank = read_chart().role("bank")
        first, second = (
            take_deposit(account, Decimal(90), on=on, into_account_id=bank, key=f"trial deposit {n}")
            for n in (1, 2)
        )
    return {
        "deposit_id": first,
        "movement_id": apply_to_owed(town.clerk, deposit_id=first, amount=Decimal(1), on=on),
        "refund_id": propose_refund(town.clerk, deposit_id=second, amount=Decimal(1), reason="Trial", on=on),
    }


def _proposed(desk: Desk, by: Any = None) -> int:
    sent = {
        "account_id": desk.facts["account_id"],
        "on": DAY,
        "deposits": [{"for_service": "water", "amount": "10.00"}],
        "tenders": _CASH,
        "reference": uuid4().hex[:20],
    }
    (taken,) = desk.made("deposits/", sent, by)["deposits"]
    body = {"on": DAY, "amount": "5.00", "reason": "Trial"}
    return int(desk.made(f"deposits/{taken['deposit_id']}/refund/", body, by)["id"])


def a_refund_of_another(desk: Desk) -> dict[str, Any]:
    """A refund that another partner proposed."""
    return {"refund_id": _proposed(desk, desk.other)}


def a_refund_of_its_own(desk: Desk) -> dict[str, Any]:
    """A refund that this partner proposed."""
    return {"refund_id": _proposed(desk)}


def an_approved_refund(desk: Desk) -> dict[str, Any]:
    """A refund that was approved and not paid yet."""
    found = a_refund_of_another(desk)
    desk.made(f"refunds/{found['refund_id']}/approve/", {"on": DAY})
    return found


DEPOSITS_READY: Mapping[str, Callable[[Desk], dict[str, Any]]] = {
    "POST api:refund_approve": a_refund_of_another,
    "POST api:refund_refuse": a_refund_of_another,
    "POST api:refund_withdraw": a_refund_of_its_own,
    "POST api:refund_cheque": an_approved_refund,
}
