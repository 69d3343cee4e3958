"""Many rows in one statement: ``INSERT … SELECT FROM unnest(…)`` of array literals.

As fast as COPY, and row-level security lets it through (COPY straight into a guarded table it
refuses).  Columns are given as lists of equal length; nothing here rounds or converts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from core.tenancy import current_utility_id


@dataclass(frozen=True, slots=True)
class Same:
    """One value for every row of a column."""

    value: Any


def array_literal(values: Sequence[Any]) -> str:
    """A PostgreSQL array literal of numbers, dates, texts, booleans or ``None``."""
    kinds = set(map(type, values))
    if str not in kinds and bool not in kinds:
        text = ",".join(map(str, values))
        return "{" + (text.replace("None", "NULL") if type(None) in kinds else text) + "}"
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if type(value) is str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """``count`` fresh ids of the model's table, in order; gaps do not matter for ids."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
            [f"{model._meta.db_table}_id_seq", count],
        )
        return [row[0] for row in cursor.fetchall()]


def insert_columns(model: type[models.Model], columns: Mapping[str, Sequence[Any] | Same]) -> int:
    """Insert one row per position of the column lists, in one statement; returns how many.

    Keys are database columns.  At least one column is a list; ``Same`` fills a column with one value.
    Every row belongs to the utility in scope.
    """
    lists = {name: values for name, values in columns.items() if not isinstance(values, Same)}
    fixed = {name: values.value for name, values in columns.items() if isinstance(values, Same)}
    lengths = {len(values) for values in lists.values()}
    if len(lengths) != 1:
        raise ValueError(f"Columns of {model.__name__} differ in length: {sorted(lengths)}.")
    (count,) = lengths
    if not count:
        return 0
    fixed["tenant_id"] = current_utility_id()
    types = {f.column: _array_type(f) for f in model._meta.local_concrete_fields}
    names = ", ".join(f'"{name}"' for name in (*lists, *fixed))
    taken = ", ".join([*(f"u.c{n}" for n in range(len(lists))), *(f"%s::{types[name]}" for name in fixed)])
    arrays = ", ".join(f"%s::{types[name]}[]" for name in lists)
    aliases = ", ".join(f"c{n}" for n in range(len(lists)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {taken} FROM unnest({arrays}) u({aliases})",
            [*fixed.values(), *(array_literal(values) for values in lists.values())],
        )
        return int(cursor.rowcount)


def _array_type(field: "models.Field[Any, Any]") -> str:
    """The element type to cast to: money as plain numeric, so that the domain checks each row."""
    found = (
        field.rel_db_type(connection) if isinstance(field, models.ForeignKey) else field.db_type(connection)
    )
    name = str(found).split(" GENERATED")[0]
    return "numeric" if name == "amount" else name
