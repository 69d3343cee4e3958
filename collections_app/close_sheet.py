"""A drawer's close-out on paper: a letter sheet to sign and file, or an 80 mm roll.

Amounts are dollars with two places.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.utils import timezone

from billing.documents.statement import Brand
from billing.documents.wording import colour_sheet, day, dollars
from collections_app.documents import print_roll
from collections_app.models import CashMovement
from collections_app.register import RegisterRow
from collections_app.sessions import SessionShown
from core.money import ZERO
from core.ui import paper

FORMS = ("roll", "letter")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloseSheet:
    """All that the sheet carries, as texts; ``verdict`` is empty for a drawer that is still open."""

    session: int
    facts: tuple[tuple[str, str], ...]
    tenders: tuple[Row, ...]
    totals: Row
    cash: tuple[tuple[str, str], ...]
    pieces: tuple[Row, ...]
    receipts: tuple[Row, ...]
    sums: tuple[tuple[str, str], ...]
    verdict: str
    difference: str
    remark: str


def close_sheet(shown: SessionShown) -> CloseSheet:
    """The sheet of a session; the utility's zone must be in force."""
    session, close = shown.session, shown.close
    difference = close.over_short if close else ZERO
    word = "Even" if not difference else "Over" if difference > 0 else "Short"
    return CloseSheet(
        session=session.id,
        facts=(
            ("Drawer", f"{session.drawer.code} · {session.drawer.name}"),
            ("Operator", session.operator_name),
            ("Opened", _moment(session.opened_at)),
            ("Closed", _moment(close.at) if close else "still open"),
            *((("Counted by", close.operator_name),) if close else ()),
        ),
        tenders=tuple(
            (
                line.label,
                dollars(line.expected),
                dollars(line.counted) if line.counted is not None else "",
                _signed(line.over_short) if line.over_short is not None else "",
            )
            for line in shown.tenders
        ),
        totals=(
            "Together",
            dollars(shown.expected),
            dollars(close.counted) if close else "",
            _signed(close.over_short) if close else "",
        ),
        cash=tuple(_cash(shown)),
        pieces=tuple(
            (piece, f"× {n}", dollars(n * _decimal(piece)))
            for line in shown.tenders
            for piece, n in sorted(line.pieces, key=lambda pair: -_decimal(pair[0]))
        ),
        receipts=tuple(_row(row) for row in shown.rows),
        sums=(
            (_counted(shown.totals.receipts, "receipt"), dollars(shown.totals.taken)),
            (_counted(shown.totals.voids, "void"), _signed(shown.totals.voided)),
            ("Taken", dollars(shown.totals.net)),
        ),
        verdict=word if close else "",
        difference=dollars(abs(difference)),
        remark=close.note if close else "",
    )


def print_close_sheet(sheet: CloseSheet, brand: Brand, form: Literal["roll", "letter"] = "letter") -> bytes:
    """The sheet as PDF: on the roll one page as long as its text, else letter sheets with page x of y."""
    html = paper.fill("close-out.html", form=form, sheet=sheet, brand=brand)
    css = (paper.stylesheet("close-out.css"), colour_sheet(brand))
    assets = {"logo": brand.logo} if brand.logo else {}
    if form == "letter":
        return paper.render(html, (*css, paper.stylesheet("close-out-letter.css")), assets=assets)
    return print_roll(html, (*css, paper.stylesheet("close-out-roll.css")), assets)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _row(row: RegisterRow) -> Row:
    number = f"{row.number} void" if row.voided else str(row.number)
    by = f"Deposit: {row.by}" if row.held else row.by
    return (number, _clock(row.at), row.account, row.name, by, _signed(row.amount))


def _cash(shown: SessionShown) -> list[tuple[str, str]]:
    """How the expected cash comes about."""
    cash = shown.tenders[0]
    rows = [("Opening cash", dollars(shown.session.opening)), ("Cash taken", dollars(cash.taken))]
    if cash.change:
        rows.append(("Change given", _signed(-cash.change)))
    if cash.voided:
        rows.append(("Voids paid back", _signed(-cash.voided)))
    for movement in shown.movements:
        if movement.kind in (CashMovement.Kind.ADDED, CashMovement.Kind.DROP):
            sign = 1 if movement.kind == CashMovement.Kind.ADDED else -1
            label = str(CashMovement.Kind(movement.kind).label)
            why = f": {movement.why}" if movement.why else ""
            rows.append((f"{label} {_clock(movement.at)}{why}", _signed(sign * movement.amount)))
    return [*rows, ("Cash expected", dollars(cash.expected))]


def _signed(amount: Decimal) -> str:
    """With its sign alone: what is taken out of a drawer is no credit."""
    return f"-{dollars(-amount)}" if amount < 0 else dollars(amount)


def _decimal(piece: str) -> Decimal:
    return Decimal(piece)


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{day(local.date())}, {_clock(at)}"


def _clock(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
