"""Number series without gaps: a block is taken under the series' lock, as late as can be."""

from django.db import connection


def take_block(series: str, count: int) -> int:
    """The first of ``count`` consecutive numbers of the series, from 1.

    Holds the series' lock until the transaction ends, and gives the numbers back if it rolls back:
    take them after everything that may wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (series, next) VALUES (%s, 1 + %s)"
            " ON CONFLICT (tenant_id, series) DO UPDATE SET next = core_counter.next + %s"
            " RETURNING next - %s",
            [series, count, count, count],
        )
        (first,) = cursor.fetchone()
    return int(first)
