"""Open items and credits: what is owed, what is left, and laying one on the other.

Lock order everywhere: accounts ascending, then items by id, then drawer, then numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from core.bulk import array_literal, insert_columns, take_ids
from core.errors import Conflict, NotFound
from core.money import ZERO
from customers.models import Account
from ledger.models import Application, Charge, Credit, CreditLeft, OpenItem
from ledger.policy import Laid, OpenCharge


class NewCharge(NamedTuple):
    """A rounded amount to be owed; ``amount`` above zero opens an item, zero or below does not."""

    journal_id: int
    account_id: int
    text: str
    amount: Decimal
    revenue_code: str
    on: date
    due_on: date
    priority: int
    service_id: int | None = None
    component: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    open: Decimal | None = None


class NewCredit(NamedTuple):
    """Money given by or to an account; ``left`` is what stays unapplied at first."""

    journal_id: int
    account_id: int
    text: str
    amount: Decimal
    on: date
    left: Decimal


def lock_accounts(account_ids: Iterable[int]) -> None:
    """Take the accounts' locks, ascending; raises ``NotFound`` when one is not of this utility."""
    wanted = sorted(set(account_ids))
    found = list(
        Account.objects.filter(id__in=wanted)
        .order_by("id")
        .select_for_update(no_key=True)
        .values_list("id", flat=True)
    )
    if len(found) != len(wanted):
        missing = sorted(set(wanted) - set(found))
        raise NotFound(f"There is no account with id {missing[0]}.", "Find the account by its number.")


def open_charges(account_ids: Iterable[int]) -> dict[int, list[OpenCharge]]:
    """What is open per account; lock the accounts first when you mean to pay it."""
    found: dict[int, list[OpenCharge]] = {account_id: [] for account_id in account_ids}
    rows = (
        OpenItem.objects.filter(account__in=list(found), open__gt=0)
        .order_by("id")
        .values_list("account_id", "charge_id", "open", "charge__priority", "charge__due_on")
    )
    for account_id, charge_id, still_open, priority, due_on in rows:
        found[account_id].append(OpenCharge(charge_id, still_open, priority, due_on))
    return found


def add_charges(charges: Sequence[NewCharge]) -> list[int]:
    """Store charges and open their items, two statements; returns the charges' ids in order."""
    ids = take_ids(Charge, len(charges))
    insert_columns(
        Charge,
        {
            "id": ids,
            "journal_id": [c.journal_id for c in charges],
            "account_id": [c.account_id for c in charges],
            "service_id": [c.service_id for c in charges],
            "revenue_code": [c.revenue_code for c in charges],
            "component": [c.component for c in charges],
            "text": [c.text for c in charges],
            "quantity": [c.quantity for c in charges],
            "unit": [c.unit for c in charges],
            "amount": [c.amount for c in charges],
            "on": [c.on for c in charges],
            "due_on": [c.due_on for c in charges],
            "priority": [c.priority for c in charges],
        },
    )
    opened = [(i, c) for i, c in zip(ids, charges, strict=True) if c.amount > 0]
    insert_columns(
        OpenItem,
        {
            "charge_id": [i for i, _ in opened],
            "account_id": [c.account_id for _, c in opened],
            "amount": [c.amount for _, c in opened],
            "open": [c.amount if c.open is None else c.open for _, c in opened],
        },
    )
    return ids


def add_credits(credits: Sequence[NewCredit]) -> list[int]:
    """Store credits and what is left of them; returns the credits' ids in order."""
    ids = take_ids(Credit, len(credits))
    insert_columns(
        Credit,
        {
            "id": ids,
            "journal_id": [c.journal_id for c in credits],
            "account_id": [c.account_id for c in credits],
            "text": [c.text for c in credits],
            "amount": [c.amount for c in credits],
            "on": [c.on for c in credits],
        },
    )
    insert_columns(
        CreditLeft,
        {
            "credit_id": ids,
            "account_id": [c.account_id for c in credits],
            "amount": [c.amount for c in credits],
            "open": [c.left for c in credits],
        },
    )
    return ids


def record_applications(rows: Sequence[tuple[int, int, int, Decimal]], on: date) -> None:
    """Store ``(journal, charge, credit, dollars)``; the items themselves are lowered by ``lower_open``."""
    insert_columns(
        Application,
        {
            "journal_id": [r[0] for r in rows],
            "charge_id": [r[1] for r in rows],
            "credit_id": [r[2] for r in rows],
            "amount": [r[3] for r in rows],
            "on": [on] * len(rows),
        },
    )


def lower_open(laid: Sequence[Laid]) -> None:
    """Take amounts off open items, only where so much is open; raises ``Conflict`` otherwise."""
    _lower("ledger_openitem", "charge_id", {p.charge_id: p.amount for p in laid}, "charge")


def lower_credit_left(parts: Mapping[int, Decimal]) -> None:
    """Take amounts off what is left of credits (credit id → dollars); raises ``Conflict`` otherwise."""
    _lower("ledger_creditleft", "credit_id", parts, "credit")


def _lower(table: str, column: str, parts: Mapping[int, Decimal], noun: str) -> None:
    if not parts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET open = t.open - v.x FROM unnest(%s::bigint[], %s::numeric[]) v(id, x)"
            f" WHERE t.{column} = v.id AND t.open >= v.x",
            [array_literal(list(parts)), array_literal(list(parts.values()))],
        )
        if cursor.rowcount != len(parts):
            raise Conflict(
                f"Less is open on a {noun} than was to be applied.",
                "Somebody was faster. Look again and repeat.",
            )


def credits_left(account_ids: Sequence[int]) -> dict[int, list[tuple[int, Decimal]]]:
    """Unapplied credits per account, oldest first: (credit id, dollars left)."""
    found: dict[int, list[tuple[int, Decimal]]] = {}
    rows = CreditLeft.objects.filter(account__in=account_ids, open__gt=0).order_by("credit_id")
    for account_id, credit_id, left in rows.values_list("account_id", "credit_id", "open"):
        found.setdefault(account_id, []).append((credit_id, left))
    return found


def payoff(account_ids: Sequence[int]) -> dict[int, Decimal]:
    """What would settle each account today: Σ open charges − Σ unapplied credit; a credit is below zero."""
    found = dict.fromkeys(account_ids, ZERO)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, sum(x) FROM ("
            " SELECT account_id, open AS x FROM ledger_openitem WHERE open > 0"
            " AND account_id = ANY (%s::bigint[])"
            " UNION ALL"
            " SELECT account_id, -open FROM ledger_creditleft WHERE open > 0"
            " AND account_id = ANY (%s::bigint[])"
            ") b GROUP BY account_id",
            [array_literal(account_ids)] * 2,
        )
        found.update(cursor.fetchall())
    return found
