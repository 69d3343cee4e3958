"""Bringing sealed columns under the newest key, a batch at a time, while everybody works on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from core.actors import Actor
from core.operations import operation
from core.sealed import Sealed, all_sealed
from core.secrets import KeyMissing, SealBroken, blind_index, keyring, open_sealed, seal
from core.secrets.sealing import header


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: the last row looked at (``None``: nothing was left) and what became of the rows."""

    last_id: int | None
    resealed: int
    problems: tuple[str, ...] = ()


def rotate_columns(by: Actor, *, batch: int) -> Iterator[Batch]:
    """Reseal everything of the utility in scope that is not under the newest key.

    One transaction a batch, so it may be killed at any moment and begun again.  A row that somebody
    changes at the same time is left to them and looked at again.
    """
    for sealed in all_sealed():
        after: int | None = 0
        while after is not None:
            done = reseal_batch(by, column=sealed.column, after=after, limit=batch)
            if done.last_id is not None:
                yield done
            after = done.last_id


def left_under_older_keys(sealed: Sealed) -> int:
    """How many rows of the utility in scope are not under the newest key; needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {sealed.table} WHERE {_stale(sealed)}", _header_args())
        return int(cursor.fetchone()[0])


@operation("core.secret.rotate", permission="core.secret.rotate")
def reseal_batch(by: Actor, *, column: str, after: int, limit: int) -> Batch:
    """Reseal up to ``limit`` rows with ids beyond ``after``; compare-and-set on the old value."""
    sealed = next(s for s in all_sealed() if s.column == column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, uuid, {sealed.field} FROM {sealed.table} WHERE {_stale(sealed)} AND id > %s"
            " ORDER BY id LIMIT %s",
            [*_header_args(), after, limit],
        )
        found = [(row_id, row_uuid, bytes(value)) for row_id, row_uuid, value in cursor.fetchall()]
    if not found:
        return Batch(None, 0)
    fresh, problems = _resealed(sealed, found)
    return Batch(found[-1][0], _swap(sealed, fresh), tuple(problems))


def _resealed(
    sealed: Sealed, found: Sequence[tuple[int, UUID, bytes]]
) -> tuple[list[tuple[Any, ...]], list[str]]:
    fresh: list[tuple[Any, ...]] = []
    problems: list[str] = []
    for row_id, row_uuid, old in found:
        try:
            plain = open_sealed(old, sealed.column, row_uuid)
        except (SealBroken, KeyMissing) as problem:
            problems.append(f"{sealed.table} {row_id}: {problem}")
            continue
        index = blind_index(sealed.normal(plain), sealed.column) if sealed.index else None
        fresh.append((row_id, old, seal(plain, sealed.column, row_uuid), index))
    return fresh, problems


def _swap(sealed: Sealed, fresh: Sequence[tuple[Any, ...]]) -> int:
    if not fresh:
        return 0
    index = f", {sealed.index} = v.fresh_index" if sealed.index else ""
    ids, olds, news, indexes = (list(part) for part in zip(*fresh, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {sealed.table} t SET {sealed.field} = v.fresh{index}"
            " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[]) v(id, old, fresh, fresh_index)"
            f" WHERE t.id = v.id AND t.{sealed.field} = v.old",
            [ids, olds, news, indexes],
        )
        return int(cursor.rowcount)


def _stale(sealed: Sealed) -> str:
    return f"{sealed.field} IS NOT NULL AND substring({sealed.field} FROM 1 FOR %s) <> %s"


def _header_args() -> list[Any]:
    newest = header(keyring().newest)
    return [len(newest), newest]
