"""What the pages and the sheet of a drawer session say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from collections_app.expected import Expected, expected_of
from collections_app.models import (
    CashMovement,
    Drawer,
    DrawerClose,
    DrawerCount,
    DrawerSession,
    Receipt,
    ReceiptVoid,
    Tender,
)
from collections_app.policies import BLIND_CLOSE
from collections_app.register import RegisterRow, RegisterTotals, register_rows, register_totals
from core.actors import Actor
from core.errors import NotFound
from core.money import ZERO
from core.policies import flag

CLOSE_OTHERS = "payments.close_others"


@dataclass(frozen=True, slots=True)
class TenderLine:
    """One tender of a session as its page shows it; dollars.  ``counted`` is ``None`` before the close."""

    kind: str
    label: str
    taken: Decimal
    change: Decimal
    voided: Decimal
    moved: Decimal
    expected: Decimal
    counted: Decimal | None = None
    pieces: tuple[tuple[str, int], ...] = ()

    @property
    def given_back(self) -> Decimal:
        """Change and voids, below zero."""
        return -(self.change + self.voided)

    @property
    def over_short(self) -> Decimal | None:
        """Counted less expected."""
        return None if self.counted is None else self.counted - self.expected


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session with its money, movements and register.  ``blind``: what is expected may not be shown yet."""

    session: DrawerSession
    close: DrawerClose | None
    tenders: tuple[TenderLine, ...]
    expected: Decimal
    movements: tuple[CashMovement, ...]
    rows: tuple[RegisterRow, ...]
    totals: RegisterTotals
    blind: bool

    @property
    def added(self) -> Decimal:
        """Cash put in after the opening."""
        return self._moved(CashMovement.Kind.ADDED)

    @property
    def dropped(self) -> Decimal:
        """Cash taken to the safe before the close."""
        return self._moved(CashMovement.Kind.DROP)

    def _moved(self, kind: CashMovement.Kind) -> Decimal:
        return sum((m.amount for m in self.movements if m.kind == kind), ZERO)


def session_shown(session_id: int, by: Actor, today: date, order: str = "entry") -> SessionShown:
    """A session as its operator, or somebody else, may see it; raises ``NotFound``."""
    session = DrawerSession.objects.filter(id=session_id).select_related("drawer").first()
    if session is None:
        raise NotFound("There is no such drawer session.", "Choose one from the list of drawers.")
    close = DrawerClose.objects.filter(session=session).first()
    counts = {c.kind: c for c in DrawerCount.objects.filter(close=close)} if close else {}
    expected = expected_of(session)
    rows = tuple(register_rows(session_id=session.id, order="account" if order == "account" else "entry"))
    return SessionShown(
        session,
        close,
        tuple(_lines(expected, counts)),
        expected.total,
        tuple(CashMovement.objects.filter(session=session).order_by("id")),
        rows,
        register_totals(rows),
        close is None and session.operator == by.ref and is_blind(by, today),
    )


def is_blind(by: Actor, today: date) -> bool:
    """Whether who closes their own drawer counts it before seeing what is expected."""
    return flag(BLIND_CLOSE, today) and not by.may(CLOSE_OTHERS)


def _lines(expected: Expected, counts: dict[str, DrawerCount]) -> list[TenderLine]:
    lines = []
    for tender in expected.tenders:
        count = counts.pop(tender.kind, None)
        lines.append(
            TenderLine(
                tender.kind,
                tender.label,
                tender.taken,
                tender.change,
                tender.voided,
                tender.moved,
                tender.expected,
                count.counted if count else None,
                tuple((piece, int(n)) for piece, n in count.pieces.items()) if count else (),
            )
        )
    for kind, count in counts.items():
        label = str(Tender.Kind(kind).label)
        lines.append(TenderLine(kind, label, ZERO, ZERO, ZERO, ZERO, ZERO, count.counted))
    return lines


def with_sums() -> QuerySet[DrawerSession]:
    """Sessions, each with ``taken`` (less voids out of it), ``counted`` and ``over_short``."""
    receipts = Receipt.objects.filter(session=OuterRef("pk")).values("session")
    voided = ReceiptVoid.objects.filter(receipt__session=OuterRef("pk"), paid_from=ReceiptVoid.From.DRAWER)
    closes = DrawerClose.objects.filter(session=OuterRef("pk"))
    return DrawerSession.objects.select_related("drawer").annotate(
        taken=Subquery(receipts.annotate(x=Sum("total")).values("x")),
        voided=Subquery(voided.values("receipt__session").annotate(x=Sum("receipt__total")).values("x")),
        counted=Subquery(closes.values("counted")[:1]),
        over_short=Subquery(closes.values("over_short")[:1]),
    )


def free_drawers() -> list[Drawer]:
    """Drawers that nobody has open."""
    taken = DrawerSession.objects.filter(closed_at=None).values("drawer")
    return list(Drawer.objects.exclude(id__in=taken).order_by("code"))


def operators_of(on: date | None = None) -> Sequence[tuple[str, str]]:
    """Who took money, as (ref, name), by name; on a day, or ever."""
    rows = Receipt.objects.filter(**({"on": on} if on else {}))
    found: Any = rows.values_list("operator", "operator_name").distinct()
    return sorted(dict(found).items(), key=lambda pair: pair[1])
