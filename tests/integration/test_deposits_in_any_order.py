"""Whatever is done with deposits in whatever order: what is held is what was taken less what was moved."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from django.db.models import Sum

from collections_app.deposits import ToHold, take_deposits
from collections_app.models import DepositTaken
from collections_app.operations import Tendered, void_receipt
from core.errors import Refused
from core.tenancy import scope
from ledger.deposit_models import DepositLeft, DepositMovement, DepositRefund
from ledger.deposit_refunds import (
    apply_to_owed,
    approve_refund,
    propose_refund,
    refuse_refund,
    undo_movement,
)
from tests.conftest import World
from tests.integration.test_ledger_operations import balance
from tests.world.proof import broken

DAY = date(2026, 9, 20)


@dataclass
class Book:
    """What a person with a pencil would keep: what is held of each deposit."""

    live: World
    chance: Random
    held: dict[int, Decimal] = field(default_factory=dict)

    def some(self, most: Decimal) -> Decimal:
        return Decimal(self.chance.randint(1, int(most * 100))) / 100

    def take(self) -> None:
        amount = self.some(Decimal(120))
        receipt = take_deposits(
            self.live.oak.clerk,
            account_id=self.live.oak.account(f"10000{self.chance.randint(1, 3)}").id,
            deposits=[ToHold("all", amount)],
            tenders=[Tendered("check", amount)],
            on=DAY,
            source="by mail",
        )
        with transaction.atomic():
            self.held[DepositTaken.objects.get(receipt=receipt).deposit_id] = amount

    def apply(self) -> None:
        deposit = self.chance.choice(sorted(self.held))
        movement = apply_to_owed(
            self.live.oak.clerk, deposit_id=deposit, on=DAY, amount=self.some(self.held[deposit])
        )
        with transaction.atomic():
            self.held[deposit] -= DepositMovement.objects.get(id=movement).amount

    def refund(self) -> None:
        deposit = self.chance.choice(sorted(self.held))
        amount = self.some(self.held[deposit])
        refund = propose_refund(
            self.live.oak.clerk, deposit_id=deposit, amount=amount, reason="Leaves", on=DAY
        )
        if self.chance.random() < 0.3:
            refuse_refund(self.live.oak.supervisor, refund_id=refund, why="Owes")
            return
        approve_refund(self.live.oak.supervisor, refund_id=refund, on=DAY)
        self.held[deposit] -= amount

    def undo(self) -> None:
        with transaction.atomic():
            moves = list(DepositMovement.objects.filter(amount__gt=0).order_by("id"))
        if not moves:
            return
        move = self.chance.choice(moves)
        undo_movement(self.live.oak.admin, movement_id=move.id, why="Wrong", on=DAY)
        self.held[move.deposit_id] += move.amount

    def void(self) -> None:
        deposit = self.chance.choice(sorted(self.held))
        with transaction.atomic():
            receipt = DepositTaken.objects.get(deposit=deposit).receipt_id
        void_receipt(self.live.oak.supervisor, receipt_id=receipt, why="Wrong", on=DAY)
        self.held[deposit] = Decimal(0)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_held_is_what_was_taken_less_what_was_moved(live: World, seed: int) -> None:
    book = Book(live, Random(seed))
    acts: list[Callable[[], None]] = [book.take, book.apply, book.refund, book.undo, book.void]
    done = 0
    with scope(live.oak.utility.id):
        for _ in range(3):
            book.take()
        for _ in range(40):
            try:
                book.chance.choices(acts, (3, 5, 4, 4, 1))[0]()
                done += 1
            except (Refused, ValueError):
                continue  # nothing is held or owed, or it was undone before: then nothing happened
        with transaction.atomic():
            assert dict(DepositLeft.objects.values_list("deposit_id", "open")) == book.held
            left = dict(
                DepositMovement.objects.order_by().values_list("deposit_id").annotate(x=Sum("amount"))
            )
            taken = dict(DepositLeft.objects.values_list("deposit_id", "amount"))
            assert {d: taken[d] - left.get(d, Decimal(0)) for d in taken} == book.held
            assert balance("deposits_held") == -sum(book.held.values())
            assert not DepositRefund.objects.filter(state="waiting").exists()
    assert done > 15
    assert broken(live) == []
