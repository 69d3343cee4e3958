"""The transaction register: what was taken and taken back, by operator, in entry or account order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q, QuerySet

from collections_app.models import DepositTaken, Payment, Receipt, ReceiptVoid, Tender
from core.acting import names_of
from core.money import ZERO, total

Order = Literal["entry", "account"]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """An account's part of a receipt, or of a void of one (``voided``: its amounts are below zero); dollars.

    ``tenders`` (kind → amount), ``tendered`` and ``change`` are the whole receipt's and stand with its first
    account only, so that sums over rows are right; ``by`` is how it was paid, on every row.  ``taken_back``
    marks a receipt that was voided at any time; ``held`` a part that is a deposit.
    """

    number: int
    on: date
    at: datetime
    operator: str
    operator_name: str
    account: str
    name: str
    amount: Decimal
    tendered: Decimal
    change: Decimal
    tenders: dict[str, Decimal]
    by: str
    voided: bool = False
    taken_back: bool = False
    why: str = ""
    session_id: int | None = None
    source: str = "counter"
    held: bool = False

    @property
    def kind(self) -> str:
        """What it is: a payment, a deposit, a void."""
        return "void" if self.voided else "deposit" if self.held else "payment"


@dataclass(frozen=True, slots=True)
class RegisterTotals:
    """A register's sums; dollars.  ``tenders`` are what stays by kind, change and voids taken off."""

    receipts: int
    voids: int
    taken: Decimal
    voided: Decimal
    change: Decimal
    tenders: dict[str, Decimal]

    @property
    def named(self) -> list[tuple[str, Decimal]]:
        """The tenders by the words of a screen."""
        return [(str(Tender.Kind(kind).label), amount) for kind, amount in self.tenders.items()]

    @property
    def net(self) -> Decimal:
        """What was taken and stays."""
        return self.taken + self.voided


def register_rows(
    *,
    session_id: int | None = None,
    operator: str | None = None,
    on: date | None = None,
    order: Order = "entry",
) -> list[RegisterRow]:
    """The register of a drawer session, or of an operator (``operator:7``; nobody: all) on a day.

    A void stands as a row of its own on its day: in the session whose drawer paid it back, else under
    whoever voided.  ``order``: as entered, or by account.
    """
    return list(register_of(*_asked(session_id, operator, on), order))


def register_totals(rows: Iterable[RegisterRow]) -> RegisterTotals:
    """The sums of a register."""
    listed = list(rows)
    good, back = [r for r in listed if not r.voided], [r for r in listed if r.voided]
    tenders: dict[str, Decimal] = {}
    for row in listed:
        for kind, amount in row.tenders.items():
            tenders[kind] = tenders.get(kind, ZERO) + amount
    if change := total(r.change for r in listed):
        tenders["cash"] = tenders.get("cash", ZERO) - change
    return RegisterTotals(
        len({r.number for r in good}),
        len({r.number for r in back}),
        total(r.amount for r in good),
        total(r.amount for r in back),
        change,
        tenders,
    )


def _asked(session_id: int | None, operator: str | None, on: date | None) -> tuple[Q, Q]:
    """Which receipts and which voids."""
    if session_id is not None:
        taken_out = Q(receipt__session=session_id, paid_from=ReceiptVoid.From.DRAWER)
        return Q(session=session_id), taken_out
    receipts, voids = Q(), Q()
    if operator is not None:
        receipts &= Q(operator=operator)
        out_of_drawer = Q(paid_from=ReceiptVoid.From.DRAWER)
        voids &= (out_of_drawer & Q(receipt__operator=operator)) | (~out_of_drawer & Q(operator=operator))
    if on is not None:
        receipts &= Q(on=on)
        voids &= Q(on=on) | Q(on=None, receipt__on=on)
    return receipts, voids


def register_of(receipts: Q, voids: Q, order: Order = "entry") -> Sequence[RegisterRow]:
    """The register of the receipts and voids that fit."""
    taken = list(Receipt.objects.filter(receipts))
    back = list(ReceiptVoid.objects.filter(voids).select_related("receipt"))
    concerned = {r.id for r in taken} | {v.receipt_id for v in back}
    parts, tenders = _parts(concerned), _tenders(concerned)
    gone = set(ReceiptVoid.objects.filter(receipt__in=concerned).values_list("receipt_id", flat=True))
    names = names_of({v.operator for v in back})
    rows = [row for r in taken for row in _rows(r, parts[r.id], tenders[r.id], r.id in gone)]
    for void in back:
        who = names.get(void.operator, void.operator)
        part = _rows(void.receipt, parts[void.receipt_id], tenders[void.receipt_id], True)
        rows += [_mirrored(row, void, who) for row in part]
    if order == "account":
        return sorted(rows, key=lambda r: (r.account, r.at, r.number))
    return sorted(rows, key=lambda r: (r.at, r.number))


def _parts(receipts: Iterable[int]) -> dict[int, list[Payment | DepositTaken]]:
    found: dict[int, list[Payment | DepositTaken]] = {r: [] for r in receipts}
    for model in (Payment, DepositTaken):
        rows: QuerySet[Any] = model.objects.filter(receipt__in=found)
        for part in rows.select_related("account__customer").order_by("id"):
            found[part.receipt_id].append(part)
    return found


def _tenders(receipts: Iterable[int]) -> dict[int, list[Tender]]:
    found: dict[int, list[Tender]] = {r: [] for r in receipts}
    for tender in Tender.objects.filter(receipt__in=found).order_by("id"):
        found[tender.receipt_id].append(tender)
    return found


def _rows(
    receipt: Receipt, parts: Sequence[Payment | DepositTaken], tenders: Sequence[Tender], gone: bool
) -> list[RegisterRow]:
    sums: dict[str, Decimal] = {}
    for tender in tenders:
        sums[tender.kind] = sums.get(tender.kind, ZERO) + tender.amount
    by = ", ".join(f"{Tender.Kind(t.kind).label} {t.reference}".strip() for t in tenders)
    return [
        RegisterRow(
            number=receipt.number,
            on=receipt.on,
            at=receipt.at,
            operator=receipt.operator,
            operator_name=receipt.operator_name,
            account=part.account.number,
            name=part.account.customer.name,
            amount=part.amount,
            tendered=receipt.tendered if first else ZERO,
            change=receipt.change if first else ZERO,
            tenders=sums if first else {},
            by=by,
            taken_back=gone,
            session_id=receipt.session_id,
            source=receipt.source,
            held=isinstance(part, DepositTaken),
        )
        for first, part in ((n == 0, part) for n, part in enumerate(parts))
    ]


def _mirrored(row: RegisterRow, void: ReceiptVoid, who: str) -> RegisterRow:
    return replace(
        row,
        on=void.on or row.on,
        at=void.at,
        operator=void.operator,
        operator_name=who,
        amount=-row.amount,
        tendered=-row.tendered,
        change=-row.change,
        tenders={kind: -amount for kind, amount in row.tenders.items()},
        voided=True,
        why=void.reason,
    )
