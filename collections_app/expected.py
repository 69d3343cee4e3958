"""What a drawer should hold, tender by tender."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet, Sum

from collections_app.models import CashMovement, DrawerSession, Receipt, ReceiptVoid, Tender
from core.money import ZERO, total

KINDS = tuple(Tender.Kind.values)


@dataclass(frozen=True, slots=True)
class TenderSum:
    """One tender of a session; dollars.  ``moved`` is cash put in, the opening too, less cash taken out."""

    kind: str
    label: str
    taken: Decimal = ZERO
    change: Decimal = ZERO
    voided: Decimal = ZERO
    moved: Decimal = ZERO

    @property
    def expected(self) -> Decimal:
        """What of it should lie in the drawer."""
        return self.taken - self.change - self.voided + self.moved


@dataclass(frozen=True, slots=True)
class Expected:
    """A session's money by tender, cash always among them; ``movements`` are its sums by kind."""

    tenders: tuple[TenderSum, ...]
    movements: dict[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """All that should be in the drawer."""
        return total(t.expected for t in self.tenders)

    def of(self, kind: str) -> Decimal:
        """What of one tender should be there."""
        return next((t.expected for t in self.tenders if t.kind == kind), ZERO)


def expected_of(session: DrawerSession) -> Expected:
    """What the session should hold, opening + in − out − drops.

    Before its close.  What was voided out of the drawer went back in the tenders it came in; a void after
    the close is paid from the safe and does not concern the session.
    """
    out = ReceiptVoid.objects.filter(receipt__session=session, paid_from=ReceiptVoid.From.DRAWER)
    gone = out.values("receipt")
    taken = _by_kind(Tender.objects.filter(receipt__session=session))
    back = _by_kind(Tender.objects.filter(receipt__in=gone))
    change = _change(Receipt.objects.filter(session=session))
    kept = _change(Receipt.objects.filter(id__in=gone))
    moved: dict[str, Decimal] = {
        row["kind"]: row["x"]
        for row in CashMovement.objects.filter(session=session).values("kind").annotate(x=Sum("amount"))
    }
    cash = Tender.Kind.CASH
    sums = [
        TenderSum(cash, cash.label, taken.get(cash, ZERO), change, back.get(cash, ZERO) - kept, _moved(moved))
    ]
    sums += [
        TenderSum(kind, str(Tender.Kind(kind).label), taken[kind], voided=back.get(kind, ZERO))
        for kind in KINDS
        if kind != cash and kind in taken
    ]
    return Expected(tuple(sums), moved)


def _by_kind(rows: QuerySet[Tender]) -> dict[str, Decimal]:
    return {row["kind"]: row["x"] for row in rows.values("kind").annotate(x=Sum("amount"))}


def _change(rows: QuerySet[Receipt]) -> Decimal:
    return rows.aggregate(x=Sum("change"))["x"] or ZERO


def _moved(moved: dict[str, Decimal]) -> Decimal:
    kinds = CashMovement.Kind
    came = moved.get(kinds.OPENING, ZERO) + moved.get(kinds.ADDED, ZERO)
    return came - moved.get(kinds.DROP, ZERO)
