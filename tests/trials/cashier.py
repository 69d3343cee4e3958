"""One cashier in a process of its own: opens a drawer, takes payments, counts and closes.

``python -m tests.trials.cashier <utility> <operator's login> <seed> <receipts> <progress file>``.  What the
nth customer pays follows from seed, login and n alone, so a cashier that was killed goes on where it stopped:
the payment under way is sent again with its key.  One attempt in five is thrown away after its number was
taken.
"""

import random
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from django.apps import apps

if not apps.ready:  # a process of its own: the models below need it
    django.setup()

from collections_app.drawers import Counted, close_drawer, open_drawer, own_session
from collections_app.models import Drawer, DrawerSession
from collections_app.operations import Tendered, ToAccount, post_payment
from core.acting import operator_actor
from core.actors import Actor
from core.models import Operator, Utility
from core.operations import act_as
from core.reading import read_only
from core.tenancy import scope
from customers.models import Account

DAY = date(2026, 9, 15)
OPENING = Decimal("150.00")
THROWN_AWAY = 0.2
TWO_ACCOUNTS = 0.1
CENT = Decimal("0.01")


class ThrownAwayError(Exception):
    """The trial's own: everything of this attempt is rolled back."""


@dataclass(frozen=True)
class Customer:
    """What one customer hands over for which accounts (by their place in the town), and what goes wrong."""

    parts: tuple[tuple[int, Decimal], ...]
    kind: str
    tendered: Decimal
    thrown_away: bool

    @property
    def total(self) -> Decimal:
        """What is paid."""
        return sum((amount for _, amount in self.parts), Decimal(0))


def customers(seed: str, login: str, count: int, accounts: int) -> Iterator[Customer]:
    """The customers of a cashier's day."""
    for n in range(count):
        chance = random.Random(f"{seed}:{login}:{n}")
        places = chance.sample(range(accounts), 2 if chance.random() < TWO_ACCOUNTS else 1)
        parts = tuple((place, chance.randint(100, 9999) * CENT) for place in places)
        owed = sum((amount for _, amount in parts), Decimal(0))
        kind = chance.choice(("cash", "cash", "check", "card"))
        tendered = (owed // 20 + 1) * 20 if kind == "cash" else owed
        yield Customer(parts, kind, tendered, chance.random() < THROWN_AWAY)


def in_the_drawer(seed: str, login: str, count: int, accounts: int) -> dict[str, Decimal]:
    """What a cashier must have at the end, by tender, worked out from the customers alone."""
    sums = {"cash": OPENING}
    for customer in customers(seed, login, count, accounts):
        sums[customer.kind] = sums.get(customer.kind, Decimal(0)) + customer.total
    return sums


def main(slug: str, login: str, seed: str, count: int, progress: Path) -> None:
    """The cashier's day, from where it stopped."""
    utility = Utility.objects.get(slug=slug)
    with scope(utility.id):
        with read_only():
            by = operator_actor(Operator.objects.get(login=login).id)
            accounts = list(Account.objects.order_by("number").values_list("id", flat=True))
        assert by is not None
        session = _session(by)
        if session is None:
            return
        done = progress.stat().st_size if progress.exists() else 0
        with progress.open("ab", buffering=0) as told:
            for n, customer in enumerate(customers(seed, login, count, len(accounts))):
                if n >= done:
                    _serve(by, customer, accounts, n)
                    told.write(b".")
        counts = in_the_drawer(seed, login, count, len(accounts)).items()
        counted = [Counted(kind, amount) for kind, amount in counts]
        close_drawer(by, session_id=session, counted=counted, on=DAY, **_once("close"))


def _session(by: Actor) -> int | None:
    """The cashier's open session, opened if there was none; ``None`` after the close."""
    with read_only():
        mine = own_session(by)
        closed = DrawerSession.objects.filter(operator=by.ref).exclude(closed_at=None).exists()
        drawer = int(Drawer.objects.get(code=by.name).id)
    if closed:
        return None
    return (
        int(mine.id) if mine else open_drawer(by, drawer_id=drawer, opening=OPENING, on=DAY, **_once("open"))
    )


def _serve(by: Actor, customer: Customer, accounts: list[int], n: int) -> None:
    tenders = [Tendered(customer.kind, customer.tendered)]
    parts = [ToAccount(accounts[place], amount) for place, amount in customer.parts]
    if customer.thrown_away:
        with suppress(ThrownAwayError), act_as(by, "trial.thrown_away"):
            post_payment(by, tenders=tenders, accounts=parts, on=DAY)
            raise ThrownAwayError
    post_payment(by, tenders=tenders, accounts=parts, on=DAY, **_once(f"customer {n}"))


def _once(key: str) -> Any:
    """The idempotency key, which the decorator takes."""
    return {"key": key}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), Path(sys.argv[5]))
