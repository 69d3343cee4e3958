"""Who may add to a utility's vault, and who may take away, at the same time.

Keeping holds the lock shared until its transaction ends; taking blobs away holds it alone.  So when a blob
without a row is found under the exclusive lock, no row for it is on its way.
"""

from django.db import connection

from core.tenancy import current_utility_id


def hold_open() -> None:
    """Wait until nothing is being taken away, and keep it so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_name()])


def hold_alone() -> None:
    """Wait until nothing is being kept, and keep it so until the transaction ends.  Be short."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_name()])


def _name() -> str:
    return f"curbstop vault {current_utility_id()}"
