"""An operator's time with a drawer: opened, money moved, counted, closed for good.

What lies in a drawer's account of the chart is what its open session should hold: the opening cash comes
out of the safe, a drop goes there, and at the close all that was counted does.  The safe is the chart
account with that role; a chart without one keeps the money in the bank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from collections_app.expected import KINDS, Expected, expected_of
from collections_app.models import CashMovement, Drawer, DrawerClose, DrawerCount, DrawerSession, Tender
from core.actors import Actor
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.money import ZERO, round_cents, total
from core.operations import emit, operation, under_way
from ledger.chart import Chart, read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.posting import post

CLOSE_OTHERS = "payments.close_others"


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one tender; ``pieces`` says of cash how many of each denomination (“20.00” → 7)."""

    kind: str
    amount: Decimal
    pieces: Mapping[str, int] = field(default_factory=dict)


@operation("drawers.open", permission="payments.post")
def open_drawer(by: Actor, *, drawer_id: int, opening: Decimal, on: date) -> int:
    """Begin an operator's session with a drawer and its opening cash, from the safe; returns its id.

    Raises ``Conflict`` when the drawer is open, or the operator has another one open.
    """
    _amount(opening, "opening", least=ZERO)
    drawer = Drawer.objects.select_for_update().filter(id=drawer_id).first()
    if drawer is None:
        raise NotFound("There is no such drawer.", "Choose one from the list.", field="drawer")
    taken = DrawerSession.objects.filter(drawer=drawer, closed_at=None).first()
    if taken:
        raise Conflict(
            f"{drawer.name} is open under {taken.operator_name}.",
            "Close it first, or take another drawer.",
            field="drawer",
        )
    mine = DrawerSession.objects.filter(operator=by.ref, closed_at=None).select_related("drawer").first()
    if mine:
        raise Conflict(f"You have {mine.drawer.name} open.", "Close it before you open another one.")
    session = DrawerSession.objects.create(
        drawer=drawer, operator=by.ref, operator_name=by.name, opening=opening, opened_at=under_way().at
    )
    if opening:
        _move(by, session, CashMovement.Kind.OPENING, opening, on)
    emit("drawers.opened", session=session.id)
    return int(session.id)


@operation("drawers.move", permission="payments.post")
def move_cash(by: Actor, *, session_id: int, kind: str, amount: Decimal, why: str = "", on: date) -> int:
    """Add a float from the safe to a drawer (``added``) or drop cash to the safe (``drop``); returns its id.

    Raises ``Refused`` for a drop of more cash than should be there.
    """
    _amount(amount, "amount")
    if kind not in (CashMovement.Kind.ADDED, CashMovement.Kind.DROP):
        raise Refused(f"“{kind}” is no way to move cash.", "Use “added” or “drop”.", field="kind")
    session = hold_open(session_id, by)
    there = expected_of(session).of(Tender.Kind.CASH)
    if kind == CashMovement.Kind.DROP and amount > there:
        raise Refused(
            f"{amount:,.2f} is more than the cash that should be in the drawer.",
            "Drop less, or look for a receipt that is missing.",
            field="amount",
        )
    return _move(by, session, CashMovement.Kind(kind), amount, on, why)


@operation("drawers.close", permission="payments.post")
def close_drawer(
    by: Actor, *, session_id: int, counted: Sequence[Counted], on: date, remark: str = ""
) -> int:
    """Count and close a session for good; returns the id of its ``DrawerClose``.

    What is over or short is posted to the chart account of that role, and all that was counted goes to the
    safe.  Raises ``Refused`` when a tender that was taken is not counted.
    """
    session = _locked(session_id)
    if session.operator != by.ref and not by.may(CLOSE_OTHERS):
        raise NotAllowed(
            f"The drawer is open under {session.operator_name}.",
            "They count and close it themselves, or somebody who may close the drawers of others.",
        )
    expected = expected_of(session)
    rows = _counts(expected, counted)
    there = total(row.counted for row in rows)
    close = DrawerClose(
        session=session,
        expected=expected.total,
        counted=there,
        over_short=there - expected.total,
        note=remark,
        operator=by.ref,
        operator_name=by.name,
        at=under_way().at,
    )
    if close.over_short:
        close.journal_id = _over_or_short(session, close.over_short, on)
    close.save(force_insert=True)
    for row in rows:
        row.close = close
    DrawerCount.objects.bulk_create(rows)
    if there:
        _move(by, session, CashMovement.Kind.CLOSING, there, on)
    session.closed_at = under_way().at
    session.save(update_fields=["closed_at"])
    emit("drawers.closed", session=session.id)
    return int(close.id)


def own_session(by: Actor) -> DrawerSession | None:
    """The session that the operator has open, if any."""
    return DrawerSession.objects.filter(operator=by.ref, closed_at=None).select_related("drawer").first()


def hold_open(session_id: int, by: Actor) -> DrawerSession:
    """The operator's open session, locked so that it cannot be closed meanwhile; raises ``Conflict``."""
    session = _locked(session_id)
    if session.operator != by.ref:
        raise Conflict(f"The drawer is open under {session.operator_name}.", "Open your own drawer.")
    return session


def back_from_safe(amount: Decimal, *, drawer_account_id: int, on: date, key: str) -> int:
    """Make good what a mirror took out of a drawer whose money had gone to the safe; returns the journal."""
    legs = (Leg(drawer_account_id, debit=amount), Leg(_safe(read_chart()), credit=amount))
    return post(JournalDraft(key, on, "paid back from the safe", legs))


def _locked(session_id: int) -> DrawerSession:
    session = DrawerSession.objects.select_for_update().filter(id=session_id).first()
    if session is None:
        raise NotFound("There is no such drawer session.", "Choose one from the list of drawers.")
    if session.closed_at is not None:
        raise Conflict("That drawer session is closed.", "Open a drawer first.")
    return session


def _move(
    by: Actor, session: DrawerSession, kind: CashMovement.Kind, amount: Decimal, on: date, why: str = ""
) -> int:
    """Post cash between the safe and the drawer, and keep it with the session."""
    movement = CashMovement(
        session=session, kind=kind, amount=amount, why=why, operator=by.ref, at=under_way().at
    )
    drawer, safe = session.drawer.chart_account_id, _safe(read_chart())
    comes = kind in (CashMovement.Kind.OPENING, CashMovement.Kind.ADDED)
    to, source = (drawer, safe) if comes else (safe, drawer)
    nth = CashMovement.objects.filter(session=session).count() + 1
    key = f"drawer:session {session.id}:{nth} {kind.value}"
    legs = (Leg(to, debit=amount), Leg(source, credit=amount))
    movement.journal_id = post(JournalDraft(key, on, f"drawer {kind.value}", legs))
    movement.save(force_insert=True)
    return int(movement.id)


def _over_or_short(session: DrawerSession, difference: Decimal, on: date) -> int:
    """Over: Dr drawer Cr over and short; short the other way."""
    drawer, chart = session.drawer.chart_account_id, read_chart()
    gain = chart.role("over_short")
    to, source = (drawer, gain) if difference > 0 else (gain, drawer)
    legs = (Leg(to, debit=abs(difference)), Leg(source, credit=abs(difference)))
    why = "drawer over" if difference > 0 else "drawer short"
    return post(JournalDraft(f"drawer:session {session.id}:over or short", on, why, legs))


def _safe(chart: Chart) -> int:
    return chart.roles.get("safe") or chart.role("bank")


def _counts(expected: Expected, counted: Sequence[Counted]) -> list[DrawerCount]:
    given: dict[str, Counted] = {}
    for count in counted:
        if count.kind not in KINDS or count.kind in given:
            raise Refused(f"“{count.kind}” cannot be counted so.", "Count each tender once.", field="counted")
        _amount(count.amount, f"counted_{count.kind}", least=ZERO)
        _pieces_add_up(count)
        given[count.kind] = count
    for tender in expected.tenders:
        if tender.kind not in given:
            raise Refused(
                f"{tender.label} was not counted.",
                "Count it; type 0 for none.",
                field=f"counted_{tender.kind}",
            )
    return [
        DrawerCount(
            kind=count.kind,
            expected=expected.of(count.kind),
            counted=count.amount,
            pieces={piece: n for piece, n in count.pieces.items() if n},
        )
        for count in given.values()
    ]


def _pieces_add_up(count: Counted) -> None:
    if not any(count.pieces.values()):
        return
    there = total(Decimal(piece) * n for piece, n in count.pieces.items())
    if there != count.amount:
        raise Refused(
            f"The pieces come to {there:,.2f}, the count to {count.amount:,.2f}.",
            "Count again, or leave the pieces empty.",
            field=f"counted_{count.kind}",
        )


def _amount(amount: Decimal, place: str, least: Decimal = Decimal("0.01")) -> None:
    if not amount.is_finite() or amount < least or amount != round_cents(amount):
        raise Refused(f"{amount} is not such an amount.", "Type dollars and cents.", field=place)
