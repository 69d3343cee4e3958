"""How long a transaction of the worker may lie still before the server ends it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# A worker that was killed is noticed by its server process this often, even in the middle of a query.
_LOOK_FOR_CLIENT = "2s"


def end_when_idle(seconds: int) -> None:
    """Let the server end the transaction at work when the program stays silent in it for so long.

    A frozen program then loses its locks by itself, and another one goes on.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true),"
            " set_config('client_connection_check_interval', %s, true)",
            [f"{seconds}s", _LOOK_FOR_CLIENT],
        )


@contextmanager
def short_transaction(seconds: int = 10) -> Iterator[None]:
    """One transaction that does not outlive a frozen program by more than so many seconds."""
    with transaction.atomic():
        end_when_idle(seconds)
        yield
