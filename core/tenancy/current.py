"""Which utility the work at hand belongs to.

The scope is a context variable, not a transaction: the database backend hands it to PostgreSQL after
each outermost BEGIN (``core.tenancy.backend``), so a query of a utility's table outside a
transaction, or without a scope, is refused by the database itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connections

_utility: ContextVar[int | None] = ContextVar("curbstop_utility", default=None)


class NoScope(RuntimeError):
    """Work on a utility's rows was tried without saying which utility."""


def scoped_utility_id() -> int | None:
    """The id of the utility in scope, or ``None``."""
    return _utility.get()


def current_utility_id() -> int:
    """The id of the utility in scope; raises ``NoScope`` when there is none."""
    utility_id = _utility.get()
    if utility_id is None:
        raise NoScope("No utility is in scope. Enter core.tenancy.scope(utility_id) first.")
    return utility_id


@contextmanager
def scope(utility_id: int) -> Iterator[None]:
    """Work for one utility inside the block.

    Must be entered before the transaction: the setting reaches PostgreSQL with BEGIN.  Entering the
    scope the work already has is allowed anywhere; changing it inside a transaction raises
    ``NoScope``, since rows of two utilities never share one.
    """
    before = _utility.get()
    if before != utility_id and connections[DEFAULT_DB_ALIAS].in_atomic_block:
        raise NoScope("The utility cannot change inside a transaction. Enter the scope before it begins.")
    token = _utility.set(utility_id)
    try:
        yield
    finally:
        _utility.reset(token)
