"""Bills that are being posted and versions that are put in force wait for each other."""

from django.db import connection

from core.tenancy import current_utility_id

_LOCK = 7102
"""Of PostgreSQL's advisory locks, with the utility's id as the second key."""


def none_is_put_in_force_now() -> None:
    """Wait for versions being put in force, and let none be until the transaction ends, as others may too."""
    _wait("pg_advisory_xact_lock_shared")


def nothing_is_priced_now() -> None:
    """Wait for bills that are being posted, and let none begin until the transaction ends.

    Before any row is locked: who takes it afterwards can wait for somebody who waits for that row.
    """
    _wait("pg_advisory_xact_lock")


def _wait(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(%s, %s)", [_LOCK, current_utility_id()])
