"""Many rows in one statement: ``INSERT … SELECT FROM unnest(…)`` of array literals.

As fast as COPY, and row-level security lets it through (COPY straight into a guarded table it
refuses).  Columns are given as lists of equal length; nothing here rounds or converts.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def array_literal(values: Sequence[Any]) -> str:
    """A PostgreSQL array literal of numbers, dates, texts, booleans or ``None``."""
    parts = []
    for value in values:
        if value is None:
            parts.append("NULL")
        elif type(value) is str:
            parts.append('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"')
        elif value is True:
            parts.append("t")
        elif value is False:
            parts.append("f")
        else:
            parts.append(str(value))
    return "{" + ",".join(parts) + "}"


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


def insert_columns(model: type[models.Model], columns: dict[str, Sequence[Any]]) -> int:
    """Insert one row per position of the column lists, in one statement; returns how many.

    Keys are database columns.  ``tenant_id`` is filled by the database with the utility in scope.
    """
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"Columns of {model.__name__} differ in length: {sorted(lengths)}.")
    (count,) = lengths
    if not count:
        return 0
    types = {f.column: _array_type(f) for f in model._meta.local_concrete_fields}
    names = ", ".join(f'"{name}"' for name in columns)
    arrays = ", ".join(f"%s::{types[name]}[]" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT * FROM unnest({arrays})",
            [array_literal(values) for values in columns.values()],
        )
        return int(cursor.rowcount)


def _array_type(field: "models.Field[Any, Any]") -> str:
    """The element type to cast to: money as plain numeric, so that the domain checks each row."""
    found = (
        field.rel_db_type(connection) if isinstance(field, models.ForeignKey) else field.db_type(connection)
    )
    name = str(found).split(" GENERATED")[0]
    return "numeric" if name == "amount" else name
