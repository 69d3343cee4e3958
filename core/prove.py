"""The proof: what must always hold, asked of each utility in one unchanging view of its rows.

Each app lists its invariants in ``<app>/invariants.py`` as ``INVARIANTS``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import connection, transaction

from core.app_lists import gather
from core.models import Utility
from core.tenancy import scope

Offence = tuple[Any, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check may know: the utility, the moment, whether to read everything, where anchors are kept."""

    utility: Utility
    now: datetime
    deep: bool = False
    anchors: Path | None = None


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must hold.  ``check`` is SQL, or a function, that gives what offends as (id, words).

    Both see the rows of one utility.  SQL is sent as it stands, ``%`` and all.  ``afterwards`` is called
    when everything held, outside the transaction.
    """

    code: str
    words: str
    check: str | Callable[[Asked], Iterable[Offence]]
    afterwards: Callable[[Asked], None] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """How one invariant was found, and how many seconds that took."""

    invariant: Invariant
    offences: tuple[Offence, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing offends."""
        return not self.offences


def all_invariants() -> tuple[Invariant, ...]:
    """Every invariant of every app, in the order of the apps."""
    return gather("invariants", "INVARIANTS")


def prove(
    asked: Asked,
    invariants: Sequence[Invariant] | None = None,
    *,
    tell: Callable[[Finding], None] = lambda finding: None,
) -> list[Finding]:
    """Check the invariants (all of them by default) for one utility; ``tell`` hears each at once.

    Opens the utility's scope and a read-only transaction of its own: call it outside of others.
    """
    asked_for = all_invariants() if invariants is None else invariants
    findings: list[Finding] = []
    with scope(asked.utility.id):
        with snapshot():
            for invariant in asked_for:
                begun = monotonic()
                offences = tuple(_offences(invariant, asked))
                findings.append(Finding(invariant, offences, monotonic() - begun))
                tell(findings[-1])
        if all(finding.holds for finding in findings):
            for invariant in asked_for:
                if invariant.afterwards:
                    invariant.afterwards(asked)
    return findings


def _offences(invariant: Invariant, asked: Asked) -> Iterable[Offence]:
    if callable(invariant.check):
        return invariant.check(asked)
    with connection.cursor() as cursor:
        cursor.execute(invariant.check)
        return [(row[0], str(row[1])) for row in cursor.fetchall()]


@contextmanager
def snapshot() -> Iterator[None]:
    """A read-only transaction that sees one moment, whatever is committed meanwhile.

    The isolation is set for the session beforehand, since the scope's setting is the transaction's first
    query, after which PostgreSQL takes no other.  Raises ``RuntimeError`` inside another transaction.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A snapshot is a transaction of its own.")
    _each_transaction("REPEATABLE READ, READ ONLY")
    try:
        with transaction.atomic():
            yield
    finally:
        if connection.connection is not None:
            _each_transaction("READ COMMITTED, READ WRITE")


def _each_transaction(characteristics: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {characteristics}")
