"""Which failures pass by themselves, and how a failure is told."""

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from core.errors import Refused

# Classes of PostgreSQL's error codes: connection, transaction rolled back, resources, operator, and
# the one code for a transaction that lay still too long.
_PASSING = ("08", "40", "53", "57", "25P03")


def passes(problem: BaseException) -> bool:
    """Whether the same work may well succeed when it is done again: a lost connection, a deadlock."""
    if isinstance(problem, OperationalError | InterfaceError):
        return True
    if not isinstance(problem, DatabaseError):
        return False
    code = getattr(problem.__cause__, "pgcode", None) or ""
    return code.startswith(_PASSING) or not connection.is_usable()


def told(problem: BaseException) -> str:
    """One paragraph for a screen, without a traceback; the log has that."""
    if isinstance(problem, Refused):
        return str(problem)
    said = " ".join(str(problem).split())[:500]
    if passes(problem):
        return f"The database did not answer as it should: {said}"
    return f"{type(problem).__name__}: {said}" if said else type(problem).__name__


def drop_connection() -> None:
    """Begin anew with the next query; harmless when the connection was sound."""
    connection.close()
