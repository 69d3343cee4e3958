"""Rows of SQL as they come, so that a report of a million rows takes no more memory than one of ten."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

_AT_A_TIME = 5000


def streamed(sql: str, given: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, read from the server a part at a time; a transaction must be open."""
    with connection.cursor() as setting:
        # All rows will be read: a plan for the first few would be the wrong one.
        setting.execute("SET LOCAL cursor_tuple_fraction = 1")
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, given)
        while rows := cursor.fetchmany(_AT_A_TIME):
            yield from rows
