"""Writes to what is in the ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.actors import Actor
from core.bulk import insert_columns
from core.operations import note, operation
from meters.models import Reading


@dataclass(frozen=True, slots=True)
class NewReading:
    """A register's dial on a day; ``source`` is a ``Reading.Source`` letter."""

    register_id: int
    on: date
    dial: Decimal
    source: str = "A"
    rolled_over: bool = False


@operation("readings.record", permission="readings.import", quiet=frozenset({"rows"}))
def record_batch(by: Actor, *, rows: Sequence[NewReading], came_from: str) -> int:
    """Store readings, one statement; returns how many.

    A register read twice on a day is refused by the database (one live reading a day); correct the
    earlier one instead.
    """
    note(readings=len(rows))
    return insert_columns(
        Reading,
        {
            "register_id": [r.register_id for r in rows],
            "on": [r.on for r in rows],
            "dial": [r.dial for r in rows],
            "source": [r.source for r in rows],
            "is_live": [True] * len(rows),
            "came_from": [came_from] * len(rows),
            "rolled_over": [r.rolled_over for r in rows],
        },
    )
