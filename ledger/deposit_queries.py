"""What is asked of deposits: what is held, by whom and for what, and everything that was done with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DateField, DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from core.errors import NotFound
from core.money import ZERO
from customers.models import Account
from ledger.deposit_models import Deposit, DepositLeft, DepositMovement, DepositRefund
from ledger.models import Journal

_MONEY: "DecimalField[Any, Any]" = DecimalField(max_digits=14, decimal_places=2)
Kind = DepositMovement.Kind


def giver_of(deposit: Deposit) -> str:
    """Who gave it, by name; the account's customer unless it was a landlord."""
    return str(deposit.landlord.name if deposit.landlord else deposit.account.customer.name)


def deposits() -> QuerySet[Deposit]:
    """Deposits with ``held``; of what was done: ``applied``, ``applied_on``, ``refunded``, ``refunded_on``.

    And ``cheque`` of the last refund.  What was undone does not count.
    """
    left = DepositLeft.objects.filter(deposit=OuterRef("pk")).values("open")
    refunds = DepositRefund.objects.filter(deposit=OuterRef("pk"), state=DepositRefund.State.APPROVED)
    return Deposit.objects.select_related("account__customer", "account__location", "landlord").annotate(
        held=Subquery(left, output_field=_MONEY),
        applied=_sum(Kind.APPLIED),
        applied_on=_last(Kind.APPLIED),
        refunded=_sum(Kind.REFUNDED),
        refunded_on=_last(Kind.REFUNDED),
        cheque=Subquery(refunds.order_by("-id").values("cheque")[:1], output_field=CharField()),
    )


def _of(kind: Kind) -> QuerySet[DepositMovement]:
    return DepositMovement.objects.filter(deposit=OuterRef("pk"), kind=kind)


def _sum(kind: Kind) -> Coalesce:
    summed = _of(kind).order_by().values("deposit").annotate(x=Sum("amount")).values("x")
    return Coalesce(Subquery(summed, output_field=_MONEY), Value(ZERO), output_field=_MONEY)


def _last(kind: Kind) -> Subquery:
    undone = DepositMovement.objects.exclude(undoes=None).values("undoes")
    standing = _of(kind).filter(undoes=None).exclude(id__in=undone)
    return Subquery(standing.order_by("-on", "-id").values("on")[:1], output_field=DateField())


def deposit_shown(deposit_id: int) -> Deposit:
    """A deposit as of ``deposits``; raises ``NotFound``."""
    found = deposits().filter(id=deposit_id).first()
    if found is None:
        raise NotFound("There is no such deposit.", "Choose one from the list of deposits.")
    return found


@dataclass(frozen=True, slots=True)
class Moved:
    """A transaction of a deposit: ``effect`` on what is held, and ``held`` after it over all that are shown.

    ``movement_id`` is empty for the taking.  ``undone``: it was undone later; ``undoes``: it undoes one.
    """

    on: date
    words: str
    deposit: Deposit
    effect: Decimal
    held: Decimal
    reference: str
    operator: str
    journal_id: int
    movement_id: int | None = None
    movement: DepositMovement | None = None
    undone: bool = False
    cheque: str = ""
    cheque_on: date | None = None

    @property
    def undoable(self) -> bool:
        """Whether it was applied or refunded and stands."""
        one = self.movement
        return one is not None and one.amount > 0 and one.kind != Kind.TAKEN_BACK and not self.undone


def movements_of(found: Sequence[Deposit], refunded: Sequence[DepositRefund] | None = None) -> list[Moved]:
    """Everything that was done with these deposits, newest first; three queries, one less with refunds."""
    by_id = {d.id: d for d in found}
    moves = list(DepositMovement.objects.filter(deposit__in=by_id).order_by("id"))
    undone = _undone(moves)
    if refunded is None:
        refunded = list(DepositRefund.objects.filter(deposit__in=by_id))
    cheques = {r.movement_id: r for r in refunded}
    rows: list[tuple[date, int, Deposit, DepositMovement | None]] = [
        (d.on, d.journal_id, d, None) for d in found
    ]
    rows += [(m.on, m.journal_id, by_id[m.deposit_id], m) for m in moves]
    told, held = [], ZERO
    for on, journal, deposit, move in sorted(rows, key=lambda r: (r[0], r[1])):
        effect: Decimal = -move.amount if move else deposit.amount
        held += effect
        refund = cheques.get(move.id) if move else None
        told.append(
            Moved(
                on,
                _words(move),
                deposit,
                effect,
                held,
                move.reference if move else deposit.reference,
                move.operator_name if move else deposit.operator_name,
                journal,
                move.id if move else None,
                move,
                bool(move and move.id in undone),
                refund.cheque if refund else "",
                refund.cheque_on if refund else None,
            )
        )
    return told[::-1]


def _undone(moves: Sequence[DepositMovement]) -> set[int]:
    """Those that were undone: named by the one that undoes them, or by their journals' mirrors."""
    journals = [m.journal_id for m in moves]
    mirrored = set(Journal.objects.filter(reverses__in=journals).values_list("reverses_id", flat=True))
    return {m.undoes_id for m in moves if m.undoes_id} | {m.id for m in moves if m.journal_id in mirrored}


def _words(move: DepositMovement | None) -> str:
    if move is None:
        return "Taken"
    if move.amount >= 0:
        return str(Kind(move.kind).label)
    return "Application undone" if move.kind == Kind.APPLIED else "Refund undone"


@dataclass(frozen=True, slots=True)
class HeldFor:
    """What is held of an account for one service from one giver."""

    service: str
    giver: str
    landlord_id: int | None
    amount: Decimal


def held_for(found: Sequence[Deposit]) -> list[HeldFor]:
    """What is held of these deposits by service and giver."""
    sums: dict[tuple[str, str, int | None], Decimal] = {}
    for one in found:
        held: Decimal = one.held  # type: ignore[attr-defined]  # annotated by ``deposits``
        if held:
            key = (one.get_for_service_display(), giver_of(one), one.landlord_id)
            sums[key] = sums.get(key, ZERO) + held
    return [HeldFor(*key, amount) for key, amount in sums.items()]


def deposits_of(account: Account) -> list[Deposit]:
    """Every deposit of an account, the oldest first."""
    return list(deposits().filter(account=account).order_by("on", "id"))


def refunds() -> QuerySet[DepositRefund]:
    """Refunds of deposits with their deposits and accounts."""
    return DepositRefund.objects.select_related(
        "deposit__account__customer", "deposit__account__location", "deposit__landlord", "movement"
    )
