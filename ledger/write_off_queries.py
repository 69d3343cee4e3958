"""What is asked of the write-off file: each with what came in since, and its charges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from core.money import ZERO, total
from ledger.queries import why_words
from ledger.write_off_models import Recovery, WriteOff, WriteOffLine
from ledger.write_offs import recovered


def write_offs() -> QuerySet[WriteOff]:
    """The write-off file with accounts; ``came`` is what came in since, ``unrecovered`` the rest."""
    money: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)
    mine = Recovery.objects.filter(line__write_off=OuterRef("pk")).order_by().values("line__write_off")
    came = Coalesce(
        Subquery(mine.annotate(x=Sum("amount")).values("x"), output_field=money),
        Value(ZERO),
        output_field=money,
    )
    return (
        WriteOff.objects.select_related("account__customer", "account__location")
        .annotate(came=came)
        .annotate(unrecovered=F("amount") - F("came"))
    )


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A charge that is given up: what of it, what came in since, what is left."""

    charge_id: int
    text: str
    bill: str
    on: date
    amount: Decimal
    came: Decimal

    @property
    def left(self) -> Decimal:
        """What has not come in."""
        return self.amount - self.came


def given_up(write_off_id: int) -> list[GivenUp]:
    """The charges of a write-off, the oldest first; two queries."""
    lines = list(
        WriteOffLine.objects.filter(write_off=write_off_id)
        .select_related("charge__journal")
        .order_by("charge__on", "charge_id")
    )
    came = recovered([line.id for line in lines])
    return [
        GivenUp(
            line.charge_id,
            line.charge.text,
            why_words(line.charge.journal.why),
            line.charge.on,
            line.amount,
            came.get(line.id, ZERO),
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class CameIn:
    """A recovery as its journal shows it; ``back`` that it was taken back."""

    journal_id: int
    on: date
    text: str
    amount: Decimal
    back: bool


def came_in(write_off_id: int) -> list[CameIn]:
    """What came in for a write-off, the newest first, one row a journal; one query."""
    rows = list(Recovery.objects.filter(line__write_off=write_off_id).order_by("-journal_id", "id"))
    undone = {row.undoes_id for row in rows if row.undoes_id}
    groups: dict[int, list[Recovery]] = {}
    for row in rows:
        if not row.undoes_id:
            groups.setdefault(row.journal_id, []).append(row)
    return [_came(parts, undone) for parts in groups.values()]


def _came(parts: Sequence[Recovery], undone: set[int]) -> CameIn:
    first = parts[0]
    return CameIn(first.journal_id, first.on, first.text, total(p.amount for p in parts), first.id in undone)
